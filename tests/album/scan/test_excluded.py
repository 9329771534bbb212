"""What is left out of a scan, and what is there and not read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from goodside.album.catalog import (
    Catalog,
    ExcludeFiles,
    Rate,
    decisions,
    list_failures,
    list_photos,
    remove_folder,
    undo,
    verify_originals,
)
from goodside.album.catalog.decisions import read_decision
from goodside.errors import CatalogError, OutOfRange
from goodside.images import find_photos
from tests.album.catalog.made import NOW
from tests.album.scan.made import files, photo, quick_scan
from tests.special_files import KINDS, alarm, put_special

_DERIVED = (
    "@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg",
    "#recycle/a.jpg",
    "$RECYCLE.BIN/S-1/a.jpg",
    "$Recycle.Bin/a.jpg",
    ".Trash-1000/files/a.jpg",
    "lost+found/a.jpg",
    ".stfolder/a.jpg",
    ".dtrash/files/a.jpg",
    ".thumbnails/large/a.jpg",
    "@Recycle/a.jpg",
    "System Volume Information/a.jpg",
    "Catalog Previews.lrdata/0/a.jpg",
    "Catalog Smart Previews.LRDATA/0/a.dng",
    "Catalog.lrcat-data/a.jpg",
    "CaptureOne/Cache/Thumbnails/a.jpg",
    "captureone/Cache/Previews/a.jpg",
    "Shoot.cocatalog/Cache/Thumbnails/a.jpg",
    "Photos Library.photoslibrary/resources/derivatives/a.jpg",
    "Photos Library.photoslibrary/Thumbnails/a.jpg",
    "Old.aplibrary/Previews/a.jpg",
)
_WANTED = (
    "Photos Library.photoslibrary/originals/0/a.jpg",
    "Old.aplibrary/Masters/a.jpg",
    "Shoot.cocatalog/Originals/a.jpg",
    "Lost+Found/a.jpg",
    "Capture One/a.jpg",
    "recycle/a.jpg",
)


@pytest.fixture(autouse=True)
def never_hangs() -> Iterator[None]:
    with alarm(60):
        yield


def _touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(photo(sum(name.encode())))


def _shown(catalog: Catalog) -> set[str]:
    with catalog.read() as session:
        return {path.name for kept in list_photos(session) for path in kept.paths}


@pytest.mark.parametrize("name", _DERIVED)
def test_what_systems_and_programs_made_is_left_out(tmp_path: Path, name: str) -> None:
    _touch(tmp_path, name, "a.jpg")
    assert list(find_photos([tmp_path])) == [tmp_path / "a.jpg"]
    top = tmp_path / name.split("/", maxsplit=1)[0]
    if not top.suffix:  # asked for by name, it is searched
        assert list(find_photos([top])) == [tmp_path / name]


def test_a_scan_leaves_the_same_out(catalog: Catalog, tmp_path: Path) -> None:
    home = tmp_path / "home"
    _touch(home, *_DERIVED, *_WANTED)
    found = list(find_photos([home]))
    assert sorted(str(path.relative_to(home)) for path in found) == sorted(_WANTED)
    assert quick_scan(catalog, home).read == len(_WANTED)
    assert sorted(files(catalog)) == ["a.jpg"]


def test_patterns_kept_with_the_folder(catalog: Catalog, album: Path) -> None:
    _touch(album, "exports/e.jpg", "sub/exports/f.jpg", "sub/keep.jpg", "raw/r.jpg")
    catalog.decide(ExcludeFiles.of(album, ["exports/", "/raw/**", "[01].jpg", "!1.jpg"]))
    assert quick_scan(catalog, album).read == 3
    assert _shown(catalog) == {"1.jpg", "2.jpg", "keep.jpg"}
    undo(catalog, at=NOW)
    assert quick_scan(catalog, album).read == 4


def test_a_folder_of_another_program_may_be_wanted(catalog: Catalog, album: Path) -> None:
    _touch(album, "CaptureOne/c.jpg")
    catalog.decide(ExcludeFiles.of(album, ["!CaptureOne/"]))
    assert quick_scan(catalog, album).read == 4


def test_what_is_left_out_by_now_keeps_its_decisions(catalog: Catalog, album: Path) -> None:
    _touch(album, "exports/e.jpg")
    quick_scan(catalog, album)
    sha = str(files(catalog)["e.jpg"].sha256)
    catalog.decide(Rate(photos=(sha,), stars=5))
    catalog.decide(ExcludeFiles.of(album, ["exports"]))
    done = quick_scan(catalog, album)
    assert (done.left_out, done.missing, done.unchanged) == (1, 0, 3)
    assert _shown(catalog) == {"0.jpg", "1.jpg", "2.jpg"}
    assert quick_scan(catalog, album).left_out == 0
    verdict = verify_originals(catalog)
    assert (verdict.sound, verdict.same, verdict.new) == (True, 4, ())
    catalog.decide(ExcludeFiles.of(album, []))
    done = quick_scan(catalog, album)
    assert (done.read, done.moved) == (0, 1)
    assert catalog.decisions().stars == {sha: 5}
    assert "e.jpg" in _shown(catalog)


def test_nothing_new_is_told_of_what_is_left_out(catalog: Catalog, album: Path) -> None:
    _touch(album, "exports/e.jpg", "@eaDir/0.jpg")
    catalog.decide(ExcludeFiles.of(album, ["exports"]))
    quick_scan(catalog, album)
    assert verify_originals(catalog).new == ()


def test_goodsideignore(catalog: Catalog, tmp_path: Path) -> None:
    home = tmp_path / "home"
    _touch(home, "a.jpg", "b.png", "exports/x.jpg", "sub/c.jpg", "sub/d.png", "sub/deep/d.png")
    (home / ".goodsideignore").write_bytes(b"\xef\xbb\xbf# mine\r\n*.png\r\n/exports/\r\n")
    (home / "sub" / ".goodsideignore").write_text("!/d.png\n")
    wanted = {"a.jpg", "sub/c.jpg", "sub/d.png"}
    assert {str(path.relative_to(home)) for path in find_photos([home])} == wanted
    assert quick_scan(catalog, home).read == 3
    (home / "sub" / "deep" / "e.jpg").write_bytes(photo(77))
    (home / ".goodsideignore").unlink()
    assert quick_scan(catalog, home).read == 4


def test_folder_patterns_go_before_files(tmp_path: Path) -> None:
    _touch(tmp_path, "a.jpg", "b.jpg")
    (tmp_path / ".goodsideignore").write_text("!a.jpg\n")
    assert list(find_photos([tmp_path], exclude=["a.jpg"])) == [tmp_path / "b.jpg"]


@pytest.mark.parametrize("kind", [*KINDS, "large"])
def test_a_goodsideignore_that_cannot_be_read(catalog: Catalog, album: Path, kind: str) -> None:
    _touch(album, "inner/i.jpg", "other/o.jpg")
    quick_scan(catalog, album)
    path = album / "inner" / ".goodsideignore"
    if kind == "large":
        path.write_bytes(b"x\n" * 60_000)
    else:
        put_special(path, kind)
    done = quick_scan(catalog, album)
    (failure,) = done.failed
    assert failure.path == album / "inner"
    assert ".goodsideignore cannot be read" in failure.message
    assert (done.missing, done.unchanged) == (0, 4)
    assert "i.jpg" in _shown(catalog)


def test_patterns_that_are_none(tmp_path: Path) -> None:
    for wrong in ("", "x" * 1001, os.fsdecode(b"caf\xe9")):
        with pytest.raises(OutOfRange, match="no pattern"):
            ExcludeFiles.of(tmp_path, [wrong])
    odd = Path(os.fsdecode(b"/caf\xe9"))
    decided = ExcludeFiles.of(odd, ["*.png"])
    payload = decided.model_dump(mode="json", exclude={"kind"})
    assert read_decision("exclude", payload) == decided
    assert decided.folder == odd


def test_pictures_that_are_not_read_are_counted(catalog: Catalog, album: Path) -> None:
    for name in ("a.jxl", "b.JXL", "c.jp2", "d.psd", "e.svg", "f.mp4", "notes.txt", ".g.jxl"):
        (album / name).write_bytes(b"x")
    done = quick_scan(catalog, album)
    assert done.not_read == {"JPEG XL": 2, "JPEG 2000": 1, "Photoshop": 1, "SVG": 1, "video": 1}
    assert (done.failed, done.empty) == ((), ())


def test_folders_in_which_there_is_nothing(catalog: Catalog, album: Path, tmp_path: Path) -> None:
    for name in ("none", "others"):
        (tmp_path / name).mkdir()
    (tmp_path / "others" / "a.jxl").write_bytes(b"x")
    (tmp_path / "others" / "a.jxl.xmp").write_text("<x/>")
    done = quick_scan(catalog, tmp_path / "none", album, tmp_path / "others", album)
    assert done.empty == (tmp_path / "none", tmp_path / "others")
    (album / "inner").mkdir()
    _touch(album, "inner/i.jpg")
    assert quick_scan(catalog, album, album / "inner").empty == ()


def test_without_the_optional_decoder_and_with_it(
    catalog: Catalog, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Path(__file__).parents[2] / "images" / "data" / "upright.heic"
    (album / "phone.heic").write_bytes(data.read_bytes())
    with monkeypatch.context() as absent:
        absent.setitem(__import__("sys").modules, "pi_heif", None)
        absent.setattr("goodside.images.decoding.extras.find_spec", lambda _: None)
        done = quick_scan(catalog, album)
        assert [failure.kind for failure in done.failed] == ["UnsupportedImage"]
        assert quick_scan(catalog, album).passed_over == 1
    assert quick_scan(catalog, album).read == 1
    with catalog.read() as session:
        assert list_failures(session) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_scan_of_what_is_no_file(catalog: Catalog, album: Path, kind: str) -> None:
    for name in ("0.jpg.xmp", "1.xmp", ".picasa.ini", "pipe.jpg", "raw.cr3", "video.mp4"):
        put_special(album / name, kind)
    done = quick_scan(catalog, album)
    refused = {failure.path.name for failure in done.failed}
    assert done.read == 3
    assert {"pipe.jpg", "raw.cr3"} - refused == (
        {"pipe.jpg", "raw.cr3"} if kind == "folder" else set()
    )
    assert quick_scan(catalog, album).unchanged == 3


def test_removing_a_folder(catalog: Catalog, album: Path, tmp_path: Path) -> None:
    _touch(tmp_path / "other", "o.jpg")
    quick_scan(catalog, album, tmp_path / "other")
    sha = str(files(catalog)["0.jpg"].sha256)
    catalog.decide(Rate(photos=(sha,), stars=5))
    with catalog.write() as session:
        assert remove_folder(session, album) == 3
        assert decisions(session).stars == {sha: 5}
    catalog.check()
    assert _shown(catalog) == {"o.jpg"}
    with catalog.write() as session, pytest.raises(CatalogError, match="not in the catalog"):
        remove_folder(session, album)
    assert quick_scan(catalog, album).read == 3


def test_patterns_of_a_folder_hold_whichever_folder_is_scanned(
    catalog: Catalog, tmp_path: Path
) -> None:
    top = tmp_path / "album"
    day = top / "day"
    for path in (
        top / "a.jpg",
        top / "a.png",
        day / "b.jpg",
        day / "b.png",
        day / "deep" / "c.png",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(photo(len(path.parts) + len(path.suffix) + ord(path.stem)))
    catalog.decide(ExcludeFiles.of(top, ["*.png", "day/deep/"]))
    quick_scan(catalog, day)
    assert {Path(path).name for path in files(catalog)} == {"b.jpg"}
    catalog.decide(ExcludeFiles.of(day, ["*.jpg", "!b.png"]))
    quick_scan(catalog, top)
    with catalog.read() as session:
        there = {one.paths[0].name for one in list_photos(session) if one.paths}
    assert {"a.jpg", "b.png"} <= there
    assert there.isdisjoint({"a.png", "c.png"})
