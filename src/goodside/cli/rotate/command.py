"""`goodside rotate`: faces at another angle, at a whole row of them, or moving through them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.arguments.angles import Sweep
from goodside.cli.arguments.invocation import Invocation
from goodside.cli.arguments.photographs import list_photographs
from goodside.cli.output.counts import counted
from goodside.cli.output.outcome import Outcome
from goodside.cli.output.progress import watched
from goodside.cli.output.terminal import echo, shown
from goodside.result_records import turned_record
from goodside.version import __version__

if TYPE_CHECKING:
    from goodside.cli.rotate.files import TurnedFiles
    from goodside.images import SyntheticMark
    from goodside.rotation import TurnSeries
    from goodside.types import Json, Turned

_DEGREES_A_SECOND = 45.0
_FRAME_MS = (40, 200)

_STRICT_REMEDY = "look at the picture without --strict, or ask for a smaller turn"
_PER_ANGLE = ("requested", "measured", "identity", "confidence", "doubts")
_MOVING = {".gif": "gif", ".mp4": "mp4"}


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--yaw", "yaw_deg", type=float, help="Look to the picture's right (+) or left (-).")
@click.option("--pitch", "pitch_deg", type=float, help="Look down (+) or up (-). [as in the photo]")
@click.option("--roll", "roll_deg", type=float, default=0.0, help="Lean clockwise (+). [0]")
@click.option("--frontal", is_flag=True, help="Look straight at the camera: yaw 0.")
@click.option("--sweep", type=Sweep(), help="Many yaws and a contact sheet: -60:60:15.")
@click.option(
    "--animate",
    type=click.Choice(list(_MOVING.values())),
    help="With --sweep: one moving picture there and back instead of many, as with an --out that "
    "ends so; mp4 needs an extra.",
)
@click.option("--paste", is_flag=True, help="Put the face back into its photograph, full size.")
@click.option("--face", type=click.IntRange(min=0), help="Which face, as `goodside faces` counts.")
@click.option("--size", "size_px", type=int, default=512, show_default=True, help="Side in pixels.")
@click.option("--model", help="Name of the weights.  [default: rotation-mesh]")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="File, or folder for several.")
@click.option("--overwrite", is_flag=True, help="Replace pictures that are there.")
@click.option(
    "--strict",
    is_flag=True,
    help="Write no picture that is far off what its weights' card leads to expect.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a picture.")
@click.pass_obj
def rotate(
    invocation: Invocation,
    *,
    paths: tuple[Path, ...],
    yaw_deg: float | None,
    pitch_deg: float | None,
    roll_deg: float,
    frontal: bool,
    sweep: tuple[float, ...] | None,
    animate: str | None,
    paste: bool,
    face: int | None,
    size_px: int,
    model: str | None,
    out: Path | None,
    overwrite: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Show the faces in the photographs PATHS, files and folders, at another angle.

    Give one of --yaw, --frontal or --sweep. The results are marked as synthetic in their metadata;
    the photographs stay as they are. A photograph whose face cannot be turned is named with
    the reason, and the others go on. With --paste the result is the whole photograph at its own
    size, --size does not count, and --roll is added to the lean of the head.

    Where the measured yaw or the likeness is far off what the card of the weights leads to expect,
    a warning says so; with --strict the photograph fails.
    """
    if (yaw_deg is not None) + frontal + (sweep is not None) != 1:
        raise click.UsageError("give one of --yaw, --frontal or --sweep")
    animate = animate or (_ending(out) if sweep is not None else None)
    if animate is not None and sweep is None:
        raise click.UsageError("--animate goes with --sweep")
    if paste and sweep is not None:
        raise click.UsageError("--paste goes with --yaw or --frontal")
    from goodside.cli.rotate.files import plan_files
    from goodside.errors import DoubtfulTurn, GoodsideError, OutputError

    if animate == "mp4":
        from goodside.images.writing.animation import find_ffmpeg

        find_ffmpeg()
    outcome = Outcome(as_json=as_json, debug=invocation.debug)
    photos = list_photographs(paths, outcome)
    yaws = sweep or (0.0 if yaw_deg is None else yaw_deg,)
    originals = {os.path.realpath(photo) for photo in photos}
    wanted = []
    for files in plan_files(photos, yaws, out=out, sweep=sweep is not None, animate=animate):
        try:
            files.check(photos=originals, overwrite=overwrite)
        except OutputError as error:
            outcome.fail(files.photo, error)
        else:
            wanted.append(files)
    rotator = invocation.engines.rotator(model=model)
    turn = rotator.paste_each if paste else partial(rotator.sweep_each, size_px=size_px)
    results = turn(
        [files.photo for files in wanted],
        yaws,
        pitch_deg=pitch_deg,
        roll_deg=roll_deg,
        face=face,
    )
    pairs = watched(zip(wanted, results, strict=True), total=len(wanted), description="turning")
    for files, result in pairs:
        if isinstance(result, GoodsideError):
            outcome.fail(files.photo, result)
            continue
        doubts = _doubts(result.turned)
        if strict and doubts:
            outcome.fail(files.photo, DoubtfulTurn("; ".join(doubts), remedy=_STRICT_REMEDY))
            continue
        try:
            _write(files, result, size_px=size_px, overwrite=overwrite)
        except OutputError as error:
            outcome.fail(files.photo, error)
            continue
        _show(outcome, files, result.turned)
        outcome.warn(files.photo, doubts)
        if files.sheet is not None and not as_json:
            echo(f"{shown(files.sheet)}: the contact sheet")
    outcome.finish()


def _doubts(turned: Sequence[Turned]) -> list[str]:
    """What speaks against the results, each with its angle."""
    return [
        f"at yaw {one.requested.yaw_deg:+.0f}° {doubt}" for one in turned for doubt in one.doubts
    ]


def _write(files: TurnedFiles, series: TurnSeries, *, size_px: int, overwrite: bool) -> None:
    from goodside.images import save_animation, save_image
    from goodside.rotation import contact_sheet

    pictures = [one.image for one in series.turned]
    if files.animation is not None:
        save_animation(
            files.animation,
            [*pictures, *pictures[-2:0:-1]],
            frame_ms=_frame_ms([one.requested.yaw_deg for one in series.turned]),
            synthetic=_mark("One face turned through several angles", series.turned),
            overwrite=overwrite,
        )
    for path, one in zip(files.pictures, series.turned, strict=False):
        mark = _mark(f"A face turned to yaw {one.requested.yaw_deg:+.0f} degrees", [one])
        save_image(path, one.image, synthetic=mark, overwrite=overwrite)
    if files.sheet is not None:
        sheet = contact_sheet(series.subject.picture(size_px=size_px), series.turned)
        mark = _mark("One face turned to several angles", series.turned)
        save_image(files.sheet, sheet, synthetic=mark, overwrite=overwrite)


def _mark(what: str, turned: Sequence[Turned]) -> SyntheticMark:
    from goodside.images import SyntheticMark

    views = "this view" if len(turned) == 1 else "these views"
    return SyntheticMark(
        tool=f"goodside {__version__}",
        description=f"{what} by {turned[0].model}; not a photograph of {views}.",
    )


def _frame_ms(yaws_deg: Sequence[float]) -> int:
    """How long a frame stays, for a head that turns evenly; a GIF counts in tens."""
    step = abs(yaws_deg[-1] - yaws_deg[0]) / max(len(yaws_deg) - 1, 1)
    shortest, longest = _FRAME_MS
    return min(max(round(100 * step / _DEGREES_A_SECOND) * 10, shortest), longest)


def _show(outcome: Outcome, files: TurnedFiles, turned: Sequence[Turned]) -> None:
    """One record a file that was written, in the order of the angles."""
    if files.animation is not None:
        outcome.show(_animation_record(files, turned), _animation_line(files.animation, turned))
    for path, one in zip(files.pictures, turned, strict=False):
        outcome.show(_record(files, path, one), _line(path, one))


def _record(files: TurnedFiles, output: Path, turned: Turned) -> Json:
    return {
        "path": str(files.photo),
        "output": str(output),
        "sheet": None if files.sheet is None else str(files.sheet),
        **turned_record(turned),
    }


def _animation_record(files: TurnedFiles, turned: Sequence[Turned]) -> Json:
    """Of a moving picture: every angle's figures, and how long each is shown."""
    records = [turned_record(one) for one in turned]
    return {
        "path": str(files.photo),
        "output": str(files.animation),
        "frame_ms": _frame_ms([one.requested.yaw_deg for one in turned]),
        "source": records[0]["source"],
        "angles": [{name: one[name] for name in _PER_ANGLE} for one in records],
        "synthetic": True,
        "model": turned[0].model,
    }


def _line(output: Path, turned: Turned) -> str:
    if turned.measured is None or turned.identity is None:
        return f"{shown(output)}: no face was found in the result; do not trust it"
    return (
        f"{shown(output)}: asked yaw {turned.requested.yaw_deg:+.0f}°, "
        f"measured {turned.measured.yaw_deg:+.0f}°, identity {turned.identity:.2f}"
    )


def _animation_line(output: Path, turned: Sequence[Turned]) -> str:
    identities = [one.identity for one in turned if one.identity is not None]
    lost = len(turned) - len(identities)
    first, last = turned[0].requested.yaw_deg, turned[-1].requested.yaw_deg
    said = f"{shown(output)}: {counted(len(turned), 'angle')}, yaw {first:+.0f}° to {last:+.0f}°"
    said += f", identity {min(identities):.2f} and more" if identities else ""
    return f"{said}; in {lost} no face was found, do not trust them" if lost else said


def _ending(out: Path | None) -> str | None:
    """The kind of moving picture that the name of a file asks for, if it does."""
    return None if out is None or out.is_dir() else _MOVING.get(out.suffix.lower())
