"""`goodside faces`: where the faces are, where they look, how crisp they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.arguments.invocation import Invocation
from goodside.cli.arguments.photographs import list_photographs
from goodside.cli.output.outcome import Outcome
from goodside.cli.output.terminal import shown
from goodside.result_records import faces_record

if TYPE_CHECKING:
    from goodside.images import Photo
    from goodside.types import Face


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a photograph.")
@click.option(
    "--draw", "draw_to", type=click.Path(path_type=Path), help="File, or folder for several."
)
@click.option("--overwrite", is_flag=True, help="Replace pictures that are there.")
@click.pass_obj
def faces(
    invocation: Invocation,
    *,
    paths: tuple[Path, ...],
    as_json: bool,
    draw_to: Path | None,
    overwrite: bool,
) -> None:
    """List the faces in the photographs PATHS: files, and folders with everything in them.

    The largest face is number 0. Yaw is positive where it looks to the picture's right, pitch where
    it looks down, roll where it leans clockwise. With --draw, copies of the photographs show what
    was found.
    """
    from goodside.errors import GoodsideError
    from goodside.images import read_photos_guarded
    from goodside.images.guard import memory_guard

    outcome = Outcome(as_json=as_json, debug=invocation.debug)
    photos = list_photographs(paths, outcome)
    finder, limits = invocation.engines.face_finder(), invocation.engines.limits
    for path, photo in read_photos_guarded(photos, limits=limits):
        try:
            target = None
            if draw_to is not None:
                target = _target(path, draw_to=draw_to, several=len(photos) > 1)
                _check(target, photo=path, overwrite=overwrite)
            if isinstance(photo, GoodsideError):
                raise photo
            with memory_guard(path):
                found = finder.find(photo.rgb)
                if target is not None:
                    _draw(photo, found, target=target, overwrite=overwrite)
        except GoodsideError as error:
            outcome.fail(path, error)
            continue
        record = faces_record(path, found, width=photo.width, height=photo.height)
        outcome.show(record, _text(path, found))
    outcome.finish()


def _target(path: Path, *, draw_to: Path, several: bool) -> Path:
    """Where a drawn copy goes: the given file, or a name of its own in the given folder."""
    from goodside.images import make_folder

    if not several and draw_to.suffix and not draw_to.is_dir():
        return draw_to
    make_folder(draw_to, remedy="name another folder with --draw")
    return draw_to / f"{path.stem}-faces.jpg"


def _check(target: Path, *, photo: Path, overwrite: bool) -> None:
    """Refuse to draw over a photograph, before the work."""
    from goodside.errors import OutputError
    from goodside.images import check_output

    if target.exists() and photo.exists() and target.samefile(photo):
        raise OutputError("this would replace the photograph", path=target, remedy="name another")
    check_output(target, overwrite=overwrite)


def _draw(photo: Photo, found: tuple[Face, ...], *, target: Path, overwrite: bool) -> None:
    from goodside.face import draw_faces
    from goodside.images import save_image

    save_image(target, draw_faces(photo.rgb, found), overwrite=overwrite)


def _text(path: Path, found: tuple[Face, ...]) -> str:
    """One line a face, after one for the photograph."""
    lines = [f"{shown(path)}: {_count(len(found))}"]
    for number, face in enumerate(found):
        box, pose = face.box, face.pose
        lines.append(
            f"  {number:>2}  {box.width:4.0f} x {box.height:<4.0f} at {box.left:.0f}, {box.top:.0f}"
            f"   yaw {pose.yaw_deg:+.0f}°  pitch {pose.pitch_deg:+.0f}°  roll {pose.roll_deg:+.0f}°"
            f"   sharpness {face.sharpness:.2f}"
        )
    return "\n".join(lines)


def _count(number: int) -> str:
    return {0: "no face", 1: "1 face"}.get(number, f"{number} faces")
