"""Parts of several data sets: scales brought to 1-10, photographs in order, errors that say why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodside.errors import SettingsError
from goodside_train.aesthetics.datasets.kept_apart import Part
from goodside_train.aesthetics.datasets.rated_sets import read_set, read_set_images
from tests.train.aesthetics.made import write_csv
from tests.train.aesthetics.made_sets import write_sets


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sets(tmp_path_factory.mktemp("sets"))


def test_the_parts_make_up_the_set(folder: Path) -> None:
    parts = [read_set(folder, "oasis", part) for part in Part]
    names = [name for part in parts for name in part.names]
    assert len(names) == len(set(names)) == 80
    assert all(len(part) for part in parts)


def test_scales_are_brought_to_ten(tmp_path: Path) -> None:
    oasis = [
        {"image": f"Cat{n}.avif", "beauty_mean": score, "category": "Animal"}
        for n, score in enumerate((1, 4, 7))
    ]
    write_csv(tmp_path / "oasis" / "labels.csv", oasis)
    read = read_set(tmp_path, "oasis", Part.TRAIN)
    np.testing.assert_allclose(read.beauty, [1, 5.5, 10])
    assert np.isnan(read.technical).all()
    assert read.categories == ("Animal",) * 3
    names = [f"biq-{n}.avif" for n in range(60)]
    write_csv(
        tmp_path / "biq" / "labels.csv", [{"image": name, "quality_mos": 0.5} for name in names]
    )
    read = read_set(tmp_path, "biq", Part.TRAIN)
    assert len(read) > 20
    np.testing.assert_allclose(read.technical, 5.5)
    assert np.isnan(read.beauty).all()


def test_para_keeps_its_validation_rows_for_the_test(para_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "para").symlink_to(para_folder)
    parts = {part: read_set(tmp_path, "para", part) for part in Part}
    assert sum(map(len, parts.values())) == 96
    assert len(parts[Part.TEST]) > 10
    assert np.isfinite(parts[Part.TRAIN].beauty).all()


def test_photographs_come_with_their_rows(folder: Path, tmp_path: Path) -> None:
    rated = read_set(folder, "oasis", Part.TRAIN)
    images = read_set_images(folder, rated, size_px=32, cache=tmp_path)
    assert images.shape == (len(rated), 32, 32, 3)
    brightness = images.mean(axis=(1, 2, 3))
    assert np.corrcoef(brightness, rated.beauty)[0, 1] > 0.95
    some = rated.take(np.array([3, 1]))
    assert some.names == (rated.names[3], rated.names[1])
    np.testing.assert_array_equal(some.beauty, rated.beauty[[3, 1]])
    again = read_set_images(folder / "gone", rated, size_px=32, cache=tmp_path)
    np.testing.assert_array_equal(images, again)


def test_what_is_wrong_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="flickr"):
        read_set(folder, "flickr", Part.TRAIN)
    with pytest.raises(SettingsError, match=r"labels\.csv.*oasis"):
        read_set(tmp_path, "oasis", Part.TRAIN)
    write_csv(tmp_path / "oasis" / "labels.csv", [{"image": "Cat1.avif", "category": "x"}])
    with pytest.raises(SettingsError, match="beauty_mean"):
        read_set(tmp_path, "oasis", Part.TRAIN)
    row = {"image": "Cat1.avif", "beauty_mean": "fair", "category": "x"}
    write_csv(tmp_path / "oasis" / "labels.csv", [row])
    with pytest.raises(SettingsError, match="fair"):
        read_set(tmp_path, "oasis", Part.TRAIN)
