"""What a scan keeps of a photograph and of the faces in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.album_kill import contents
from goodside.album.catalog import (
    Catalog,
    ForgetPerson,
    list_faces,
    list_photos,
    open_catalog,
    read_crops,
    read_face_vectors,
    read_thumbnails,
    read_vectors,
)
from goodside.album.scan import scan, switch_faces
from tests.album.scan.made import EXAMPLES, photo, quick_scan
from tests.images.made import encode
from tests.postgres.places import place

pytestmark = pytest.mark.both_databases


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
    if isinstance(catalog.location, Path):
        catalog.location.rename(tmp_path / "old.db")
    with open_catalog(place(tmp_path / "new.db")) as new:
        new.decide(ForgetPerson(person="0" * 12, faces=(face.ref,)))
        scan(new, [album], workers=0)
        with new.read() as session:
            assert list_faces(session) == []
