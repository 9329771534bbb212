"""Choosing: the best of every group, then the best of the album with an eye on variety."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from heapq import heapify, heappop, heappush

import numpy as np

from goodside.album.album_photo import AlbumPhoto
from goodside.album.catalog import Group
from goodside.album.picks.comparison import AlbumComparison
from goodside.album.picks.criteria import PickCriteria, is_eligible
from goodside.album.picks.explanation import find_merits, find_versions
from goodside.album.picks.merits import Merits, choose_reasons
from goodside.album.picks.reasons import Reason
from goodside.album.picks.series import KEPT_WHOLE, Series, find_series
from goodside.album.picks.worth import Worth, compute_worth

_SAME_SCENE_COST = 0.8
_MIN_SIMILARITY, _SIMILARITY_COST = 0.6, 1.5
"""Cosine from which looking alike costs points, and points a unit of cosine above it."""
_UNRATED_STARS = 3
"""Stars that a photograph is worth which nobody rated; see `compute_worth`."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A photograph that was chosen.

    Attributes:
        shot: which.
        worth: its points.
        reasons: why, the strongest first.
        kept_with: row numbers of the photographs that belong to it, of a bracket or a panorama.
    """

    shot: AlbumPhoto
    worth: Worth
    reasons: tuple[Reason, ...]
    kept_with: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Beside:
    """The others of a pick's series, the kind of it, and row numbers of what comes along."""

    others: tuple[AlbumPhoto, ...]
    kind: str | None
    kept_with: tuple[int, ...]


class Ranking:
    """The photographs of an album by what they are worth; worth and series are computed once.

    Args:
        shots: in order of capture.
        comparison: gives what reasons compare with, when it is asked for; by default `shots`.
    """

    def __init__(
        self,
        shots: Sequence[AlbumPhoto],
        *,
        comparison: Callable[[], AlbumComparison] | None = None,
    ) -> None:
        self._shots = tuple(shots)
        self._compare = comparison or (lambda: AlbumComparison.of(self._shots))
        self._worths = {shot.photo.id: compute_worth(shot) for shot in self._shots}

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """Those of the album; see `find_series`."""
        return tuple(find_series(self._shots))

    @cached_property
    def _comparison(self) -> AlbumComparison:
        return self._compare()

    @cached_property
    def _series_of(self) -> Mapping[int, Series]:
        return {shot.photo.id: series for series in self.series for shot in series.shots}

    def worth(self, shot: AlbumPhoto) -> Worth:
        """What a photograph of the album is worth.

        Raises:
            KeyError: it is of another album.
        """
        return self._worths[shot.photo.id]

    def best_of(self, shots: Sequence[AlbumPhoto], *, kind: str) -> Pick | None:
        """The best photograph of a group or series.

        What the person chose of the group goes before all others, then what they picked. What they
        rejected is left out, and what is incomplete unless they picked it; a copy yields to its
        original, unless the person gave it more stars; among equals the earlier one is taken.

        Args:
            shots: the group, in order of capture; all of this album.
            kind: of the group or series.

        Returns:
            None where all are left out.
        """
        allowed = [shot for shot in shots if is_eligible(shot)]
        if not allowed:
            return None
        chosen = self._best(allowed)
        others = [shot for shot in shots if shot is not chosen]
        (reasons,) = choose_reasons([self._merits(chosen, others=others, kind=kind)])
        return Pick(chosen, self.worth(chosen), reasons)

    def best(self, criteria: PickCriteria) -> list[Pick]:
        """The best photographs of the album, the best first.

        Of a series (see `find_series`) only the best takes part of those that are wanted, or what
        the person chose of it. Then the
        photograph is taken, again and again, that is worth most after what it repeats was taken
        off: 0.8 points for each that was taken of its scene or is another version of it, and up to
        0.6 for looking like one that was. The person's own picks go before all others. Of a picture
        that has edited versions, the reasons name them.
        """
        names = {shot.photo.id: shot.name for shot in self._shots}
        versions: dict[int, list[AlbumPhoto]] = {}
        for shot in self._shots:
            if shot.relation is not None and shot.relation.kind == "version":
                versions.setdefault(shot.relation.of_id, []).append(shot)
        chosen = self._chosen(criteria)
        members = [self._members(shot, criteria) for shot in chosen]
        merits = [
            self._merits(shot, others=beside.others, kind=beside.kind)
            for shot, beside in zip(chosen, members, strict=True)
        ]
        return [
            Pick(
                shot,
                self.worth(shot),
                reasons + find_versions(shot, versions.get(shot.photo.id, ()), names=names),
                beside.kept_with,
            )
            for shot, beside, reasons in zip(chosen, members, choose_reasons(merits), strict=True)
        ]

    def _chosen(self, criteria: PickCriteria) -> list[AlbumPhoto]:
        allowed = self._one_per_series([shot for shot in self._shots if criteria.allows(shot)])
        points = [self.worth(shot).total for shot in allowed]
        left = [(shot.flag != "pick", -points[index], index) for index, shot in enumerate(allowed)]
        heapify(left)
        taken: list[AlbumPhoto] = []
        days: Counter[date | None] = Counter()
        people: Counter[str] = Counter()
        kept_with: set[int] = set()
        while left and len(taken) < criteria.n:
            others, _, index = heappop(left)
            best = allowed[index]
            now = (others, repetition_cost(best, taken) - points[index], index)
            if left and left[0] < now:  # costs only grow: whoever still leads now is the best
                heappush(left, now)
                continue
            day = _day(best)
            full = (
                criteria.per_day is not None and day is not None and days[day] >= criteria.per_day
            )
            again = criteria.per_person is not None and any(
                people[name] >= criteria.per_person for name in best.people
            )
            if full or again or best.photo.id in kept_with:
                continue
            days[day] += 1
            people.update(best.people)
            taken.append(best)
            for group in _groups(best, KEPT_WHOLE):
                kept_with.update(group.photo_ids)
        return taken

    def _one_per_series(self, allowed: Sequence[AlbumPhoto]) -> list[AlbumPhoto]:
        """Leave out what is not the best of its series, but nothing the person picked or chose."""
        together: dict[int, list[AlbumPhoto]] = {}
        for shot in allowed:
            series = self._series_of.get(shot.photo.id)
            first = shot if series is None else series.shots[0]
            together.setdefault(first.photo.id, []).append(shot)
        best = {self._best(shots).photo.id for shots in together.values()}
        return [
            shot for shot in allowed if shot.flag == "pick" or shot.kept or shot.photo.id in best
        ]

    def _best(self, shots: Sequence[AlbumPhoto]) -> AlbumPhoto:
        """What the person chose or picked, else what is worth most, else the first; no copy."""
        by_id = {shot.photo.id: shot for shot in shots}
        originals = [shot for shot in shots if not _yields_to_original(shot, by_id)]
        return max(
            originals or shots,
            key=lambda shot: (shot.kept, shot.flag == "pick", self.worth(shot).total),
        )

    def _members(self, shot: AlbumPhoto, criteria: PickCriteria) -> _Beside:
        """What a pick is the best of: the rest of its bracket or panorama, else its series.

        Those of the series that are not wanted do not count.
        """
        series = self._series_of.get(shot.photo.id)
        members = () if series is None else tuple(filter(criteria.matches, series.shots))
        kind = None if series is None else series.kind
        whole = next(iter(_groups(shot, KEPT_WHOLE)), None)
        if whole is not None and series is not None:
            kind = whole.kind
            members = tuple(s for s in series.shots if s.photo.id in whole.photo_ids)
        others = [member for member in members if member is not shot]
        kept_with = tuple(other.photo.id for other in others) if whole is not None else ()
        return _Beside(tuple(others), kind, kept_with)

    def _merits(
        self, shot: AlbumPhoto, *, others: Sequence[AlbumPhoto], kind: str | None
    ) -> Merits:
        return find_merits(
            shot, others=others, kind=kind, worths=self._worths, comparison=self._comparison
        )


def _yields_to_original(shot: AlbumPhoto, others: Mapping[int, AlbumPhoto]) -> bool:
    """Whether a photograph is a copy of another one that the person does not like less."""
    if shot.relation is None or shot.relation.kind != "copy":
        return False
    if shot.kept or shot.flag == "pick":
        return False
    original = others.get(shot.relation.of_id)
    return original is not None and _stars(original) >= _stars(shot)


def _stars(shot: AlbumPhoto) -> int:
    return _UNRATED_STARS if shot.stars is None else shot.stars


def repetition_cost(shot: AlbumPhoto, taken: Iterable[AlbumPhoto]) -> float:
    """Points to take off for what was taken already."""
    scene = {group.id for group in _groups(shot, ("scene", "near_duplicate"))}
    cost, max_similarity = 0.0, 0.0
    vector = None if shot.vector is None else shot.vector.astype(np.float32)
    for other in taken:
        if scene & {group.id for group in other.groups}:
            cost += _SAME_SCENE_COST
        if vector is not None and other.vector is not None:
            similarity = float(vector @ other.vector.astype(np.float32))
            max_similarity = max(max_similarity, similarity)
    return cost + _SIMILARITY_COST * max(0.0, max_similarity - _MIN_SIMILARITY)


def _groups(shot: AlbumPhoto, kinds: tuple[str, ...]) -> list[Group]:
    return [group for group in shot.groups if group.kind in kinds]


def _day(shot: AlbumPhoto) -> date | None:
    taken = shot.photo.facts.taken_at
    return None if taken is None else taken.date()
