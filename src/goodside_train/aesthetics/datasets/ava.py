"""AVA (Murray, Marchesotti and Perronnin, CVPR 2012): its own layout.

`AVA.txt` has a line an image of 15 numbers: index, image id, ten counts of the ratings 1 ... 10,
two ids of semantic tags (0 for none), id of the challenge. `tags.txt` names the 66 tags, a line an
id and a name. `aesthetics_image_lists/generic_test.jpgl` holds the ids of the test part.
`style_image_lists/` has `styles.txt` like `tags.txt`, ids in `train.jpgl` with one style each in
`train.lab`, and ids in `test.jpgl` with a column of 0 or 1 a style in `test.multilab`. The images
are `<image id>.jpg`, in any folder. Some dozens of them are missing or damaged in every copy.

Kao, He and Huang (TIP 2017) learn the 29 tags that enough of the images have, and leave out the
images without any of them; the number that is enough is our reading, see `COMMON_FROM`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.scores import BINS, distribution_from_votes
from goodside.errors import SettingsError, reason_of
from goodside_train.aesthetics.datasets.labels import (
    AestheticsDataset,
    labels_from_scores,
    validation_rows,
)
from goodside_train.aesthetics.datasets.photos import photos_by_stem

TABLE = "AVA.txt"
HIGH_FROM = 5.0
COMMON_FROM = 3000
"""Images that a common tag has at least; on AVA's list this has to leave the paper's 29 tags."""
_COLUMNS = 15
_Numbers = NDArray[np.int64]


def read_ava(folder: Path, *, styles: bool = False, common_from: int = 0) -> AestheticsDataset:
    """Read AVA's lists.

    The test part is the official one, none where its list is not there; of the rest a tenth, by the
    image id, is for validation.

    Args:
        folder: holds `AVA.txt` and whatever else of the layout there is.
        styles: the tags are the 14 photographic styles, which some 14,000 images have, in place of
            the semantic tags; the test part is then theirs, and no image of the other test part is
            trained on either.
        common_from: only tags that so many images have are kept, and only images with one of them;
            0 keeps all. Images of both parts count.

    Raises:
        SettingsError: a list is missing or holds something else; no tag is common enough.
    """
    table = _numbers(folder / TABLE, columns=_COLUMNS)
    table = table[table[:, 2:12].sum(axis=1) > 0]
    ids, votes = table[:, 1], table[:, 2:12]
    listed = folder / "aesthetics_image_lists" / "generic_test.jpgl"
    test = np.isin(ids, _ids(listed)) if listed.exists() else np.zeros(len(ids), dtype=np.bool_)
    if styles:
        tags, tag_names, styled = _styles(folder / "style_image_lists", ids)
        seen = ~test & ~styled
        test = styled
    else:
        tags, tag_names = _semantics(folder, table[:, 12:14], common_from=common_from)
        tagged = ~np.isnan(tags).any(axis=1) if common_from else np.ones(len(ids), dtype=np.bool_)
        seen, test = ~test & tagged, test & tagged
    kept = seen | test
    ids, votes, tags, test = ids[kept], votes[kept], tags[kept], test[kept]
    names = [f"{image}.jpg" for image in ids]
    found = photos_by_stem(folder)
    labels = labels_from_scores(
        names,
        score=votes @ BINS / votes.sum(axis=1),
        distribution=distribution_from_votes(votes.astype(np.float64), values=BINS),
        high_from=HIGH_FROM,
        validation=validation_rows(names, among=~test),
        tags=tags,
        tag_names=tag_names,
    )
    paths = [found.get(str(image), folder / "images" / f"{image}.jpg") for image in ids]
    return AestheticsDataset(labels, tuple(paths), test)


def _semantics(
    folder: Path, given: _Numbers, *, common_from: int
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """(N, M) tags, 0-1, rows without any NaN; and their names."""
    names = _names(folder / "tags.txt")
    having = {tag: (given == tag).any(axis=1) for tag in names}
    common = [tag for tag, rows in having.items() if rows.sum() >= common_from]
    if not common:
        raise SettingsError(
            f"no tag has {common_from} images",
            path=folder / "tags.txt",
            remedy="choose the layout ava, which keeps every tag",
        )
    tags = np.stack([having[tag] for tag in common], axis=1).astype(np.float64)
    tags[tags.sum(axis=1) == 0] = np.nan
    return tags, tuple(names[tag] for tag in common)


def _styles(
    folder: Path, ids: _Numbers
) -> tuple[NDArray[np.float64], tuple[str, ...], NDArray[np.bool_]]:
    """(N, M) styles, 0-1, rows without a label NaN; their names; and (N,) which are for test."""
    names = _names(folder / "styles.txt")
    train, test = _ids(folder / "train.jpgl"), _ids(folder / "test.jpgl")
    one = _numbers(folder / "train.lab", columns=1)
    many = _numbers(folder / "test.multilab", columns=len(names))
    for listed, said, file in ((train, one, "train.lab"), (test, many, "test.multilab")):
        if len(listed) != len(said):
            raise SettingsError(
                f"it has {len(said)} lines for {len(listed)} images", path=folder / file
            )
    known = dict(zip(train.tolist(), (one == np.array(list(names))).astype(float), strict=True))
    known |= dict(zip(test.tolist(), many.astype(float), strict=True))
    nothing = np.full(len(names), np.nan)
    tags = np.array([known.get(image, nothing) for image in ids.tolist()])
    return tags, tuple(names.values()), np.isin(ids, test)


def _names(path: Path) -> dict[int, str]:
    """Names by their ids."""
    names = {}
    for line in _lines(path):
        number, *name = line.split()
        if not number.isdecimal() or not name:
            raise SettingsError(f"expected a number and a name, got {line!r}", path=path)
        names[int(number)] = " ".join(name)
    return names


def _ids(path: Path) -> _Numbers:
    return _numbers(path, columns=1)[:, 0]


def _numbers(path: Path, *, columns: int) -> _Numbers:
    """(N, columns) whole numbers."""
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
            remedy="give AVA's folder with --data",
        ) from error
    return [line for line in lines if line.strip()]
