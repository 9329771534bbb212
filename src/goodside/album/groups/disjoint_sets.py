"""Disjoint sets of the numbers 0 to N - 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Partition:
    """Begins with every number alone; `join` unites two sets."""

    def __init__(self, count: int) -> None:
        self._above = np.arange(count, dtype=np.int64)

    def join(self, a: int, b: int) -> None:
        """Unite the sets that hold two numbers."""
        top_a, top_b = self._top(a), self._top(b)
        self._above[max(top_a, top_b)] = min(top_a, top_b)

    def same(self, a: int, b: int) -> bool:
        """Whether two numbers are in one set."""
        return self._top(a) == self._top(b)

    def tops(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """The least number of each number's set; an array of any shape."""
        tops: NDArray[np.int64] = self._above[numbers]
        while not np.array_equal(tops, above := self._above[tops]):
            tops = above
        return tops

    def parts(self) -> list[list[int]]:
        """The sets, by their least number; each in order."""
        parts: dict[int, list[int]] = {}
        for number, top in enumerate(self.tops(self._above).tolist()):
            parts.setdefault(top, []).append(number)
        return list(parts.values())

    def _top(self, number: int) -> int:
        above = self._above
        while above[number] != number:
            above[number] = above[above[number]]
            number = int(above[number])
        return number
