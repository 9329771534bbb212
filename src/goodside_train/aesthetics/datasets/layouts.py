"""Data sets by the layout of their folder: one call for labels and photographs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.evaluation.ava_lists import TABLE
from goodside.errors import SettingsError
from goodside.types import RgbImage
from goodside_train.aesthetics.datasets import para_shards as para
from goodside_train.aesthetics.datasets.ava import COMMON_FROM, read_ava
from goodside_train.aesthetics.datasets.labels import AestheticsDataset, Labels
from goodside_train.aesthetics.datasets.own_table import find_tables, read_own_table
from goodside_train.aesthetics.datasets.para_official import annotation_folder, read_para
from goodside_train.aesthetics.datasets.photonet import TABLES, read_photonet
from goodside_train.aesthetics.datasets.photos import read_photos, with_near_duplicates
from goodside_train.aesthetics.datasets.tar_images import read_images

SHARDS = "para-shards"
"""The one layout whose photographs lie in tar files; see `para`."""

READERS: dict[str, Callable[[Path], AestheticsDataset]] = {
    "para": read_para,
    "ava": read_ava,
    "ava-common-tags": partial(read_ava, common_from=COMMON_FROM),
    "ava-styles": partial(read_ava, styles=True),
    "photonet": read_photonet,
    "own": read_own_table,
}
LAYOUTS = (SHARDS, *READERS)

Choice = Callable[[Labels], NDArray[np.int64]]


def detect_layout(folder: Path) -> str:
    """Tell the layout from the files in a folder.

    Raises:
        SettingsError: there is no such folder, or its layout is none of `LAYOUTS`.
    """
    if not folder.is_dir():
        raise SettingsError(
            "there is no such folder", path=folder, remedy="name the data set's folder with --data"
        )
    if (folder / "labels.csv").is_file() and any(folder.glob("images-*.tar")):
        return SHARDS
    if annotation_folder(folder) is not None:
        return "para"
    if (folder / TABLE).is_file():
        return "ava"
    if any((folder / name).is_file() for name in TABLES):
        return "photonet"
    if find_tables(folder):
        return "own"
    raise SettingsError(
        "the folder holds no data set of a known layout, or the table of labels is missing",
        path=folder,
        remedy="give its folder with --data; docs/reference/data.md shows the layouts",
    )


def open_dataset(
    folder: Path,
    *,
    size_px: int,
    cache: Path | None = None,
    layout: str | None = None,
    test: bool = False,
    choose: Choice | None = None,
) -> tuple[Labels, RgbImage]:
    """Read a data set.

    Photographs that are missing or damaged are left out, and their number is logged; only PARA's
    shards have to be whole. A near-duplicate of a validation photograph counts for validation too,
    so that nothing is trained on that is tested on; PARA's shards keep the split they came with.

    Args:
        folder: of the data set.
        size_px: side of the square that photographs are squashed to.
        cache: an `.npy` file to write once and to map into memory from then on.
        layout: one of `LAYOUTS`; by default told from the files.
        test: read the official test part alone, in place of everything else. All its rows count for
            validation.
        choose: which of the labels' rows to read, in which order; by default all of them. Copies
            are then not looked for.

    Returns:
        Labels, and (N, size_px, size_px, 3) uint8 sRGB of the same rows.

    Raises:
        SettingsError: the layout is unknown, something in it is wrong, or there is no test part.
    """
    layout = detect_layout(folder) if layout is None else layout
    if layout == SHARDS:
        if test:
            raise _without_test(folder)
        labels = para.read_labels(folder)
        labels = labels if choose is None else labels.take(choose(labels))
        return labels, read_images(folder, labels.names, size_px=size_px, cache=cache)
    if layout not in READERS:
        raise SettingsError(
            f"the layout {layout!r} is unknown", remedy=f"one of {', '.join(LAYOUTS)}"
        )
    dataset = READERS[layout](folder)
    if test and not dataset.test.any():
        raise _without_test(folder)
    rows = np.flatnonzero(dataset.test == test)
    labels = dataset.labels.take(rows)
    if test:
        labels = labels.with_validation(np.ones(len(rows), dtype=np.bool_))
    if choose is not None:
        chosen = choose(labels)
        labels, rows = labels.take(chosen), rows[chosen]
    photos = read_photos([dataset.paths[row] for row in rows], size_px=size_px, cache=cache)
    labels = labels.take(photos.rows)
    if choose is None and not test:
        labels = labels.with_validation(with_near_duplicates(labels.validation, photos.prints))
    return labels, photos.images


def _without_test(folder: Path) -> SettingsError:
    return SettingsError("the data set has no test part of its own", path=folder)
