"""Masks: the least and the most around each pixel, as a library finds them."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFilter

from goodside.rotation.geometry.masks import dilated, eroded


@pytest.mark.parametrize("by_px", [1, 3])
@pytest.mark.parametrize("size_px", [1, 5, 64])
def test_masks_are_eroded_and_dilated_as_a_library_does_it(size_px: int, by_px: int) -> None:
    rng = np.random.default_rng(size_px)
    mask = rng.integers(0, 256, (size_px, size_px), dtype=np.uint8)
    padded = Image.fromarray(np.pad(mask, 4, mode="edge"))
    inner = slice(4, 4 + size_px)
    for made, kind in ((eroded, ImageFilter.MinFilter), (dilated, ImageFilter.MaxFilter)):
        expected = np.asarray(padded.filter(kind(2 * by_px + 1)))[inner, inner]
        np.testing.assert_array_equal(made(mask, by_px=by_px), expected)
