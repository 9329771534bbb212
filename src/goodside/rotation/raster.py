"""A small z-buffer: which triangle is seen at each pixel, and where in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodside.types import FloatArray

IntArray = NDArray[np.int32]

_EDGE = -1e-4  # pixels exactly on a shared edge belong to both neighbours; the nearer one wins


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
        corners = values[triangles[self.triangle]]
        mixed: FloatArray = np.einsum("hwk,hwkc->hwc", self.weights, corners)
        mixed[self.triangle < 0] = 0
        return mixed


def rasterize(vertices: FloatArray, triangles: IntArray, *, size_px: int) -> Raster:
    """Find the nearest triangle at every pixel centre.

    Args:
        vertices: (V, 3) float32; x, y as shares of the picture's side in [0, 1], z in any unit with
            smaller values nearer to the camera.
        triangles: (T, 3) int32 vertex indices; either winding.
        size_px: side S of the picture.

    Returns:
        The raster of the mesh.
    """
    pixels = vertices[:, :2].astype(np.float64) * size_px - 0.5
    a, b, c = (pixels[triangles[:, k]] for k in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    low = np.clip(np.ceil(np.minimum(np.minimum(a, b), c)), 0, size_px).astype(np.int64)
    high = np.clip(np.floor(np.maximum(np.maximum(a, b), c)) + 1, 0, size_px).astype(np.int64)
    extent = np.maximum(high - low, 0)
    extent[np.abs(area) < 1e-9] = 0
    count = extent[:, 0] * extent[:, 1]

    owner = np.repeat(np.arange(len(triangles)), count)
    offset = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    x = low[owner, 0] + offset % np.maximum(extent[owner, 0], 1)
    y = low[owner, 1] + offset // np.maximum(extent[owner, 0], 1)

    inverse = 1.0 / area[owner]
    ax, ay, bx, by, cx, cy = (p[owner, k] for p in (a, b, c) for k in (0, 1))
    weight_b = ((x - ax) * (cy - ay) - (y - ay) * (cx - ax)) * inverse
    weight_c = ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) * inverse
    weight_a = 1.0 - weight_b - weight_c
    inside = (weight_a >= _EDGE) & (weight_b >= _EDGE) & (weight_c >= _EDGE)

    owner, x, y = owner[inside], x[inside], y[inside]
    weights = np.stack([weight_a[inside], weight_b[inside], weight_c[inside]], axis=1)
    depth = np.einsum("pk,pk->p", weights, vertices[triangles[owner], 2].astype(np.float64))
    order = np.argsort(-depth, kind="stable")

    triangle = np.full((size_px, size_px), -1, np.int32)
    barycentric = np.zeros((size_px, size_px, 3), np.float32)
    y, x = y[order], x[order]
    triangle[y, x] = owner[order]
    barycentric[y, x] = weights[order]
    return Raster(triangle, barycentric)


def sample(rgb: NDArray[np.generic], where: FloatArray) -> FloatArray:
    """Read a picture at fractional places, bilinearly; places outside read its nearest edge.

    Args:
        rgb: (H, W, C) uint8 or float32.
        where: (..., 2) float32, x and y as shares of the picture's width and height in [0, 1].

    Returns:
        (..., C) float32 on the scale of `rgb`.
    """
    height, width = rgb.shape[:2]
    x = np.clip(where[..., 0] * width - 0.5, 0, width - 1)
    y = np.clip(where[..., 1] * height - 0.5, 0, height - 1)
    left = np.minimum(x.astype(np.int64), max(width - 2, 0))
    top = np.minimum(y.astype(np.int64), max(height - 2, 0))
    right, bottom = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    fx = (x - left).astype(np.float32)[..., None]
    fy = (y - top).astype(np.float32)[..., None]
    upper = rgb[top, left] * (1 - fx) + rgb[top, right] * fx
    lower = rgb[bottom, left] * (1 - fx) + rgb[bottom, right] * fx
    mixed: FloatArray = (upper * (1 - fy) + lower * fy).astype(np.float32)
    return mixed
