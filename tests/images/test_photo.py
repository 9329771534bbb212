"""Arrays taken for photographs, and limits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from goodside.errors import ImageError, ImageTooLarge
from goodside.images import Limits, from_array


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


def test_limits_are_inclusive() -> None:
    limits = Limits(max_megapixels=1, max_megabytes=1)
    limits.check_pixels(1000, 1000)
    limits.check_bytes(1_000_000)
    with pytest.raises(ImageTooLarge, match=r"1000 x 1001 pixels, 1\.0 megapixels"):
        limits.check_pixels(1000, 1001)
    with pytest.raises(ImageTooLarge):
        limits.check_bytes(1_000_001)
