"""What a person browses for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

BrowseSort = Literal["taken", "name", "score", "percentile", "technical", "stars"]
BROWSE_SORTS: tuple[BrowseSort, ...] = get_args(BrowseSort)


@dataclass(frozen=True, slots=True)
class BrowseQuery:
    """What photographs must be, and in which order they are shown; what is not said does not count.

    Attributes:
        text: words, each of which is part of a title, description, tag, keyword, name of a
            person or of a file.
        tags: all of which a photograph carries, however they are spelt.
        people: keys, all of whom are in it.
        folder: below which one of its files lies.
        since, until: first and last day of capture.
        camera: part of its camera's name, in any case.
        flag: `pick`, `reject`, or `none` for those without either.
        min_stars: the person's, 0-5; what is not rated fits no bound.
        min_score: of the network's score, 1-10.
        min_technical: of the technical quality, 1-10; what was not measured fits no bound.
        sort: by what.
        descending: the highest, latest or last in the alphabet first; None: the order that is
            usual for `sort`, as in `album find`.
    """

    text: str | None = None
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    folder: Path | None = None
    since: date | None = None
    until: date | None = None
    camera: str | None = None
    flag: Literal["pick", "reject", "none"] | None = None
    min_stars: int | None = None
    min_score: float | None = None
    min_technical: float | None = None
    sort: BrowseSort = "taken"
    descending: bool | None = None
