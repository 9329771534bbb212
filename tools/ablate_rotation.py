"""Train variants of a rotation recipe on the same pairs, and print their figures as a table.

    python tools/ablate_rotation.py configs/rotation-ablation.toml --data DATA --out FOLDER

The configuration is a recipe with a table `variants`: each names what differs from the recipe. The
pairs are rendered once. Finished runs are not repeated and a stopped one goes on; every run leaves
its log and preview sheets of the same held-out pairs in a folder of its own.
"""

from __future__ import annotations

import argparse
import csv
import logging
import sys
import tomllib
from pathlib import Path
from typing import Any

from goodside_train.loop import CHECKPOINT
from goodside_train.rotation.recipe import RotationRecipe
from goodside_train.rotation.run import train_rotation

SHOWN = ("l1", "cosine", "trust")


def main() -> None:
    """Run what is missing, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="folder of the recipe's data")
    parser.add_argument("--out", type=Path, required=True, help="pairs, and a folder a variant")
    parser.add_argument("--variants", nargs="+", help="only these")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    table = tomllib.loads(args.config.read_text("utf-8"))
    variants: dict[str, Any] = table.pop("variants")
    for name in args.variants or variants:
        if not final_figures(args.out / name):
            recipe = RotationRecipe.model_validate(merged(table, variants[name]))
            out, pairs = args.out / name, args.out / "pairs"
            resume = (out / CHECKPOINT).exists()
            train_rotation(recipe, data=args.data, out=out, pairs=pairs, resume=resume)
    print(summary({name: final_figures(args.out / name) for name in variants}))


def final_figures(run: Path) -> dict[str, float]:
    """The figures at the end of a run's log; none where it has not ended."""
    log = run / "log.csv"
    if not log.exists():
        return {}
    with log.open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["part"] == "final"]
    return {row["name"]: float(row["value"]) for row in rows}


def summary(figures: dict[str, dict[str, float]]) -> str:
    """A Markdown row a variant, the plain warp first."""
    lines = [f"| variant | {' | '.join(SHOWN)} |", "|---" * (len(SHOWN) + 1) + "|"]
    ended = {name: found for name, found in figures.items() if found}
    for name, found in ended.items():
        if len(lines) == 2:
            plain = f"{found['warp_l1']:.4f} | {found['warp_cosine']:.4f}"
            lines.append(f"| the draft alone | {plain} | |")
        lines.append(f"| {name} | {' | '.join(f'{found[key]:.4f}' for key in SHOWN)} |")
    return "\n".join(lines)


def merged(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """A recipe with some entries replaced, in its tables too."""
    return base | {
        key: base.get(key, {}) | value if isinstance(value, dict) else value
        for key, value in change.items()
    }


if __name__ == "__main__":
    main()
