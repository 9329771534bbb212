"""Expanding files and folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodside.errors import ImageError, UnreadableImage
from goodside.images import find_photos
from goodside.images.finding.find import natural_key


@pytest.fixture
def album(tmp_path: Path) -> Path:
    for name in (
        "IMG_10.jpg",
        "IMG_2.JPG",
        "img_1.jpeg",
        "notes.txt",
        ".hidden.jpg",
        "scan.TIFF",
        "raw.NEF",
        "phone.heic",
        "trip 12/b.png",
        "trip 3/a.webp",
        "trip 3/.thumbnails/t.jpg",
        "trip 3/deep/er/z.avif",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def _names(found: Iterator[Path], album: Path) -> list[str]:
    return [path.relative_to(album).as_posix() for path in found]


def test_natural_order_files_before_folders(album: Path) -> None:
    assert _names(find_photos([album]), album) == [
        "img_1.jpeg",
        "IMG_2.JPG",
        "IMG_10.jpg",
        "phone.heic",
        "raw.NEF",
        "scan.TIFF",
        "trip 3/a.webp",
        "trip 3/deep/er/z.avif",
        "trip 12/b.png",
    ]


def test_not_recursive(album: Path) -> None:
    found = _names(find_photos([album], recursive=False), album)
    assert found[-1] == "scan.TIFF"
    assert len(found) == 6


def test_named_files_always(album: Path) -> None:
    named: list[str | Path] = [str(album / "notes.txt"), album / ".hidden.jpg", album / "gone.jpg"]
    assert list(find_photos(named)) == [Path(path) for path in named]


def test_each_once_in_the_order_given(album: Path) -> None:
    first = album / "IMG_10.jpg"
    again = album / "trip 3" / ".." / "IMG_10.jpg"
    found = list(find_photos([first, again, album, album]))
    assert found[0] == first
    assert len(found) == 9
    assert len({path.resolve() for path in found}) == 9


def test_links(album: Path) -> None:
    (album / "trip 3" / "up").symlink_to(album)  # a loop
    (album / "same.jpg").symlink_to(album / "IMG_2.JPG")
    (album / "broken.jpg").symlink_to(album / "nowhere")
    elsewhere = album / "trip 12" / "elsewhere"
    elsewhere.symlink_to(album / "trip 3" / "deep")
    found = _names(find_photos([album]), album)
    assert "broken.jpg" in found  # reading it tells that it is broken
    assert sum(name in ("same.jpg", "IMG_2.JPG") for name in found) == 1
    assert len(found) == 10


def test_unreadable_folder(album: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def refuse(path: Path) -> Any:
        if Path(path).name == "trip 3":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)  # root may read everything
    told: list[ImageError] = []
    found = _names(find_photos([album], on_error=told.append), album)
    assert len(found) == 7
    assert [error.path for error in told] == [str(album / "trip 3")]
    assert "Permission denied" in str(told[0])
    with pytest.raises(UnreadableImage, match="cannot be read"):
        list(find_photos([album]))


def test_empty_folder_and_nothing(tmp_path: Path) -> None:
    assert list(find_photos([tmp_path])) == []
    assert list(find_photos([])) == []


def test_lazy(album: Path) -> None:
    found = find_photos([album, album / "gone" / "x.jpg"])
    assert next(found).name == "img_1.jpeg"


@given(st.lists(st.text(max_size=12), max_size=8, unique_by=natural_key))
def test_natural_key_orders_any_names(names: list[str]) -> None:
    assert sorted(names, key=natural_key) == sorted(set(names), key=natural_key)


def test_natural_key_reads_numbers() -> None:
    names = ["b1", "a10", "a9", "A08", "a", "10", "9"]
    assert sorted(names, key=natural_key) == ["9", "10", "a", "A08", "a9", "a10", "b1"]
