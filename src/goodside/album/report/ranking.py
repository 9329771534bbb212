"""From files to what a page shows of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from goodside.aesthetics import Assessor
from goodside.album.credits import Credit
from goodside.album.page.page import Failure, Shot
from goodside.album.thumbnail import LARGE_PX, Picture, shrink, thumbnail_px
from goodside.errors import GoodsideError, ImageError
from goodside.images import Limits, read_photo_guarded
from goodside.images.decoding.guard import memory_guard


def take_shots(
    photos: Sequence[Path],
    *,
    assessor: Assessor,
    limits: Limits | None = None,
    credit_of: Mapping[str, Credit] | None = None,
) -> Iterator[tuple[Path, Shot | ImageError]]:
    """Judge photographs and make their thumbnails, in their order.

    Args:
        photos: their files.
        assessor: the judge.
        limits: on bytes and pixels.
        credit_of: who made a photograph, by the name of its file.

    Yields:
        Each file with its shot, or with the error that explains why there is none.

    Raises:
        WeightsError: the network is missing or corrupt.
    """
    names, side_px = short_names(photos), thumbnail_px(len(photos))
    for photo, judged in zip(photos, assessor.assess_each(photos), strict=True):
        if isinstance(judged, ImageError):
            yield photo, judged
            continue
        try:
            picture = _picture(photo, side_px=side_px, limits=limits)
        except ImageError as error:  # the file changed since it was judged
            yield photo, error
            continue
        yield (
            photo,
            Shot(
                name=names[photo],
                picture=picture,
                assessment=judged,
                credit=(credit_of or {}).get(photo.name),
            ),
        )


def large_picture(photo: Path, *, limits: Limits | None = None) -> Picture:
    """A photograph large enough to fill the top of a page.

    Raises:
        ImageError: it cannot be read.
    """
    return _picture(photo, side_px=LARGE_PX, limits=limits)


def failure(name: str, error: GoodsideError) -> Failure:
    """An error as the page tells it: without the path, with the remedy."""
    reason = error.message if error.remedy is None else f"{error.message} ({error.remedy})"
    return Failure(name, reason)


def short_names(photos: Sequence[Path]) -> dict[Path, str]:
    """Names that tell photographs apart without the folder that they all share."""
    if not photos:
        return {}
    absolute = {photo: os.path.abspath(photo) for photo in photos}  # noqa: PTH100
    try:
        base = os.path.commonpath([os.path.dirname(name) for name in absolute.values()])  # noqa: PTH120
    except ValueError:  # on several drives
        return {photo: photo.name for photo in photos}
    return {photo: Path(os.path.relpath(name, base)).as_posix() for photo, name in absolute.items()}


def _picture(photo: Path, *, side_px: int, limits: Limits | None) -> Picture:
    rgb = read_photo_guarded(photo, fit_px=side_px, limits=limits).rgb
    with memory_guard(photo):
        return shrink(rgb, side_px=side_px)
