"""The PARA layout: labels, the validation part, the photographs."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from goodside.errors import SettingsError
from goodside_train.aesthetics.datasets.labels import known_rows
from goodside_train.aesthetics.datasets.para_shards import (
    ATTRIBUTES,
    EMOTIONS,
    SEMANTICS,
    VOTE_VALUES,
    is_validation,
    labels_from_rows,
    read_labels,
)
from goodside_train.aesthetics.datasets.tar_images import read_images
from tests.train.aesthetics.made import write_csv

_COLUMNS = (
    "aesthetic_std", "quality_mean", *(f"votes_{value}" for value in VOTE_VALUES),
    *(f"emotion_{name}" for name in EMOTIONS), *(f"{name}_mean" for name in ATTRIBUTES),
)  # fmt: skip


def test_labels_of_the_made_folder(para_folder: Path) -> None:
    labels = read_labels(para_folder)
    assert len(labels) == 96
    assert labels.true_votes.sum() == 48
    assert labels.score.min() >= 1
    assert labels.score.max() <= 10
    np.testing.assert_allclose(labels.distribution.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(labels.distribution @ np.arange(1, 11), labels.score, atol=1e-3)
    np.testing.assert_allclose(labels.emotions.sum(axis=1), 1, atol=1e-6)
    assert (labels.high == (labels.score >= 5.5)).all()


def test_only_labelled_rows_have_tags_and_attributes(para_folder: Path) -> None:
    labels = read_labels(para_folder)
    assert (known_rows(labels.tags) == labels.true_votes).all()
    assert (known_rows(labels.attributes) == labels.true_votes).all()
    assert labels.tags[0].tolist() == [float(name == SEMANTICS[0]) for name in SEMANTICS]


def test_a_class_of_another_name_is_no_label() -> None:
    """Else the photograph would say that it shows nothing at all."""
    row = dict.fromkeys(_COLUMNS, "") | {"image": "a.webp", "aesthetic_mean": "3"}
    rows = [row | {"semantic": name} for name in (SEMANTICS[2], "street")]
    labels = labels_from_rows(rows, validation=np.zeros(2, np.bool_))
    assert known_rows(labels.tags).tolist() == [True, False]


def test_validation_is_about_half_of_the_labelled_rows_and_nothing_else() -> None:
    names = [f"photo{index}.webp" for index in range(2000)]
    held = sum(is_validation(name, split="labelled") for name in names)
    assert 900 < held < 1100
    assert not any(is_validation(name, split="train") for name in names)


def test_validation_does_not_move() -> None:
    """Weights were chosen on this split; the digest of the name decides, not the row's place."""
    names = [f"{letter}.webp" for letter in "abcdef"]
    held = [name for name in names if is_validation(name, split="labelled")]
    assert held == ["a.webp", "b.webp", "c.webp", "e.webp"]


def test_images_come_in_the_order_asked_for(para_folder: Path) -> None:
    labels = read_labels(para_folder)
    images = read_images(para_folder, labels.names, size_px=32)
    backwards = read_images(para_folder, labels.names[::-1], size_px=32)
    assert images.shape == (96, 32, 32, 3)
    np.testing.assert_array_equal(images[::-1], backwards)
    brightness = images.mean(axis=(1, 2, 3))
    assert np.corrcoef(brightness, labels.score)[0, 1] > 0.95


def test_images_are_cached(para_folder: Path, tmp_path: Path) -> None:
    names, cache = read_labels(para_folder).names, tmp_path / "cache" / "images.npy"
    first = read_images(para_folder, names, size_px=32, cache=cache)
    again = read_images(tmp_path, names, size_px=32, cache=cache)
    np.testing.assert_array_equal(first, again)


def test_a_photograph_in_no_shard_is_named(para_folder: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.webp"):
        read_images(para_folder, ["made1.webp", "nowhere.webp"], size_px=32)


def test_a_missing_table_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"labels\.csv.*--data"):
        read_labels(tmp_path)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("image,split\na.webp,train\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="aesthetic_mean"):
        read_labels(tmp_path)


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("aesthetic_mean", "", r"made7\.webp has no mean score"),
        ("aesthetic_mean", "good", "'good'"),
        ("quality_mean", "3,5", "'3,5'"),
    ],
)
def test_a_cell_that_does_not_fit_is_told(
    para_folder: Path, tmp_path: Path, column: str, cell: str, message: str
) -> None:
    with (para_folder / "labels.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    rows[7][column] = cell
    write_csv(tmp_path / "labels.csv", rows)
    with pytest.raises(SettingsError, match=message):
        read_labels(tmp_path)


def test_a_damaged_shard_is_named(para_folder: Path, tmp_path: Path) -> None:
    whole = (para_folder / "images-0.tar").read_bytes()
    (tmp_path / "images-0.tar").write_bytes(whole.replace(b"WEBP", b"XXXX", 1))
    cache = tmp_path / "cache" / "images.npy"
    with pytest.raises(SettingsError, match=r"images-0\.tar.*damaged"):
        read_images(tmp_path, read_labels(para_folder).names, size_px=16, cache=cache)
    assert not cache.exists()
