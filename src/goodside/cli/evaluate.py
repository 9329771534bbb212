"""`goodside evaluate`: measure an engine on one's own pictures."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from goodside.errors import GoodsideError
    from goodside.rotation import Rotator
    from goodside.types import Json


@click.group()
def evaluate() -> None:
    """Measure an engine on your own pictures."""


@evaluate.command("aesthetics")
@click.option(
    "--images",
    "folder",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the photographs.",
)
@click.option(
    "--labels",
    "table",
    required=True,
    type=click.Path(path_type=Path),
    help="CSV: image,score[,semantic][,votes_1,votes_2,...].",
)
@click.option("--model", help="Name of the weights.  [default: the shipped ones]")
@click.option(
    "--weights",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of weights and cards.  [default: the package's]",
)
@click.option(
    "--scale", nargs=2, type=float, metavar="LOW HIGH", help="Lowest and highest possible score."
)
@click.option(
    "--high-from", type=float, help="Score from which people call it good.  [default: the middle]"
)
@click.option("--limit", type=click.IntRange(min=1), help="Use only the first so many rows.")
@click.option(
    "--scores", "scores_path", type=click.Path(path_type=Path), help="Write what was said as CSV."
)
@click.option("--overwrite", is_flag=True, help="Replace the file of --scores if it is there.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
def evaluate_aesthetics(
    *,
    folder: Path,
    table: Path,
    model: str | None,
    weights: Path | None,
    scale: tuple[float, float] | None,
    high_from: float | None,
    limit: int | None,
    scores_path: Path | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Compare the assessor's scores with people's, on photographs that people have rated.

    Correlations, errors, high against low quality, semantic labels, each with its interval, and
    the same for every kind of picture. A photograph that cannot be read is reported and counted.
    """
    from goodside.aesthetics.assess import DEFAULT_MODEL, Assessor
    from goodside.aesthetics.table import read_table
    from goodside.aesthetics.trial import judge_each, sum_up, write_scores
    from goodside.cli.outcome import Outcome
    from goodside.cli.progress import watched
    from goodside.engines import surroundings
    from goodside.errors import ImageError
    from goodside.runtime import WeightsStore

    _, store, limits = surroundings()
    photos = read_table(table, photos=folder, scale=scale)
    photos = photos.take(range(len(photos))[:limit])
    assessor = Assessor(
        store=store if weights is None else WeightsStore(weights),
        model=model or DEFAULT_MODEL,
        limits=limits,
    )
    outcome = Outcome(as_json=False)  # failures apart from the one JSON object
    with _opened(scores_path, overwrite=overwrite) as stream:
        judging = judge_each(assessor, photos)
        judged = list(watched(judging, total=len(photos), description="assessing"))
        for one, name in zip(judged, photos.names, strict=True):
            if isinstance(one.result, ImageError):
                outcome.fail(name, one.result)
        trial = sum_up(judged, photos, assessor=assessor, high_from=high_from)
        if stream is not None:
            write_scores(stream, judged, photos)
    if as_json:
        click.echo(json.dumps(trial.as_json()))
    else:
        from goodside.cli.trial_tables import print_trial

        print_trial(trial)
    outcome.finish()


def _opened(
    path: Path | None, *, overwrite: bool
) -> AbstractContextManager[TextIO] | AbstractContextManager[None]:
    """A text file for writing, before the work starts; nothing without a path."""
    if path is None:
        return nullcontext()
    from goodside.errors import OutputError

    try:
        return path.open("w" if overwrite else "x", newline="", encoding="utf-8")
    except FileExistsError as error:
        raise OutputError(
            "the file exists", path=path, remedy="name another file, or give --overwrite"
        ) from error
    except OSError as error:
        raise OutputError(f"the file cannot be written: {error.strerror}", path=path) from error


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
