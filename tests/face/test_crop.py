"""Crops and warps: where pixels land, and the way back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodside.face import Crop, warp
from goodside.types import RgbImage

places = st.floats(-50, 150)


def noise(height: int, width: int) -> RgbImage:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_warp_without_change_gives_the_same_pixels() -> None:
    rgb = noise(20, 30)
    same = np.array([[1.0, 0, 0], [0, 1.0, 0]])
    np.testing.assert_array_equal(warp(rgb, same, width_px=30, height_px=20), rgb)


def test_warp_by_whole_pixels_is_a_slice() -> None:
    rgb = noise(20, 30)
    moved = warp(rgb, np.array([[1.0, 0, 7], [0, 1.0, 4]]), width_px=10, height_px=8)
    np.testing.assert_array_equal(moved, rgb[4:12, 7:17])


def test_warp_repeats_the_edge() -> None:
    rgb = noise(20, 30)
    moved = warp(rgb, np.array([[1.0, 0, -6], [0, 1.0, 0]]), width_px=5, height_px=20)
    np.testing.assert_array_equal(moved, np.repeat(rgb[:, :1], 5, axis=1))


def test_a_strong_reduction_averages() -> None:
    checks = np.indices((256, 256)).sum(axis=0) % 2 * 255
    rgb = np.repeat(checks[..., None], 3, axis=2).astype(np.uint8)
    small = Crop(127.5, 127.5, 128).cut(rgb, size_px=16)
    assert np.abs(small.astype(int) - 127).max() <= 1


@pytest.mark.parametrize(
    ("angle_deg", "turns"), [(0.0, 0), (90.0, 1), (180.0, 2), (-90.0, 3)], ids=str
)
def test_a_turned_crop_stands_upright(angle_deg: float, turns: int) -> None:
    rgb = noise(32, 32)
    leaning = np.rot90(rgb, -turns).copy()  # clockwise, as the angle counts
    cut = Crop(15.5, 15.5, 32, angle_deg).cut(leaning, size_px=32)
    assert np.abs(cut.astype(int) - rgb).mean() < 1


def test_points_of_a_crop_lie_where_its_pixels_came_from() -> None:
    rgb = np.zeros((100, 100, 3), dtype=np.uint8)
    rgb[40:43, 60:63] = 255
    crop = Crop(55, 50, 60, 25)
    bright = crop.cut(rgb, size_px=120)[..., 0].astype(float)
    rows, columns = np.indices(bright.shape)
    middle = np.array([(columns * bright).sum(), (rows * bright).sum()]) / bright.sum()
    np.testing.assert_allclose(crop.to_picture(middle, size_px=120), [61, 41], atol=0.1)


@given(x=places, y=places, side=st.floats(1, 500), angle=st.floats(-180, 180))
def test_the_middle_of_a_crop_is_its_centre(x: float, y: float, side: float, angle: float) -> None:
    middle = Crop(x, y, side, angle).to_picture(np.array([95.5, 95.5]), size_px=192)
    np.testing.assert_allclose(middle, [x, y], atol=1e-3)


@given(side=st.floats(1, 500), angle=st.floats(-180, 180), depth=st.floats(-100, 100))
def test_depth_scales_with_the_crop(side: float, angle: float, depth: float) -> None:
    crop = Crop(10, 20, side, angle)
    points = np.array([[0.0, 0, 0], [192, 0, depth]])
    start, end = crop.to_picture(points, size_px=192).astype(float)
    assert np.hypot(*(end - start)[:2]) == pytest.approx(side, rel=1e-3)
    assert end[2] == pytest.approx(depth * side / 192, rel=1e-3, abs=1e-4)
