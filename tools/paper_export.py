r"""Turn a run of a ladder into weights for `goodside assess --model aesthetics-paper`.

    python tools/paper_export.py configs/paper-ladder.toml --out FOLDER --data PARA \
        --condition "#1, relationship learning" --seed 1 --weights WEIGHTS --version 1.0.0

FOLDER is that of `tools/paper_ladder.py`. The weights are kept in a byte each (3 MB) and computed
in float32; reference, calibration and figures of the card are measured on the exported file.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from goodside.errors import SettingsError
from goodside.runtime import ModelCard
from goodside_train.aesthetics.export.assessor import export_aesthetics
from tools.paper_ladder import Ladder, done, run_name


def main() -> None:
    """Export the run that the arguments name; print the figures of its card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="of tools/paper_ladder.py")
    parser.add_argument("--data", type=Path, required=True, help="what the run was trained on")
    parser.add_argument("--condition", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weights", type=Path, required=True, help="receives file and card")
    parser.add_argument("--version", required=True, help="of the weights, such as 1.0.0")
    args = parser.parse_args()
    card = export_run(
        Ladder.read(args.config),
        args.condition,
        seed=args.seed,
        out=args.out,
        data=args.data,
        weights=args.weights,
        version=args.version,
    )
    print(json.dumps({"model": card.identifier, **card.metrics}, indent=2))


def export_run(
    ladder: Ladder,
    condition: str,
    *,
    seed: int,
    out: Path,
    data: Path,
    weights: Path,
    version: str,
) -> ModelCard:
    """Export one finished run, its card saying which condition of the ladder it is.

    Raises:
        SettingsError: the run is not finished.
    """
    if (condition, seed) not in done(out):
        raise SettingsError(
            f"the run {condition!r} with seed {seed} is not finished",
            path=out,
            remedy="train it with tools/paper_ladder.py",
        )
    recipe = ladder.recipe(condition, seed=seed)
    said = recipe.card.model_copy(update={"title": f"{recipe.card.title}: {condition}"})
    folder = out / "runs" / run_name(condition, seed=seed)
    cards = export_aesthetics(
        recipe.model_copy(update={"card": said}),
        runs=[folder],
        data=data,
        weights=weights,
        version=version,
        int8_weights=True,
    )
    return cards[0]


if __name__ == "__main__":
    main()
