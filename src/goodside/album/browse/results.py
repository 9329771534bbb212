"""What browsing finds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Selection:
    """The photographs that fit, in order.

    Attributes:
        ids: (N,) int64 row numbers.
        ratios: (N,) float32, width by height of the upright picture; 1.5 where it is not known.
        days: (N,) datetime64[D] of capture; NaT where it is not known.
    """

    ids: NDArray[np.int64]
    ratios: NDArray[np.float32]
    days: NDArray[np.datetime64]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many photographs there would be with one more filter, or another in place of it.

    Attributes:
        value: as `BrowseQuery` takes it: a tag, a person's key, a folder, a day (`2024-05-31`).
        label: what people read.
        count: of photographs.
    """

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What stands beside the filters.

    Tags and people are counted among what the whole query finds, as each one more narrows it; the
    others as if their own filter were not set, as another value would replace it.

    Attributes:
        tags, people, cameras: the most frequent first.
        folders: by path; each with all below it.
        days: the earliest first.
        stars: of `1` to `5`: so many or more.
        scores, technicals: of `5` to `8`, and of the lowest one wanted: so high or higher.
        flags: `pick`, `reject`, `none`.
        total: photographs that the whole query finds.
    """

    tags: list[FacetCount]
    people: list[FacetCount]
    cameras: list[FacetCount]
    folders: list[FacetCount]
    days: list[FacetCount]
    stars: list[FacetCount]
    scores: list[FacetCount]
    technicals: list[FacetCount]
    flags: list[FacetCount]
    total: int = 0


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """Who is in a photograph: their key, and their name if they have one."""

    key: str
    name: str | None
