"""Photographs put into a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from goodside.album.export.copies import copy_photos
from goodside.errors import OutputError


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Two photographs of one name in two folders."""
    paths = [tmp_path / day / "IMG_1.JPG" for day in ("monday", "tuesday")]
    for path in paths:
        path.parent.mkdir()
        path.write_bytes(path.parent.name.encode())
    return paths


@pytest.mark.parametrize("link", [False, True])
def test_names_that_meet_get_a_number(photos: list[Path], tmp_path: Path, link: bool) -> None:
    placed = copy_photos(photos, tmp_path / "best", link=link)
    assert [path.name for path in placed] == ["IMG_1.JPG", "IMG_1-2.JPG"]
    assert [path.read_bytes() for path in placed] == [b"monday", b"tuesday"]
    assert all(a.samefile(b) is link for a, b in zip(photos, placed, strict=True))
    assert placed[0].stat().st_mtime_ns == photos[0].stat().st_mtime_ns


def test_the_same_again_changes_nothing(photos: list[Path], tmp_path: Path) -> None:
    first = copy_photos(photos, tmp_path / "best")
    assert copy_photos(photos, tmp_path / "best") == first
    assert sorted((tmp_path / "best").iterdir()) == sorted(first)


def test_a_photograph_that_is_gone_is_named(photos: list[Path], tmp_path: Path) -> None:
    photos[1].unlink()
    with pytest.raises(OutputError, match="tuesday"):
        copy_photos(photos, tmp_path / "best")


def test_a_folder_that_cannot_be_is_named(photos: list[Path]) -> None:
    with pytest.raises(OutputError, match="cannot be made"):
        copy_photos(photos, photos[0] / "best")


@pytest.mark.parametrize("link", [False, True])
@pytest.mark.parametrize("there", [True, False])
def test_no_planted_link_is_followed(
    photos: list[Path], tmp_path: Path, link: bool, there: bool
) -> None:
    best, outside = tmp_path / "best", tmp_path / "outside"
    best.mkdir()
    if there:
        outside.write_bytes(b"theirs")
    (best / "IMG_1.JPG").symlink_to(outside)
    (placed,) = copy_photos(photos[:1], best, link=link)
    assert placed.name == "IMG_1-2.JPG"
    assert not placed.is_symlink()
    assert outside.exists() == there
    assert not there or outside.read_bytes() == b"theirs"


def test_a_link_to_the_photograph_is_no_copy(photos: list[Path], tmp_path: Path) -> None:
    best = tmp_path / "best"
    best.mkdir()
    (best / "IMG_1.JPG").symlink_to(photos[0])
    (placed,) = copy_photos(photos[:1], best)
    assert placed.read_bytes() == b"monday"
    assert not placed.samefile(photos[0])
