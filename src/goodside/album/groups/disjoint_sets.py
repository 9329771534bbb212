"""Disjoint sets of the numbers 0 to N - 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class DisjointSets:
    """Begins with every number alone; `union` unites two sets."""

    def __init__(self, count: int) -> None:
        self._parent = np.arange(count, dtype=np.int64)

    def union(self, a: int, b: int) -> None:
        """Unite the sets that hold two numbers."""
        root_a, root_b = self._find(a), self._find(b)
        self._parent[max(root_a, root_b)] = min(root_a, root_b)

    def connected(self, a: int, b: int) -> bool:
        """Whether two numbers are in one set."""
        return self._find(a) == self._find(b)

    def roots(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """The smallest number of each number's set; an array of any shape."""
        roots: NDArray[np.int64] = self._parent[numbers]
        while not np.array_equal(roots, parent := self._parent[roots]):
            roots = parent
        return roots

    def sets(self) -> list[list[int]]:
        """The sets, by their smallest number; each in order."""
        found: dict[int, list[int]] = {}
        for number, root in enumerate(self.roots(self._parent).tolist()):
            found.setdefault(root, []).append(number)
        return list(found.values())

    def _find(self, number: int) -> int:
        parent = self._parent
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = int(parent[number])
        return number
