"""What a scan finds again: unchanged, changed, moved, copied and missing files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.album_kill import snapshot
from goodside.album.catalog import (
    Catalog,
    Rate,
    list_folders,
    list_photos,
    open_catalog,
    verify_originals,
)
from goodside.album.scan import Progress
from tests.album.scan.made import files, photo, quick_scan
from tests.images.made import encode

pytestmark = pytest.mark.both_databases


def test_a_second_scan_reads_nothing(catalog: Catalog, album: Path) -> None:
    quick_scan(catalog, album)
    told: list[Progress] = []
    done = quick_scan(catalog, album, on_progress=told.append)
    assert (done.read, done.unchanged, done.missing) == (0, 3, 0)
    assert told == [Progress(0, 0, 0)]


def test_a_touched_file_is_identified_and_not_decoded(catalog: Catalog, album: Path) -> None:
    quick_scan(catalog, album)
    before = files(catalog)["1.jpg"]
    os.utime(album / "1.jpg", ns=(1, 1))
    assert quick_scan(catalog, album).read == 1
    after = files(catalog)["1.jpg"]
    assert (after.sha256, after.stamp.mtime_ns) == (before.sha256, 1)
    assert quick_scan(catalog, album).unchanged == 3


def test_a_file_edited_in_place_keeps_its_decisions(catalog: Catalog, album: Path) -> None:
    quick_scan(catalog, album)
    old = files(catalog)["1.jpg"].sha256
    assert old is not None
    catalog.decide(Rate(photos=(old,), stars=4))
    with Image.open(album / "1.jpg") as image:
        edited = encode(image.convert("RGB"), "JPEG", quality=70)
    (album / "1.jpg").write_bytes(edited)
    assert quick_scan(catalog, album).read == 1
    now = files(catalog)["1.jpg"]
    assert now.sha256 not in (None, old)
    assert now.first_sha256 == old
    assert catalog.decisions().stars[str(now.sha256)] == 4


def test_moved_renamed_and_exchanged_files_are_not_read(catalog: Catalog, album: Path) -> None:
    quick_scan(catalog, album)
    before = files(catalog)
    (album / "new").mkdir()
    (album / "0.jpg").rename(album / "new" / "zero.jpg")
    (album / "1.jpg").rename(album / "x")
    (album / "2.jpg").rename(album / "1.jpg")
    (album / "x").rename(album / "2.jpg")
    done = quick_scan(catalog, album)
    assert (done.read, done.moved, done.missing) == (0, 3, 1)
    after = files(catalog)
    assert sorted(after) == ["1.jpg", "2.jpg", "zero.jpg"]
    assert after["zero.jpg"].id == before["0.jpg"].id
    assert after["1.jpg"].sha256 == before["2.jpg"].sha256
    assert after["2.jpg"].sha256 == before["1.jpg"].sha256
    with open_catalog(catalog.location) as again:
        assert catalog.decisions() == again.decisions()
    assert quick_scan(catalog, album).unchanged == 3


def test_a_file_moved_to_another_disc_keeps_its_row(catalog: Catalog, album: Path) -> None:
    quick_scan(catalog, album)
    before = files(catalog)["0.jpg"]
    (album / "copy.jpg").write_bytes((album / "0.jpg").read_bytes())
    (album / "0.jpg").unlink()
    assert quick_scan(catalog, album).read == 1
    assert files(catalog)["copy.jpg"].id == before.id


def test_files_that_go_and_come_back(catalog: Catalog, album: Path, tmp_path: Path) -> None:
    quick_scan(catalog, album)
    whole = snapshot(catalog)
    away = tmp_path / "away"
    (album / "1.jpg").rename(away)
    assert quick_scan(catalog, album).missing == 1
    assert files(catalog)["1.jpg"].missing_since is not None
    with catalog.read() as session:
        assert len(list_photos(session)) == 2
    away.rename(album / "1.jpg")
    done = quick_scan(catalog, album)
    assert (done.read, done.moved) == (0, 1)
    assert snapshot(catalog) == whole


def test_copies_are_one_photo(catalog: Catalog, album: Path) -> None:
    (album / "copy.jpg").write_bytes((album / "0.jpg").read_bytes())
    os.link(album / "0.jpg", album / "hard.jpg")
    (album / "soft.jpg").symlink_to(album / "0.jpg")
    quick_scan(catalog, album)
    with catalog.read() as session:
        held = [len(kept.paths) for kept in list_photos(session)]
    assert sorted(held) == [1, 1, 4]


def test_several_folders_in_one_catalog(catalog: Catalog, album: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "o.jpg").write_bytes(photo(8))
    quick_scan(catalog, album)
    assert quick_scan(catalog, other).missing == 0
    with catalog.read() as session:
        assert list_folders(session) == [album, other]
    assert quick_scan(catalog, album, other, other).unchanged == 4


def test_originals_pass_the_proof(catalog: Catalog, album: Path) -> None:
    quick_scan(catalog, album)
    assert verify_originals(catalog).sound
