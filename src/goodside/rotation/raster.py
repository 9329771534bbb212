"""A small z-buffer: which triangle is seen at each pixel, and where in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodside.types import FloatArray

IntArray = NDArray[np.int32]
Matrix = NDArray[np.float64]

_SLACK = 1e-4  # pixels exactly on a shared edge belong to both neighbours; the nearer one wins
_FLAT = 1e-3  # square pixels; a triangle seen edge-on shows nothing


@dataclass(frozen=True, slots=True)
class Raster:
    """What a triangle mesh shows in a square picture.

    Attributes:
        triangle: (S, S) int32, index of the nearest triangle at each pixel centre, -1 where none.
        weights: (S, S, 3) float32 barycentric coordinates in that triangle, summing to 1.
    """

    triangle: IntArray
    weights: FloatArray

    def interpolate(self, values: FloatArray, triangles: IntArray) -> FloatArray:
        """Carry a quantity from the vertices to the pixels.

        Args:
            values: (V, C) float32, one row a vertex.
            triangles: (T, 3) int32, the triangles that were rasterized.

        Returns:
            (S, S, C) float32; zero where no triangle is seen.
        """
        if not len(triangles):
            return np.zeros((*self.triangle.shape, values.shape[1]), np.float32)
        corners = values[triangles].take(self.triangle.ravel(), axis=0)
        flat = np.einsum("pk,pkc->pc", self.weights.reshape(-1, 3), corners)
        mixed: FloatArray = flat.reshape(*self.triangle.shape, -1)
        mixed[self.triangle < 0] = 0
        return mixed


def rasterize(vertices: FloatArray, triangles: IntArray, *, size_px: int) -> Raster:
    """Find the nearest triangle at every pixel centre.

    Each triangle is cut into rows, each row into the pixels between the edges it crosses, so that
    only covered pixels are ever looked at.

    Args:
        vertices: (V, 3) float32; x, y as shares of the picture's side in [0, 1], z in any unit with
            smaller values nearer to the camera.
        triangles: (T, 3) int32 vertex indices; either winding.
        size_px: side S of the picture.

    Returns:
        The raster of the mesh.
    """
    flat = vertices[:, :2].astype(np.float64) * size_px - 0.5
    planes, solid = _weight_planes(flat, triangles)
    owner, row = _rows(flat[triangles, 1], solid, size_px=size_px)
    slope = planes[owner, :, 0]
    start = planes[owner, :, 1] * row[:, None] + planes[owner, :, 2]
    first, length = _columns(slope, start, size_px=size_px)
    start += slope * first[:, None]

    span, step = _runs(length)
    corner_depth = vertices[:, 2].astype(np.float64)[triangles][owner]
    depth_start = np.einsum("rk,rk->r", start, corner_depth)
    depth_slope = np.einsum("rk,rk->r", slope, corner_depth)
    seen = _nearest(
        (row * size_px + first)[span] + step,
        depth_start[span] + depth_slope[span] * step,
        places=size_px * size_px,
    )
    covered = seen >= 0
    triangle = np.full(size_px * size_px, -1, np.int32)
    weights = np.zeros((size_px * size_px, 3), np.float32)
    if covered.any():
        span, step = span[seen], step[seen].astype(np.float32)
        triangle = np.where(covered, owner[span], -1).astype(np.int32)
        weights = slope.astype(np.float32).take(span, axis=0)
        weights *= step[:, None]
        weights += start.astype(np.float32).take(span, axis=0)
        weights[~covered] = 0
    return Raster(triangle.reshape(size_px, size_px), weights.reshape(size_px, size_px, 3))


def sample(rgb: NDArray[np.generic], where: FloatArray) -> FloatArray:
    """Read a picture at fractional places, bilinearly; places outside read its nearest edge.

    Args:
        rgb: (H, W, C) uint8 or float32.
        where: (..., 2) float32, x and y as shares of the picture's width and height in [0, 1].

    Returns:
        (..., C) float32 on the scale of `rgb`.
    """
    height, width, channels = rgb.shape
    x = np.clip(where[..., 0].ravel() * np.float32(width) - np.float32(0.5), 0, width - 1)
    y = np.clip(where[..., 1].ravel() * np.float32(height) - np.float32(0.5), 0, height - 1)
    left = np.minimum(x.astype(np.int64), max(width - 2, 0))
    top = np.minimum(y.astype(np.int64), max(height - 2, 0))
    across, down = (x - left).astype(np.float32), (y - top).astype(np.float32)
    right, below = int(width > 1), width * int(height > 1)
    pixels, corner = rgb.reshape(height * width, channels), top * width + left
    mixed = np.zeros((len(corner), channels), np.float32)
    for step, share in (
        (0, (1 - across) * (1 - down)),
        (right, across * (1 - down)),
        (below, (1 - across) * down),
        (right + below, across * down),
    ):
        mixed += pixels.take(corner + step, axis=0) * share[:, None]
    return mixed.reshape(*where.shape[:-1], channels)


def _weight_planes(flat: Matrix, triangles: IntArray) -> tuple[Matrix, NDArray[np.bool_]]:
    """Barycentric weights as functions of the place.

    Args:
        flat: (V, 2) vertices in pixels.
        triangles: (T, 3).

    Returns:
        (T, 3, 3) planes: the weight of corner k at (x, y) is `p[k] @ (x, y, 1)`; and (T,) whether
        the triangle has an area at all.
    """
    a, b, c = (flat[triangles[:, k]] for k in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    solid = np.abs(area) >= _FLAT
    sides = []
    for tail, head in ((b, c), (c, a), (a, b)):  # the side across from corner a, b, c
        run, rise = (head - tail).T
        sides.append(np.stack([-rise, run, rise * tail[:, 0] - run * tail[:, 1]], axis=1))
    return np.stack(sides, axis=1) / np.where(solid, area, 1)[:, None, None], solid


def _rows(
    heights: Matrix, solid: NDArray[np.bool_], *, size_px: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every row of pixels that a triangle crosses: (R,) the triangle, (R,) the row."""
    first = np.clip(np.ceil(heights.min(axis=1)), 0, size_px).astype(np.int64)
    last = np.clip(np.floor(heights.max(axis=1)), -1, size_px - 1).astype(np.int64)
    owner, offset = _runs(np.where(solid, np.maximum(last - first + 1, 0), 0))
    return owner, first[owner] + offset


def _columns(
    slope: Matrix, start: Matrix, *, size_px: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The part of every row inside its triangle: (R,) first column, (R,) number of columns.

    Args:
        slope, start: (R, 3), weight of corner k at column x: `start[k] + slope[k] * x`.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = -(start + _SLACK) / slope
    left = np.where(slope > 0, crossing, 0).max(axis=1)
    right = np.where(slope < 0, crossing, size_px - 1).min(axis=1)
    first = np.ceil(np.clip(left, 0, size_px)).astype(np.int64)
    last = np.floor(np.clip(right, -1, size_px - 1)).astype(np.int64)
    outside = ((slope == 0) & (start < -_SLACK)).any(axis=1)
    return first, np.where(outside, 0, np.maximum(last - first + 1, 0))


def _runs(lengths: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Runs of the given lengths, joined: (P,) the run each element is in, (P,) its place there."""
    owner = np.repeat(np.arange(len(lengths)), lengths)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def _nearest(place: NDArray[np.int64], depth: Matrix, *, places: int) -> NDArray[np.int64]:
    """(places,) number of the candidate with the smallest depth at each place, -1 where none."""
    holder = np.full(places, -1, np.int64)
    rivals = np.arange(len(place))
    holder[place] = rivals
    while len(rivals):  # whoever is nearer than the holder takes the place, until nobody is
        rivals = rivals[depth[rivals] < depth[holder[place[rivals]]]]
        holder[place[rivals]] = rivals
    return holder
