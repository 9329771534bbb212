"""The first photographs of a page, so that they are seen before any script runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from goodside.album.album_photo import AlbumPhoto
from goodside.album.browse import Selection
from goodside.web.gallery.dates import day_text, month_text
from goodside.web.gallery.photographs.layout import Sections
from goodside.web.texts import gettext as _


@dataclass(frozen=True, slots=True)
class InitialTile:
    """One photograph: its row number, the code of its shape, and what is known of it."""

    id: int
    shape: int
    shot: AlbumPhoto | None


@dataclass(slots=True)
class InitialSection:
    """Photographs under one heading.

    Attributes:
        label: the heading; None: there is none.
        tiles: in order.
        first: the place of the first one among all photographs.
    """

    label: str | None
    first: int
    tiles: list[InitialTile] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class InitialTiles:
    """The sections that stand in the page as it is sent."""

    sections: tuple[InitialSection, ...]


def make_initial_tiles(
    first: Selection,
    *,
    shapes: NDArray[np.uint8],
    shots: Mapping[int, AlbumPhoto],
    sections: Sections,
) -> InitialTiles:
    """Put the first photographs under their headings.

    Args:
        first: a few, in order.
        shapes: (N,) their codes.
        shots: by row number.
        sections: what has a heading.
    """
    made: list[InitialSection] = []
    last: object = made
    for place, (photo_id, shape) in enumerate(zip(first.ids, shapes, strict=True)):
        stamp = first.days[place]
        day = None if np.isnat(stamp) else stamp.astype("datetime64[D]").item()
        mark = section_mark(day, sections)
        if not made or mark != last:
            made.append(InitialSection(section_label(day, sections), place))
            last = mark
        made[-1].tiles.append(InitialTile(int(photo_id), int(shape), shots.get(int(photo_id))))
    return InitialTiles(tuple(made))


def section_mark(day: date | None, sections: Sections) -> tuple[int, ...] | None:
    """What the photographs of one section have in common."""
    if day is None or sections == "none":
        return None
    return (day.year, day.month, day.day)[: {"day": 3, "month": 2, "year": 1}[sections]]


def section_label(day: date | None, sections: Sections) -> str | None:
    """The heading of a section."""
    if sections == "none":
        return None
    if day is None:
        return _("Without a date")
    match sections:
        case "day":
            return day_text(day)
        case "month":
            return month_text(day)
        case _:
            return str(day.year)
