"""Disjoint sets of the numbers 0 to N - 1."""

from __future__ import annotations


class Partition:
    """Begins with every number alone; `join` unites two sets."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def join(self, a: int, b: int) -> None:
        """Unite the sets that hold two numbers."""
        top_a, top_b = self._top(a), self._top(b)
        self._above[max(top_a, top_b)] = min(top_a, top_b)

    def parts(self) -> list[list[int]]:
        """The sets, by their least number; each in order."""
        parts: dict[int, list[int]] = {}
        for index in range(len(self._above)):
            parts.setdefault(self._top(index), []).append(index)
        return list(parts.values())

    def _top(self, index: int) -> int:
        while self._above[index] != index:
            self._above[index] = self._above[self._above[index]]
            index = self._above[index]
        return index
