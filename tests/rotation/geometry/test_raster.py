"""The z-buffer against a slow one, and bilinear reading."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from goodside.rotation.geometry.raster import IntArray, rasterize, sample, sample_rgba
from goodside.types import FloatArray

SQUARE = np.array([[0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]], np.float32)
HALVES = np.array([[0, 1, 2], [0, 2, 3]], np.int32)


@pytest.mark.parametrize("size_px", [1, 2, 7, 32])
def test_two_triangles_cover_a_square_exactly(size_px: int) -> None:
    raster = rasterize(SQUARE, HALVES, size_px=size_px)
    assert raster.triangle.shape == (size_px, size_px)
    assert (raster.triangle >= 0).all()
    np.testing.assert_allclose(raster.weights.sum(axis=2), 1, atol=1e-5)


def test_half_a_square_covers_half_the_picture() -> None:
    middle = SQUARE * (0.5, 1, 1)
    raster = rasterize(middle.astype(np.float32), HALVES, size_px=16)
    covered = raster.triangle >= 0
    assert covered[:, :8].all()
    assert not covered[:, 8:].any()
    assert (raster.weights[~covered] == 0).all()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_nearer_square_wins_whatever_the_order(order: tuple[int, int]) -> None:
    far, near = SQUARE.copy(), SQUARE * (0.5, 0.5, 0.5)
    vertices = np.concatenate([far, near]).astype(np.float32)
    parts = [HALVES, HALVES + 4]
    triangles = np.concatenate([parts[k] for k in order])
    depth = rasterize(vertices, triangles, size_px=8).interpolate(vertices[:, 2:], triangles)
    assert (depth[:4, :4, 0] == 0.5).all()
    assert (depth[4:, :, 0] == 1).all()


def test_crossing_planes_are_cut_where_they_cross() -> None:
    rising = np.array([[0, 0, 0], [1, 0, 1], [1, 1, 1], [0, 1, 0]], np.float32)
    vertices = np.concatenate([SQUARE * (1, 1, 0.5), rising]).astype(np.float32)
    raster = rasterize(vertices, np.concatenate([HALVES, HALVES + 4]), size_px=8)
    assert (raster.triangle[:, :4] >= 2).all()
    assert (raster.triangle[:, 4:] < 2).all()


def test_values_between_vertices_are_linear() -> None:
    raster = rasterize(SQUARE, HALVES, size_px=10)
    values = np.array([[0, 5], [10, 5], [10, 5], [0, 5]], np.float32)  # ten times x, and a constant
    mixed = raster.interpolate(values, HALVES)
    expected = np.tile(np.arange(10) + 0.5, (10, 1))
    np.testing.assert_allclose(mixed[..., 0], expected, atol=1e-4)
    np.testing.assert_allclose(mixed[..., 1], 5, atol=1e-5)
    some = np.array([3, 47, 99])
    np.testing.assert_array_equal(
        raster.interpolate(values, HALVES, at=some), mixed.reshape(-1, 2)[some]
    )


@pytest.mark.parametrize(
    "vertices",
    [
        np.array([[2, 2, 0], [3, 2, 0], [2, 3, 0]], np.float32),  # outside
        np.array([[0, 0, 0], [1, 1, 0], [0.5, 0.5, 0]], np.float32),  # edge-on
        np.array([[0.3, 0.3, 0], [0.31, 0.3, 0], [0.3, 0.31, 0]], np.float32),  # between pixels
    ],
)
def test_what_covers_no_pixel_centre_leaves_nothing(vertices: FloatArray) -> None:
    triangles = np.array([[0, 1, 2]], np.int32)
    raster = rasterize(vertices, triangles, size_px=4)
    assert (raster.triangle == -1).all()
    assert (raster.interpolate(np.ones((3, 2), np.float32), triangles) == 0).all()


def test_without_triangles_nothing_is_seen() -> None:
    none = np.zeros((0, 3), np.int32)
    raster = rasterize(SQUARE, none, size_px=4)
    assert (raster.triangle == -1).all()
    mixed = raster.interpolate(np.ones((4, 2), np.float32), none)
    assert mixed.shape == (4, 4, 2)
    assert not mixed.any()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 10), st.integers(1, 16))
def test_it_agrees_with_a_slow_rasterizer(seed: int, count: int, size_px: int) -> None:
    rng = np.random.default_rng(seed)
    vertices = rng.uniform(-0.4, 1.4, (count + 3, 3)).astype(np.float32)
    triangles = np.stack([rng.permutation(count + 3)[:3] for _ in range(count)]).astype(np.int32)
    triangles = triangles[np.abs(_doubled_areas(vertices, triangles)) > 0.01]
    raster = rasterize(vertices, triangles, size_px=size_px)
    depth = raster.interpolate(vertices[:, 2:], triangles)[..., 0]
    depth[raster.triangle < 0] = np.inf
    expected, doubtful = _slow(vertices, triangles, size_px=size_px)
    np.testing.assert_allclose(depth[~doubtful], expected[~doubtful], atol=1e-3)
    assert doubtful.sum() < 4


def _doubled_areas(vertices: FloatArray, triangles: IntArray) -> FloatArray:
    sides = vertices[triangles[:, 1:], :2] - vertices[triangles[:, :1], :2]
    areas: FloatArray = np.linalg.det(sides)
    return areas


def _slow(
    vertices: FloatArray, triangles: IntArray, *, size_px: int
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Nearest depth at each pixel centre, and which of them lie too near to an edge to tell."""
    depth = np.full((size_px, size_px), np.inf, np.float32)
    doubtful = np.zeros((size_px, size_px), bool)
    for row, column in np.ndindex(size_px, size_px):
        place = (np.array([column, row]) + 0.5) / size_px
        for corners in vertices[triangles].astype(np.float64):
            edges = (corners[1:, :2] - corners[0, :2]).T
            b, c = np.linalg.solve(edges, place - corners[0, :2])
            weights = np.array([1 - b - c, b, c])
            doubtful[row, column] |= bool(-2e-4 < weights.min() < 1e-6)
            if weights.min() >= 0:
                depth[row, column] = min(depth[row, column], weights @ corners[:, 2])
    return depth, doubtful


def _identity(size_px: int) -> FloatArray:
    axis = (np.arange(size_px, dtype=np.float32) + 0.5) / size_px
    return np.stack(np.meshgrid(axis, axis), axis=-1)


@pytest.mark.parametrize("channels", [1, 3])
def test_reading_every_pixel_where_it_is_gives_the_picture_back(channels: int) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (9, 9, channels), dtype=np.uint8)
    np.testing.assert_allclose(sample(picture, _identity(9)), picture, atol=1e-3)


def test_reading_between_pixels_is_linear_both_ways() -> None:
    y, x = np.mgrid[:6, :8].astype(np.float32)
    ramp = np.stack([x, y, 3 * x - 2 * y], axis=-1)
    rng = np.random.default_rng(2)
    px = rng.uniform((0, 0), (7, 5), (50, 2)).astype(np.float32)
    read = sample(ramp, ((px + 0.5) / (8, 6)).astype(np.float32))
    expected = np.stack([px[:, 0], px[:, 1], 3 * px[:, 0] - 2 * px[:, 1]], axis=1)
    np.testing.assert_allclose(read, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("place", "corner"), [((-3, -3), 0), ((4, -1), 1), ((-1, 9), 2), ((7, 7), 3), ((0, 0), 0)]
)
def test_places_outside_read_the_nearest_edge(place: tuple[float, float], corner: int) -> None:
    picture = np.array([[[10], [20]], [[30], [40]]], np.uint8)
    assert sample(picture, np.array(place, np.float32))[0] == picture.reshape(-1)[corner]


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (7, 1), (40, 33)])
def test_four_bytes_at_once_are_read_as_each_alone(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(4)
    picture = rng.integers(0, 256, (*shape, 4), dtype=np.uint8)
    places = rng.uniform(-0.2, 1.2, (30, 40, 2)).astype(np.float32)
    together, alone = sample_rgba(picture, places), sample(picture, places)
    assert together.shape == (30, 40, 4)
    assert together.dtype == np.float32
    assert np.abs(together - alone).max() < 2
    assert np.abs(together - alone).mean() < 0.3
    assert abs(float((together - alone).mean())) < 0.05
    white = np.full((*shape, 4), 255, np.uint8)
    assert (sample_rgba(white, places) == 255).all()


def test_a_picture_of_one_pixel_can_be_read_anywhere() -> None:
    picture = np.array([[[7, 8, 9]]], np.uint8)
    assert (sample(picture, _identity(5)) == (7, 8, 9)).all()
