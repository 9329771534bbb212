from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.album_kill import contents, snapshot
from goodside.album.catalog import (
    Catalog,
    FileStamp,
    ForgetPerson,
    Rate,
    list_faces,
    list_failures,
    list_folders,
    list_photos,
    note_sidecars,
    open_catalog,
    read_crops,
    read_face_vectors,
    read_thumbnails,
    read_vectors,
    verify_originals,
)
from goodside.album.scan import Progress, Setup, scan, switch_faces
from goodside.errors import UnreadableImage
from goodside.images import Limits
from goodside.images.sidecar import write_sidecar
from goodside.images.xmp.content import SidecarContent
from tests.album.catalog.made import NOW
from tests.album.scan.made import EXAMPLES, files, photo, quick_scan
from tests.images.made import encode, png_header

_THEIRS = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="2"
  xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:DateTimeOriginal="2019-08-07T06:05:04"/>
</rdf:RDF></x:xmpmeta>"""


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with open_catalog(tmp_path / "catalog.db") as opened:
        yield opened


@pytest.fixture
def album(tmp_path: Path) -> Path:
    folder = tmp_path / "album"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.jpg").write_bytes(photo(number))
    return folder


def test_what_is_kept_of_a_photograph(catalog: Catalog, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0110] = 6, "Canon", "Canon EOS R5"
    exif.get_ifd(0x8769)[0x9003] = "2024:05:06 07:08:09"
    album = tmp_path / "album"
    album.mkdir()
    (album / "a.jpg").write_bytes(photo(size=(1000, 700), exif=exif.tobytes()))
    before = contents(album)
    done = quick_scan(catalog, album)
    assert (done.read, done.failed, done.stopped) == (1, (), False)
    with catalog.read() as session:
        (kept,) = list_photos(session)
        (thumbnail,) = read_thumbnails(session, [kept.id]).values()
        vectors = read_vectors(session)[1]
    facts = kept.facts
    assert (facts.width, facts.height, facts.orientation) == (700, 1000, 6)
    assert (facts.camera, str(facts.taken_at)) == ("Canon EOS R5", "2024-05-06 07:08:09")
    assert facts.phash
    assert 0.3 < (facts.brightness or 0) < 0.7
    assert kept.judged is not None
    assert 1 < kept.judged.aesthetic.score < 10
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1], abs=1e-3)
    (album / "thumb").write_bytes(thumbnail)
    with Image.open(album / "thumb") as small:
        assert small.size == (336, 480)
    assert contents(album).items() >= before.items()


def test_a_face_is_found_measured_and_cut_out(catalog: Catalog, tmp_path: Path) -> None:
    album = tmp_path / "album"
    shutil.copytree(EXAMPLES / "faces", album)
    quick_scan(catalog, album, faces=True)
    with catalog.read() as session:
        (face,) = list_faces(session)
        vectors = read_face_vectors(session, "plain")[1]
        (crop,) = read_crops(session, [face.id]).values()
    assert face.box.width == pytest.approx(93, abs=8)
    assert face.eyes_open is not None
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1], abs=1e-3)
    (tmp_path / "crop").write_bytes(crop)
    with Image.open(tmp_path / "crop") as small:
        assert small.size == (160, 160)


def test_boxes_are_in_pixels_of_the_whole_picture(catalog: Catalog, tmp_path: Path) -> None:
    album = tmp_path / "album"
    album.mkdir()
    with Image.open(EXAMPLES / "faces" / "astronaut.jpg") as image:
        large = Image.new("RGB", (2400, 2400), (90, 110, 100))
        large.paste(image.convert("RGB").resize((1024, 1024)), (1200, 1000))
    (album / "large.jpg").write_bytes(encode(large, "JPEG", quality=90))
    quick_scan(catalog, album, faces=True)
    with catalog.read() as session:
        (face,) = list_faces(session)
    assert face.box.left == pytest.approx(1200 + 2 * 178, abs=12)
    assert face.box.top == pytest.approx(1000 + 2 * 69, abs=12)
    assert face.points[:, 0].mean() == pytest.approx((face.box.left + face.box.right) / 2, abs=25)


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
    assert catalog.decisions() == open_catalog(catalog.path).decisions()
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


def test_pairs_and_sidecars(catalog: Catalog, album: Path) -> None:
    (album / "0.cr3").write_bytes(b"raw pixels")
    (album / "0.xmp").write_text("<x/>")
    (album / "1.jpg.xmp").write_text("<x/>")
    quick_scan(catalog, album)
    known = files(catalog)
    assert known["0.cr3"].main_id == known["0.xmp"].main_id == known["0.jpg"].id
    assert known["1.jpg.xmp"].main_id == known["1.jpg"].id
    assert (known["0.cr3"].measured_by, known["0.cr3"].sha256 is None) == (None, False)
    assert (known["0.xmp"].role, known["0.jpg"].role) == ("sidecar", "photo")
    assert quick_scan(catalog, album).unchanged == 4
    (album / "0.jpg").unlink()
    done = quick_scan(catalog, album)  # the raw file now stands for itself, and is none
    assert [failure.path.name for failure in done.failed] == ["0.cr3"]
    assert files(catalog)["0.cr3"].main_id is None


def test_a_sidecar_that_changed_is_heeded_and_the_photograph_not_read(
    catalog: Catalog, album: Path
) -> None:
    quick_scan(catalog, album)
    (album / "0.xmp").write_text(_THEIRS)
    done = quick_scan(catalog, album)
    assert (done.read, done.unchanged, done.sidecars, done.told) == (0, 3, 1, 1)
    sha = str(files(catalog)["0.jpg"].sha256)
    assert catalog.decisions().stars == {sha: 2}
    with catalog.read() as session:
        taken = {one.sha256: one.facts.taken_at for one in list_photos(session)}
    assert taken[sha] == datetime(2019, 8, 7, 6, 5, 4)
    again = quick_scan(catalog, album)
    assert (again.sidecars, again.told) == (0, 0)


def test_sidecars_of_ours_say_nothing_new(catalog: Catalog, album: Path) -> None:
    quick_scan(catalog, album)
    photo_path = album / "0.jpg"
    (said,) = write_sidecar(photo_path, SidecarContent(rating=2))
    with catalog.write() as session:
        note_sidecars(session, {said.path: photo_path, album.parent / "x.xmp": photo_path}, at=NOW)
    done = quick_scan(catalog, album)
    assert (done.sidecars, done.told) == (0, 0)
    assert files(catalog)["0.jpg.xmp"].main_id == files(catalog)["0.jpg"].id


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
    monkeypatch.setattr("goodside.album.scan.analyst._stamp", lambda _: next(stamps))
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


def test_several_folders_in_one_catalog(catalog: Catalog, album: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "o.jpg").write_bytes(photo(8))
    quick_scan(catalog, album)
    assert quick_scan(catalog, other).missing == 0
    with catalog.read() as session:
        assert list_folders(session) == [album, other]
    assert quick_scan(catalog, album, other, other).unchanged == 4


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


def test_originals_pass_the_proof(catalog: Catalog, album: Path) -> None:
    quick_scan(catalog, album)
    assert verify_originals(catalog).sound


def test_faces_off_and_on(catalog: Catalog, tmp_path: Path) -> None:
    album = tmp_path / "album"
    for name in ("private", "public"):
        shutil.copytree(EXAMPLES / "faces", album / name)
        with (album / name / "astronaut.jpg").open("ab") as stream:
            stream.write(name.encode())

    def found() -> int:
        with catalog.read() as session:
            return len(list_faces(session))

    switch_faces(catalog, album / "private", on=False)
    quick_scan(catalog, album, faces=True)
    assert found() == 1
    assert switch_faces(catalog, album, on=False) == 1
    assert found() == 0
    switch_faces(catalog, album, on=True)
    assert quick_scan(catalog, album, faces=True).read == 1
    assert found() == 1


def test_forgotten_faces_are_not_kept(catalog: Catalog, tmp_path: Path) -> None:
    album = tmp_path / "album"
    shutil.copytree(EXAMPLES / "faces", album)
    quick_scan(catalog, album, faces=True)
    with catalog.read() as session:
        (face,) = list_faces(session)
    catalog.path.rename(tmp_path / "old.db")
    with open_catalog(tmp_path / "new.db") as new:
        new.decide(ForgetPerson(person="0" * 12, faces=(face.ref,)))
        scan(new, [album], workers=0)
        with new.read() as session:
            assert list_faces(session) == []
