"""Anyone's own rated photographs: one CSV table in the folder of the photographs.

Columns: `image,score[,semantic][,votes_<score> ...][,split]`, read by
`goodside.aesthetics.evaluation.rated_photos`. A photograph may have several semantic labels, with
`;` or `|` between them. `split` is
`train`, `validation` or `test`; an empty one is decided by the hash of the name.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.evaluation.labels import labels_in
from goodside.aesthetics.evaluation.rated_photos import RatedPhotos, open_rows, read_table
from goodside.errors import SettingsError
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
    table = tables[0]
    photos = read_table(table, photos=folder)
    score = photos.ten
    if score is None:
        raise SettingsError(
            f"scores from {photos.score.min():g} to {photos.score.max():g} are on no scale that "
            "is customary",
            path=table,
            remedy="bring them to 1-10",
        )
    split = photos.split or ("",) * len(photos)
    if strange := set(split) - set(_SPLITS):
        raise SettingsError(
            f"split is {min(strange)!r}", path=table, remedy="write train, validation or test"
        )
    given = np.array(split)
    open_rows = (given == "") & ("validation" not in split)
    distribution = photos.distribution
    tags, tag_names = _tags(photos)
    labels = labels_from_scores(
        photos.names,
        score=score,
        distribution=np.full((len(photos), 10), np.nan) if distribution is None else distribution,
        high_from=5.5,
        validation=validation_rows(photos.names, among=open_rows) | (given == "validation"),
        tags=tags,
        tag_names=tag_names,
    )
    return AestheticsDataset(labels, photos.paths, test=given == "test")


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
