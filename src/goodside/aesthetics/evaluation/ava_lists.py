"""The lists that AVA comes with (Murray, Marchesotti and Perronnin, CVPR 2012).

`AVA.txt` has a line an image of 15 numbers: index, image id, ten counts of the ratings 1 ... 10,
two ids of semantic tags (0 for none), id of the challenge. `tags.txt` names the tags, a line an id
and a name. `aesthetics_image_lists/generic_test.jpgl` holds the ids of the test part. The images
are `<image id>.jpg`, in any folder. Some dozens of them are missing or damaged in every copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.evaluation.rated_photos import RatedPhotos
from goodside.aesthetics.scores import BINS, distribution_from_votes
from goodside.errors import SettingsError, reason_of
from goodside.images import find_photos

TABLE = "AVA.txt"
TAGS = "tags.txt"
TEST_LIST = "aesthetics_image_lists/generic_test.jpgl"
HIGH_FROM = 5.0
_COLUMNS = 15
_SCALE = (1.0, 10.0)
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class AvaTable:
    """The images of `AVA.txt` that somebody rated.

    Attributes:
        ids: (N,) image ids.
        votes: (N, 10) counts of the ratings 1 ... 10.
        tags: (N, 2) ids of semantic tags, 0 for none.
    """

    ids: Numbers
    votes: Numbers
    tags: Numbers

    @property
    def means(self) -> NDArray[np.float64]:
        """(N,) mean ratings, 1-10."""
        found: NDArray[np.float64] = self.votes @ BINS / self.votes.sum(axis=1)
        return found


def read_ava_table(folder: Path) -> AvaTable:
    """Read `AVA.txt`.

    Raises:
        SettingsError: it is missing or holds something else.
    """
    table = read_numbers(folder / TABLE, columns=_COLUMNS)
    table = table[table[:, 2:12].sum(axis=1) > 0]
    return AvaTable(table[:, 1], table[:, 2:12], table[:, 12:14])


def read_test_photos(folder: Path) -> RatedPhotos:
    """The photographs of the official test list, with their ratings and tags, in `AVA.txt`'s order.

    Raises:
        SettingsError: a list is missing or holds something else, or no image of the test list was
            rated.
    """
    table = read_ava_table(folder)
    rows = np.flatnonzero(np.isin(table.ids, read_ids(folder / TEST_LIST)))
    if not len(rows):
        raise SettingsError(f"{TABLE} has no image of the test list", path=folder / TEST_LIST)
    found = {path.stem: path for path in find_photos([folder], on_error=lambda _: None)}
    ids = table.ids[rows].tolist()
    names = read_names(folder / TAGS) if (folder / TAGS).exists() else {}
    tags = [
        ";".join(names[tag] for tag in own if tag in names) for own in table.tags[rows].tolist()
    ]
    return RatedPhotos(
        names=tuple(f"{image}.jpg" for image in ids),
        paths=tuple(found.get(str(image), folder / "images" / f"{image}.jpg") for image in ids),
        score=table.means[rows],
        scale=_SCALE,
        distribution=distribution_from_votes(table.votes[rows].astype(np.float64), values=BINS),
        semantic=tuple(text or None for text in tags) if any(tags) else None,
    )


def read_names(path: Path) -> dict[int, str]:
    """Names by their ids, a line each.

    Raises:
        SettingsError: the list is missing or holds something else.
    """
    names = {}
    for line in _lines(path):
        number, *name = line.split()
        if not number.isdecimal() or not name:
            raise SettingsError(f"expected a number and a name, got {line!r}", path=path)
        names[int(number)] = " ".join(name)
    return names


def read_ids(path: Path) -> Numbers:
    """(N,) image ids, a line each; errors as for `read_names`."""
    return read_numbers(path, columns=1)[:, 0]


def read_numbers(path: Path, *, columns: int) -> Numbers:
    """(N, columns) whole numbers, a row a line; errors as for `read_names`."""
    rows: list[Sequence[str]] = [line.split() for line in _lines(path)]
    for number, row in enumerate(rows, start=1):
        if len(row) != columns or not all(cell.isdecimal() for cell in row):
            raise SettingsError(
                f"line {number}: expected {columns} whole numbers, got {' '.join(row)!r}", path=path
            )
    return np.array(rows, dtype=np.int64).reshape(-1, columns)


def _lines(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"the list cannot be read: {reason_of(error)}",
            path=path,
            remedy="give AVA's folder with --data, or with --images to evaluate",
        ) from error
    return [line for line in lines if line.strip()]
