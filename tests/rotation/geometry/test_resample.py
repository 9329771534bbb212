"""Resizing float pictures: as a library does it, whatever the channels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from goodside.rotation.geometry.frame import Window
from goodside.rotation.geometry.resample import enlarge, enlarge_part, shrink
from goodside.types import FloatArray


@pytest.mark.parametrize("size_px", [8, 16, 50])
def test_a_picture_is_enlarged_channel_by_channel(size_px: int) -> None:
    ramp = np.linspace(0, 70, 8, dtype=np.float32)
    picture = np.stack(np.broadcast_arrays(ramp, ramp[:, None], 5), axis=-1).astype(np.float32)
    large = enlarge(picture, size_px)
    assert large.shape == (size_px, size_px, 3)
    assert large.dtype == np.float32
    across, down, flat = np.moveaxis(large, -1, 0)
    np.testing.assert_allclose(across, across[:1].repeat(size_px, axis=0), atol=1e-3)
    np.testing.assert_allclose(down, across.T, atol=1e-3)
    np.testing.assert_allclose(flat, 5, atol=1e-4)
    places = ((np.arange(size_px) + 0.5) * 8 / size_px - 0.5).clip(0, 7)
    np.testing.assert_allclose(across[0], 10 * places, atol=0.1)


@pytest.mark.parametrize(
    ("resized", "kernel", "old_px", "new_px"),
    [
        (shrink, Image.Resampling.BOX, 160, 32),
        (shrink, Image.Resampling.BOX, 96, 32),
        (enlarge, Image.Resampling.BILINEAR, 32, 160),
        (enlarge, Image.Resampling.BILINEAR, 4, 8),
        (enlarge, Image.Resampling.BILINEAR, 32, 50),
    ],
)
def test_pictures_are_resized_as_a_library_resizes_their_channels(
    resized: Callable[[FloatArray, int], FloatArray],
    kernel: Image.Resampling,
    old_px: int,
    new_px: int,
) -> None:
    picture = np.random.default_rng(0).uniform(0, 255, (old_px, old_px, 3)).astype(np.float32)
    made = resized(picture, new_px)
    assert made.dtype == np.float32
    for channel in range(3):
        image = Image.fromarray(np.ascontiguousarray(picture[..., channel]))
        expected = np.asarray(image.resize((new_px, new_px), kernel))
        np.testing.assert_allclose(made[..., channel], expected, atol=0.01)


def test_shrinking_by_no_whole_number_keeps_the_mean() -> None:
    picture = np.random.default_rng(0).uniform(0, 255, (50, 50, 2)).astype(np.float32)
    means = shrink(picture, 32).mean(axis=(0, 1))
    np.testing.assert_allclose(means, picture.mean(axis=(0, 1)), rtol=1e-4)


@pytest.mark.parametrize("window", [Window(), Window(0.2, 0.1, 0.62), Window(0.38, 0.0, 0.62)])
@pytest.mark.parametrize("size_px", [32, 75])
def test_a_part_is_enlarged_as_a_library_enlarges_it(window: Window, size_px: int) -> None:
    picture = np.random.default_rng(1).uniform(-40, 40, (32, 32, 4)).astype(np.float32)
    made = enlarge_part(picture, size_px, window=window)
    assert made.shape == (size_px, size_px, 4)
    assert made.dtype == np.float32
    for channel in range(4):
        image = Image.fromarray(np.ascontiguousarray(picture[..., channel]))
        size, box = (size_px, size_px), window.box(32)
        expected = np.asarray(image.resize(size, Image.Resampling.BICUBIC, box=box))
        np.testing.assert_allclose(made[..., channel], expected, atol=1e-3)
