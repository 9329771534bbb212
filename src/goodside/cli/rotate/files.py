"""Where turned pictures go: names that cannot meet, and never the name of a photograph."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from goodside.cli.output.output_names import distinct_stems
from goodside.errors import OutputError


@dataclass(frozen=True, slots=True)
class TurnedFiles:
    """What is written for one photograph.

    Attributes:
        photo: the photograph.
        pictures: one a yaw; none where there is an animation.
        sheet: the contact sheet, if any.
        animation: GIF or MP4, if any.
    """

    photo: Path
    pictures: tuple[Path, ...] = ()
    sheet: Path | None = None
    animation: Path | None = None

    def check(self, *, photos: Collection[str], overwrite: bool) -> None:
        """Refuse to replace what is there, and any of the photographs whatever is asked.

        Args:
            photos: real paths of all photographs of the call.
            overwrite: whether other files may be replaced.

        Raises:
            OutputError: one of the files cannot be written for that reason.
        """
        from goodside.images import check_output

        extra = (path for path in (self.sheet, self.animation) if path is not None)
        for path in (*self.pictures, *extra):
            if os.path.realpath(path) in photos:
                raise OutputError(
                    "this would replace a photograph", path=path, remedy="name another with -o"
                )
            check_output(path, overwrite=overwrite)


def plan_files(
    photos: Sequence[Path],
    yaws_deg: Sequence[float],
    *,
    out: Path | None,
    sweep: bool,
    animate: str | None,
) -> list[TurnedFiles]:
    """Choose the names of everything that a call writes, and make its folder.

    Args:
        photos: in their order; of two with one stem, the second gets a number.
        yaws_deg: the angles of each.
        out: a file where one is written for one photograph, else a folder; by default the
            current one.
        sweep: whether there is a contact sheet.
        animate: `gif` or `mp4`, in place of pictures and sheet.

    Raises:
        OutputError: the folder cannot be made.
        UsageError: the file named is no such animation.
    """
    from goodside.images import make_folder

    single = len(photos) == 1 and (animate is not None or not sweep)
    if out is not None and single and out.suffix and not out.is_dir():
        if animate is None:
            return [TurnedFiles(photos[0], pictures=(out,))]
        if out.suffix.lower() != f".{animate}":
            raise click.UsageError(f"-o {out} is no .{animate}; --animate has to fit its suffix")
        return [TurnedFiles(photos[0], animation=out)]
    folder = out or Path()
    make_folder(folder, remedy="name another folder with -o")
    return [
        TurnedFiles(photo, animation=folder / f"{stem}-sweep.{animate}")
        if animate is not None
        else TurnedFiles(
            photo,
            pictures=tuple(folder / f"{stem}-yaw{_written(yaw)}.jpg" for yaw in yaws_deg),
            sheet=folder / f"{stem}-sheet.jpg" if sweep else None,
        )
        for photo, stem in zip(photos, distinct_stems(photos), strict=True)
    ]


def _written(yaw_deg: float) -> str:
    """An angle in a file's name: `+015`, `-060`, and `+007.50` where it is no whole number."""
    whole = round(yaw_deg, 2) == round(yaw_deg)
    return f"{yaw_deg + 0.0:+04.0f}" if whole else f"{yaw_deg:+07.2f}"
