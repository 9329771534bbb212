"""What a report shows of an album."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from goodside.album.catalog import StoredAssessment
from goodside.album.credits import Credit
from goodside.album.page.page import Failure, Sitting, Terms
from goodside.album.thumbnail import Picture


@dataclass(frozen=True, slots=True)
class Tile:
    """A photograph with what is said of it.

    Attributes:
        name: as the report calls it, mostly the file's name.
        picture: large enough for its place.
        judged: what the network says; None: not assessed.
        tags: what it shows, the likeliest first.
        people: names of who is in it.
        taken: the day of capture, if known.
        reasons: why it was chosen, or what speaks against it, the most telling first.
        credit: who made it, if known.
    """

    name: str
    picture: Picture
    judged: StoredAssessment | None = None
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    taken: date | None = None
    reasons: tuple[str, ...] = ()
    credit: Credit | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Photographs that belong together.

    Attributes:
        kind: of `goodside.album.picks.Series`.
        count: how many they are.
        chosen: the best of them; None where all were rejected.
        others: beside it, in order of capture; not all where they are many.
    """

    kind: str
    count: int
    chosen: Tile | None
    others: tuple[Tile, ...]

    @property
    def unseen(self) -> int:
        """How many are not shown."""
        return self.count - len(self.others) - (self.chosen is not None)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is in the album.

    Attributes:
        name: if given.
        photos: how many show them.
        faces: some of theirs.
        key: what `goodside album people` knows them by.
    """

    name: str | None
    photos: int
    faces: tuple[Picture, ...]
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """An album in figures.

    Attributes:
        photos: how many can be shown.
        first, last: days of the first and last capture that is known.
        cameras: the most used first.
        folders: their names, without what lies above.
        groups: how many there are of each kind.
        faces: found and not rejected.
        scores: of all assessed photographs, 1-10.
    """

    photos: int
    first: date | None = None
    last: date | None = None
    cameras: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    groups: dict[str, int] = field(default_factory=dict)
    faces: int = 0
    scores: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report shows; what is empty is left out.

    Attributes:
        title: its heading.
        summary: the album in figures.
        picks: the best photographs, the best first.
        people: those with names first, then by number of photographs.
        series: bursts, near-duplicates, brackets and panoramas, each photograph in one at most;
            in order of capture.
        weakest: photographs that are worth least, the least first.
        failures: files that could not be used.
        more_people, more_series, more_failures: how many are not shown.
        sitting: a face turned, if one is shown.
        terms: of the weights whose results are shown.
        made: the day that stands on it, if any.
    """

    title: str
    summary: Summary
    picks: tuple[Tile, ...] = ()
    people: tuple[Person, ...] = ()
    series: tuple[Series, ...] = ()
    weakest: tuple[Tile, ...] = ()
    failures: tuple[Failure, ...] = ()
    more_people: int = 0
    more_series: int = 0
    more_failures: int = 0
    sitting: Sitting | None = None
    terms: tuple[Terms, ...] = ()
    made: date | None = None

    @property
    def credits(self) -> dict[str, Credit]:
        """Who made the photographs, by their names in the report, in the order of showing."""
        shown = [*self._tiles(), *(() if self.sitting is None else (self.sitting,))]
        return {one.name: one.credit for one in shown if one.credit is not None}

    def _tiles(self) -> Iterator[Tile]:
        yield from self.picks
        for series in self.series:
            yield from (*(() if series.chosen is None else (series.chosen,)), *series.others)
        yield from self.weakest
