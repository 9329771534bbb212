"""A person's own ratings: a CSV file of scores, of picks, or of pairs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.evaluation.rated_photos import locate, read_rows, to_number
from goodside.errors import SettingsError

Kind = Literal["scores", "picks", "pairs"]

FEWEST = 5
"""Ratings, or pairs, that taste can be learnt from at all."""

_COLUMNS: dict[Kind, tuple[str, str]] = {
    "scores": ("image", "score"),
    "picks": ("image", "pick"),
    "pairs": ("better", "worse"),
}


@dataclass(frozen=True, slots=True)
class Ratings:
    """What a person said about N photographs.

    Attributes:
        kind: of ratings.
        paths: where the N photographs lie.
        score: (N,) float64, on any linear scale, or 1 for a pick and 0 for none; NaN for pairs.
        pairs: (P, 2) int64, numbers of the better and the worse photograph; (0, 2) for the others.
    """

    kind: Kind
    paths: tuple[Path, ...]
    score: NDArray[np.float64]
    pairs: NDArray[np.int64]

    def __len__(self) -> int:
        """How often the person decided."""
        return len(self.pairs) if self.kind == "pairs" else len(self.paths)

    def without(self, unusable: set[int]) -> Ratings:
        """The same without some of the photographs, by their numbers."""
        kept = [index for index in range(len(self.paths)) if index not in unusable]
        place = {old: new for new, old in enumerate(kept)}
        pairs = [[place[a], place[b]] for a, b in self.pairs if a in place and b in place]
        return Ratings(
            self.kind,
            tuple(self.paths[index] for index in kept),
            self.score[kept],
            np.array(pairs, dtype=np.int64).reshape(-1, 2),
        )

    def check(self, *, path: Path | None = None) -> None:
        """Refuse ratings that say nothing.

        Raises:
            SettingsError: there are too few, or all are alike.
        """
        if len(self) < FEWEST:
            raise SettingsError(
                f"{len(self)} {self.kind} are too few to learn a taste from",
                path=path,
                remedy=f"rate at least {FEWEST}; a few dozen are better",
            )
        if self.kind != "pairs" and np.ptp(self.score) == 0:
            raise SettingsError(
                f"all {self.kind} are {self.score[0]:g}: nothing is preferred to anything",
                path=path,
                remedy="rate photographs you like and photographs you do not",
            )


def read_ratings(path: str | Path, *, photos: str | Path | None = None) -> Ratings:
    """Read a table with the columns `image,score`, `image,pick` or `better,worse`.

    A photograph rated several times counts with its mean.

    Args:
        path: a CSV file in UTF-8 with a line of headings.
        photos: the folder of the photographs; by default the table's.

    Raises:
        SettingsError: the table cannot be read, lacks the columns, holds a cell that does not fit,
            or too few ratings.
    """
    path = Path(path)
    folder = path.parent if photos is None else Path(photos)
    rows = read_rows(path, needed=())
    kind = _kind(rows, path=path)
    first, second = _COLUMNS[kind]
    cells = [((row[first] or "").strip(), (row[second] or "").strip()) for row in rows]
    named = [name for one, two in cells for name in ((one, two) if kind == "pairs" else (one,))]
    names = tuple(dict.fromkeys(named))
    number = {name: index for index, name in enumerate(names)}
    for line, cell in enumerate(cells, start=2):
        if not cell[0] or (kind == "pairs" and (not cell[1] or cell[0] == cell[1])):
            raise SettingsError(
                f"line {line}: {first} is {cell[0]!r}, {second} is {cell[1]!r}",
                path=path,
                remedy="name two different photographs"
                if kind == "pairs"
                else "name the photograph, or leave the line out",
            )
    score, pairs = np.full(len(names), np.nan), np.zeros((0, 2), np.int64)
    if kind == "pairs":
        pairs = np.array([[number[one], number[two]] for one, two in cells], np.int64)
    else:
        given = np.array([_number(two, kind, line, path) for line, (_, two) in enumerate(cells, 2)])
        rated = np.array([number[one] for one, _ in cells])
        score = np.bincount(rated, given) / np.bincount(rated)
    ratings = Ratings(kind, locate(names, folder), score, pairs)
    ratings.check(path=path)
    return ratings


def _kind(rows: list[dict[str, str]], *, path: Path) -> Kind:
    for kind, columns in _COLUMNS.items():
        if rows[0].keys() >= set(columns):
            return kind
    raise SettingsError(
        "the table has none of the columns that ratings stand in",
        path=path,
        remedy="the first line has to be image,score or image,pick or better,worse",
    )


def _number(cell: str, kind: Kind, line: int, path: Path) -> float:
    number = to_number(cell)
    if math.isnan(number) or (kind == "picks" and number not in (0, 1)):
        wanted = "0 or 1" if kind == "picks" else "a number"
        raise SettingsError(
            f"line {line}: {_COLUMNS[kind][1]} is {cell!r}, expected {wanted}",
            path=path,
            remedy="write one, or leave the line out",
        )
    return number
