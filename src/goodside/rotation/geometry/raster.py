"""A small z-buffer: which triangle is seen at each pixel, and where in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodside.types import FloatArray

IntArray = NDArray[np.int32]
Matrix = NDArray[np.float64]

_SLACK = 1e-4  # pixels exactly on a shared edge belong to both neighbours; the nearer one wins
_EVERY_OTHER_BYTE = np.uint32(0x00FF00FF)
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

    def interpolate(
        self, values: FloatArray, triangles: IntArray, *, at: NDArray[np.intp] | None = None
    ) -> FloatArray:
        """Carry a quantity from the vertices to the pixels.

        Args:
            values: (V, C) float32, one row a vertex.
            triangles: (T, 3) int32, the triangles that were rasterized.
            at: (N,) numbers of the pixels asked for, counted row by row; by default all.

        Returns:
            (S, S, C) float32, or (N, C) of pixels asked for; zero where no triangle is seen.
        """
        triangle, weights = self.triangle.ravel(), self.weights.reshape(-1, 3)
        if at is not None:
            triangle, weights = triangle.take(at), weights.take(at, axis=0)
        if not len(triangles):
            mixed = np.zeros((len(triangle), values.shape[1]), np.float32)
        else:
            corners = values[triangles].take(triangle, axis=0)
            mixed = np.einsum("pk,pkc->pc", weights, corners)
            mixed[triangle < 0] = 0
        return mixed if at is not None else mixed.reshape(*self.triangle.shape, -1)


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
    (across, down, constant), solid = _weight_planes(flat, triangles)
    owner, row = _rows(flat[triangles, 1], solid, size_px=size_px)
    slope = across.take(owner, axis=1)
    start = down.take(owner, axis=1) * row + constant.take(owner, axis=1)
    first, length = _columns(slope, start, size_px=size_px)
    start += slope * first

    span, step = _runs(length)
    corner_depth = vertices[:, 2].astype(np.float64)[triangles.T].take(owner, axis=1)
    depth_start, depth_slope = (
        (start * corner_depth).sum(axis=0),
        (slope * corner_depth).sum(axis=0),
    )
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
        for corner in range(3):
            rise, base = slope[corner].astype(np.float32), start[corner].astype(np.float32)
            weights[:, corner] = rise.take(span) * step + base.take(span)
        weights[~covered] = 0
    return Raster(triangle.reshape(size_px, size_px), weights.reshape(size_px, size_px, 3))


def sample(rgb: NDArray[np.generic], grid: FloatArray) -> FloatArray:
    """Read a picture at fractional places, bilinearly; places outside read its nearest edge.

    Args:
        rgb: (H, W, C) uint8 or float32.
        grid: (..., 2) float32, x and y as shares of the picture's width and height in [0, 1].

    Returns:
        (..., C) float32 on the scale of `rgb`.
    """
    height, width, channels = rgb.shape
    places, across, down = _corners(grid, height=height, width=width)
    pixels, both = rgb.reshape(height * width, channels), across * down
    mixed = np.zeros((len(both), channels), np.float32)
    for place, share in zip(
        places, (1 - across - down + both, across - both, down - both, both), strict=True
    ):
        mixed += pixels.take(place, axis=0) * share[:, None]
    return mixed.reshape(*grid.shape[:-1], channels)


def sample_rgba(rgba: NDArray[np.uint8], grid: FloatArray) -> FloatArray:
    """`sample` for four channels of bytes, in little more than half the time.

    A pixel is one integer of 32 bits, of which two channels at a time are spread over 16 bits each,
    so that one product weighs both. Shares of the pixels are rounded to 256ths.

    Args:
        rgba: (H, W, 4) uint8, contiguous.
        grid: (..., 2) float32, as for `sample`.

    Returns:
        (..., 4) float32, 0-255.
    """
    height, width, _ = rgba.shape
    places, across, down = _corners(grid, height=height, width=width)
    right, below = (np.rint(share * 256).astype(np.uint32) for share in (across, down))
    both = right * below >> 8
    shares = 256 - right - below + both, right - both, below - both, both
    pixels = rgba.reshape(height * width, 4).view(np.uint32).ravel()
    even, odd = np.zeros((2, len(right)), np.uint32)
    for place, share in zip(places, shares, strict=True):
        pixel = pixels.take(place)
        even += (pixel & _EVERY_OTHER_BYTE) * share
        odd += (pixel >> 8 & _EVERY_OTHER_BYTE) * share
    mixed = np.empty((len(right), 4), np.float32)
    mixed[:, ::2], mixed[:, 1::2] = (half.view(np.uint16).reshape(-1, 2) for half in (even, odd))
    mixed /= 256
    return mixed.reshape(*grid.shape[:-1], 4)


def _corners(
    grid: FloatArray, *, height: int, width: int
) -> tuple[list[NDArray[np.int64]], FloatArray, FloatArray]:
    """The four pixels around each of N places of a picture, and how far each lies between them.

    Returns:
        [(N,)] x 4 numbers of the pixels: upper left, upper right, lower left, lower right; (N,) and
        (N,) float32, 0-1, from left to right and from top to bottom.
    """
    x = np.clip(grid[..., 0].ravel() * np.float32(width) - np.float32(0.5), 0, width - 1)
    y = np.clip(grid[..., 1].ravel() * np.float32(height) - np.float32(0.5), 0, height - 1)
    left = np.minimum(x.astype(np.int64), max(width - 2, 0))
    top = np.minimum(y.astype(np.int64), max(height - 2, 0))
    right, below = int(width > 1), width * int(height > 1)
    corner = top * width + left
    places = [corner + step for step in (0, right, below, right + below)]
    return places, (x - left).astype(np.float32), (y - top).astype(np.float32)


def _weight_planes(flat: Matrix, triangles: IntArray) -> tuple[Matrix, NDArray[np.bool_]]:
    """Barycentric weights as functions of the place.

    Args:
        flat: (V, 2) vertices in pixels.
        triangles: (T, 3).

    Returns:
        (3, 3, T) planes: the weight of corner k at (x, y) is `p[0, k] x + p[1, k] y + p[2, k]`; and
        (T,) whether the triangle has an area at all.
    """
    a, b, c = (flat[triangles[:, k]].T for k in range(3))
    area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    solid = np.abs(area) >= _FLAT
    sides = []
    for tail, head in ((b, c), (c, a), (a, b)):  # the side across from corner a, b, c
        run, rise = head - tail
        sides.append((-rise, run, rise * tail[0] - run * tail[1]))
    return np.stack(sides, axis=1) / np.where(solid, area, 1), solid


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
        slope, start: (3, R), weight of corner k at column x: `start[k] + slope[k] * x`.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = -(start + _SLACK) / slope
    left = np.where(slope > 0, crossing, 0).max(axis=0)
    right = np.where(slope < 0, crossing, size_px - 1).min(axis=0)
    first = np.ceil(np.clip(left, 0, size_px)).astype(np.int64)
    last = np.floor(np.clip(right, -1, size_px - 1)).astype(np.int64)
    outside = ((slope == 0) & (start < -_SLACK)).any(axis=0)
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
