"""Choosing: the best of every group, then the best of the album with an eye on variety."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import heapify, heappop, heappush

import numpy as np

from goodside.album.catalog import Group
from goodside.album.picks.reasons import reasons
from goodside.album.picks.shot import Shot
from goodside.album.picks.worth import Worth, weigh

_ONE_OF = ("near_duplicate", "burst")
"""Groups of which one photograph is enough."""

_WHOLE = ("bracket", "panorama")
"""Groups that are one picture only together; a pick of one brings the others along."""

_SAME_SCENE = 0.8
_ALIKE, _ALIKE_COSTS = 0.6, 1.5


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
        """Whether a photograph fits, whatever it is worth."""
        if shot.flag == "reject" or not (self.people <= shot.people and self.tags <= shot.tags):
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
    """The best photograph of a group.

    What the person picked goes before all others, what they rejected is left out; among equals the
    earlier one is taken.

    Args:
        shots: the group, in order of capture.
        kind: of the group.

    Returns:
        None where all were rejected.
    """
    allowed = [shot for shot in shots if shot.flag != "reject"]
    if not allowed:
        return None
    chosen = max(allowed, key=lambda shot: (shot.flag == "pick", weigh(shot).total))
    others = [shot for shot in shots if shot is not chosen]
    return Pick(chosen, weigh(chosen), reasons(chosen, others=others, kind=kind))


def pick_best(shots: Sequence[Shot], wanted: Wanted) -> list[Pick]:
    """The best photographs of an album, the best first.

    Of near-duplicates and bursts only the best takes part. Then the photograph is taken, again and
    again, that is worth most after what it repeats was taken off: 0.8 points for each that was
    taken of its scene, and up to 0.6 for looking like one that was. The person's own picks go
    before all others.
    """
    by_id = {shot.photo.id: shot for shot in shots}
    allowed = [shot for shot in _one_of_each(shots, by_id) if wanted.allows(shot)]
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
        along |= {photo_id for group in _groups(best, _WHOLE) for photo_id in group.photo_ids}
    return [_picked(shot, by_id) for shot in taken]


def _one_of_each(shots: Sequence[Shot], by_id: dict[int, Shot]) -> list[Shot]:
    """Leave out whatever is not the best of a burst or of near-duplicates."""
    beaten: set[int] = set()
    groups = {group.id: group for shot in shots for group in _groups(shot, _ONE_OF)}
    for group in groups.values():
        members = [by_id[photo_id] for photo_id in group.photo_ids if photo_id in by_id]
        best = best_of(members, kind=group.kind)
        kept = None if best is None else best.shot.photo.id
        beaten |= {
            member.photo.id
            for member in members
            if member.photo.id != kept and member.flag != "pick"
        }
    return [shot for shot in shots if shot.photo.id not in beaten]


def _picked(shot: Shot, by_id: dict[int, Shot]) -> Pick:
    """The pick with its reasons: against its burst or its copies where it has any."""
    group = next(iter(_groups(shot, (*_ONE_OF, *_WHOLE))), None)
    ids = () if group is None else group.photo_ids
    others = [by_id[each] for each in ids if each in by_id and each != shot.photo.id]
    along = tuple(
        photo_id
        for each in _groups(shot, _WHOLE)
        for photo_id in each.photo_ids
        if photo_id != shot.photo.id
    )
    kind = None if group is None else group.kind
    return Pick(shot, weigh(shot), reasons(shot, others=others, kind=kind), along)


def _cost(shot: Shot, taken: Iterable[Shot]) -> float:
    """Points to take off for what was taken already."""
    scene = {group.id for group in _groups(shot, ("scene",))}
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
