"""Decoding: every format and kind of pixel to upright sRGB."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from goodside.errors import (
    GoodsideError,
    ImageTooLarge,
    OutOfRange,
    UnreadableImage,
    UnsupportedImage,
)
from goodside.images import Limits, read_photo
from tests.images.made import encode, gradient, textured

PICTURE = gradient(48, 32)


def _difference(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> float:
    return float(np.abs(first.astype(int) - second.astype(int)).mean())


@pytest.mark.parametrize(
    ("kind", "options", "tolerance"),
    [
        ("JPEG", {"quality": 95, "subsampling": 0}, 3),
        ("JPEG", {"quality": 95, "subsampling": 0, "progressive": True}, 3),
        ("PNG", {}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("AVIF", {"quality": 95}, 3),
        ("TIFF", {}, 0),
        ("TIFF", {"compression": "tiff_lzw"}, 0),
        ("GIF", {}, 12),
        ("BMP", {}, 0),
    ],
)
def test_formats(kind: str, options: dict[str, object], tolerance: float) -> None:
    photo = read_photo(encode(PICTURE, kind, **options))
    assert (photo.width, photo.height, photo.format, photo.path) == (48, 32, kind, None)
    assert photo.rgb.shape == (32, 48, 3)
    assert photo.rgb.dtype == np.uint8
    assert photo.rgb.flags.writeable
    assert photo.rgb.flags.c_contiguous
    assert _difference(photo.rgb, PICTURE) <= tolerance


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation(kind: str, orientation: int) -> None:
    # how the upright picture is stored under each orientation (the inverse of what a reader does)
    stored = {
        1: PICTURE,
        2: PICTURE[:, ::-1],
        3: PICTURE[::-1, ::-1],
        4: PICTURE[::-1],
        5: PICTURE.transpose(1, 0, 2),
        6: np.rot90(PICTURE, 1),
        7: PICTURE[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(PICTURE, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {} if kind in ("PNG", "TIFF") else {"quality": 95}
    photo = read_photo(encode(np.ascontiguousarray(stored), kind, exif=exif.tobytes(), **options))
    assert (photo.width, photo.height) == (48, 32)
    assert _difference(photo.rgb, PICTURE) < 5


@pytest.mark.parametrize(
    "exif",
    [b"Exif\x00\x00", b"Exif\x00\x00MM\x00*\xff\xff\xff\xff", b"Exif\x00\x00" + b"\xaa" * 40],
)
def test_broken_exif_is_left_aside(exif: bytes) -> None:
    assert read_photo(encode(PICTURE, "JPEG", exif=exif)).captured is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024:05:06 07:08:09", datetime(2024, 5, 6, 7, 8, 9)),
        ("1970:01:01 00:00:00", None),
        ("0000:00:00 00:00:00", None),
        ("yesterday", None),
    ],
)
def test_time_of_capture(written: str, expected: datetime | None) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = written
    assert read_photo(encode(PICTURE, "JPEG", exif=exif.tobytes())).captured == expected


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "png.jpg"
    path.write_bytes(encode(PICTURE, "PNG"))
    photo = read_photo(path)
    assert (photo.format, photo.path) == ("PNG", str(path))
    assert np.array_equal(read_photo(str(path)).rgb, PICTURE)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_first_frame_of_several(kind: str) -> None:
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "blue")]
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encode(frames[0], kind, save_all=True, append_images=frames[1:], **options)
    assert read_photo(data).rgb[5, 5].tolist() == [255, 0, 0]


def test_several_pictures_in_one_jpeg() -> None:
    other = Image.fromarray(PICTURE[::-1].copy())
    photo = read_photo(encode(PICTURE, "MPO", save_all=True, append_images=[other]))
    assert (photo.format, photo.rgb.shape) == ("JPEG", PICTURE.shape)
    assert _difference(photo.rgb, PICTURE) < 10


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "AVIF"])
@pytest.mark.parametrize(
    ("size", "fit_px", "expected"),
    [
        ((640, 480), 100, True),
        ((480, 640), 120, True),
        ((641, 479), 37, True),
        ((1000, 40), 20, True),
        ((640, 480), 241, False),
        ((640, 480), 480, False),
        ((640, 480), 5000, False),
        ((640, 480), 1, True),
    ],
)
def test_scaled_decode_size(kind: str, size: tuple[int, int], fit_px: int, expected: bool) -> None:
    options = {"speed": 10} if kind == "AVIF" else {}
    photo = read_photo(encode(textured(*size), kind, **options), fit_px=fit_px)
    assert (photo.width, photo.height) == size
    height, width = photo.rgb.shape[:2]
    assert ((width, height) != size) == expected
    if expected:
        assert fit_px <= min(width, height) < 2 * fit_px
        for full, scaled in zip(size, (width, height), strict=True):
            assert abs(full / photo.scale - scaled) <= 1
    else:
        assert photo.scale == 1.0


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_scaled_decode_looks_like_full_decode(kind: str) -> None:
    options = {"quality": 92} if kind == "JPEG" else {}
    data = encode(textured(1600, 1200), kind, **options)
    small = []
    for fit_px in (None, 224):
        image = Image.fromarray(read_photo(data, fit_px=fit_px).rgb)
        small.append(np.array(image.resize((224, 224), Image.Resampling.LANCZOS)))
    assert _difference(small[0], small[1]) < 1.0


def test_scaled_decode_turns_too() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = np.ascontiguousarray(np.rot90(gradient(640, 400), 1))
    photo = read_photo(encode(stored, "JPEG", exif=exif.tobytes()), fit_px=50)
    assert (photo.width, photo.height) == (640, 400)
    assert photo.rgb.shape[1] > photo.rgb.shape[0]
    assert photo.rgb[2, 2, 0] > 200
    assert photo.rgb[2, 2, 2] < 60


def test_the_decoders_own_reduction_alone_keeps_more_pixels() -> None:
    data = encode(textured(1600, 1200), "JPEG", quality=92)
    photo = read_photo(data, fit_px=400, draft=1)
    assert (photo.width, photo.height) == (1600, 1200)
    assert photo.rgb.shape == (600, 800, 3)
    full = Image.fromarray(read_photo(data).rgb).reduce(2)
    assert _difference(photo.rgb, np.asarray(full)) < 3


def test_bytes_have_a_name() -> None:
    with pytest.raises(UnreadableImage, match=r"IMG_1\.jpg"):
        read_photo(b"no picture", name="IMG_1.jpg")


def test_draft_below_the_size_wanted() -> None:
    with pytest.raises(OutOfRange, match=r"draft is 0\.5"):
        read_photo(encode(PICTURE, "PNG"), fit_px=2, draft=0.5)


def test_fit_below_one_pixel() -> None:
    with pytest.raises(OutOfRange, match="fit_px is 0"):
        read_photo(encode(PICTURE, "PNG"), fit_px=0)


def test_no_memory_is_our_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_image: Image.Image) -> Image.Image:
        raise MemoryError

    monkeypatch.setattr("goodside.images.decoding.picture.widen", refuse)
    with pytest.raises(ImageTooLarge, match="memory"):
        read_photo(encode(PICTURE, "PNG"))


@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_pillow_without_the_format(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = encode(PICTURE, kind)
    Image.init()
    monkeypatch.setitem(Image.OPEN, kind, (Image.OPEN[kind][0], lambda _prefix: False))
    monkeypatch.setattr("goodside.images.decoding.picture.features.check", lambda _feature: False)
    with pytest.raises(UnsupportedImage, match="built without"):
        read_photo(data)


def test_only_the_formats_on_the_list() -> None:
    data = encode(Image.fromarray(PICTURE), "TGA")
    with pytest.raises(UnreadableImage):
        read_photo(data)


def test_errors_are_one_family() -> None:
    with pytest.raises(GoodsideError) as caught:
        read_photo(b"x", limits=Limits())
    assert caught.value.kind == "UnreadableImage"
