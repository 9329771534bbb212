"""What a report shows of an album."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from goodside.album.catalog import StoredAssessment
from goodside.album.report.credits import Credit
from goodside.album.report.taste import ReportTaste
from goodside.album.report.terms import Terms
from goodside.album.report.turned_face import TurnedFace
from goodside.album.thumbnail import Picture
from goodside.errors import GoodsideError


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
        reasons: why it was chosen, or what speaks against it, the most important first.
        credit: who made it, if known.
        size_px: width and height of the photograph, where that is shown.
        is_photograph: False: it is taken for a screenshot, a page of text or the like.
    """

    name: str
    picture: Picture
    judged: StoredAssessment | None = None
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    taken: date | None = None
    reasons: tuple[str, ...] = ()
    credit: Credit | None = None
    size_px: tuple[int, int] | None = None
    is_photograph: bool = True


@dataclass(frozen=True, slots=True)
class ReportSeries:
    """Photographs that belong together, and the one chosen among them.

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
class ReportPerson:
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
class ReportFailure:
    """A file that could not be used, and why; the reason names no path."""

    name: str
    reason: str

    @classmethod
    def of(cls, name: str, error: GoodsideError) -> Self:
        """The reason with its remedy."""
        reason = error.message if error.remedy is None else f"{error.message} ({error.remedy})"
        return cls(name, reason)


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
        not_photographs: how many of the pictures are screenshots, pages of text and the like.
    """

    photos: int
    first: date | None = None
    last: date | None = None
    cameras: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    groups: dict[str, int] = field(default_factory=dict)
    faces: int = 0
    scores: tuple[float, ...] = ()
    not_photographs: int = 0


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
        turned: a face turned, if one is shown.
        terms: of the weights whose results are shown.
        made: the day that stands on it, if any.
        taste: the person's own, as far as their decisions show it; None: nothing was decided.
        ranked: `picks` are all photographs by their scores, with every figure of theirs, instead of
            the best with their reasons; there are no other parts but failures and a turned face.
    """

    title: str
    summary: Summary
    picks: tuple[Tile, ...] = ()
    people: tuple[ReportPerson, ...] = ()
    series: tuple[ReportSeries, ...] = ()
    weakest: tuple[Tile, ...] = ()
    failures: tuple[ReportFailure, ...] = ()
    more_people: int = 0
    more_series: int = 0
    more_failures: int = 0
    turned: TurnedFace | None = None
    terms: tuple[Terms, ...] = ()
    made: date | None = None
    taste: ReportTaste | None = None
    ranked: bool = False

    @property
    def credits(self) -> dict[str, Credit]:
        """Who made the photographs, by their names in the report, in the order of showing."""
        shown = [*self._tiles(), *(() if self.turned is None else (self.turned,))]
        return {one.name: one.credit for one in shown if one.credit is not None}

    def _tiles(self) -> Iterator[Tile]:
        yield from self.picks
        for series in self.series:
            yield from (*(() if series.chosen is None else (series.chosen,)), *series.others)
        yield from self.weakest
