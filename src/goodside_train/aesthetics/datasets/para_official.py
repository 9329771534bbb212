"""PARA (Yang et al., CVPR 2022) as its makers give it away.

`annotation/PARA-GiaaTrain.csv` and `PARA-GiaaTest.csv` have a row an image: `imageName`,
`sessionId`, `semantic`, nine columns of votes `aestheticScore_1.0` ... `aestheticScore_5.0`, the
means `aestheticScore_mean`, `qualityScore_mean` and so on, `isObjectEmphasis_mean`, votes for eight
emotions, and more that is not read. The images are `imgs/<sessionId>/<imageName>`.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from goodside.errors import SettingsError, reason_of
from goodside_train.aesthetics.datasets.labels import AestheticsDataset, validation_rows
from goodside_train.aesthetics.datasets.para_shards import (
    ATTRIBUTES,
    EMOTIONS,
    VOTE_VALUES,
    labels_from_rows,
)

TRAIN, TEST = "PARA-GiaaTrain.csv", "PARA-GiaaTest.csv"

_NEEDED = {"image": "imageName", "session": "sessionId", "aesthetic_mean": "aestheticScore_mean"}
_ATTRIBUTE_COLUMNS = (
    "compositionScore", "colorScore", "dofScore", "lightScore", "contentScore",
    "contentPreference", "willingnessToShare", "isObjectEmphasis",
)  # fmt: skip
_WANTED = (
    {"semantic": ("semantic",), "quality_mean": ("qualityScore_mean",)}
    | {"aesthetic_std": ("aestheticScore_std",)}
    | {f"votes_{value}": (f"aestheticScore_{value}",) for value in VOTE_VALUES}
    | {f"emotion_{name}": (f"emotion_{name}", f"emotion_label_{name}", name) for name in EMOTIONS}
    | {
        f"{name}_mean": (f"{column}_mean",)
        for name, column in zip(ATTRIBUTES, _ATTRIBUTE_COLUMNS, strict=True)
    }
)
"""Columns of our table and what they may be called; the case of letters does not count."""


def annotation_folder(folder: Path) -> Path | None:
    """Where the tables lie: in `annotation/`, or beside the images, also within `PARA/`."""
    places = (folder / "annotation", folder, folder / "PARA" / "annotation")
    return next((place for place in places if (place / TRAIN).is_file()), None)


def read_para(folder: Path) -> AestheticsDataset:
    """Read PARA's own tables.

    The test part is the official one; of the rest a tenth, by the image's name, is for validation.
    Whatever column is missing beside name, session and mean score is taken for unknown.

    Raises:
        SettingsError: a table is missing, or lacks a column that is needed.
    """
    place = annotation_folder(folder)
    if place is None:
        raise SettingsError(
            f"{TRAIN} is missing", path=folder, remedy="give the PARA folder with --data"
        )
    train = _rows(place / TRAIN)
    test = _rows(place / TEST) if (place / TEST).is_file() else []
    rows = [*train, *test]
    test_rows = np.arange(len(rows)) >= len(train)
    held = validation_rows([row["image"] for row in rows], among=~test_rows)
    try:
        labels = labels_from_rows(rows, validation=held)
    except ValueError as error:
        raise SettingsError(f"the tables hold something else: {error}", path=place) from error
    images = (place.parent if place.name == "annotation" else place) / "imgs"
    return AestheticsDataset(
        labels,
        paths=tuple(images / row["session"] / row["image"] for row in rows),
        test=test_rows,
    )


def _rows(path: Path) -> list[dict[str, str]]:
    """A table's rows under the names of our columns; text is empty where there is no column."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream)
            given = {name.strip().casefold(): name for name in reader.fieldnames or ()}
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(f"the table cannot be read: {reason_of(error)}", path=path) from error
    for name in _NEEDED.values():
        if name.casefold() not in given:
            raise SettingsError(f"the table lacks the column {name!r}", path=path)
    wanted = {ours: (name,) for ours, name in _NEEDED.items()} | _WANTED
    columns = {
        ours: next((given[name.casefold()] for name in names if name.casefold() in given), None)
        for ours, names in wanted.items()
    }
    return [
        {ours: (row[name] or "").strip() if name else "" for ours, name in columns.items()}
        for row in rows
    ]
