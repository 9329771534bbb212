"""What the camera sees of a head, by a map of depths."""

from __future__ import annotations

import numpy as np

from goodside.rotation.geometry.raster import IntArray, rasterize
from goodside.types import FloatArray

_DEPTH_PX = 128  # side of the depth buffer that decides what the photograph shows
_DEPTH_SLACK = 0.012  # frame sides, 3.6 mm: so far behind it a place still counts as seen; by eye


def depth_map(vertices: FloatArray, triangles: IntArray) -> FloatArray:
    """(D, D) depth of what the camera sees of the head; infinite where there is nothing."""
    raster = rasterize(vertices, triangles, size_px=_DEPTH_PX)
    depth = raster.interpolate(vertices[:, 2:], triangles)[..., 0]
    depth[raster.triangle < 0] = np.inf
    return depth


def surface_depth(places: FloatArray, depth: FloatArray) -> FloatArray:
    """(...) the farthest of the depths around each of (..., 3) places."""
    wide = np.maximum(depth[:, :-1], depth[:, 1:])
    farthest = np.maximum(wide[:-1], wide[1:])
    side = len(farthest)
    column, row = (
        (places[..., axis] * np.float32(len(depth)) - np.float32(0.5))
        .clip(0, side - 1)
        .astype(np.int32)
        for axis in range(2)
    )
    surface: FloatArray = farthest.ravel()[row * side + column]
    return surface


def visibility(places: FloatArray, depth: FloatArray) -> FloatArray:
    """(...) how far the camera sees each place: 1 at the surface, 0 well behind it.

    Each place is compared with the farthest of the depths around it, so that no slope hides itself.
    Nothing is known of what lies beyond the frame; it counts as seen.

    Args:
        places: (..., 3) x, y as shares of the frame, and depth.
        depth: (D, D).
    """
    x, y = places[..., 0], places[..., 1]
    behind = places[..., 2] - surface_depth(places, depth)
    visible: FloatArray = (2 - behind / np.float32(_DEPTH_SLACK)).clip(0, 1)
    visible[(x < 0) | (x > 1) | (y < 0) | (y > 1)] = 1
    return visible
