"""The proof that originals did not change."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from goodside.album.catalog import (
    Catalog,
    FileStamp,
    Verification,
    accept_changes,
    add_folder,
    mark_missing,
    put_file,
    verify_originals,
)
from tests.album.catalog.made import LATER, NOW, fresh

pytestmark = pytest.mark.both_databases

_NAMES = ("1.jpg", "2.jpg", "3.jpg")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    photos = tmp_path / "photos"
    photos.mkdir()
    for name in _NAMES:
        (photos / name).write_bytes(name.encode() * 1000)
    return photos


@pytest.fixture
def catalog(tmp_path: Path, folder: Path) -> Iterator[Catalog]:
    with fresh(tmp_path / "catalog.db") as opened:
        for name in _NAMES:
            _scan(opened, folder / name)
        yield opened


def _scan(catalog: Catalog, path: Path) -> int:
    found = path.stat()
    with catalog.write() as session:
        return put_file(
            session,
            path,
            folder_id=add_folder(session, path.parent, at=NOW),
            stamp=FileStamp(found.st_size, found.st_mtime_ns, found.st_ino),
            sha256=_sha256(path),
            at=NOW,
        )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _flip_one_bit(path: Path) -> None:
    """Change the content and nothing that `stat` tells."""
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_nothing_changed(catalog: Catalog) -> None:
    assert verify_originals(catalog) == Verification(3, (), (), (), (), ())
    assert verify_originals(catalog).sound


def test_one_flipped_bit_is_found(catalog: Catalog, folder: Path) -> None:
    _flip_one_bit(folder / "2.jpg")
    verification = verify_originals(catalog)
    assert (verification.same, verification.sound) == (2, False)
    assert verification.changed == ((folder / "2.jpg", _sha256(folder / "2.jpg")),)


def test_a_scan_after_the_change_does_not_hide_it(catalog: Catalog, folder: Path) -> None:
    _flip_one_bit(folder / "2.jpg")
    _scan(catalog, folder / "2.jpg")
    assert [path for path, _ in verify_originals(catalog).changed] == [folder / "2.jpg"]


def test_missing_moved_and_new(catalog: Catalog, folder: Path) -> None:
    (folder / "1.jpg").unlink()
    (folder / "sub").mkdir()
    (folder / "2.jpg").rename(folder / "sub" / "two.jpg")
    (folder / "sub" / "new.jpg").write_bytes(b"new")
    verification = verify_originals(catalog)
    assert verification == Verification(
        same=1,
        moved=((folder / "2.jpg", folder / "sub" / "two.jpg"),),
        changed=(),
        missing=(folder / "1.jpg",),
        unreadable=(),
        new=(folder / "sub" / "new.jpg",),
    )
    assert not verification.sound


def test_exchanged_names_are_moves(catalog: Catalog, folder: Path) -> None:
    (folder / "1.jpg").rename(folder / "x")
    (folder / "2.jpg").rename(folder / "1.jpg")
    (folder / "x").rename(folder / "2.jpg")
    for _ in range(2):
        verification = verify_originals(catalog)
        assert verification.sound
        assert verification.moved == (
            (folder / "1.jpg", folder / "2.jpg"), (folder / "2.jpg", folder / "1.jpg")
        )  # fmt: skip
        for name in ("1.jpg", "2.jpg"):
            _scan(catalog, folder / name)


def test_one_of_two_copies_that_is_gone_is_missing(catalog: Catalog, folder: Path) -> None:
    (folder / "copy.jpg").write_bytes((folder / "1.jpg").read_bytes())
    _scan(catalog, folder / "copy.jpg")
    (folder / "1.jpg").unlink()
    assert verify_originals(catalog).missing == (folder / "1.jpg",)


def test_what_cannot_be_read_is_told(catalog: Catalog, folder: Path) -> None:
    (folder / "1.jpg").unlink()
    (folder / "1.jpg").mkdir()
    verification = verify_originals(catalog)
    assert verification.unreadable == ((folder / "1.jpg", "Is a directory"),)
    assert not verification.sound


def test_accepted_changes_are_not_told_again(catalog: Catalog, folder: Path) -> None:
    _flip_one_bit(folder / "1.jpg")
    number = _scan(catalog, folder / "2.jpg")
    (folder / "2.jpg").unlink()
    with catalog.write() as session:
        mark_missing(session, [number], at=LATER)
    verification = verify_originals(catalog)
    assert [path for path, _ in verification.changed] == [folder / "1.jpg"]
    assert verification.missing == (folder / "2.jpg",)
    accept_changes(catalog, verification)
    assert verify_originals(catalog) == Verification(2, (), (), (), (), ())
    _flip_one_bit(folder / "1.jpg")
    assert [path for path, _ in verify_originals(catalog).changed] == [folder / "1.jpg"]


def test_verifying_writes_nothing(catalog: Catalog, folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    seen = []

    def watch(files: object) -> Iterator[object]:
        assert isinstance(files, list)
        for file in files:
            seen.append(file.path.name)
            yield file

    verify_originals(catalog, watch=watch)  # type: ignore[arg-type]
    assert seen == list(_NAMES)
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
