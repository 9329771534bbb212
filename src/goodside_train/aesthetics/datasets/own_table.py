"""Anyone's own rated photographs: one CSV table in the folder of the photographs.

Columns: `image,score[,semantic][,votes_<score> ...][,technical][,split]`, read by
`goodside.aesthetics.evaluation.rated_photos`. A photograph may have several semantic labels, with
`;` or `|` between them. `technical` is its technical quality on a customary scale, empty where
nobody judged it. `split` is
`train`, `validation` or `test`; an empty one is decided by the hash of the name.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.evaluation.labels import labels_in
from goodside.aesthetics.evaluation.rated_photos import (
    CUSTOMARY,
    RatedPhotos,
    open_rows,
    read_rows,
    read_table,
    to_number,
)
from goodside.aesthetics.scores import rescale
from goodside.errors import SettingsError
from goodside.types import FloatArray
from goodside_train.aesthetics.datasets.labels import (
    AestheticsDataset,
    labels_from_scores,
    validation_rows,
)

_SPLITS = ("", "train", "validation", "test")


def find_tables(folder: Path) -> list[Path]:
    """The tables in a folder with columns `image` and `score`."""
    return [path for path in sorted(folder.glob("*.csv")) if _fits(path)]


def read_own_table(folder: Path) -> AestheticsDataset:
    """Read a folder's table; high quality begins at the middle of the scale.

    Raises:
        SettingsError: there is no such table or more than one, it holds something else, or the
            scale of its scores is none of the customary ones.
    """
    tables = find_tables(folder)
    if len(tables) != 1:
        found = ", ".join(table.name for table in tables) or "none"
        raise SettingsError(
            f"the folder has to hold one table of rated photographs, there is {found}",
            path=folder,
            remedy="leave one CSV file there with image,score[,semantic][,votes_1,...][,split]",
        )
    return read_rated_table(tables[0], photos=folder)


def read_rated_table(table: Path, *, photos: Path) -> AestheticsDataset:
    """Read a table of rated photographs; high quality begins at the middle of the scale.

    Args:
        table: a CSV file.
        photos: the folder of the photographs.

    Raises:
        SettingsError: the table holds something else, or the scale of its scores is none of the
            customary ones.
    """
    rated = read_table(table, photos=photos)
    score = rated.ten
    if score is None:
        raise SettingsError(
            f"scores from {rated.score.min():g} to {rated.score.max():g} are on no scale that "
            "is customary",
            path=table,
            remedy="bring them to 1-10",
        )
    split = rated.split or ("",) * len(rated)
    if strange := set(split) - set(_SPLITS):
        raise SettingsError(
            f"split is {min(strange)!r}", path=table, remedy="write train, validation or test"
        )
    given = np.array(split)
    open_rows = (given == "") & ("validation" not in split)
    distribution = rated.distribution
    tags, tag_names = _tags(rated)
    labels = labels_from_scores(
        rated.names,
        score=score,
        distribution=np.full((len(rated), 10), np.nan) if distribution is None else distribution,
        high_from=5.5,
        validation=validation_rows(rated.names, among=open_rows) | (given == "validation"),
        tags=tags,
        tag_names=tag_names,
    )
    quality = _technical(table)
    if quality is not None:
        labels = replace(labels, quality=quality)
    return AestheticsDataset(
        labels, rated.paths, test=given == "test", says_validation="validation" in split
    )


def _technical(table: Path) -> FloatArray | None:
    """The column of this name on the 1-10 scale, (N,), NaN where it is empty; None without one.

    Raises:
        SettingsError: a cell is no number, or their scale is none of the customary ones.
    """
    rows = read_rows(table, needed=("image",))
    if "technical" not in rows[0]:
        return None
    cells = [(row["technical"] or "").strip() for row in rows]
    numbers = np.array([to_number(cell) for cell in cells])
    for line, (cell, number) in enumerate(zip(cells, numbers, strict=True), start=2):
        if cell and np.isnan(number):
            raise SettingsError(
                f"line {line}: technical is {cell!r}, expected a number",
                path=table,
                remedy="write one, or leave it empty",
            )
    known = numbers[~np.isnan(numbers)]
    if not len(known):
        return None
    scale = next(
        (one for one in CUSTOMARY if one[0] <= known.min() and known.max() <= one[1]), None
    )
    if scale is None:
        raise SettingsError(
            f"technical quality from {known.min():g} to {known.max():g} is on no scale that is "
            "customary",
            path=table,
            remedy="bring it to 1-10",
        )
    return rescale(numbers, low=scale[0], high=scale[1]).astype(np.float32)


def _tags(photos: RatedPhotos) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """(N, M) tags, 0-1, rows without any NaN; and their names."""
    said = [labels_in(text) for text in photos.semantic or (None,) * len(photos)]
    names = tuple(sorted(frozenset().union(*said)))
    tags = np.full((len(said), len(names)), np.nan)
    for row, own in enumerate(said):
        if own:
            tags[row] = [name in own for name in names]
    return tags, names


def _fits(path: Path) -> bool:
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            headings = open_rows(stream).fieldnames or ()
    except (OSError, UnicodeDecodeError, csv.Error):
        return False
    return {"image", "score"} <= set(headings)
