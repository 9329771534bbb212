"""Files and folders that cannot be used, and scans that are stopped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.album_kill import snapshot
from goodside.album.album_photo import read_album_photos
from goodside.album.catalog import (
    Catalog,
    FileStamp,
    list_failures,
    list_photos,
    open_catalog,
)
from goodside.album.picks import PickCriteria, Ranking
from goodside.album.scan import Progress, Setup
from goodside.errors import UnreadableImage
from goodside.images import Limits
from tests.album.scan.made import files, photo, quick_scan
from tests.images.made import png_header


def test_failures_are_kept_told_once_and_tried_again(catalog: Catalog, album: Path) -> None:
    broken = {
        "cut.jpg": photo(9)[:600],
        "text.jpg": b"hello",
        "empty.jpg": b"",
        "bomb.png": png_header(40_000, 40_000),
    }
    for name, data in broken.items():
        (album / name).write_bytes(data)
    (album / "nowhere.jpg").symlink_to("gone")
    os.mkfifo(album / "pipe.jpg")
    done = quick_scan(catalog, album)
    assert done.read == 3
    assert {failure.path.name: failure.kind for failure in done.failed} == {
        **dict.fromkeys(("cut.jpg", "text.jpg", "empty.jpg"), "UnreadableImage"),
        **dict.fromkeys(("nowhere.jpg", "pipe.jpg"), "UnreadableImage"),
        "bomb.png": "ImageTooLarge",
    }
    done = quick_scan(catalog, album)
    assert (done.read, done.failed, done.passed_over) == (0, (), 6)
    (album / "text.jpg").write_bytes(photo(10))
    assert (quick_scan(catalog, album).read, len(files(catalog))) == (1, 9)
    done = quick_scan(catalog, album, retry=True)
    assert (done.read, len(done.failed)) == (0, 5)
    with catalog.read() as session:
        assert {failure.attempts for failure in list_failures(session)} == {2}
    (album / "pipe.jpg").unlink()
    quick_scan(catalog, album)
    with catalog.read() as session:
        assert len(list_failures(session)) == 4


def test_limits_hold(catalog: Catalog, album: Path) -> None:
    setup = Setup(limits=Limits(max_megapixels=0.001))
    done = quick_scan(catalog, album, setup=setup)
    assert [failure.kind for failure in done.failed] == ["ImageTooLarge"] * 3
    assert quick_scan(catalog, album, retry=True).read == 3


def test_a_file_that_changes_while_it_is_read(
    catalog: Catalog, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps = iter([FileStamp(1, 1, 1), FileStamp(2, 2, 1)])
    monkeypatch.setattr("goodside.album.scan.analyzer._stamp", lambda _: next(stamps))
    only = album / "only"
    only.mkdir()
    (album / "0.jpg").rename(only / "0.jpg")
    (failure,) = quick_scan(catalog, only).failed
    assert "changed while it was read" in failure.message


def test_names_in_any_encoding(catalog: Catalog, album: Path) -> None:
    name = os.fsdecode(b"caf\xe9.jpg")
    (album / name).write_bytes(photo(5))
    (album / os.fsdecode(b"br\xf6ken.jpg")).write_bytes(b"x")
    done = quick_scan(catalog, album)
    assert files(catalog)[name].sha256
    assert [os.fsencode(failure.path.name) for failure in done.failed] == [b"br\xf6ken.jpg"]
    assert quick_scan(catalog, album).unchanged == 4


def test_a_folder_that_cannot_be_read_loses_nothing(
    catalog: Catalog, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = album / "inner"
    inner.mkdir()
    (album / "0.jpg").rename(inner / "0.jpg")
    quick_scan(catalog, album)
    listed = os.scandir

    def refuse(folder: Path) -> object:
        if folder == inner:
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    with monkeypatch.context() as locked:
        locked.setattr(os, "scandir", refuse)
        done = quick_scan(catalog, album)
    assert [failure.path for failure in done.failed] == [inner]
    assert files(catalog)["0.jpg"].missing_since is None
    assert quick_scan(catalog, album).unchanged == 3
    with catalog.read() as session:
        assert list_failures(session) == []


def test_a_missing_folder_changes_nothing(catalog: Catalog, album: Path) -> None:
    quick_scan(catalog, album)
    before = snapshot(catalog)
    with pytest.raises(UnreadableImage, match="no such folder"):
        quick_scan(catalog, album, album / "nowhere")
    assert snapshot(catalog) == before


def test_stopped_in_the_middle_it_goes_on(catalog: Catalog, album: Path, tmp_path: Path) -> None:
    told: list[Progress] = []
    done = quick_scan(catalog, album, stop=lambda: len(told) > 2, on_progress=told.append)
    assert (done.read, done.stopped) == (2, True)
    done = quick_scan(catalog, album)
    assert (done.read, done.unchanged, done.stopped) == (1, 2, False)
    with open_catalog(tmp_path / "whole.db") as whole:
        quick_scan(whole, album)
        assert snapshot(catalog) == snapshot(whole)


def test_a_photograph_cut_short_is_read_noted_and_never_picked(
    catalog: Catalog, album: Path
) -> None:
    whole = photo(9, size=(320, 240))
    (album / "half.jpg").write_bytes(whole[: len(whole) // 2])
    (album / "no-end.jpg").write_bytes(photo(10)[:-2])
    done = quick_scan(catalog, album)
    assert (done.read, done.failed) == (5, ())
    ((path, why),) = done.incomplete
    assert path == album / "half.jpg"
    assert "cut short: the upper" in why
    with catalog.read() as session:
        facts = {shot.paths[0].name: shot.facts for shot in list_photos(session)}
    assert {name for name, told in facts.items() if told.incomplete} == {"half.jpg"}
    assert facts["half.jpg"].notes == why
    assert facts["no-end.jpg"].notes == "it has no end marker"
    picked = {
        pick.shot.photo.paths[0].name
        for pick in Ranking(read_album_photos(catalog)).best(PickCriteria())
    }
    assert "no-end.jpg" in picked
    assert "half.jpg" not in picked
    assert quick_scan(catalog, album).incomplete == ()


def test_want_of_memory_fails_one_photograph_until_there_is_enough(
    catalog: Catalog, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def grow(*_: object, **__: object) -> None:
        raise MemoryError

    with monkeypatch.context() as small:
        small.setattr("goodside.album.scan.analyzer.measure_technical_quality", grow)
        done = quick_scan(catalog, album)
    assert [failure.kind for failure in done.failed] == ["OutOfMemory"] * 3
    done = quick_scan(catalog, album)
    assert (done.read, done.failed, done.passed_over) == (3, (), 0)
    with catalog.read() as session:
        assert list_failures(session) == []
