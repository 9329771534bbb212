"""Arrays taken for photographs, and limits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from goodside.errors import ImageError, ImageTooLarge
from goodside.images import Limits, from_array, read_photo
from tests.images.made import encode, textured


def test_from_array() -> None:
    rgb = np.zeros((4, 6, 3), np.uint8)
    photo = from_array(rgb, path="camera")
    assert (photo.width, photo.height, photo.format, photo.path) == (6, 4, "ARRAY", "camera")
    assert np.shares_memory(photo.rgb, rgb)
    turned = from_array(rgb.transpose(1, 0, 2))
    assert turned.rgb.flags.c_contiguous
    assert turned.scale == 1.0


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.zeros((4, 6), np.uint8), r"\(H, W, 3\), got \(4, 6\)"),
        (np.zeros((4, 6, 4), np.uint8), r"got \(4, 6, 4\)"),
        (np.zeros((2, 4, 6, 3), np.uint8), r"got \(2, 4, 6, 3\)"),
        (np.zeros((4, 6, 3), np.float32), "got float32"),
        (np.zeros((4, 6, 3), np.uint16), "got uint16"),
        (np.zeros((0, 6, 3), np.uint8), "empty"),
        ([[1, 2, 3]], "got list"),
        (None, "got NoneType"),
    ],
)
def test_other_arrays(array: Any, reason: str) -> None:
    with pytest.raises(ImageError, match=reason) as caught:
        from_array(array, path="here")
    assert caught.value.path == "here"
    assert caught.value.remedy


@pytest.mark.parametrize("orientation", [1, 6])
def test_the_picture_and_the_array_are_the_same(orientation: int) -> None:
    """Whichever is asked for first; the array may be written to and is made once."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encode(textured(640, 480), "JPEG", quality=80, exif=exif.tobytes())
    photo, other = (read_photo(data, fit_px=100, draft=1) for _ in range(2))
    scale = photo.scale
    picture = photo.picture
    assert picture.mode == "RGB"
    assert np.array_equal(np.asarray(picture), photo.rgb)
    assert np.array_equal(np.asarray(photo.picture), other.rgb)
    assert photo.scale == scale == photo.width / photo.rgb.shape[1] > 1
    photo.rgb[:] = 7
    assert (photo.rgb == 7).all()


def test_limits_are_inclusive() -> None:
    limits = Limits(max_megapixels=1, max_megabytes=1)
    limits.check_pixels(1000, 1000)
    limits.check_bytes(1_000_000)
    with pytest.raises(ImageTooLarge, match=r"1000 x 1001 pixels, 1\.0 megapixels"):
        limits.check_pixels(1000, 1001)
    with pytest.raises(ImageTooLarge):
        limits.check_bytes(1_000_001)
