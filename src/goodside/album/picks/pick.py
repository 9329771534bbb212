"""Choosing: the best of every group, then the best of the album with an eye on variety."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import heapify, heappop, heappush

import numpy as np

from goodside.album.catalog import Group
from goodside.album.picks.reasons import edited_reasons, reasons
from goodside.album.picks.series import WHOLE, Series, find_series
from goodside.album.picks.shot import Shot
from goodside.album.picks.worth import Worth, weigh

_SAME_SCENE = 0.8
_ALIKE, _ALIKE_COSTS = 0.6, 1.5
_USUAL = 3
"""Stars that a photograph is worth which nobody rated; see `weigh`."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What may be picked.

    Attributes:
        n: how many at most.
        per_day: how many of one day at most; None: any number.
        people: names, all of whom must be in the photograph.
        tags: all of which it must carry.
        min_percentile: 0-100, of the score among the model's reference photographs.
    """

    n: int = 20
    per_day: int | None = None
    people: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    min_percentile: float = 0.0

    def allows(self, shot: Shot) -> bool:
        """Whether a photograph may be picked, whatever it is worth."""
        return _eligible(shot) and self.fits(shot)

    def fits(self, shot: Shot) -> bool:
        """Whether it shows what is wanted."""
        if not (shot.shows(self.people) and all(map(shot.carries, self.tags))):
            return False
        judged = shot.photo.judged
        percentile = 0.0 if judged is None else judged.aesthetic.percentile
        return percentile >= self.min_percentile


@dataclass(frozen=True, slots=True)
class Pick:
    """A photograph that was chosen.

    Attributes:
        shot: which.
        worth: its points.
        reasons: why, in words.
        along: row numbers of the photographs that belong to it, of a bracket or a panorama.
    """

    shot: Shot
    worth: Worth
    reasons: tuple[str, ...]
    along: tuple[int, ...] = ()


def best_of(shots: Sequence[Shot], *, kind: str) -> Pick | None:
    """The best photograph of a group or series.

    What the person picked goes before all others. What they rejected is left out, and what is
    incomplete unless they picked it; a copy stands back behind its original, unless the person gave
    it more stars; among equals the earlier one is taken.

    Args:
        shots: the group, in order of capture.
        kind: of the group or series.

    Returns:
        None where all are left out.
    """
    allowed = [shot for shot in shots if _eligible(shot)]
    if not allowed:
        return None
    chosen = _best(allowed)
    others = [shot for shot in shots if shot is not chosen]
    return Pick(chosen, weigh(chosen), reasons(chosen, others=others, kind=kind))


def pick_best(shots: Sequence[Shot], wanted: Wanted) -> list[Pick]:
    """The best photographs of an album, the best first.

    Of a series (see `find_series`) only the best takes part of those that are wanted. Then the
    photograph is taken, again and again, that is worth most after what it repeats was taken off:
    0.8 points for each that was taken of its scene or is another version of it, and up to 0.6 for
    looking like one that was. The person's own picks go before all others. Of a picture that has
    edited versions, the reasons name them.
    """
    series_of = {shot.photo.id: series for series in find_series(shots) for shot in series.shots}
    allowed = _one_of_each([shot for shot in shots if wanted.allows(shot)], series_of)
    points = [weigh(shot).total for shot in allowed]
    left = [(shot.flag != "pick", -points[index], index) for index, shot in enumerate(allowed)]
    heapify(left)
    taken: list[Shot] = []
    days: Counter[date | None] = Counter()
    along: set[int] = set()
    while left and len(taken) < wanted.n:
        others, _, index = heappop(left)
        best = allowed[index]
        now = (others, _cost(best, taken) - points[index], index)
        if left and left[0] < now:  # costs only grow: whoever still leads now is the best
            heappush(left, now)
            continue
        day = _day(best)
        full = wanted.per_day is not None and day is not None and days[day] >= wanted.per_day
        if full or best.photo.id in along:
            continue
        days[day] += 1
        taken.append(best)
        along |= {photo_id for group in _groups(best, WHOLE) for photo_id in group.photo_ids}
    names = {shot.photo.id: shot.name for shot in shots}
    versions: dict[int, list[Shot]] = {}
    for shot in shots:
        if shot.relation is not None and shot.relation.kind == "version":
            versions.setdefault(shot.relation.of_id, []).append(shot)
    return [
        _picked(
            shot,
            series_of.get(shot.photo.id),
            wanted,
            edited=edited_reasons(shot, versions.get(shot.photo.id, ()), names=names),
        )
        for shot in taken
    ]


def _eligible(shot: Shot) -> bool:
    """Neither rejected nor cut short; what the person picked is theirs to judge."""
    return shot.flag == "pick" or not (shot.flag == "reject" or shot.photo.facts.incomplete)


def _one_of_each(allowed: Sequence[Shot], series_of: Mapping[int, Series]) -> list[Shot]:
    """Leave out whatever is not the best of its series, but nothing that the person picked."""
    together: dict[int, list[Shot]] = {}
    for shot in allowed:
        series = series_of.get(shot.photo.id)
        first = shot if series is None else series.shots[0]
        together.setdefault(first.photo.id, []).append(shot)
    best = {_best(shots).photo.id for shots in together.values()}
    return [shot for shot in allowed if shot.flag == "pick" or shot.photo.id in best]


def _best(shots: Sequence[Shot]) -> Shot:
    """What the person picked, else what is worth most, else the first; no copy of another."""
    there = {shot.photo.id: shot for shot in shots}
    originals = [shot for shot in shots if not _stands_back(shot, there)]
    return max(originals or shots, key=lambda shot: (shot.flag == "pick", weigh(shot).total))


def _stands_back(shot: Shot, others: Mapping[int, Shot]) -> bool:
    """Whether a photograph is a copy of another one that the person does not like less."""
    if shot.relation is None or shot.relation.kind != "copy" or shot.flag == "pick":
        return False
    original = others.get(shot.relation.of_id)
    return original is not None and _stars(original) >= _stars(shot)


def _stars(shot: Shot) -> int:
    return _USUAL if shot.stars is None else shot.stars


def _picked(
    shot: Shot, series: Series | None, wanted: Wanted, *, edited: tuple[str, ...] = ()
) -> Pick:
    """The pick with its reasons: against the rest of its bracket or panorama, else of its series.

    Those of the series that are not wanted do not count.
    """
    members = () if series is None else tuple(one for one in series.shots if wanted.fits(one))
    kind = None if series is None else series.kind
    whole = next(iter(_groups(shot, WHOLE)), None)
    if whole is not None and series is not None:
        kind, members = whole.kind, tuple(s for s in series.shots if s.photo.id in whole.photo_ids)
    others = [member for member in members if member is not shot]
    along = tuple(other.photo.id for other in others) if whole is not None else ()
    why = reasons(shot, others=others, kind=kind)
    return Pick(shot, weigh(shot), why + edited, along)


def _cost(shot: Shot, taken: Iterable[Shot]) -> float:
    """Points to take off for what was taken already."""
    scene = {group.id for group in _groups(shot, ("scene", "near_duplicate"))}
    cost, likest = 0.0, 0.0
    vector = None if shot.vector is None else shot.vector.astype(np.float32)
    for other in taken:
        if scene & {group.id for group in other.groups}:
            cost += _SAME_SCENE
        if vector is not None and other.vector is not None:
            likest = max(likest, float(vector @ other.vector.astype(np.float32)))
    return cost + _ALIKE_COSTS * max(0.0, likest - _ALIKE)


def _groups(shot: Shot, kinds: tuple[str, ...]) -> list[Group]:
    return [group for group in shot.groups if group.kind in kinds]


def _day(shot: Shot) -> date | None:
    taken = shot.photo.facts.taken_at
    return None if taken is None else taken.date()
