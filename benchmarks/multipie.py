"""The Multi-PIE protocol from training to recognition: one command, given the data set's folder.

    python -m benchmarks.multipie --data MULTIPIE --config configs/rotation-capg-128.toml --out DIR
    python -m benchmarks.multipie --made HEADS --config configs/rotation-tiny.toml --out DIR

It trains a recipe on the subjects that a setting trains on, exports it to `DIR/weights`, and prints
rank-1 shares by yaw on the others: of the photographs as they are, and of the faces turned to the
camera by the weights trained and by those shipped. Multi-PIE is licensed, and not ours to pass on;
the second line makes a tree of its layout and names, with all of its cameras, from rendered heads
with their `views.csv`. Of such heads the figures prove that the protocol runs, and no more. A run
that was broken off goes on. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import csv
import json
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from goodside.images import save_image
from goodside.rotation import Rotator
from goodside.rotation.evaluation.likeness import LikenessReader
from goodside.rotation.evaluation.multipie import (
    YAW_OF_CAMERA,
    MultipieReport,
    RankRow,
    Setting,
    evaluate_multipie,
    read_multipie,
)
from goodside.rotation.evaluation.report import to_json
from goodside.runtime import WeightsStore
from goodside.types import RgbImage
from goodside_train.checkpoint import CHECKPOINT
from goodside_train.config import read_recipe
from goodside_train.rotation.datasets.portraits import composite, read_rgba
from goodside_train.rotation.export import export_rotation
from goodside_train.rotation.recipe import RotationRecipe
from goodside_train.rotation.run import train_rotation

SHIPPED = ("rotation-capg", "rotation-mesh")
_FIRST_TEST_SUBJECT = {1: 151, 2: 201}
_LIGHTS = ("07", *(f"{light:02d}" for light in range(20) if light != 7))
_BEHIND = 128  # the grey that made pictures have behind the head


def main() -> None:
    """Parse the command line, run the protocol, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, help="folder of Multi-PIE")
    source.add_argument("--made", type=Path, help="folder of rendered heads, to make a tree from")
    parser.add_argument("--config", type=Path, required=True, help="recipe of the training")
    parser.add_argument("--out", type=Path, required=True, help="receives run, weights, figures")
    parser.add_argument("--setting", type=int, choices=(1, 2), default=2, help="published setting")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    setting: Setting = 1 if options.setting == 1 else 2
    folder = options.data
    if folder is None:
        folder = options.out / "multipie"
        if not folder.exists():
            make_tree(options.made, folder, setting=setting)
    recipe = read_recipe(options.config, RotationRecipe)
    reports = run_protocol(folder, recipe, out=options.out, setting=setting, file=options.config)
    (options.out / "multipie.json").write_text(
        json.dumps({name: to_json(report) for name, report in reports.items()}, indent=1),
        encoding="utf-8",
    )
    print(table(reports))


def run_protocol(
    folder: Path, recipe: RotationRecipe, *, out: Path, setting: Setting, file: Path
) -> dict[str, MultipieReport]:
    """Train, export and recognise.

    Args:
        folder: of Multi-PIE.
        recipe: of the training; whatever data it names, it trains on Multi-PIE alone.
        out: receives `run/` and `weights/`.
        setting: the published one.
        file: the recipe's.

    Returns:
        The reports of the weights trained, under `trained`, and of those shipped.
    """
    changed = {
        "photos": (), "heads": "", "large_pose": (), "lists": (), "multipie": folder.name,
        "multipie_setting": setting,
    }  # fmt: skip
    recipe = recipe.model_copy(update={"data": recipe.data.model_copy(update=changed)})
    run, weights = out / "run", out / "weights"
    train_rotation(
        recipe,
        data=folder.parent,
        out=run,
        from_scratch=not (run / CHECKPOINT).exists(),
        resume=(run / CHECKPOINT).exists(),
        recipe_file=file.name,
    )
    weights.mkdir(exist_ok=True)
    card = export_rotation(recipe, runs=[run], pairs=None, weights=weights, version="0.0.1")
    store = WeightsStore(weights, others=WeightsStore())
    rotators = {"trained": Rotator(store=store, model=card.name)}
    rotators |= {name: Rotator(model=name) for name in SHIPPED}
    benchmark = read_multipie(folder, setting=setting)
    return {
        name: evaluate_multipie(benchmark, read=LikenessReader(rotator).read)
        for name, rotator in rotators.items()
    }


def make_tree(heads: Path, folder: Path, *, setting: Setting) -> None:
    """Write rendered heads in Multi-PIE's layout: half for training, half to recognise.

    Args:
        heads: holds `views.csv` (`image,identity,yaw_deg,pitch_deg,light`) and what it names.
        folder: receives `session01/multiview/SUBJECT/01/CAMERA/NAME.png`; level views alone.
        setting: decides the subjects' numbers.
    """
    with (heads / "views.csv").open(newline="", encoding="utf-8") as stream:
        views = [row for row in csv.DictReader(stream) if float(row["pitch_deg"]) == 0]
    camera_of = {yaw: camera for camera, yaw in YAW_OF_CAMERA.items()}
    lights = dict(zip(sorted({row["light"] for row in views}), _LIGHTS, strict=False))
    subjects = _subjects(sorted({row["identity"] for row in views}), setting=setting)
    for row in views:
        camera = camera_of.get(round(float(row["yaw_deg"])))
        if camera is None or row["light"] not in lights:
            continue
        subject = f"{subjects[row['identity']]:03d}"
        place = folder / "session01" / "multiview" / subject / "01" / f"{camera[:2]}_{camera[2]}"
        place.mkdir(parents=True, exist_ok=True)
        name = f"{subject}_01_01_{camera}_{lights[row['light']]}.png"
        save_image(place / name, _opaque(heads / row["image"]))


def table(reports: dict[str, MultipieReport]) -> str:
    """Rank-1 shares as a Markdown table, one row a yaw."""
    first = next(iter(reports.values()))
    head = ["yaw", "n", "no face", "photograph", *reports]
    lines = [f"| {' | '.join(head)} |", f"|{'--:|' * len(head)}"]
    by_model = [{row.yaw_deg: row for row in report.rows} for report in reports.values()]
    for row in first.rows:
        turned = [_share(rows.get(row.yaw_deg)) for rows in by_model]
        said = "-" if row.plain is None else f"{row.plain:.3f}"
        cells = [f"{row.yaw_deg:+d}", str(row.count), str(row.lost), said, *turned]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _share(row: RankRow | None) -> str:
    return "-" if row is None or row.rotated is None else f"{row.rotated:.3f}"


def _subjects(identities: Sequence[str], *, setting: Setting) -> dict[str, int]:
    """Numbers of subjects: the first half, or one more, are trained on."""
    trained = (len(identities) + 1) // 2
    numbers = [*range(1, trained + 1)]
    numbers += range(_FIRST_TEST_SUBJECT[setting], _FIRST_TEST_SUBJECT[setting] + len(identities))
    return dict(zip(identities, numbers, strict=False))


def _opaque(path: Path) -> RgbImage:
    rgba = read_rgba(path)
    return composite(rgba, np.full_like(rgba[..., :3], _BEHIND))


if __name__ == "__main__":
    main()
