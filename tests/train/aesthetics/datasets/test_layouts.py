"""Data sets in every layout: what is read, who is held out, what is missing."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from goodside.errors import SettingsError
from goodside_train.aesthetics.datasets.ava import read_ava
from goodside_train.aesthetics.datasets.labels import known_rows, validation_rows
from goodside_train.aesthetics.datasets.layouts import detect_layout, open_dataset
from goodside_train.aesthetics.datasets.own_table import read_own_table
from goodside_train.aesthetics.datasets.para_official import read_para
from goodside_train.aesthetics.datasets.para_shards import read_labels
from goodside_train.aesthetics.datasets.photonet import read_photonet
from goodside_train.aesthetics.datasets.photos import read_photos
from goodside_train.aesthetics.datasets.tar_images import read_images
from tests.train.aesthetics import made

BINS = np.arange(1, 11)
MAKERS: dict[str, Callable[[Path], None]] = {
    "para": made.make_official,
    "ava": made.make_ava,
    "photonet": made.make_photonet,
    "own": made.make_own,
}


@pytest.fixture(scope="module")
def ava(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ava")
    made.make_ava(folder)
    return folder


@pytest.mark.parametrize("layout", MAKERS)
def test_the_files_tell_the_layout(layout: str, tmp_path: Path) -> None:
    MAKERS[layout](tmp_path)
    assert detect_layout(tmp_path) == layout
    labels, images = open_dataset(tmp_path, size_px=32)
    assert images.shape == (len(labels), 32, 32, 3)
    assert 2 <= labels.validation.sum() < len(labels) / 2
    assert (labels.score >= 1).all()
    assert (labels.score <= 10).all()
    np.testing.assert_allclose(labels.distribution.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(labels.distribution @ BINS, labels.score, atol=2e-2)
    assert (labels.high == (labels.score >= labels.high_from)).all()
    assert np.corrcoef(images.mean(axis=(1, 2, 3)), labels.score)[0, 1] > 0.8


def test_the_shards_are_read_as_ever(para_folder: Path) -> None:
    assert detect_layout(para_folder) == "para-shards"
    labels, images = open_dataset(para_folder, size_px=32)
    before = read_labels(para_folder)
    for name in ("score", "distribution", "tags", "validation", "emotions", "attributes"):
        np.testing.assert_array_equal(getattr(labels, name), getattr(before, name))
    np.testing.assert_array_equal(images, read_images(para_folder, before.names, size_px=32))


def test_a_choice_of_rows(ava: Path, para_folder: Path) -> None:
    for folder in (ava, para_folder):
        labels, images = open_dataset(
            folder, size_px=16, choose=lambda all_of_them: np.flatnonzero(all_of_them.validation)
        )
        assert labels.validation.all()
        assert len(images) == len(labels) > 1


@pytest.mark.parametrize("layout", [None, "nonsense"])
def test_an_unknown_layout(layout: str | None, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"known layout.*--data|'nonsense' is unknown.*ava"):
        open_dataset(tmp_path, size_px=16, layout=layout)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such folder"):
        open_dataset(tmp_path / "none", size_px=16)


class TestAva:
    def test_labels(self, ava: Path) -> None:
        room = read_ava(ava)
        labels = room.labels
        assert "1005.jpg" not in labels.names
        assert len(labels) == 59
        assert labels.true_votes.all()
        assert labels.high_from == 5
        assert labels.tag_names == ("Abstract", "Cityscape", "Still Life")
        np.testing.assert_array_equal(labels.tags[:3], [[1, 0, 0], [0, 1, 1], [np.nan] * 3])
        assert np.isnan(labels.quality).all()

    def test_the_test_part_is_neither_trained_nor_validated_on(self, ava: Path) -> None:
        labels, _ = open_dataset(ava, size_px=16)
        test, images = open_dataset(ava, size_px=16, test=True)
        assert test.names == tuple(f"{image}.jpg" for image in range(1050, 1060))
        assert len(images) == 10
        assert test.validation.all()
        assert not set(test.names) & set(labels.names)

    def test_missing_and_damaged_images_are_left_out_and_counted(
        self, ava: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.WARNING):
            labels, _ = open_dataset(ava, size_px=16)
        assert not {"1003.jpg", "1004.jpg"} & set(labels.names)
        assert len(labels) == 47
        assert "2 of 49 photographs cannot be read" in caplog.text

    def test_styles(self, ava: Path) -> None:
        room = read_ava(ava, styles=True)
        labels = room.labels
        assert labels.tag_names == ("Duotones", "HDR", "Long_Exposure")
        assert [labels.names[row] for row in np.flatnonzero(room.test)] == [
            f"{image}.jpg" for image in range(1020, 1024)
        ]
        np.testing.assert_array_equal(
            labels.tags[room.test], [[1, 0, 0], [0, 1, 1], [0, 0, 0], [1, 1, 1]]
        )
        assert known_rows(labels.tags).sum() == 14
        assert "1055.jpg" not in labels.names
        assert detect_layout(ava) == "ava"
        opened, _ = open_dataset(ava, size_px=16, layout="ava-styles")
        assert opened.tag_names == labels.tag_names

    def test_common_tags(self, ava: Path) -> None:
        every = read_ava(ava).labels
        images = np.nansum(every.tags, axis=0)  # 1003 and 1004 count, for the list has them
        assert images.min() < images.max()
        room = read_ava(ava, common_from=int(images.max()))
        assert len(room.labels.tag_names) < 3
        assert room.test.any()
        assert known_rows(room.labels.tags).all()
        assert (room.labels.tags.sum(axis=0) == images.max()).all()

    def test_no_common_tag(self, ava: Path) -> None:
        with pytest.raises(SettingsError, match="no tag has 3000 images"):
            open_dataset(ava, size_px=16, layout="ava-common-tags")

    def test_lists_from_windows(self, tmp_path: Path) -> None:
        made.make_ava(tmp_path, count=30)
        before = read_ava(tmp_path).labels
        for path in (tmp_path / "AVA.txt", tmp_path / "tags.txt"):
            path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
        after = read_ava(tmp_path).labels
        assert after.names == before.names
        assert after.tag_names == before.tag_names

    def test_without_the_list_there_is_no_test_part(self, tmp_path: Path) -> None:
        made.make_ava(tmp_path, count=30)
        shutil.rmtree(tmp_path / "aesthetics_image_lists")
        assert len(open_dataset(tmp_path, size_px=16)[0]) == 27
        with pytest.raises(SettingsError, match="no test part"):
            open_dataset(tmp_path, size_px=16, test=True)

    @pytest.mark.parametrize(
        ("file", "text", "message"),
        [
            ("AVA.txt", "1 2 3\n", r"AVA\.txt: line 1: expected 15 whole numbers, got '1 2 3'"),
            ("AVA.txt", None, r"AVA\.txt: the list cannot be read.*--data"),
            ("tags.txt", "Abstract 1\n", r"tags\.txt: expected a number and a name"),
            ("style_image_lists/train.lab", "1\n", r"train\.lab: it has 1 lines for 10 images"),
        ],
    )
    def test_wrong_lists(self, file: str, text: str | None, message: str, tmp_path: Path) -> None:
        made.make_ava(tmp_path, count=30)
        (tmp_path / file).unlink()
        if text is not None:
            (tmp_path / file).write_text(text, encoding="utf-8")
        with pytest.raises(SettingsError, match=message):
            read_ava(tmp_path, styles="style" in file)


class TestOfficialPara:
    def test_labels(self, tmp_path: Path) -> None:
        made.make_official(tmp_path)
        room = read_para(tmp_path)
        labels = room.labels
        assert room.paths[12] == tmp_path / "imgs" / "session2" / "iaa_pub12_.jpg"
        assert room.test.sum() == 8
        assert not (room.test & labels.validation).any()
        assert labels.true_votes.all()
        assert known_rows(labels.tags).all()
        assert known_rows(labels.emotions).all()
        np.testing.assert_allclose(labels.attributes[:, 0], labels.score, rtol=1e-5)
        np.testing.assert_allclose(labels.attributes[:, -1], 1 + 9 * 0.25)
        assert labels.high_from == 5.5

    def test_other_columns_may_be_missing(self, tmp_path: Path) -> None:
        rows = [
            {"sessionid": "s", "imagename": f"{n}.jpg", "AestheticScore_mean": 2 + n / 10}
            for n in range(12)
        ]
        made.write_csv(tmp_path / "PARA-GiaaTrain.csv", rows)
        labels = read_para(tmp_path).labels
        assert not labels.true_votes.any()
        assert not known_rows(labels.tags).any()
        np.testing.assert_allclose(labels.distribution @ BINS, labels.score, atol=1e-2)

    def test_a_needed_column_is_named(self, tmp_path: Path) -> None:
        made.write_csv(tmp_path / "PARA-GiaaTrain.csv", [{"imageName": "a.jpg", "sessionId": "s"}])
        with pytest.raises(SettingsError, match="aestheticScore_mean"):
            read_para(tmp_path)


class TestPhotonet:
    def test_labels_of_the_photographs_that_are_there(self, tmp_path: Path) -> None:
        made.make_photonet(tmp_path)
        room = read_photonet(tmp_path)
        assert len(room.labels) == 11
        assert room.paths[0].name == "5000.jpg"
        assert room.paths[2].name == "5003-md.jpg"
        assert room.labels.true_votes.all()
        assert room.labels.high_from == 5.5
        assert not room.test.any()

    def test_ten_point_lists(self, tmp_path: Path) -> None:
        made.save(tmp_path / "9.jpg", made.photo(1))
        made.write_lines(tmp_path / "dpchallenge_dataset.txt", ["1 9 4 7.5 0 0 0 0 0 0 2 2 0 0"])
        np.testing.assert_allclose(read_photonet(tmp_path).labels.score, [7.5])

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("1 5000 9 4.0 1 1 1 1 1 1 1", "add up"),
            ("1 77 7 4.0 1 1 1 1 1 1 1", r"none of the photographs.*<photo id>\.jpg"),
            ("1 x", "cannot be read"),
        ],
    )
    def test_wrong_lists(self, line: str, message: str, tmp_path: Path) -> None:
        made.save(tmp_path / "5000.jpg", made.photo(1))
        made.write_lines(tmp_path / "photonet_dataset.txt", [line])
        with pytest.raises(SettingsError, match=message):
            read_photonet(tmp_path)


class TestOwn:
    def test_several_labels_and_votes(self, tmp_path: Path) -> None:
        made.make_own(tmp_path, columns=("semantic", "votes"))
        labels = read_own_table(tmp_path).labels
        assert labels.tag_names == ("people", "sea", "sky")
        np.testing.assert_array_equal(
            labels.tags[:4], [[1, 1, 0], [0, 1, 1], [np.nan] * 3, [1, 0, 0]]
        )
        assert labels.true_votes.all()

    def test_scores_alone(self, tmp_path: Path) -> None:
        made.make_own(tmp_path)
        labels = read_own_table(tmp_path).labels
        assert labels.tags.shape == (30, 0)
        assert not labels.true_votes.any()
        np.testing.assert_allclose(labels.distribution @ BINS, labels.score, atol=2e-2)

    def test_the_column_of_the_split_is_kept(self, tmp_path: Path) -> None:
        made.make_own(tmp_path, columns=("split",))
        room = read_own_table(tmp_path)
        assert np.flatnonzero(room.labels.validation).tolist() == list(range(2, 30, 5))
        assert np.flatnonzero(room.test).tolist() == list(range(3, 30, 5))

    @pytest.mark.parametrize(
        ("rows", "message"),
        [
            ([{"image": "a.jpg", "score": 5, "split": "dev"}], "split is 'dev'"),
            ([{"image": "a.jpg", "score": -700}], "no scale that is customary"),
        ],
    )
    def test_wrong_tables(
        self, rows: list[dict[str, object]], message: str, tmp_path: Path
    ) -> None:
        made.write_csv(tmp_path / "ratings.csv", rows)
        with pytest.raises(SettingsError, match=message):
            read_own_table(tmp_path)

    def test_two_tables_are_one_too_many(self, tmp_path: Path) -> None:
        made.make_own(tmp_path)
        shutil.copy(tmp_path / "ratings.csv", tmp_path / "more.csv")
        with pytest.raises(SettingsError, match=r"there is more\.csv, ratings\.csv"):
            read_own_table(tmp_path)


def test_copies_of_validation_photographs_are_not_trained_on(tmp_path: Path) -> None:
    """Two copies of one, the second a copy of the first copy only."""
    made.make_own(tmp_path, count=30)
    first, _ = open_dataset(tmp_path, size_px=64)
    held = int(np.flatnonzero(first.validation)[0])
    copies = [row for row in range(30) if not first.validation[row]][:2]
    photo = made.photo(held)
    made.save(tmp_path / f"holiday/{copies[0]}.jpg", photo[1:-1, 1:-1])
    made.save(tmp_path / f"holiday/{copies[1]}.jpg", (photo[2:-2, 2:-2] * 0.9).astype(np.uint8))
    made.save(tmp_path / f"holiday/{held}.jpg", photo)
    second, _ = open_dataset(tmp_path, size_px=64)
    assert np.flatnonzero(second.validation != first.validation).tolist() == sorted(copies)


def test_photographs_are_cached_and_those_left_out_are_remembered(
    tmp_path: Path, ava: Path
) -> None:
    paths = [ava / "images" / f"{image}.jpg" for image in range(1000, 1008)]
    cache = tmp_path / "out" / "images.npy"
    first = read_photos(paths, size_px=24, cache=cache)
    changed = cache.stat().st_mtime_ns
    again = read_photos(paths, size_px=24, cache=cache)
    assert cache.stat().st_mtime_ns == changed
    assert first.rows.tolist() == again.rows.tolist() == [0, 1, 2, 5, 6, 7]
    np.testing.assert_array_equal(first.images, again.images)
    np.testing.assert_array_equal(first.prints.hashes, again.prints.hashes)
    fewer = read_photos(paths[:2], size_px=24, cache=cache)
    assert fewer.images.shape == (2, 24, 24, 3)


def test_not_one_photograph_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"of 2 photographs none can be read.*a\.jpg"):
        read_photos([tmp_path / "a.jpg", tmp_path / "b.jpg"], size_px=8)


@pytest.mark.parametrize(("count", "least", "most"), [(0, 0, 0), (1, 1, 1), (5, 2, 4)])
def test_small_sets_hold_out_two_if_they_can(count: int, least: int, most: int) -> None:
    assert least <= validation_rows([f"{n}.jpg" for n in range(count)]).sum() <= most


def test_a_tenth_is_held_out_among_those_that_may() -> None:
    names = [f"{n}.jpg" for n in range(3000)]
    among = np.arange(3000) < 2000
    held = validation_rows(names, among=among)
    assert 160 < held.sum() < 240
    assert not held[2000:].any()
    np.testing.assert_array_equal(held[:2000], validation_rows(names[:2000]))


def test_of_labels_that_do_not_exist_none_is_known() -> None:
    assert not known_rows(np.empty((3, 0))).any()
    assert known_rows(np.array([[0.0, 1.0], [np.nan, 1.0]])).tolist() == [True, False]
