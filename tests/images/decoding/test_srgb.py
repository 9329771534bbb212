"""Kinds of pixels and colour profiles, with values worked out by hand."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from goodside.errors import UnsupportedImage
from goodside.images import read_photo
from goodside.images.decoding.srgb import widen
from tests.images.icc import ADOBE_RGB_PRIMARIES, SRGB_PRIMARIES, gray_profile, rgb_profile
from tests.images.made import encode, gradient

RAMP16 = np.linspace(0, 65535, 64 * 16).round().astype(np.uint16).reshape(16, 64)


def _pixel(data: bytes) -> list[int]:
    values: list[int] = read_photo(data).rgb[4, 4].tolist()
    return values


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bit_gray(kind: str) -> None:
    expected = np.round(RAMP16 / 257.0)
    rgb = read_photo(encode(RAMP16, kind)).rgb
    for channel in range(3):
        assert np.abs(rgb[..., channel] - expected).max() <= 0.5


def test_thirty_two_bit_gray_that_holds_sixteen() -> None:
    rgb = read_photo(encode(RAMP16.astype(np.int32), "TIFF")).rgb
    assert rgb[0, 0].tolist() == [0, 0, 0]
    assert rgb[-1, -1].tolist() == [255, 255, 255]


def test_twelve_bit_gray() -> None:
    """Pillow unpacks twelve-bit TIFF without scaling it: white is then 4095."""
    image: Any = Image.open(BytesIO(encode((RAMP16 // 16).astype(np.uint16), "TIFF")))
    image.tag_v2[258] = (12,)
    values = np.asarray(widen(image))
    assert values[0, 0] == 0
    assert values[-1, -1] == 255
    assert np.abs(values - RAMP16 / 257.0).max() <= 1.0


def test_sixteen_bit_gray_whose_white_is_zero() -> None:
    rgb = read_photo(encode(RAMP16, "TIFF", tiffinfo={262: 0})).rgb
    assert rgb[0, 0].tolist() == [255, 255, 255]
    assert rgb[-1, -1].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    "values", [RAMP16.astype(np.float32) / 65535, RAMP16.astype(np.int32) * 30000]
)
def test_pixels_without_a_known_white(
    values: NDArray[Any],
) -> None:
    with pytest.raises(UnsupportedImage, match="8 or 16 bits"):
        read_photo(encode(values, "TIFF"))


def test_sixteen_bit_colour() -> None:
    ramp = np.stack([RAMP16, RAMP16[::-1], RAMP16[:, ::-1]], -1)
    rgb = read_photo(_sixteen_bit_png(ramp)).rgb
    assert np.abs(rgb.astype(float) - ramp / 257.0).max() <= 1.0


def _sixteen_bit_png(values: NDArray[np.uint16]) -> bytes:
    import struct
    import zlib

    height, width = values.shape[:2]
    rows = b"".join(b"\x00" + row.astype(">u2").tobytes() for row in values)
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
@pytest.mark.parametrize(
    ("ink", "expected"),
    [
        ((0, 255, 255, 0), [255, 0, 0]),
        ((255, 0, 255, 0), [0, 255, 0]),
        ((0, 0, 0, 0), [255, 255, 255]),
        ((0, 0, 0, 255), [0, 0, 0]),
    ],
)
def test_cmyk(kind: str, ink: tuple[int, int, int, int], expected: list[int]) -> None:
    """Pillow writes CMYK JPEG as Adobe does, inverted; TIFF plain."""
    found = _pixel(encode(Image.new("CMYK", (16, 16), ink), kind))
    assert np.abs(np.subtract(found, expected)).max() <= 2


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("1", 1, [255, 255, 255]),
        ("1", 0, [0, 0, 0]),
        ("L", 77, [77, 77, 77]),
        ("LA", (0, 255), [0, 0, 0]),
        ("LA", (0, 0), [255, 255, 255]),
        ("LA", (0, 128), [127, 127, 127]),
        ("RGBA", (255, 0, 0, 255), [255, 0, 0]),
        ("RGBA", (255, 0, 0, 0), [255, 255, 255]),
        ("RGBA", (0, 0, 0, 51), [204, 204, 204]),
    ],
)
def test_modes_and_alpha_over_white(mode: str, colour: Any, expected: list[int]) -> None:
    assert _pixel(encode(Image.new(mode, (16, 16), colour), "PNG")) == expected


def test_palette_with_transparency() -> None:
    image = Image.new("P", (16, 16), 1)
    image.putpalette([0, 0, 0, 200, 10, 20])
    assert _pixel(encode(image, "PNG")) == [200, 10, 20]
    assert _pixel(encode(image, "PNG", transparency=1)) == [255, 255, 255]
    assert _pixel(encode(image, "PNG", transparency=bytes([255, 51]))) == [244, 206, 208]
    assert _pixel(encode(image, "GIF", transparency=1)) == [255, 255, 255]


@pytest.mark.parametrize(("mode", "colour"), [("L", 90), ("RGB", (90, 90, 90))])
def test_one_transparent_colour(mode: str, colour: int | tuple[int, int, int]) -> None:
    image = Image.new(mode, (16, 16), colour)
    assert _pixel(encode(image, "PNG", transparency=colour)) == [255, 255, 255]


def test_transparency_under_scaled_decode() -> None:
    """Hidden colours must not bleed into what is seen."""
    image = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 32, 64))
    rgb = read_photo(encode(image, "PNG"), fit_px=9).rgb
    assert rgb[0, 0].tolist() == [0, 0, 0]
    assert rgb[0, -1].tolist() == [255, 255, 255]
    assert np.ptp(rgb, axis=2).max() <= 1


def test_lab() -> None:
    found = _pixel(encode(Image.new("LAB", (16, 16), (137, 128, 128)), "TIFF"))
    # L* = 100 * 137 / 255 = 53.7, no colour: Y = ((53.7 + 16) / 116) ** 3 = 0.217, sRGB 0.503
    assert np.abs(np.subtract(found, [128, 128, 128])).max() <= 2


def test_profile_with_swapped_channels() -> None:
    """A profile whose red primary is blue's turns red into blue."""
    swapped = rgb_profile(SRGB_PRIMARIES[::-1])
    image = Image.new("RGB", (16, 16), (255, 0, 0))
    found = _pixel(encode(image, "PNG", icc_profile=swapped))
    assert found[0] < 10
    assert found[2] > 245


def test_adobe_rgb_by_hand() -> None:
    """(190, 130, 70) in Adobe RGB, through the formulas of both spaces."""
    stored = np.array([190, 130, 70])
    linear = (stored / 255) ** 2.2
    xyz = np.array(ADOBE_RGB_PRIMARIES).T @ linear
    srgb = np.linalg.inv(np.array(SRGB_PRIMARIES).T) @ xyz
    expected = 255 * np.where(srgb <= 0.0031308, 12.92 * srgb, 1.055 * srgb ** (1 / 2.4) - 0.055)
    profile = rgb_profile(ADOBE_RGB_PRIMARIES)
    image = Image.new("RGB", (16, 16), tuple(stored.tolist()))
    for kind in ("PNG", "TIFF"):
        found = _pixel(encode(image, kind, icc_profile=profile))
        assert np.abs(found - expected).max() <= 2, (found, expected)
    assert np.abs(np.subtract(found, stored)).max() > 8


def test_gray_profile() -> None:
    # linear gray: 55/255 = 0.2157 of the light is sRGB 0.502
    found = _pixel(encode(Image.new("L", (16, 16), 55), "PNG", icc_profile=gray_profile(gamma=1)))
    assert np.abs(np.subtract(found, 128)).max() <= 2


def test_alpha_survives_a_profile() -> None:
    profile = rgb_profile(SRGB_PRIMARIES[::-1])
    found = _pixel(encode(Image.new("RGBA", (16, 16), (255, 0, 0, 0)), "PNG", icc_profile=profile))
    assert found == [255, 255, 255]


@pytest.mark.parametrize(
    "profile",
    [
        b"no profile at all",
        b"",
        rgb_profile()[:100],
        rgb_profile()[:200],
        gray_profile(gamma=2.2),
        b"\x00" * 500,
    ],
    ids=["text", "empty", "header only", "cut", "of another kind", "zeros"],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_useless_profile_is_left_aside(kind: str, profile: bytes) -> None:
    plain, profiled = (
        read_photo(encode(gradient(32, 32), kind, **options)).rgb
        for options in ({}, {"icc_profile": profile})
    )
    assert np.array_equal(plain, profiled)


def test_colour_profile_on_gray() -> None:
    """Some scanners embed their colour profile in gray files: gray is then a colour like others."""
    profile = rgb_profile(gamma=1)
    found = _pixel(encode(Image.new("L", (16, 16), 55), "PNG", icc_profile=profile))
    assert np.abs(np.subtract(found, 128)).max() <= 2
