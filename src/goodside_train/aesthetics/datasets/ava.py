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

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.evaluation.ava_lists import (
    HIGH_FROM,
    TAGS,
    TEST_LIST,
    Numbers,
    read_ava_table,
    read_ids,
    read_names,
    read_numbers,
)
from goodside.aesthetics.scores import BINS, distribution_from_votes
from goodside.errors import SettingsError
from goodside_train.aesthetics.datasets.labels import (
    AestheticsDataset,
    labels_from_scores,
    validation_rows,
)
from goodside_train.aesthetics.datasets.photos import photos_by_stem

COMMON_FROM = 3000
"""Images that a common tag has at least; on AVA's list this has to leave the paper's 29 tags."""


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
    table = read_ava_table(folder)
    ids, votes = table.ids, table.votes
    listed = folder / TEST_LIST
    test = np.isin(ids, read_ids(listed)) if listed.exists() else np.zeros(len(ids), dtype=np.bool_)
    if styles:
        tags, tag_names, styled = _styles(folder / "style_image_lists", ids)
        seen = ~test & ~styled
        test = styled
    else:
        tags, tag_names = _semantics(folder, table.tags, common_from=common_from)
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
    folder: Path, given: Numbers, *, common_from: int
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """(N, M) tags, 0-1, rows without any NaN; and their names."""
    names = read_names(folder / TAGS)
    having = {tag: (given == tag).any(axis=1) for tag in names}
    common = [tag for tag, rows in having.items() if rows.sum() >= common_from]
    if not common:
        raise SettingsError(
            f"no tag has {common_from} images",
            path=folder / TAGS,
            remedy="choose the layout ava, which keeps every tag",
        )
    tags = np.stack([having[tag] for tag in common], axis=1).astype(np.float64)
    tags[tags.sum(axis=1) == 0] = np.nan
    return tags, tuple(names[tag] for tag in common)


def _styles(
    folder: Path, ids: Numbers
) -> tuple[NDArray[np.float64], tuple[str, ...], NDArray[np.bool_]]:
    """(N, M) styles, 0-1, rows without a label NaN; their names; and (N,) which are for test."""
    names = read_names(folder / "styles.txt")
    train, test = read_ids(folder / "train.jpgl"), read_ids(folder / "test.jpgl")
    one = read_numbers(folder / "train.lab", columns=1)
    many = read_numbers(folder / "test.multilab", columns=len(names))
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
