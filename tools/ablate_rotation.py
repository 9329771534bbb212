"""Train variants of a rotation recipe on the same pairs, and print their figures as a table.

    python tools/ablate_rotation.py configs/rotation-ablation.toml --data DATA --out FOLDER

The configuration is a recipe with a table `variants`: each names what differs from the recipe. The
pairs are rendered once. Finished runs are not repeated and a stopped one goes on; every run leaves
its log and preview sheets of the same held-out pairs in a folder of its own.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tomllib
from pathlib import Path
from typing import Any

from goodside_train.checkpoint import CHECKPOINT
from goodside_train.config import merged
from goodside_train.rotation.recipe import RotationRecipe
from goodside_train.rotation.run import train_rotation
from goodside_train.run_log import final_figures

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
        if not final_figures(args.out / name / "log.csv"):
            recipe = RotationRecipe.model_validate(merged(table, variants[name]))
            out, pairs = args.out / name, args.out / "pairs"
            resume = (out / CHECKPOINT).exists()
            train_rotation(recipe, data=args.data, out=out, pairs=pairs, resume=resume)
    print(summary({name: final_figures(args.out / name / "log.csv") for name in variants}))


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


if __name__ == "__main__":
    main()
