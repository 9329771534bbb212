"""What is read from raw files and their sidecars, without decoding them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from goodside.images.metadata.photo_metadata import read_metadata
from tests.images.dng import make_dng
from tests.images.made import encode
from tests.images.tags import FULL, MAIN, SCENE, SUMMER, TAKEN, exif_block, xmp_packet


def _tiff_like(start: bytes) -> Callable[[bytes], bytes]:
    return lambda block: start + block[6:][4:]


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.nef", _tiff_like(b"MM\x00*")),
        ("a.orf", _tiff_like(b"MMOR")),
        ("a.cr3", lambda _: _canon()),
        ("a.raf", lambda block: _fujifilm(encode(SCENE, "JPEG", exif=block))),
    ],
)
def test_raw(name: str, make: Callable[[bytes], bytes], tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(make(FULL))
    facts = read_metadata(path)
    assert facts.notes == ()
    assert (facts.orientation, facts.frame, facts.model) == (6, None, "Model 1")
    assert facts.taken_at == datetime(2026, 5, 4, 13, 14, 15, 670_000, SUMMER)
    assert facts.iso == 400


def _box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return (8 + len(body)).to_bytes(4, "big") + name + body


def _canon() -> bytes:
    """EXIF's directories as TIFF files of their own, in Canon's box of a movie."""
    blocks = (
        _box(b"CMT1", exif_block(MAIN)[6:]),
        _box(b"CMT2", exif_block(TAKEN)[6:]),
        _box(b"CMT3"),
    )
    canon = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
    return b"".join(
        (
            _box(b"ftyp", b"crx \x00\x00\x00\x01crx isom"),
            _box(b"moov", _box(b"mvhd", bytes(100)), _box(b"uuid", canon, *blocks)),
            _box(
                b"uuid",
                bytes.fromhex("be7acfcb97a942e89c71999491e3afac"),
                xmp_packet('xmp:Label="Red"'),
            ),
            (1).to_bytes(4, "big") + b"mdat" + (24).to_bytes(8, "big") + bytes(8),
        )
    )


def test_canon_raw_files_carry_xmp_and_may_be_cut_short() -> None:
    data = _canon()
    assert read_metadata("a.cr3", data=data).label == "Red"
    for length in range(12, len(data), 37):
        read_metadata("a.cr3", data=data[:length])


def _fujifilm(preview: bytes) -> bytes:
    head = b"FUJIFILMCCD-RAW ".ljust(84, b"\x00")
    return head + (160).to_bytes(4, "big") + len(preview).to_bytes(4, "big") + bytes(68) + preview


def test_dng_with_a_sidecar(tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.dng"
    path.write_bytes(make_dng(SCENE, orientation=3))
    (tmp_path / "IMG_1.xmp").write_bytes(
        xmp_packet(
            'xmp:Rating="5" exif:DateTimeOriginal="2026-05-04T13:14:15.5+02:00" '
            'exif:FNumber="28/10" exif:ExposureTime="1/250" aux:Lens="50mm" '
            'exif:GPSLatitude="33,51.6S" exif:GPSLongitude="151,12,0E" tiff:Orientation="8"',
            "<exif:ISOSpeedRatings><rdf:Seq><rdf:li>800</rdf:li></rdf:Seq></exif:ISOSpeedRatings>",
        )
    )
    facts = read_metadata(path, sidecars=[tmp_path / "IMG_1.xmp"])
    assert (facts.make, facts.model, facts.orientation) == ("Made", "Made One", 3)
    assert facts.taken_at == datetime(2026, 5, 4, 13, 14, 15, 500_000, SUMMER)
    assert (facts.rating, facts.f_number, facts.lens, facts.iso) == (5, 2.8, "50mm", 800)
    assert (facts.latitude, facts.longitude) == pytest.approx((-33.86, 151.2))


def test_a_raw_file_that_is_not_read_is_turned_by_its_sidecar(tmp_path: Path) -> None:
    path, sidecar = tmp_path / "IMG_1.crw", tmp_path / "IMG_1.xmp"
    path.write_bytes(b"II\x1a\x00\x00\x00HEAPCCDR" + bytes(100))
    sidecar.write_bytes(xmp_packet('tiff:Orientation="8"'))
    facts = read_metadata(path, sidecars=[sidecar])
    assert facts.orientation == 8
    assert facts.notes == ("EXIF of this kind of raw file is not read",)
