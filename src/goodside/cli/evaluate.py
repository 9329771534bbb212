"""`goodside evaluate`: measure an engine on a folder of one's own pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from goodside.errors import GoodsideError
    from goodside.rotation import Rotator
    from goodside.types import Json


@click.group()
def evaluate() -> None:
    """Measure an engine on your own pictures."""


@evaluate.command("rotation")
@click.option(
    "--faces",
    "folder",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="Portraits, one person each.",
)
@click.option("--yaws", default="-45,-30,0,30,45", show_default=True, help="Degrees, by commas.")
@click.option("--limit", type=click.IntRange(min=1), help="Use only the first so many portraits.")
@click.option(
    "--sheet",
    "sheet_path",
    type=click.Path(path_type=Path),
    help="Write the turned faces as one picture.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def evaluate_rotation(
    *, folder: Path, yaws: str, limit: int | None, sheet_path: Path | None, as_json: bool
) -> None:
    """Turn every portrait to several yaws; measure identity and pose of the results.

    The plain mesh warp stands beside the network, measured the same way.
    """
    try:
        angles = [float(part) for part in yaws.split(",")]
    except ValueError as error:
        raise click.BadParameter(f"{yaws!r} is no list of degrees", param_hint="--yaws") from error
    from itertools import islice

    from goodside.engines import open_rotator
    from goodside.images import find_photos
    from goodside.rotation.evaluate import evaluate_rotation as measure

    unread: list[GoodsideError] = []
    photos = list(islice(find_photos([folder], on_error=unread.append), limit))
    for refusal in unread:
        click.echo(f"goodside: {refusal}", err=True)
    rotator = open_rotator()
    report = measure(photos, rotator=rotator, yaws_deg=angles)
    if sheet_path is not None:
        _write_sheet(sheet_path, photos, rotator=rotator, yaws=angles)
    click.echo(json.dumps(report) if as_json else _table(report))


def _write_sheet(path: Path, photos: list[Path], *, rotator: Rotator, yaws: list[float]) -> None:
    """One row a person: the photograph, then every yaw; the plain warp in a row below."""
    import numpy as np

    from goodside.errors import GoodsideError
    from goodside.images import save_image
    from goodside.rotation.rotate import asked_pose

    side = 192
    rows = []
    for photo in photos:
        try:
            sitter = rotator.sit(photo, size_px=side)
            poses = [asked_pose(yaw, source=sitter.face.pose) for yaw in yaws]
            turned = rotator.paint(sitter, poses, size_px=side)
        except GoodsideError:
            continue  # already among the report's refused
        own = sitter.picture(size_px=side)
        warps = [rotator.warp(sitter, pose, size_px=side) for pose in poses]
        rows += [np.concatenate([own, *pictures], axis=1) for pictures in (turned, warps)]
    if rows:
        save_image(path, np.concatenate(rows), overwrite=True)


def _table(report: Json) -> str:
    strangers = report["strangers"]
    lines = [
        f"{report['faces']} faces, {len(report['refused'])} refused; strangers' cosine: "
        f"mean {strangers['mean']}, 99th percentile {strangers['p99']}",
        f"{'yaw':>5} {'':6} {'n':>4} {'cosine':>7} {'rank-1':>7} {'error':>6} {'p95':>6} {'ms':>6}",
    ]
    for row in report["rows"]:
        for name, marks in (("ours", row), ("warp", row["warp"])):
            lines.append(
                f"{row['yaw']:>5.0f} {name:6} {marks['n']:>4} {_cell(marks['embedder_cosine'])} "
                f"{_cell(marks['embedder_rank1'])} {_cell(marks['pose_error_deg'], 1, 6)} "
                f"{_cell(marks['pose_error_p95_deg'], 1, 6)} {_cell(marks.get('ms'), 1, 6)}"
            )
    return "\n".join(lines)


def _cell(value: float | None, digits: int = 3, width: int = 7) -> str:
    return f"{'-':>{width}}" if value is None else f"{value:>{width}.{digits}f}"
