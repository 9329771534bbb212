"""Which of many values each photograph has: tags, people, folders."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from goodside.album.browse.results import FacetCount

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Incidence:
    """Pairs of a photograph and a value.

    Attributes:
        rows: (E,) places of photographs.
        codes: (E,) places in `values`; no pair twice.
        values: what the codes mean.
    """

    rows: NDArray[np.int32]
    codes: NDArray[np.int32]
    values: tuple[str, ...]

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, str]]) -> Self:
        """Of (place, value), each once."""
        known: dict[str, int] = {}
        rows, codes = list[int](), list[int]()
        for row, value in pairs:
            rows.append(row)
            codes.append(known.setdefault(value, len(known)))
        return cls(np.array(rows, dtype=np.int32), np.array(codes, dtype=np.int32), tuple(known))

    def mask(self, wanted: Callable[[str], bool], *, count: int) -> Mask:
        """(count,) whether a photograph has any value that is wanted."""
        hit = np.fromiter(map(wanted, self.values), dtype=bool, count=len(self.values))
        mask = np.zeros(count, dtype=bool)
        mask[self.rows[hit[self.codes]]] = True
        return mask

    def has(self, value: str, *, count: int) -> Mask:
        """(count,) whether a photograph has this value."""
        mask = np.zeros(count, dtype=bool)
        try:
            code = self.values.index(value)
        except ValueError:
            return mask
        mask[self.rows[self.codes == code]] = True
        return mask

    def count(self, among: Mask, *, labels: Mapping[str, str] | None = None) -> list[FacetCount]:
        """How many photographs of a selection have each value, the most frequent first.

        Args:
            among: (N,) the selection.
            labels: what people read instead of a value.
        """
        counts = np.bincount(self.codes[among[self.rows]], minlength=len(self.values))
        named = labels or {}
        found = [
            FacetCount(value, named.get(value, value), int(counts[code]))
            for code, value in enumerate(self.values)
            if counts[code]
        ]
        return sorted(found, key=lambda one: (-one.count, one.label.casefold(), one.value))

    def without(self, rows: Collection[int]) -> Self:
        """The pairs of all other photographs."""
        kept = ~np.isin(self.rows, np.fromiter(rows, dtype=np.int32, count=len(rows)))
        return type(self)(self.rows[kept], self.codes[kept], self.values)

    def merged(self, other: Incidence) -> Self:
        """Of both; no photograph may be in both."""
        known = {value: code for code, value in enumerate(self.values)}
        codes = np.array(
            [known.setdefault(value, len(known)) for value in other.values], dtype=np.int32
        )
        return type(self)(
            np.concatenate([self.rows, other.rows]),
            np.concatenate([self.codes, codes[other.codes] if len(codes) else other.codes]),
            tuple(known),
        )

    def of_row(self, row: int) -> Sequence[str]:
        """The values of one photograph."""
        return [self.values[code] for code in self.codes[self.rows == row].tolist()]
