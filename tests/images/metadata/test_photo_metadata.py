"""What is read from a photograph's metadata, whole and damaged, and from its sidecars."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import GPS, Base
from PIL.PngImagePlugin import PngInfo

from goodside.errors import ImageTooLarge, UnreadableImage
from goodside.images import Limits
from goodside.images.metadata.photo_metadata import PhotoMetadata, read_metadata
from goodside.images.sidecars.sidecar import write_sidecar
from goodside.images.xmp.content import SidecarContent
from goodside.images.xmp.regions import ImageFrame
from tests.images.made import encode
from tests.images.sidecar_samples import LIGHTROOM
from tests.images.tags import FULL, MAIN, PLACE, SCENE, SUMMER, TAKEN, exif_block, ratio, xmp_packet

DATA = Path(__file__).parents[1] / "data"


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
        encode(SCENE, "TIFF", exif=exif_block(MAIN | {700: LIGHTROOM}, TAKEN, PLACE)),
        _late_png(),
    ],
    ids=["JPEG", "WebP", "AVIF", "TIFF", "PNG"],
)
def test_everything_there_is(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "photo"
    path.write_bytes(data)
    facts = read_metadata(path)
    assert facts.notes == ()
    assert (facts.orientation, facts.frame) == (6, ImageFrame(60, 40, 6))
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
    assert read_metadata(path) == PhotoMetadata(frame=ImageFrame(60, 40))


def test_heic() -> None:
    """Its decoder turns it; EXIF says how it was stored."""
    assert read_metadata(DATA / "upright.heic").frame == ImageFrame(64, 40)
    turned = read_metadata(DATA / "turned.heic")
    assert (turned.orientation, turned.frame) == (6, ImageFrame(64, 40, 6))


def test_heic_without_the_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    (note,) = read_metadata(DATA / "turned.heic").notes
    assert "pip install 'goodside[heic]'" in note


def test_bytes_that_are_read_already() -> None:
    """The path is then a name only."""
    assert read_metadata("gone.nef", data=b"MM\x00*" + FULL[10:]).model == "Model 1"
    with pytest.raises(ImageTooLarge) as caught:
        read_metadata("gone.nef", data=FULL, limits=Limits(max_megabytes=0.0001))
    assert caught.value.path == "gone.nef"


_TIME: dict[int, Any] = {Base.DateTimeOriginal: "2026:05:04 13:14:15"}


@pytest.mark.parametrize(
    ("block", "expected", "source"),
    [
        (exif_block(exif=_TIME), datetime(2026, 5, 4, 13, 14, 15), "EXIF DateTimeOriginal"),
        (
            exif_block(exif=_TIME | {Base.OffsetTime: "-05:30", Base.SubsecTimeOriginal: "5  "}),
            datetime(2026, 5, 4, 13, 14, 15, 500_000, timezone(timedelta(hours=-5.5))),
            "EXIF DateTimeOriginal",
        ),
        (
            exif_block(
                exif=_TIME | {Base.OffsetTimeOriginal: "  :  ", Base.SubsecTimeOriginal: "x"}
            ),
            datetime(2026, 5, 4, 13, 14, 15),
            "EXIF DateTimeOriginal",
        ),
        (
            exif_block(
                exif={
                    Base.DateTimeOriginal: "0000:00:00 00:00:00",
                    Base.DateTimeDigitized: "2025:01:01 01:02:03",
                }
            ),
            datetime(2025, 1, 1, 1, 2, 3),
            "EXIF DateTimeDigitized",
        ),
        (
            exif_block(
                {Base.DateTime: "2024:01:01 00:00:00"},
                gps={GPS.GPSDateStamp: "2023:12:31", GPS.GPSTimeStamp: (ratio(23, 1),) * 3},
            ),
            datetime(2023, 12, 31, 23, 23, 23, tzinfo=UTC),
            "EXIF GPSDateStamp",
        ),
        (exif_block({Base.DateTime: "2024:01:01 00:00:00"}), datetime(2024, 1, 1), "EXIF DateTime"),
        (exif_block({Base.DateTime: "1970:01:01 00:00:00"}), None, None),
        (exif_block({Base.DateTime: "2024:13:41 00:00:00"}), None, None),
        (exif_block({Base.DateTime: "yesterday"}), None, None),
    ],
)
def test_when_it_was_taken(
    block: bytes, expected: datetime | None, source: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(SCENE, "JPEG", exif=block))
    facts = read_metadata(path)
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
    path.write_bytes(encode(SCENE, "JPEG", exif=exif_block(exif=_TIME), xmp=xmp_packet(embedded)))
    sidecar.write_bytes(xmp_packet(beside or ""))
    facts = read_metadata(path, sidecars=[sidecar])
    assert facts.taken_at is not None
    assert (facts.taken_at.year, facts.taken_from) == (year, source)


def test_xmp_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    packet = xmp_packet(
        'xmp:CreateDate="2023-01-01T00:00:00" maker:BurstID="4F1A" maker:SequenceNumber="7" '
        'exif:ExposureBiasValue="-1/1" tiff:Make="M" tiff:Model="N" exif:GPSAltitude="99/2"'
    )
    path.write_bytes(encode(SCENE, "JPEG", xmp=packet))
    facts = read_metadata(path)
    assert facts.taken_from == "XMP xmp:CreateDate"
    assert (facts.burst_id, facts.sequence_number) == ("4F1A", 7)
    assert (facts.exposure_bias_ev, facts.make, facts.model) == (-1, "M", "N")
    assert facts.altitude_m == 49.5


@pytest.mark.parametrize(
    ("gps", "position"),
    [
        ({GPS.GPSLatitude: (ratio(0, 1),) * 3, GPS.GPSLongitude: (ratio(0, 1),) * 3}, None),
        ({GPS.GPSLatitude: (ratio(91, 1),) * 3, GPS.GPSLongitude: (ratio(1, 1),) * 3}, None),
        ({GPS.GPSLatitude: (ratio(1, 0),) * 3, GPS.GPSLongitude: (ratio(1, 1),) * 3}, None),
        ({GPS.GPSLatitude: (ratio(1, 1),) * 3}, None),
        (
            {GPS.GPSLatitude: (ratio(1, 1),) * 3, GPS.GPSLongitude: (ratio(2, 1),) * 3}
            | {GPS.GPSLongitudeRef: "W"},
            (1 + 1 / 60 + 1 / 3600, -2 - 2 / 60 - 2 / 3600),
        ),
    ],
)
def test_places(gps: dict[int, Any], position: tuple[float, float] | None, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(SCENE, "JPEG", exif=exif_block(gps=gps)))
    facts = read_metadata(path)
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
    path.write_bytes(encode(SCENE, "JPEG", exif=exif_block(exif=exif)))
    assert read_metadata(path).iso == iso


@pytest.mark.parametrize(("said", "stars"), [(0, 0), (5, 5), (99, None), (6, None)])
def test_stars_of_windows(said: int, stars: int | None, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(SCENE, "JPEG", exif=exif_block({0x4746: said})))
    assert read_metadata(path).rating == stars


def test_unknown_exposures_are_absent(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    nothing: dict[int, Any] = {Base.ExposureTime: ratio(0, 0), Base.FNumber: ratio(0, 1)}
    path.write_bytes(encode(SCENE, "JPEG", exif=exif_block(exif=nothing)))
    facts = read_metadata(path)
    assert (facts.exposure_s, facts.f_number) == (None, None)


def test_what_we_wrote_is_nobodys_opinion(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(SCENE, "JPEG"))
    (written,) = write_sidecar(path, SidecarContent(rating=4, tags=("Cat",)))
    facts = read_metadata(path, sidecars=[written.path])
    assert (facts.rating, facts.tags) == (None, ())


@pytest.mark.parametrize("sidecar", [b"", b"<a", b"<!DOCTYPE a><a/>", None])
def test_damaged_sidecars_are_noted(sidecar: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(SCENE, "JPEG", exif=FULL))
    if sidecar is not None:
        (tmp_path / "a.xmp").write_bytes(sidecar)
    facts = read_metadata(path, sidecars=[tmp_path / "a.xmp"])
    assert facts.model == "Model 1"
    (note,) = facts.notes
    assert "a.xmp" in note


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
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
    facts = read_metadata(path)
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
    facts = read_metadata(path)
    assert facts.frame == ImageFrame(60, 40, facts.orientation)
    assert any(told in note for note in facts.notes)


def test_a_file_that_is_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"text")
    assert read_metadata(path) == PhotoMetadata()


def test_missing_and_too_large(tmp_path: Path) -> None:
    with pytest.raises(UnreadableImage, match="no such file"):
        read_metadata(tmp_path / "a.jpg")
    path = tmp_path / "b.jpg"
    path.write_bytes(encode(SCENE, "JPEG"))
    with pytest.raises(ImageTooLarge):
        read_metadata(path, limits=Limits(max_megabytes=0.0001))


def test_pixels_are_not_decoded(tmp_path: Path) -> None:
    """A file cut short after its header still tells what it has to tell."""
    path = tmp_path / "a.jpg"
    data = encode(Image.effect_noise((600, 400), 80), "JPEG", exif=FULL)
    path.write_bytes(data[: len(data) // 4])
    with pytest.raises(OSError, match="truncated"):
        Image.open(BytesIO(path.read_bytes())).load()
    assert read_metadata(path).model == "Model 1"
    assert read_metadata(path).notes == ()
