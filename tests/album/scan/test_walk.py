from __future__ import annotations

import os
from pathlib import Path

import pytest

from goodside.album.scan.walk import walk
from goodside.errors import UnreadableImage


def _names(*folders: Path) -> list[str]:
    return [str(file.path.relative_to(folders[0])) for file in walk(folders).files]


def _touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def test_photographs_raw_files_and_sidecars_in_natural_order(tmp_path: Path) -> None:
    _touch(
        tmp_path, "IMG_10.jpg", "IMG_2.JPG", "b/c.CR3", "IMG_2.xmp", "notes.txt", "jpg", "a/z.png"
    )
    walked = walk([tmp_path])
    assert _names(tmp_path) == ["IMG_2.JPG", "IMG_2.xmp", "IMG_10.jpg", "a/z.png", "b/c.CR3"]
    assert [file.kind for file in walked.files] == ["photo", "sidecar", "photo", "photo", "raw"]
    first, stat = walked.files[0], (tmp_path / "IMG_2.JPG").stat()
    assert (first.stamp.size, first.stamp.mtime_ns) == (1, stat.st_mtime_ns)
    assert first.stamp.inode == stat.st_ino


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    _touch(tmp_path, ".a.jpg", ".cache/b.jpg", "c.jpg")
    assert _names(tmp_path) == ["c.jpg"]


def test_a_folder_is_entered_once_whatever_leads_to_it(tmp_path: Path) -> None:
    album, elsewhere = tmp_path / "album", tmp_path / "elsewhere"
    _touch(album, "real/a.jpg")
    _touch(elsewhere, "b.jpg")
    (album / "0-link").symlink_to(album / "real")
    (album / "real" / "up").symlink_to(album)
    (album / "other").symlink_to(elsewhere)
    (elsewhere / "back").symlink_to(album)
    assert _names(album) == ["real/a.jpg", "other/b.jpg"]
    assert len(walk([album, album / "real", elsewhere]).files) == 2


def test_links_that_lead_nowhere_are_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "self.jpg").symlink_to("self.jpg")
    (tmp_path / "gone.jpg").symlink_to("nowhere.jpg")
    _touch(tmp_path, "here.jpg")
    assert _names(tmp_path) == ["gone.jpg", "here.jpg", "self.jpg"]


def test_names_in_any_encoding(tmp_path: Path) -> None:
    name = os.fsdecode("café.jpg".encode("latin-1"))
    _touch(tmp_path, name, "日本.jpg")
    assert {os.fsencode(file.path.name) for file in walk([tmp_path]).files} == {
        b"caf\xe9.jpg",
        "日本.jpg".encode(),
    }


def test_a_folder_called_like_a_photograph(tmp_path: Path) -> None:
    _touch(tmp_path, "trip.jpg/a.jpg")
    assert _names(tmp_path) == ["trip.jpg/a.jpg"]


def test_a_folder_that_cannot_be_listed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _touch(tmp_path, "locked/a.jpg", "open/b.jpg")
    listed = os.scandir

    def refuse(folder: Path) -> object:
        if Path(folder).name == "locked":
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    walked = walk([tmp_path])
    assert [file.path.name for file in walked.files] == ["b.jpg"]
    ((folder, root, error),) = walked.unreadable
    assert (folder, root) == (tmp_path / "locked", tmp_path)
    assert "Permission denied" in str(error)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    _touch(tmp_path, "a.jpg")
    for wrong in ("nowhere", "a.jpg"):
        with pytest.raises(UnreadableImage, match="no such folder"):
            walk([tmp_path, tmp_path / wrong])
