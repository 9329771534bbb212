"""The best of an album without reading all of it: exactly what a ranking of all would choose."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from goodside.album.album_photo import AlbumPhoto
from goodside.album.browse.columns import AlbumColumns
from goodside.album.browse.decided_columns import DecidedColumns
from goodside.album.catalog import Group
from goodside.album.picks import AlbumComparison, Pick, PickCriteria, Ranking, repetition_cost
from goodside.album.picks.worth import technical_points
from goodside.types import SERIES_KINDS

_UNJUDGED_SCORE, _MOST_SHARPNESS, _USUAL_STARS = 5.0, 0.75, 3
"""What `compute_worth` gives at most beside score and technical quality: see `Worth`."""
_FIRST, _EACH = 300, 15

ReadShots = Callable[[Sequence[int]], list[AlbumPhoto]]
"""Reads photographs with their features by row number."""


def find_picks(
    columns: AlbumColumns,
    decided: DecidedColumns,
    criteria: PickCriteria,
    *,
    among: NDArray[np.int64],
    groups: Sequence[Group],
    read: ReadShots,
    comparison: Callable[[], AlbumComparison],
) -> list[Pick]:
    """The best photographs of an album, as `Ranking.best` chooses them.

    Those that can be worth most are looked at first, with their series; then more of them, until
    none that is left out can be worth as much as the least that was chosen.

    Args:
        columns, decided: one state of the album.
        criteria: what may be picked; its `among` is replaced.
        among: row numbers of those that are wanted.
        groups: all of the album.
        read: reads photographs.
        comparison: what reasons compare with.
    """
    row_of = columns.row_of
    rows = np.array([row_of[one] for one in among.tolist() if one in row_of], dtype=np.int64)
    bounds = _bounds(columns, decided)
    order = rows[np.lexsort((rows, -bounds[rows], decided.flags[rows] != 1))]
    own = int(np.count_nonzero(decided.flags[rows] == 1))
    criteria = replace(criteria, among=frozenset(among.tolist()))
    series = _series(groups)
    count = own + max(_FIRST, _EACH * criteria.n)
    while True:
        first, left = order[:count], order[count:]
        ids = _closed(columns.photos.ids[first].tolist(), series)
        ids.sort(key=lambda one: row_of.get(one, -1))
        picks = Ranking(read(ids), comparison=comparison).best(criteria)
        if not len(left) or _is_enough(picks, criteria, most=float(bounds[left].max())):
            return picks
        count *= 4


def _bounds(columns: AlbumColumns, decided: DecidedColumns) -> NDArray[np.float64]:
    """(N,) points that a photograph can be worth at most."""
    scores = columns.photos.scores
    known = np.where(np.isnan(scores), _UNJUDGED_SCORE, scores)
    stars = np.where(decided.stars < 0, 0, decided.stars.astype(np.int64) - _USUAL_STARS)
    technical = [
        0.0 if math.isnan(one) else technical_points(one)
        for one in columns.photos.technicals.tolist()
    ]
    bounds: NDArray[np.float64] = known + _MOST_SHARPNESS + stars + np.array(technical)
    return bounds


def _is_enough(picks: Sequence[Pick], criteria: PickCriteria, *, most: float) -> bool:
    """Whether no photograph with at most so many points could have been chosen."""
    if len(picks) < criteria.n:
        return False
    shots = [pick.shot for pick in picks]
    return all(
        pick.shot.flag == "pick" or pick.worth.total - repetition_cost(pick.shot, shots[:at]) > most
        for at, pick in enumerate(picks)
    )


def _series(groups: Iterable[Group]) -> dict[int, list[Group]]:
    found: dict[int, list[Group]] = {}
    for group in groups:
        if group.kind in SERIES_KINDS:
            for photo_id in group.photo_ids:
                found.setdefault(photo_id, []).append(group)
    return found


def _closed(ids: Iterable[int], series: dict[int, list[Group]]) -> list[int]:
    """Photographs with all that groups join to them, directly or through others."""
    found: dict[int, None] = {}
    waiting = list(ids)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found[one] = None
            waiting += [other for group in series.get(one, ()) for other in group.photo_ids]
    return list(found)
