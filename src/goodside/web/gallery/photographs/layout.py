"""All photographs of a selection in one compact answer, from which the page lays out its rows.

bytes 0-3     `GSL1`
bytes 4-7     N, photographs (all numbers are little-endian and unsigned, but for days)
bytes 8-11    H, length of the header
H bytes       the header, JSON, padded with spaces so that what follows is aligned
4 N bytes     row numbers, 32 bits
4 N bytes     days since 1970, 32 bits signed; the smallest number: not known
N bytes       shapes, see `shape_codes`
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from goodside.album.album_photo import AlbumPhoto
from goodside.album.browse import BrowseSort, Selection
from goodside.types import FloatArray

MAGIC = b"GSL1"
SHAPE_STEPS = 50
"""Steps of a shape's code in a width of one height."""
_LOWEST, _HIGHEST = 18, 200
_NO_DAY = np.iinfo(np.int32).min
_PHOTOS_A_DAY, _PHOTOS_A_MONTH = 6.0, 3.0
_LANDMARKS = 40

Sections = Literal["day", "month", "year", "none"]


@dataclass(frozen=True, slots=True)
class Landmark:
    """What stands at the photograph with this place in the order: `7.4`, `K` ..."""

    place: int
    label: str


def shape_codes(ratios: FloatArray) -> NDArray[np.uint8]:
    """Shapes in fiftieths of a height, between 0.36 and 4: what is longer is cut a little.

    Args:
        ratios: (N,) width by height.

    Returns:
        (N,) uint8.
    """
    return np.clip(np.rint(ratios * SHAPE_STEPS), _LOWEST, _HIGHEST).astype(np.uint8)


def choose_sections(selection: Selection, *, sort: BrowseSort) -> Sections:
    """Whether headings stand above days, months or years: so that few stand above one row."""
    if sort != "taken" or not len(selection):
        return "none"
    days = selection.days[~np.isnat(selection.days)]
    if not len(days):
        return "none"
    if len(days) >= _PHOTOS_A_DAY * len(np.unique(days)):
        return "day"
    months = np.unique(days.astype("datetime64[M]"))
    return "month" if len(days) >= _PHOTOS_A_MONTH * len(months) else "year"


def find_landmarks(
    selection: Selection, *, sort: BrowseSort, photos: Callable[[list[int]], list[AlbumPhoto]]
) -> list[Landmark]:
    """Places in an order that is not by time, with what is reached there.

    Args:
        selection: in that order.
        sort: by what.
        photos: reads a few photographs.
    """
    if sort == "taken" or not len(selection):
        return []
    places = np.unique(np.linspace(0, len(selection) - 1, _LANDMARKS).astype(np.int64))
    there = {shot.photo.id: shot for shot in photos([int(selection.ids[one]) for one in places])}
    found: list[Landmark] = []
    for place in map(int, places):
        shot = there.get(int(selection.ids[place]))
        label = None if shot is None else _label(shot, sort)
        if label is not None and (not found or found[-1].label != label):
            found.append(Landmark(place, label))
    return found


def pack_layout(
    selection: Selection, *, version: str, sections: Sections, landmarks: list[Landmark]
) -> bytes:
    """The answer; see the module.

    Raises:
        OverflowError: a row number takes more than 32 bits.
    """
    ids = selection.ids
    if len(ids) and int(ids.max()) > np.iinfo(np.uint32).max:
        raise OverflowError("a row number takes more than 32 bits")
    header = json.dumps(
        {
            "version": version,
            "sections": sections,
            "landmarks": [[one.place, one.label] for one in landmarks],
        }
    ).encode()
    header += b" " * (-len(header) % 4)
    days = np.where(
        np.isnat(selection.days), _NO_DAY, selection.days.astype("datetime64[D]").astype(np.int64)
    )
    return b"".join(
        (
            MAGIC,
            np.array([len(ids), len(header)], "<u4").tobytes(),
            header,
            ids.astype("<u4").tobytes(),
            days.astype("<i4").tobytes(),
            shape_codes(selection.ratios).tobytes(),
        )
    )


def _label(shot: AlbumPhoto, sort: BrowseSort) -> str | None:
    judged = shot.photo.judged
    match sort:
        case "name":
            return shot.name[:1].upper()
        case "stars":
            return None if shot.stars is None else "★" * shot.stars or "0"
        case "score":
            return None if judged is None else f"{judged.aesthetic.score:.1f}"
        case "percentile":
            return None if shot.percentile is None else f"{shot.percentile:.0f}"
        case "technical":
            return None if shot.technical is None else f"{shot.technical:.1f}"
        case _:
            return None
