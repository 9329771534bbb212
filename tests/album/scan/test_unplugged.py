"""Discs that are unplugged, before a scan and in the middle of it; files that cannot be reached."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.album_kill import snapshot
from goodside.album.catalog import Catalog, Rate, list_failures, list_photos, open_catalog
from goodside.album.scan import Progress
from goodside.errors import UnreadableImage
from tests.album.scan.made import files, photo, quick_scan

_THEIRS = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="2"/>
</rdf:RDF></x:xmpmeta>"""


@pytest.fixture
def disc(tmp_path: Path) -> Path:
    """A second folder, which can be unplugged."""
    folder = tmp_path / "disc"
    for number in range(4):
        path = folder / f"day {number // 2}" / f"d{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(photo(100 + number))
    return folder


def _whole(tmp_path: Path, *folders: Path) -> dict[str, Any]:
    """The catalog of a scan that nothing disturbs."""
    with open_catalog(tmp_path / "whole.db") as catalog:
        quick_scan(catalog, *folders)
        return snapshot(catalog)


def _after(count: int, do: Callable[[], object]) -> Callable[[Progress], None]:
    """Do it once so many files were read."""

    def told(at: Progress) -> None:
        if at.done == count:
            do()

    return told


@pytest.mark.parametrize("leaves_mount_point", [False, True], ids=["folder gone", "folder empty"])
def test_unplugged_in_the_middle(
    catalog: Catalog, album: Path, disc: Path, tmp_path: Path, leaves_mount_point: bool
) -> None:
    whole = _whole(tmp_path, album, disc)
    away = tmp_path / "away"

    def unplug() -> None:
        disc.rename(away)
        if leaves_mount_point:
            disc.mkdir()

    done = quick_scan(catalog, disc, album, on_progress=_after(2, unplug))
    assert (done.read, done.unreached, done.stopped) == (2 + 3, 2, False)
    (failure,) = done.failed
    assert failure.path == disc
    assert "went away during the scan; 2 files in it were not read" in failure.message
    again = quick_scan(catalog, disc, album)
    assert [failure.path for failure in again.failed] == [disc]
    assert (again.unchanged, again.missing) == (3, 0)
    if leaves_mount_point:
        disc.rmdir()
    away.rename(disc)
    back = quick_scan(catalog, album, disc)
    assert (back.read, back.failed, back.unchanged, back.missing) == (2, (), 5, 0)
    assert quick_scan(catalog, album, disc).unchanged == 7
    assert _without_folders(snapshot(catalog)) == _without_folders(whole)


def _without_folders(told: dict[str, Any]) -> dict[str, Any]:
    """What a catalog holds, but for the notes that folders were once unreadable."""
    files = {path: row for path, row in told["files"].items() if row[0] != "folder"}
    return {**told, "files": files}


def test_a_folder_inside_that_goes_away(catalog: Catalog, disc: Path, tmp_path: Path) -> None:
    take = lambda: (disc / "day 1").rename(tmp_path / "away")  # noqa: E731
    done = quick_scan(catalog, disc, on_progress=_after(1, take))
    assert [failure.path for failure in done.failed] == [disc / "day 1"]
    assert (done.read, done.unreached) == (2, 2)
    (tmp_path / "away").rename(disc / "day 1")
    assert (quick_scan(catalog, disc).read, quick_scan(catalog, disc).unchanged) == (2, 4)
    with catalog.read() as session:
        assert list_failures(session) == []


def test_one_unplugged_folder_never_stops_the_others(
    catalog: Catalog, album: Path, disc: Path, tmp_path: Path
) -> None:
    quick_scan(catalog, album, disc)
    before = snapshot(catalog)
    sha = str(files(catalog)["d0.jpg"].sha256)
    catalog.decide(Rate(photos=(sha,), stars=5))
    disc.rename(tmp_path / "away")
    (album / "new.jpg").write_bytes(photo(50))
    for _ in range(2):  # it is told by every scan
        done = quick_scan(catalog, disc, album)
        assert [failure.path for failure in done.failed] == [disc]
        assert "there is no such folder now" in done.failed[0].message
        assert "album folders --remove" in done.failed[0].message
        assert done.missing == 0
    assert len(files(catalog)) == 3 + 1 + 4 + 1
    assert files(catalog)["d0.jpg"].missing_since is None
    (album / "new.jpg").unlink()
    (tmp_path / "away").rename(disc)
    done = quick_scan(catalog, disc, album)
    assert (done.read, done.failed, done.unchanged) == (0, (), 7)
    assert catalog.decisions().stars == {sha: 5}
    assert snapshot(catalog)["faces"] == before["faces"]


def test_a_part_of_a_scanned_folder_that_is_not_there(
    catalog: Catalog, album: Path, disc: Path, tmp_path: Path
) -> None:
    quick_scan(catalog, disc)
    disc.rename(tmp_path / "away")
    done = quick_scan(catalog, disc / "day 1", album)
    assert [failure.path for failure in done.failed] == [disc / "day 1"]
    assert done.read == 3


def test_a_folder_that_was_never_scanned_is_a_mistake(catalog: Catalog, album: Path) -> None:
    with pytest.raises(UnreadableImage, match="no such folder"):
        quick_scan(catalog, album, album / "nowhere")
    assert files(catalog) == {}


def test_an_empty_mount_point_is_no_empty_album(
    catalog: Catalog, album: Path, disc: Path, tmp_path: Path
) -> None:
    quick_scan(catalog, album, disc)
    disc.rename(tmp_path / "away")
    disc.mkdir()
    done = quick_scan(catalog, album, disc)
    assert [failure.path for failure in done.failed] == [disc]
    assert "it is empty, and 4 files lay in it" in done.failed[0].message
    assert (done.missing, done.unchanged) == (0, 3)
    with catalog.read() as session:
        assert len(list_photos(session)) == 7


def test_a_folder_emptied_by_moving_its_files(catalog: Catalog, album: Path, disc: Path) -> None:
    quick_scan(catalog, album, disc)
    for path in sorted(disc.iterdir()):
        path.rename(album / path.name)
    done = quick_scan(catalog, album, disc)
    assert (done.failed, done.missing, done.moved) == ((), 4, 4)
    assert done.empty == (disc,)


def test_a_file_that_is_deleted_between_walk_and_read(catalog: Catalog, album: Path) -> None:
    done = quick_scan(catalog, album, on_progress=_after(1, (album / "2.jpg").unlink))
    assert [failure.path.name for failure in done.failed] == ["2.jpg"]
    assert (done.read, done.unreached) == (2, 0)
    again = quick_scan(catalog, album)
    assert (again.failed, again.passed_over, again.unchanged) == ((), 0, 2)


def test_a_file_that_vanished_for_a_moment_is_tried_again(
    catalog: Catalog, album: Path, tmp_path: Path
) -> None:
    take = lambda: (album / "2.jpg").rename(tmp_path / "2.jpg")  # noqa: E731
    assert len(quick_scan(catalog, album, on_progress=_after(1, take)).failed) == 1
    (tmp_path / "2.jpg").rename(album / "2.jpg")  # with the stamp it had
    assert (quick_scan(catalog, album).read, quick_scan(catalog, album).unchanged) == (1, 3)


def test_a_file_that_may_not_be_read_is_tried_by_every_scan(
    catalog: Catalog, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def refuse(path: Any, *arguments: int, **options: int) -> int:
        if str(path).endswith("1.jpg"):
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments, **options)

    with monkeypatch.context() as locked:
        locked.setattr(os, "open", refuse)  # root may read everything, so file modes do not do
        for attempts in (1, 2):
            done = quick_scan(catalog, album)
            assert [failure.path.name for failure in done.failed] == ["1.jpg"]
            assert (done.failed[0].attempts, done.passed_over) == (attempts, 0)
    assert (quick_scan(catalog, album).read, quick_scan(catalog, album).unchanged) == (1, 3)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_modes_of_files_and_folders(catalog: Catalog, album: Path, disc: Path) -> None:
    (album / "1.jpg").chmod(0)
    (disc / "day 0").chmod(0)
    try:
        done = quick_scan(catalog, album, disc)
        names = sorted(failure.path.name for failure in done.failed)
        assert (names, done.read) == (["1.jpg", "day 0"], 4)
    finally:
        (album / "1.jpg").chmod(0o644)
        (disc / "day 0").chmod(0o755)
    assert (quick_scan(catalog, album, disc).read, quick_scan(catalog, album, disc).unchanged) == (
        3,
        7,
    )


def test_a_known_file_that_cannot_be_reached_keeps_what_is_known(
    catalog: Catalog, album: Path, tmp_path: Path
) -> None:
    quick_scan(catalog, album)
    sha = files(catalog)["1.jpg"].sha256
    os.utime(album / "1.jpg", ns=(1, 1))
    take = lambda: (album / "1.jpg").rename(tmp_path / "1.jpg")  # noqa: E731
    done = quick_scan(catalog, album, on_progress=_after(0, take))
    assert [failure.path.name for failure in done.failed] == ["1.jpg"]
    assert files(catalog)["1.jpg"].sha256 == sha
    (tmp_path / "1.jpg").rename(album / "1.jpg")
    assert (quick_scan(catalog, album).read, quick_scan(catalog, album).unchanged) == (1, 3)


def test_sidecars_of_a_disc_that_goes_away_are_heeded_when_it_is_back(
    catalog: Catalog, disc: Path, tmp_path: Path
) -> None:
    quick_scan(catalog, disc)
    (disc / "day 0" / "d0.jpg.xmp").write_text(_THEIRS)
    (disc / "day 1" / "d9.jpg").write_bytes(photo(9))
    take = lambda: disc.rename(tmp_path / "away")  # noqa: E731
    done = quick_scan(catalog, disc, on_progress=_after(1, take))
    assert (done.decisions_noted, done.sidecars) == (0, 0)
    (tmp_path / "away").rename(disc)
    assert quick_scan(catalog, disc).decisions_noted == 1
    assert quick_scan(catalog, disc).sidecars == 0


def test_in_worker_processes(catalog: Catalog, album: Path, disc: Path, tmp_path: Path) -> None:
    take = lambda: disc.rename(tmp_path / "away")  # noqa: E731
    done = quick_scan(catalog, disc, album, workers=1, on_progress=_after(1, take))
    assert [failure.path for failure in done.failed] == [disc]
    assert done.read + done.unreached == 7
    (tmp_path / "away").rename(disc)
    assert quick_scan(catalog, disc, album).read == done.unreached
    assert quick_scan(catalog, disc, album).unchanged == 7


def test_too_few_descriptors_are_no_unplugged_disc(
    catalog: Catalog, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def full(path: Any, *arguments: int, **options: int) -> int:
        if str(path).endswith(".jpg"):
            narrow.setattr(os, "scandir", fail)
            fail(path)
        return real(path, *arguments, **options)

    def fail(_: object) -> None:
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as narrow:
        narrow.setattr(os, "open", full)
        done = quick_scan(catalog, album)
    assert len(done.failed) == 3
    assert all("too many files are open" in failure.message for failure in done.failed)
    assert quick_scan(catalog, album).read == 3


def test_a_link_to_a_disc_that_is_unplugged(catalog: Catalog, album: Path, disc: Path) -> None:
    (album / "link.jpg").symlink_to(disc / "day 0" / "d0.jpg")
    quick_scan(catalog, album)
    away = disc.with_name("away")
    disc.rename(away)
    done = quick_scan(catalog, album)
    assert [failure.path.name for failure in done.failed] == ["link.jpg"]
    assert quick_scan(catalog, album).passed_over == 1  # nothing changed about the link
    shutil.copytree(away, disc)
    assert (quick_scan(catalog, album).read, quick_scan(catalog, album).unchanged) == (1, 4)
