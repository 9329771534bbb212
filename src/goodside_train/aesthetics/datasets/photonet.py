"""Photo.net and DPChallenge (Datta, Li and Wang): lists of rated photographs, without the images.

A line of `photonet_dataset.txt` or `dpchallenge_dataset.txt` is: index, photo id, number of
ratings, their mean, and counts of the ratings 1 ... 7 or 1 ... 10; the first has a column more
among them. A photograph that nobody rated has -1 in place of the mean. The images, as far as one
has them, are `<photo id>.jpg` (or `<photo id>-md.jpg`, as the site named them), in any folder.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.scores import distribution_from_votes, rescale
from goodside.errors import SettingsError, reason_of
from goodside_train.aesthetics.datasets.labels import (
    AestheticsDataset,
    labels_from_scores,
    validation_rows,
)
from goodside_train.aesthetics.datasets.photos import photos_by_stem

TABLES = {"photonet_dataset.txt": 7, "dpchallenge_dataset.txt": 10}
"""Highest rating by the list's name."""

_FIRST_COUNT = 4


def read_photonet(folder: Path) -> AestheticsDataset:
    """Read the list, of which only photographs that lie in the folder count.

    There is no official split: a tenth, by the photo id, is for validation. High quality begins at
    the middle of the scale.

    Raises:
        SettingsError: the list is missing or holds something else, or there are no photographs.
    """
    path = next((folder / name for name in TABLES if (folder / name).is_file()), None)
    if path is None:
        raise SettingsError(
            "the list of photographs is missing",
            path=folder / "photonet_dataset.txt",
            remedy="give the list's folder with --data",
        )
    found = photos_by_stem(folder)
    table = _numbers(path)
    paths = [
        found.get(name, found.get(f"{name}-md"))
        for name in (str(int(number)) for number in table[:, 1])
    ]
    kept = [row for row, place in enumerate(paths) if place is not None and table[row, 2] > 0]
    if not kept:
        raise SettingsError(
            "none of the photographs in the list lies in its folder",
            path=path,
            remedy="put them there as <photo id>.jpg",
        )
    table, highest = table[kept], TABLES[path.name]
    votes = _votes(table, highest=highest, path=path)
    names = [f"{int(number)}.jpg" for number in table[:, 1]]
    labels = labels_from_scores(
        names,
        score=rescale(table[:, 3], low=1, high=highest),
        distribution=distribution_from_votes(
            votes, values=rescale(np.arange(1, highest + 1, dtype=np.float64), low=1, high=highest)
        ),
        high_from=5.5,
        validation=validation_rows(names),
    )
    chosen = tuple(place for place in (paths[row] for row in kept) if place is not None)
    return AestheticsDataset(labels, chosen, test=np.zeros(len(kept), dtype=np.bool_))


def _votes(table: NDArray[np.float64], *, highest: int, path: Path) -> NDArray[np.float64]:
    """(N, highest) counts: the columns side by side that add up to the number of ratings."""
    for start in range(_FIRST_COUNT, table.shape[1] - highest + 1):
        votes = table[:, start : start + highest]
        if (votes >= 0).all() and np.allclose(votes.sum(axis=1), table[:, 2]):
            return votes
    raise SettingsError(
        f"no {highest} columns of it add up to the number of ratings in the third", path=path
    )


def _numbers(path: Path) -> NDArray[np.float64]:
    """The list, one row a photograph."""
    try:
        rows = [line.split() for line in path.read_text(encoding="utf-8-sig").splitlines() if line]
        table = np.array([[float(cell) for cell in row] for row in rows])
    except (OSError, ValueError) as error:
        raise SettingsError(f"the list cannot be read: {reason_of(error)}", path=path) from error
    if table.ndim != 2:
        raise SettingsError("its lines are not all of one length", path=path)
    return table
