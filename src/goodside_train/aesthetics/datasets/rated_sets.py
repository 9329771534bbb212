"""The data sets that one assessor learns from together, each in a folder of its own.

`DIR/oasis`, `DIR/biq` and `DIR/para` hold `labels.csv` and `images*.tar`. Each set was rated by
people of its own, on a scale of its own; nothing here mixes them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.scores import rescale
from goodside.errors import SettingsError, reason_of
from goodside.types import FloatArray, RgbImage
from goodside_train.aesthetics.datasets.kept_apart import PART_OF, Part, para_part
from goodside_train.aesthetics.datasets.tar_images import read_images

SETS = ("oasis", "biq", "para")


@dataclass(frozen=True, slots=True)
class RatedSet:
    """One part of one data set.

    Attributes:
        name: of the data set, one of `SETS`.
        part: which part of it.
        names: N file names.
        beauty: (N,) float32 mean aesthetic score, 1-10; NaN where nobody gave one.
        technical: (N,) float32 mean technical quality, 1-10; NaN where nobody gave one.
        categories: N words for what the photograph shows, in the set's own terms; empty if unknown.
    """

    name: str
    part: Part
    names: tuple[str, ...]
    beauty: FloatArray
    technical: FloatArray
    categories: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)

    def take(self, rows: NDArray[np.integer[Any]]) -> RatedSet:
        """Some of the photographs, in the order of `rows`."""
        return RatedSet(
            self.name,
            self.part,
            tuple(self.names[row] for row in rows),
            self.beauty[rows],
            self.technical[rows],
            tuple(self.categories[row] for row in rows),
        )


def read_set(data: Path, name: str, part: Part) -> RatedSet:
    """Read one part of a data set.

    Args:
        data: holds a folder for each data set.
        name: one of `SETS`.
        part: which photographs, by `kept_apart`.

    Raises:
        SettingsError: the table is missing, lacks a column or holds something else.
    """
    path = data / name / "labels.csv"
    if name not in SETS:
        raise SettingsError(f"the data set {name!r} is unknown", remedy=f"one of {', '.join(SETS)}")
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            every = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(
            f"the table of labels cannot be read: {reason_of(error)}",
            path=path,
            remedy=f"name with --data a folder that holds {name}/",
        ) from error
    try:
        rows = [row for row in every if _part_of(name, row) is part]
        unknown = np.full(len(rows), np.nan, np.float32)
        if name == "oasis":
            beauty, technical = _numbers(rows, "beauty_mean", low=1, high=7), unknown
            kind = "category"
        elif name == "biq":
            beauty, technical = unknown, _numbers(rows, "quality_mos", low=0, high=1)
            kind = ""
        else:
            beauty = _numbers(rows, "aesthetic_mean", low=1, high=5)
            technical = _numbers(rows, "quality_mean", low=1, high=5)
            kind = "semantic"
    except KeyError as error:
        raise SettingsError(f"the table lacks the column {error}", path=path) from error
    except ValueError as error:
        raise SettingsError(f"the table holds something else: {error}", path=path) from error
    return RatedSet(
        name=name,
        part=part,
        names=tuple(row["image"] for row in rows),
        beauty=beauty,
        technical=technical,
        categories=tuple(row.get(kind) or "" for row in rows),
    )


def read_set_images(
    data: Path, rated: RatedSet, *, size_px: int, cache: Path | None = None
) -> RgbImage:
    """The photographs of a part, (N, size_px, size_px, 3) uint8, squashed to a square.

    Args:
        data: as for `read_set`.
        rated: the part.
        size_px: side of the square.
        cache: folder for an array that is written once and mapped into memory from then on.

    Raises:
        SettingsError: a photograph is missing, or a tar file is damaged.
    """
    file = None if cache is None else cache / f"{rated.name}-{rated.part}-{size_px}.npy"
    return read_images(data / rated.name, rated.names, size_px=size_px, cache=file)


def _part_of(name: str, row: dict[str, str]) -> Part:
    if name == "para":
        return para_part(row["image"], split=row["split"])
    return PART_OF[name](row["image"])


def _numbers(rows: list[dict[str, str]], column: str, *, low: float, high: float) -> FloatArray:
    """A column brought to 1-10; NaN where it is empty."""
    raw = np.array([float(row[column]) if row[column] else np.nan for row in rows])
    return rescale(raw, low=low, high=high).astype(np.float32)
