"""How an album's scores are spread, as the columns of a drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

WIDTH, HEIGHT = 720.0, 200.0
_LOW, _HIGH = 1.0, 10.0
_COARSE, _FINE, _MANY = 0.5, 0.25, 200
_GAP = 1.5


@dataclass(frozen=True, slots=True)
class Column:
    """Photographs with a score from `low` up to `high`, and how many of them were picked.

    Places and lengths are in units of the drawing; a column stands on its lower edge.
    """

    low: float
    high: float
    count: int
    picked: int
    x: float
    width: float
    height: float
    picked_height: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A histogram `WIDTH` wide and `HEIGHT` high; `median_x` is the place of the median."""

    columns: tuple[Column, ...]
    median: float
    median_x: float
    ticks: tuple[tuple[int, float], ...]


def plot_scores(scores: Sequence[float], picked: Sequence[float]) -> Plot | None:
    """The spread of scores from 1 to 10, the fullest column as high as the drawing.

    Args:
        scores: of all photographs.
        picked: of the picks, all of which are in `scores`.

    Returns:
        None where there is no score.
    """
    if not scores:
        return None
    step = _COARSE if len(scores) < _MANY else _FINE
    every, some = (Counter(_column(s, step) for s in which) for which in (scores, picked))
    unit = HEIGHT / max(every.values())
    columns = tuple(
        Column(
            low=_LOW + index * step,
            high=_LOW + (index + 1) * step,
            count=every[index],
            picked=some[index],
            x=round(_x(_LOW + index * step) + _GAP / 2, 2),
            width=round(_x(_LOW + step) - _GAP, 2),
            height=round(unit * every[index], 2),
            picked_height=round(unit * some[index], 2),
        )
        for index in sorted(every)
    )
    middle = median(scores)
    ticks = tuple((tick, round(_x(tick), 2)) for tick in range(int(_LOW), int(_HIGH) + 1))
    return Plot(columns, middle, round(_x(middle), 2), ticks)


def _column(score: float, step: float) -> int:
    """The column of a score; the last one holds its upper end too."""
    last = round((_HIGH - _LOW) / step) - 1
    return min(last, max(0, int((score - _LOW) / step)))


def _x(score: float) -> float:
    return WIDTH * (score - _LOW) / (_HIGH - _LOW)
