"""Train variants of a recipe, several seeds each, and write their figures as a CSV and a table.

    python tools/ablate.py configs/aesthetics-ablation.toml --data PARA --out FOLDER --seeds 1 2 3

The configuration is a recipe with a table `variants`: each names what differs from the recipe. Data
and teachers are read once. Runs already in the CSV are not repeated, so a stopped ablation goes on.
"""

from __future__ import annotations

import argparse
import csv
import logging
import sys
import time
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from goodside_train.aesthetics.recipe import AestheticsRecipe
from goodside_train.aesthetics.run import TrainingData, make_task, read_training_data
from goodside_train.config import merged
from goodside_train.device import open_device
from goodside_train.loop import Metrics, train

SHOWN = ("srcc", "plcc", "accuracy", "semantic_top1", "semantic_map")


def main() -> None:
    """Run what is missing, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="folder of rated photographs")
    parser.add_argument("--out", type=Path, required=True, help="caches, runs and results.csv")
    parser.add_argument("--peers", type=Path, help="weights folder of the recipe's peer")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--variants", nargs="+", help="only these")
    parser.add_argument("--minutes", type=float, default=1e9, help="begin no run after so long")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    table = tomllib.loads(args.config.read_text("utf-8"))
    variants: dict[str, Any] = table.pop("variants")
    results, until = args.out / "results.csv", time.monotonic() + 60 * args.minutes
    bench = _Bench(args.data, out=args.out, peers=args.peers)
    for seed in args.seeds:
        for name in args.variants or variants:
            if (name, seed) in _done(results) or time.monotonic() > until:
                continue
            recipe = AestheticsRecipe.model_validate(merged(table, variants[name]))
            loop = recipe.loop.model_copy(update={"seed": seed})
            figures = bench.run(recipe.model_copy(update={"loop": loop}))
            _append(results, {"variant": name, "seed": seed, **figures})
    print(summary(results))


class _Bench:
    """The data and what the teachers say of it, read once for all variants that share them."""

    def __init__(self, data: Path, *, out: Path, peers: Path | None) -> None:
        self._data, self._out, self._peers = data, out, peers
        self._found: dict[Any, TrainingData] = {}

    def run(self, recipe: AestheticsRecipe) -> Metrics:
        device = open_device(recipe.loop)
        key = (recipe.teacher, recipe.data.layout, recipe.data.stored_px)
        if key not in self._found:
            self._found[key] = read_training_data(
                recipe, data=self._data, out=self._out, peers=self._peers, device=device
            )
        task = make_task(recipe, self._found[key], device=device)
        return train(task, recipe=recipe.loop, out=self._out / "last")


def summary(results: Path) -> str:
    """Mean and standard deviation over the seeds, a Markdown row a variant."""
    values: dict[str, list[list[float]]] = defaultdict(list)
    for row in _rows(results):
        values[row["variant"]].append([float(row.get(name) or "nan") for name in SHOWN])
    lines = [f"| variant | seeds | {' | '.join(SHOWN)} |", "|---" * (len(SHOWN) + 2) + "|"]
    for variant, runs in values.items():
        cells = [
            f"{mean:.3f} ± {spread:.3f}" if np.isfinite(mean) else "-"
            for mean, spread in zip(np.mean(runs, axis=0), np.std(runs, axis=0), strict=True)
        ]
        lines.append(f"| {variant} | {len(runs)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _done(path: Path) -> set[tuple[str, int]]:
    return {(row["variant"], int(row["seed"])) for row in _rows(path)}


def _append(path: Path, row: dict[str, Any]) -> None:
    """Add a row; the file is written anew, because variants differ in their figures."""
    rows: list[dict[str, Any]] = [*_rows(path), row]
    columns = list(dict.fromkeys(key for each in rows for key in each))
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
