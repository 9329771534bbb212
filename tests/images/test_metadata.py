"""What is read from a photograph's metadata, whole and damaged, and from its sidecars."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import IFDRational

from goodside.errors import ImageTooLarge, UnreadableImage
from goodside.images import Limits
from goodside.images.metadata import PhotoFacts, read_facts
from goodside.images.sidecar import write_sidecar
from goodside.images.xmp.content import SidecarContent
from goodside.images.xmp.regions import Frame
from tests.images.dng import make_dng
from tests.images.made import encode, gradient
from tests.images.sidecars import LIGHTROOM

DATA = Path(__file__).parent / "data"
SCENE = gradient(60, 40)
SUMMER = timezone(timedelta(hours=2))


def _exif(
    main: dict[int, Any] | None = None,
    exif: dict[int, Any] | None = None,
    gps: dict[int, Any] | None = None,
) -> bytes:
    block = Image.Exif()
    block.update(main or {})
    block.get_ifd(IFD.Exif).update(exif or {})
    block.get_ifd(IFD.GPSInfo).update(gps or {})
    return block.tobytes()


def _ratio(above: int, below: int) -> IFDRational:
    return IFDRational(above, below)


def _xmp(attributes: str, inside: str = "") -> bytes:
    return f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
      xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
      xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
      xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/"
      xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:maker="urn:maker"
      xmlns:dc="http://purl.org/dc/elements/1.1/" {attributes}>{inside}</rdf:Description>
      </rdf:RDF></x:xmpmeta>""".encode()


MAIN: dict[int, Any] = {
    Base.Make: "Maker\x00",
    Base.Model: " Model 1 ",
    Base.Orientation: 6,
    0x4746: 3,
}
TAKEN: dict[int, Any] = {
    Base.DateTimeOriginal: "2026:05:04 13:14:15",
    Base.SubsecTimeOriginal: "67",
    Base.OffsetTimeOriginal: "+02:00",
    Base.LensModel: "50mm F1.8",
    Base.ExposureTime: _ratio(1, 250),
    Base.FNumber: _ratio(28, 10),
    Base.ISOSpeedRatings: 400,
    Base.ExposureBiasValue: _ratio(-2, 3),
    Base.ExposureMode: 2,
    Base.FocalLength: _ratio(50, 1),
}
PLACE: dict[int, Any] = {
    GPS.GPSLatitudeRef: "S",
    GPS.GPSLatitude: (_ratio(33, 1), _ratio(51, 1), _ratio(36, 1)),
    GPS.GPSLongitudeRef: "E",
    GPS.GPSLongitude: (_ratio(151, 1), _ratio(12, 1), _ratio(0, 1)),
    GPS.GPSAltitudeRef: b"\x01",
    GPS.GPSAltitude: _ratio(25, 2),
}
FULL = _exif(MAIN, TAKEN, PLACE)


def _late_png() -> bytes:
    """A PNG whose metadata stand behind the pixels, as exiftool writes them."""
    text = PngInfo()
    text.add_itxt("XML:com.adobe.xmp", LIGHTROOM.decode(), zip=True)
    data = encode(SCENE, "PNG", exif=FULL, pnginfo=text)
    chunks, at = [], 8
    while at < len(data):
        size = 12 + int.from_bytes(data[at : at + 4], "big")
        chunks.append(data[at : at + size])
        at += size
    order = {b"IHDR": 0, b"IDAT": 1, b"IEND": 3}
    chunks.sort(key=lambda chunk: order.get(chunk[4:8], 2))
    return data[:8] + b"".join(chunks)


@pytest.mark.parametrize(
    "data",
    [
        encode(SCENE, "JPEG", exif=FULL, xmp=LIGHTROOM),
        encode(SCENE, "WEBP", exif=FULL, xmp=LIGHTROOM),
        encode(SCENE, "AVIF", exif=FULL, xmp=LIGHTROOM),
        encode(SCENE, "TIFF", exif=_exif(MAIN | {700: LIGHTROOM}, TAKEN, PLACE)),
        _late_png(),
    ],
    ids=["JPEG", "WebP", "AVIF", "TIFF", "PNG"],
)
def test_everything_there_is(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "photo"
    path.write_bytes(data)
    facts = read_facts(path)
    assert facts.notes == ()
    assert (facts.orientation, facts.frame) == (6, Frame(60, 40, 6))
    assert facts.taken_at == datetime(2026, 5, 4, 13, 14, 15, 670_000, SUMMER)
    assert facts.taken_from == "EXIF DateTimeOriginal"
    assert (facts.make, facts.model, facts.lens) == ("Maker", "Model 1", "50mm F1.8")
    assert facts.exposure_s == pytest.approx(0.004)
    assert (facts.f_number, facts.iso, facts.focal_mm) == (2.8, 400, 50)
    assert facts.exposure_bias_ev == pytest.approx(-2 / 3)
    assert facts.bracketed
    assert (facts.latitude, facts.longitude) == pytest.approx((-33.86, 151.2))
    assert facts.altitude_m == -12.5
    assert (facts.rating, facts.label, facts.tags) == (3, "Red", ("Familie|Anna",))
    (face,) = facts.faces
    assert (face.left, face.top, face.right, face.bottom) == pytest.approx((0.5, 0.25, 0.7, 0.35))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF"])
def test_nothing_there(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "photo"
    path.write_bytes(encode(SCENE, kind))
    assert read_facts(path) == PhotoFacts(frame=Frame(60, 40))


def test_heic() -> None:
    """Its decoder turns it; EXIF says how it was stored."""
    assert read_facts(DATA / "upright.heic").frame == Frame(64, 40)
    turned = read_facts(DATA / "turned.heic")
    assert (turned.orientation, turned.frame) == (6, Frame(64, 40, 6))


def test_heic_without_the_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    (note,) = read_facts(DATA / "turned.heic").notes
    assert "pip install 'goodside[heic]'" in note


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
    facts = read_facts(path)
    assert facts.notes == ()
    assert (facts.orientation, facts.frame, facts.model) == (6, None, "Model 1")
    assert facts.taken_at == datetime(2026, 5, 4, 13, 14, 15, 670_000, SUMMER)
    assert facts.iso == 400


def _box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return (8 + len(body)).to_bytes(4, "big") + name + body


def _canon() -> bytes:
    """EXIF's directories as TIFF files of their own, in Canon's box of a movie."""
    blocks = (_box(b"CMT1", _exif(MAIN)[6:]), _box(b"CMT2", _exif(TAKEN)[6:]), _box(b"CMT3"))
    canon = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
    return b"".join(
        (
            _box(b"ftyp", b"crx \x00\x00\x00\x01crx isom"),
            _box(b"moov", _box(b"mvhd", bytes(100)), _box(b"uuid", canon, *blocks)),
            _box(
                b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac"), _xmp('xmp:Label="Red"')
            ),
            (1).to_bytes(4, "big") + b"mdat" + (24).to_bytes(8, "big") + bytes(8),
        )
    )


def test_canon_raw_files_carry_xmp_and_may_be_cut_short() -> None:
    data = _canon()
    assert read_facts("a.cr3", data=data).label == "Red"
    for length in range(12, len(data), 37):
        read_facts("a.cr3", data=data[:length])


def _fujifilm(preview: bytes) -> bytes:
    head = b"FUJIFILMCCD-RAW ".ljust(84, b"\x00")
    return head + (160).to_bytes(4, "big") + len(preview).to_bytes(4, "big") + bytes(68) + preview


def test_bytes_that_are_read_already() -> None:
    """The path is then a name only."""
    assert read_facts("gone.nef", data=b"MM\x00*" + FULL[10:]).model == "Model 1"
    with pytest.raises(ImageTooLarge) as caught:
        read_facts("gone.nef", data=FULL, limits=Limits(max_megabytes=0.0001))
    assert caught.value.path == "gone.nef"


def test_dng_with_a_sidecar(tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.dng"
    path.write_bytes(make_dng(SCENE, orientation=3))
    (tmp_path / "IMG_1.xmp").write_bytes(
        _xmp(
            'xmp:Rating="5" exif:DateTimeOriginal="2026-05-04T13:14:15.5+02:00" '
            'exif:FNumber="28/10" exif:ExposureTime="1/250" aux:Lens="50mm" '
            'exif:GPSLatitude="33,51.6S" exif:GPSLongitude="151,12,0E" tiff:Orientation="8"',
            "<exif:ISOSpeedRatings><rdf:Seq><rdf:li>800</rdf:li></rdf:Seq></exif:ISOSpeedRatings>",
        )
    )
    facts = read_facts(path, sidecars=[tmp_path / "IMG_1.xmp"])
    assert (facts.make, facts.model, facts.orientation) == ("Made", "Made One", 3)
    assert facts.taken_at == datetime(2026, 5, 4, 13, 14, 15, 500_000, SUMMER)
    assert (facts.rating, facts.f_number, facts.lens, facts.iso) == (5, 2.8, "50mm", 800)
    assert (facts.latitude, facts.longitude) == pytest.approx((-33.86, 151.2))


def test_a_raw_file_that_is_not_read_is_turned_by_its_sidecar(tmp_path: Path) -> None:
    path, sidecar = tmp_path / "IMG_1.crw", tmp_path / "IMG_1.xmp"
    path.write_bytes(b"II\x1a\x00\x00\x00HEAPCCDR" + bytes(100))
    sidecar.write_bytes(_xmp('tiff:Orientation="8"'))
    facts = read_facts(path, sidecars=[sidecar])
    assert facts.orientation == 8
    assert facts.notes == ("EXIF of this kind of raw file is not read",)


_TIME: dict[int, Any] = {Base.DateTimeOriginal: "2026:05:04 13:14:15"}


@pytest.mark.parametrize(
    ("block", "expected", "source"),
    [
        (_exif(exif=_TIME), datetime(2026, 5, 4, 13, 14, 15), "EXIF DateTimeOriginal"),
        (
            _exif(exif=_TIME | {Base.OffsetTime: "-05:30", Base.SubsecTimeOriginal: "5  "}),
            datetime(2026, 5, 4, 13, 14, 15, 500_000, timezone(timedelta(hours=-5.5))),
            "EXIF DateTimeOriginal",
        ),
        (
            _exif(exif=_TIME | {Base.OffsetTimeOriginal: "  :  ", Base.SubsecTimeOriginal: "x"}),
            datetime(2026, 5, 4, 13, 14, 15),
            "EXIF DateTimeOriginal",
        ),
        (
            _exif(
                exif={
                    Base.DateTimeOriginal: "0000:00:00 00:00:00",
                    Base.DateTimeDigitized: "2025:01:01 01:02:03",
                }
            ),
            datetime(2025, 1, 1, 1, 2, 3),
            "EXIF DateTimeDigitized",
        ),
        (
            _exif(
                {Base.DateTime: "2024:01:01 00:00:00"},
                gps={GPS.GPSDateStamp: "2023:12:31", GPS.GPSTimeStamp: (_ratio(23, 1),) * 3},
            ),
            datetime(2023, 12, 31, 23, 23, 23, tzinfo=UTC),
            "EXIF GPSDateStamp",
        ),
        (_exif({Base.DateTime: "2024:01:01 00:00:00"}), datetime(2024, 1, 1), "EXIF DateTime"),
        (_exif({Base.DateTime: "1970:01:01 00:00:00"}), None, None),
        (_exif({Base.DateTime: "2024:13:41 00:00:00"}), None, None),
        (_exif({Base.DateTime: "yesterday"}), None, None),
    ],
)
def test_when_it_was_taken(
    block: bytes, expected: datetime | None, source: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(SCENE, "JPEG", exif=block))
    facts = read_facts(path)
    assert (facts.taken_at, facts.taken_from) == (expected, source)


@pytest.mark.parametrize(
    ("embedded", "beside", "year", "source"),
    [
        ('exif:DateTimeOriginal="2020-01-01T00:00:00"', None, 2026, "EXIF DateTimeOriginal"),
        ("", 'exif:DateTimeOriginal="2021-01-01T00:00Z"', 2021, "sidecar exif:DateTimeOriginal"),
        ("", 'photoshop:DateCreated="2022-01-01T00:00:00"', 2022, "sidecar photoshop:DateCreated"),
        ("", 'photoshop:DateCreated="2022-01"', 2026, "EXIF DateTimeOriginal"),
        ("", 'xmp:CreateDate="2023-01-01T00:00:00"', 2026, "EXIF DateTimeOriginal"),
    ],
)
def test_sidecars_go_first(
    embedded: str, beside: str | None, year: int, source: str, tmp_path: Path
) -> None:
    path, sidecar = tmp_path / "a.jpg", tmp_path / "a.xmp"
    path.write_bytes(encode(SCENE, "JPEG", exif=_exif(exif=_TIME), xmp=_xmp(embedded)))
    sidecar.write_bytes(_xmp(beside or ""))
    facts = read_facts(path, sidecars=[sidecar])
    assert facts.taken_at is not None
    assert (facts.taken_at.year, facts.taken_from) == (year, source)


def test_xmp_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    packet = _xmp(
        'xmp:CreateDate="2023-01-01T00:00:00" maker:BurstID="4F1A" maker:SequenceNumber="7" '
        'exif:ExposureBiasValue="-1/1" tiff:Make="M" tiff:Model="N" exif:GPSAltitude="99/2"'
    )
    path.write_bytes(encode(SCENE, "JPEG", xmp=packet))
    facts = read_facts(path)
    assert facts.taken_from == "XMP xmp:CreateDate"
    assert (facts.burst_id, facts.sequence_number) == ("4F1A", 7)
    assert (facts.exposure_bias_ev, facts.make, facts.model) == (-1, "M", "N")
    assert facts.altitude_m == 49.5


@pytest.mark.parametrize(
    ("gps", "position"),
    [
        ({GPS.GPSLatitude: (_ratio(0, 1),) * 3, GPS.GPSLongitude: (_ratio(0, 1),) * 3}, None),
        ({GPS.GPSLatitude: (_ratio(91, 1),) * 3, GPS.GPSLongitude: (_ratio(1, 1),) * 3}, None),
        ({GPS.GPSLatitude: (_ratio(1, 0),) * 3, GPS.GPSLongitude: (_ratio(1, 1),) * 3}, None),
        ({GPS.GPSLatitude: (_ratio(1, 1),) * 3}, None),
        (
            {GPS.GPSLatitude: (_ratio(1, 1),) * 3, GPS.GPSLongitude: (_ratio(2, 1),) * 3}
            | {GPS.GPSLongitudeRef: "W"},
            (1 + 1 / 60 + 1 / 3600, -2 - 2 / 60 - 2 / 3600),
        ),
    ],
)
def test_places(gps: dict[int, Any], position: tuple[float, float] | None, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(SCENE, "JPEG", exif=_exif(gps=gps)))
    facts = read_facts(path)
    assert (facts.latitude, facts.longitude) == (position or (None, None))


@pytest.mark.parametrize(
    ("exif", "iso"),
    [
        ({Base.ISOSpeedRatings: (200, 0)}, 200),
        ({Base.ISOSpeedRatings: 65535, Base.RecommendedExposureIndex: 102400}, 102400),
        ({Base.RecommendedExposureIndex: 125}, 125),
        ({Base.ISOSpeedRatings: 0}, None),
    ],
)
def test_sensitivity(exif: dict[int, Any], iso: int | None, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(SCENE, "JPEG", exif=_exif(exif=exif)))
    assert read_facts(path).iso == iso


@pytest.mark.parametrize(("said", "stars"), [(0, 0), (5, 5), (99, None), (6, None)])
def test_stars_of_windows(said: int, stars: int | None, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(SCENE, "JPEG", exif=_exif({0x4746: said})))
    assert read_facts(path).rating == stars


def test_unknown_exposures_are_absent(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    nothing: dict[int, Any] = {Base.ExposureTime: _ratio(0, 0), Base.FNumber: _ratio(0, 1)}
    path.write_bytes(encode(SCENE, "JPEG", exif=_exif(exif=nothing)))
    facts = read_facts(path)
    assert (facts.exposure_s, facts.f_number) == (None, None)


def test_what_we_wrote_is_nobodys_opinion(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(SCENE, "JPEG"))
    (written,) = write_sidecar(path, SidecarContent(rating=4, tags=("Cat",)))
    facts = read_facts(path, sidecars=[written.path])
    assert (facts.rating, facts.tags) == (None, ())


@pytest.mark.parametrize("sidecar", [b"", b"<a", b"<!DOCTYPE a><a/>", None])
def test_damaged_sidecars_are_noted(sidecar: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(SCENE, "JPEG", exif=FULL))
    if sidecar is not None:
        (tmp_path / "a.xmp").write_bytes(sidecar)
    facts = read_facts(path, sidecars=[tmp_path / "a.xmp"])
    assert facts.model == "Model 1"
    (note,) = facts.notes
    assert "a.xmp" in note


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_metadata_never_raises(tmp_path: Path, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP", "TIFF"]))
    whole = bytearray(encode(SCENE, kind, exif=FULL))
    start = whole.find(b"Maker") if kind != "TIFF" else len(whole) // 2
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(max(20, start - 200), min(len(whole), start + 300) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    path = tmp_path / "a"
    path.write_bytes(bytes(whole[: data.draw(st.integers(30, len(whole)))]))
    facts = read_facts(path)
    assert 1 <= facts.orientation <= 8


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (b"Exif\x00\x00 no directory at all", "EXIF block"),
        (FULL[:40], "EXIF block"),
    ],
)
def test_damage_is_noted(block: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(SCENE, "JPEG", exif=block))
    facts = read_facts(path)
    assert facts.frame == Frame(60, 40, facts.orientation)
    assert any(told in note for note in facts.notes)


def test_a_file_that_is_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"text")
    assert read_facts(path) == PhotoFacts()


def test_missing_and_too_large(tmp_path: Path) -> None:
    with pytest.raises(UnreadableImage, match="no such file"):
        read_facts(tmp_path / "a.jpg")
    path = tmp_path / "b.jpg"
    path.write_bytes(encode(SCENE, "JPEG"))
    with pytest.raises(ImageTooLarge):
        read_facts(path, limits=Limits(max_megabytes=0.0001))


def test_pixels_are_not_decoded(tmp_path: Path) -> None:
    """A file cut short after its header still tells what it has to tell."""
    path = tmp_path / "a.jpg"
    data = encode(Image.effect_noise((600, 400), 80), "JPEG", exif=FULL)
    path.write_bytes(data[: len(data) // 4])
    with pytest.raises(OSError, match="truncated"):
        Image.open(BytesIO(path.read_bytes())).load()
    assert read_facts(path).model == "Model 1"
    assert read_facts(path).notes == ()
