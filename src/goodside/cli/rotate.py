"""`goodside rotate`: a face at another angle, or at a whole row of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import goodside
from goodside.cli.angles import Sweep
from goodside.cli.outcome import Outcome
from goodside.engines import open_rotator

if TYPE_CHECKING:
    from goodside.types import Json, Pose, RgbImage, Turned


@click.command()
@click.argument("photos", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--yaw", "yaw_deg", type=float, help="Look to the picture's right (+) or left (-).")
@click.option("--pitch", "pitch_deg", type=float, help="Look down (+) or up (-). [as in the photo]")
@click.option("--roll", "roll_deg", type=float, default=0.0, help="Lean clockwise (+). [0]")
@click.option("--frontal", is_flag=True, help="Look straight at the camera: yaw 0.")
@click.option("--sweep", type=Sweep(), help="Many yaws and a contact sheet: -60:60:15.")
@click.option("--face", type=click.IntRange(min=0), help="Which face, as `goodside faces` counts.")
@click.option("--size", "size_px", type=int, default=512, show_default=True, help="Side in pixels.")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="File, or folder for several.")
@click.option("--overwrite", is_flag=True, help="Replace pictures that are there.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a picture.")
@click.pass_context
def rotate(
    ctx: click.Context,
    *,
    photos: tuple[Path, ...],
    yaw_deg: float | None,
    pitch_deg: float | None,
    roll_deg: float,
    frontal: bool,
    sweep: tuple[float, ...] | None,
    face: int | None,
    size_px: int,
    out: Path | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Show the face of each of PHOTOS at another angle.

    Give one of --yaw, --frontal or --sweep. The results are marked as synthetic in their metadata;
    the photographs stay as they are.
    """
    if (yaw_deg is not None) + frontal + (sweep is not None) != 1:
        raise click.UsageError("give one of --yaw, --frontal or --sweep")
    from goodside.errors import GoodsideError

    yaws = sweep or (0.0 if yaw_deg is None else yaw_deg,)
    rotator = open_rotator()
    outcome = Outcome(as_json=as_json, debug=ctx.obj["debug"])
    for photo in photos:
        try:
            names = _names(photo, yaws, out=out, several=len(photos) > 1 or sweep is not None)
            sheet = names[0].parent / f"{photo.stem}-sheet.jpg" if sweep else None
            if not overwrite:
                _refuse_existing(names if sheet is None else [*names, sheet])
            sitter = rotator.sit(photo, face=face, size_px=size_px)
            poses = [_pose(yaw, pitch_deg, roll_deg, sitter.face.pose) for yaw in yaws]
            turned = rotator.turn(sitter, poses, size_px=size_px)
            for name, one in zip(names, turned, strict=True):
                _save(name, one, overwrite=overwrite)
            if sheet is not None:
                _save_sheet(sheet, sitter.picture(size_px=size_px), turned, overwrite=overwrite)
        except GoodsideError as error:
            outcome.fail(photo, error)
            continue
        for name, one in zip(names, turned, strict=True):
            outcome.tell(_record(photo, name, one, sheet=sheet), _line(name, one))
        if sheet is not None and not as_json:
            click.echo(f"{sheet}: the contact sheet")
    outcome.finish()


def _pose(yaw_deg: float, pitch_deg: float | None, roll_deg: float, source: Pose) -> Pose:
    from goodside.rotation.rotate import asked_pose

    return asked_pose(yaw_deg, pitch_deg=pitch_deg, roll_deg=roll_deg, source=source)


def _names(photo: Path, yaws: tuple[float, ...], *, out: Path | None, several: bool) -> list[Path]:
    """Where the pictures go: the given file, or names made of the photograph's and the angle."""
    from goodside.errors import OutputError

    if out is not None and not several and out.suffix and not out.is_dir():
        return [out]
    folder = out or Path()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"the folder cannot be made: {error.strerror}",
            path=folder,
            remedy="name another folder with -o",
        ) from error
    return [folder / f"{photo.stem}-yaw{_written(yaw)}.jpg" for yaw in yaws]


def _written(yaw_deg: float) -> str:
    """An angle in a file's name: `+015`, `-060`, and `+007.50` where it is no whole number."""
    whole = round(yaw_deg, 2) == round(yaw_deg)
    return f"{yaw_deg + 0.0:+04.0f}" if whole else f"{yaw_deg:+07.2f}"


def _refuse_existing(paths: list[Path]) -> None:
    from goodside.errors import OutputError

    for path in paths:
        if path.exists():
            raise OutputError(
                "the file exists", path=path, remedy="name another with -o, or use --overwrite"
            )


def _save(path: Path, turned: Turned, *, overwrite: bool) -> None:
    from goodside.images import SyntheticMark, save_image

    mark = SyntheticMark(
        tool=f"goodside {goodside.__version__}",
        description=f"A face turned to yaw {turned.requested.yaw_deg:+.0f} degrees by "
        f"{turned.model}; not a photograph of this view.",
    )
    save_image(path, turned.image, synthetic=mark, overwrite=overwrite)


def _save_sheet(path: Path, portrait: RgbImage, turned: list[Turned], *, overwrite: bool) -> None:
    from goodside.images import SyntheticMark, save_image
    from goodside.rotation import contact_sheet

    mark = SyntheticMark(
        tool=f"goodside {goodside.__version__}", description="One face turned to several angles."
    )
    save_image(path, contact_sheet(portrait, turned), synthetic=mark, overwrite=overwrite)


def _angles(pose: Pose | None) -> Json | None:
    if pose is None:
        return None
    names = ("yaw_deg", "pitch_deg", "roll_deg")
    return {name: round(getattr(pose, name), 1) for name in names}


def _record(photo: Path, output: Path, turned: Turned, *, sheet: Path | None) -> Json:
    return {
        "path": str(photo),
        "output": str(output),
        "sheet": None if sheet is None else str(sheet),
        "source": _angles(turned.source),
        "requested": _angles(turned.requested),
        "measured": _angles(turned.measured),
        "identity": _rounded(turned.identity),
        "confidence": _rounded(turned.confidence),
        "synthetic": True,
        "model": turned.model,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _line(output: Path, turned: Turned) -> str:
    if turned.measured is None or turned.identity is None:
        return f"{output}: no face was found in the result; do not trust it"
    return (
        f"{output}: asked yaw {turned.requested.yaw_deg:+.0f}°, "
        f"measured {turned.measured.yaw_deg:+.0f}°, identity {turned.identity:.2f}"
    )
