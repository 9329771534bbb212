"""`goodside evaluate rotation`, `verification` and `multipie`: what the rotator does to faces."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.arguments.invocation import Invocation
from goodside.cli.output.terminal import echo_error, echo_json

if TYPE_CHECKING:
    from goodside.errors import GoodsideError
    from goodside.rotation import Rotator, Subject

_SHEET_PX = 192
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

_judge_option = click.option(
    "--judge", "judge_name", type=click.Choice(["dlib"]), help="Measure identity twice."
)
_model_option = click.option("--model", help="Name of the weights.  [default: rotation-mesh]")
_weights_option = click.option(
    "--weights",
    type=_FOLDER,
    help="Folder of an export, whose generator is measured.  [default: the package's]",
)
_json_option = click.option(
    "--json", "as_json", is_flag=True, help="One JSON object instead of a table."
)


@click.command("rotation")
@click.option(
    "--faces",
    "folder",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="Portraits, one person each.",
)
@click.option("--yaws", default="-45,-30,0,30,45", show_default=True, help="Degrees, by commas.")
@_judge_option
@click.option(
    "--views",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV of true views: image,identity,yaw_deg,pitch_deg[,light].",
)
@click.option(
    "--labels",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV of groups of people, image and a column a kind: the same figures by group.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Use only the first so many portraits.")
@click.option(
    "--sheet",
    "sheet_path",
    type=click.Path(path_type=Path),
    help="Write the turned faces as one picture.",
)
@_model_option
@_weights_option
@_json_option
@click.pass_obj
def evaluate_rotation(
    invocation: Invocation,
    *,
    folder: Path,
    yaws: str,
    judge_name: str | None,
    views: Path | None,
    labels: Path | None,
    limit: int | None,
    sheet_path: Path | None,
    model: str | None,
    weights: Path | None,
    as_json: bool,
) -> None:
    """Turn every portrait to several yaws and home again; measure the results.

    Identity, pose, landmarks and realism; the plain mesh warp stands beside the network, measured
    the same way.
    """
    try:
        angles = [float(part) for part in yaws.split(",")]
    except ValueError as error:
        raise click.BadParameter(f"{yaws!r} is no list of degrees", param_hint="--yaws") from error
    from itertools import islice

    from goodside.images import check_output, find_photos
    from goodside.rotation.evaluation.evaluate import evaluate_rotation as measure
    from goodside.rotation.evaluation.evaluate import prepare_each
    from goodside.rotation.evaluation.report import to_json
    from goodside.rotation.evaluation.second_recogniser import open_second_recogniser

    if sheet_path is not None:
        check_output(sheet_path, overwrite=True)
    second = open_second_recogniser(judge_name)
    unread: list[GoodsideError] = []
    photos = list(islice(find_photos([folder], on_error=unread.append), limit))
    for refusal in unread:
        echo_error(refusal)
    rotator = _rotator(invocation, model=model, weights=weights)
    subjects, refused = prepare_each(photos, rotator=rotator)
    report = measure(
        subjects,
        rotator=rotator,
        yaws_deg=angles,
        refused=refused,
        second=second,
        views=views,
        labels=labels,
    )
    if sheet_path is not None:
        _write_sheet(sheet_path, subjects, rotator=rotator, yaws=angles)
    if as_json:
        echo_json(to_json(report))
    else:
        from goodside.cli.evaluate.rotation_tables import print_turns

        print_turns(report)


@click.command("verification")
@click.option(
    "--images",
    "folder",
    required=True,
    type=_FOLDER,
    help="Folder of the photographs.",
)
@click.option(
    "--pairs",
    "pairs_path",
    required=True,
    type=click.Path(path_type=Path),
    help="CSV: a,b,same; the first two are files of the folder, the last 1 or 0.",
)
@_judge_option
@_model_option
@_json_option
@click.pass_obj
def evaluate_verification(
    invocation: Invocation,
    *,
    folder: Path,
    pairs_path: Path,
    judge_name: str | None,
    model: str | None,
    as_json: bool,
) -> None:
    """Tell whether pairs of photographs show one person, with and without turning the faces.

    True accepts at a false accept rate of 1 in 100 and 1 in 1,000, by the yaw of the pair's farther
    turned face.
    """
    from goodside.rotation.evaluation.likeness import LikenessReader
    from goodside.rotation.evaluation.report import to_json
    from goodside.rotation.evaluation.second_recogniser import open_second_recogniser
    from goodside.rotation.evaluation.verification import evaluate_verification as measure
    from goodside.rotation.evaluation.verification import read_pairs

    pairs = read_pairs(pairs_path, folder=folder)
    second = open_second_recogniser(judge_name)
    reader = LikenessReader(invocation.engines.rotator(model=model), second=second)
    report = measure(pairs, read=reader.read)
    if as_json:
        echo_json(to_json(report))
    else:
        from goodside.cli.evaluate.rotation_tables import print_verification

        print_verification(report)


@click.command("multipie")
@click.argument("folder", type=_FOLDER)
@click.option(
    "--setting", type=click.IntRange(1, 2), default=2, show_default=True, help="The published one."
)
@_model_option
@_json_option
@click.pass_obj
def evaluate_multipie(
    invocation: Invocation, *, folder: Path, setting: int, model: str | None, as_json: bool
) -> None:
    """Rank-1 recognition by yaw on Multi-PIE, in FOLDER as it is distributed.

    Setting 1 is session 1 with 100 test subjects, setting 2 all sessions with 137.
    """
    from goodside.rotation.evaluation.likeness import LikenessReader
    from goodside.rotation.evaluation.multipie import evaluate_multipie as measure
    from goodside.rotation.evaluation.multipie import read_multipie
    from goodside.rotation.evaluation.report import to_json

    benchmark = read_multipie(folder, setting=1 if setting == 1 else 2)
    report = measure(benchmark, read=LikenessReader(invocation.engines.rotator(model=model)).read)
    if as_json:
        echo_json(to_json(report))
    else:
        from goodside.cli.evaluate.rotation_tables import print_ranks

        print_ranks(report)


def _rotator(invocation: Invocation, *, model: str | None, weights: Path | None) -> Rotator:
    """What is measured: of an export its own generator, the face models being the settings'.

    Raises:
        WeightsError: the export does not hold that generator.
    """
    if weights is None:
        return invocation.engines.rotator(model=model)
    from goodside.rotation.rotate import DEFAULT_MODEL
    from goodside.runtime import WeightsStore

    exported = WeightsStore(weights)
    here = [name for name in exported.names() if exported.card(name).task == "rotation"]
    chosen = model or (here[0] if len(here) == 1 else DEFAULT_MODEL)
    exported.path(chosen)
    return invocation.engines.with_export(weights).rotator(model=chosen)


def _write_sheet(
    path: Path, subjects: Sequence[Subject], *, rotator: Rotator, yaws: Sequence[float]
) -> None:
    """One row a person: the photograph, then every yaw; the plain warp in a row below."""
    import numpy as np

    from goodside.errors import FaceError, ImageError, OutOfRange
    from goodside.images import SyntheticMark, save_image
    from goodside.rotation.request import asked_pose
    from goodside.version import __version__

    rows = []
    for measured in subjects:
        try:
            photo, face = measured.path or "", measured.face
            subject = rotator.prepare(photo, face=face, size_px=_SHEET_PX)
            poses = [asked_pose(yaw, source=subject.face.pose) for yaw in yaws]
            framed = subject.framed(poses)
            turned = rotator.paint(framed, poses, size_px=_SHEET_PX)
        except (ImageError, FaceError, OutOfRange):
            continue  # a yaw beyond the weights, or a file that went in the meantime
        own = framed.picture(size_px=_SHEET_PX)
        warps = [rotator.warp(framed, pose, size_px=_SHEET_PX) for pose in poses]
        rows += [np.concatenate([own, *pictures], axis=1) for pictures in (turned, warps)]
    if rows:
        mark = SyntheticMark(
            tool=f"goodside {__version__}",
            description="Faces turned to several angles, by a network and by their mesh alone.",
        )
        save_image(path, np.concatenate(rows), synthetic=mark, overwrite=True)
