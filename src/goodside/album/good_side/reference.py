"""What the good side is compared with: figures of invented faces under the same weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from goodside.json_text import read_json
from goodside.runtime import WeightsStore

_FILE = "reference/good_side.json"


@dataclass(frozen=True, slots=True)
class GoodSideReference:
    """Measured by `tools/measure_good_side.py`.

    Attributes:
        faces: how many were measured.
        models: the rotation and the aesthetic weights, with versions.
        turns_deg: sizes of turns, ascending from 0.
        costs: points of score that a turn of each size costs on average, below 0 where it gains.
        noise: standard deviation, over the faces, of half the distance between the answers of a
            photograph and of its mirror image: the error of their mean.
        differences: quantiles, evenly spaced from 0 to 1, of the absolute differences between the
            sides.
    """

    faces: int
    models: tuple[str, str]
    turns_deg: tuple[float, ...]
    costs: tuple[float, ...]
    noise: float
    differences: tuple[float, ...]

    def cost(self, turn_deg: float) -> float:
        """Points that a turn costs on average, whichever way; level past the largest measured."""
        return float(np.interp(abs(turn_deg), self.turns_deg, self.costs))

    def percentile(self, difference: float) -> float:
        """Share of the faces whose sides differ less, 0-100."""
        shares = np.linspace(0, 100, len(self.differences))
        return float(np.interp(difference, self.differences, shares))


@lru_cache(maxsize=1)
def read_good_side_reference() -> GoodSideReference:
    """The reference of the shipped weights.

    Raises:
        WeightsError: its file is missing or corrupt.
    """
    stored = read_json(WeightsStore().data(_FILE))
    return GoodSideReference(
        faces=stored["faces"],
        models=(stored["models"][0], stored["models"][1]),
        turns_deg=tuple(stored["turns_deg"]),
        costs=tuple(stored["costs"]),
        noise=stored["noise"],
        differences=tuple(stored["differences"]),
    )
