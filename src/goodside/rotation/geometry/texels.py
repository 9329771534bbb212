"""How well a photograph's pixels, laid on a mesh, fill the mesh when it is turned."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodside.rotation.geometry.raster import IntArray
from goodside.types import FloatArray

_USELESS, _ENOUGH = 0.12, 0.6  # shares of the area a texel should have; by eye
MOST_STRETCH = 24.0  # a texel stretched further is as good as a line; by eye
EDGE_ON = 1e-9  # twice the area, in square frame sides, of a triangle that shows nothing


def triangle_areas(flat: FloatArray, triangles: IntArray) -> FloatArray:
    """(T,) twice the signed area of every triangle of (V, 2) points."""
    a, b, c = (flat[triangles[:, k]] for k in range(3))
    areas: FloatArray = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (
        c[:, 0] - a[:, 0]
    )
    return areas


def texel_trust(
    seen: FloatArray, shown: FloatArray, triangles: IntArray, *, winding: int = 1
) -> FloatArray:
    """(V,) how well the texels around each vertex fill the result: 1 at full size, 0 past use.

    A triangle that the photograph shows at less than `_USELESS` of the area the result needs, or
    from behind, counts nothing; at `_ENOUGH` of it or more it counts fully.
    """
    needed = triangle_areas(shown, triangles)
    share = winding * triangle_areas(seen, triangles) / np.maximum(needed, 1e-9)
    trust = np.clip((share - _USELESS) / (_ENOUGH - _USELESS), 0, 1)
    return mean_around(trust, triangles, counts=needed > 0, vertices=len(seen))


def texel_stretch(seen: FloatArray, shown: FloatArray, triangles: IntArray) -> FloatArray:
    """(V,) how much longer than wide the texels around each vertex become, 1 to `MOST_STRETCH`.

    The ratio r of the singular values of the linear map A from a triangle as the result shows it to
    the same triangle in the photograph: r + 1 / r is the sum of A's squares over its determinant.
    """
    needed = triangle_areas(shown, triangles)
    shows = needed > EDGE_ON
    first, *others = (triangles[:, corner] for corner in range(3))
    (ax, ay), (bx, by) = (
        (shown[other] - shown[first])[:, :2].T.astype(np.float64) for other in others
    )
    (cx, cy), (dx, dy) = (
        (seen[other] - seen[first])[:, :2].T.astype(np.float64) for other in others
    )
    squares = (cx * by - dx * ay) ** 2 + (dx * ax - cx * bx) ** 2
    squares += (cy * by - dy * ay) ** 2 + (dy * ax - cy * bx) ** 2
    area = np.abs(cx * dy - cy * dx) * np.abs(needed)
    half = squares / np.maximum(2 * area, 1e-18)
    ratio = (half + np.sqrt(np.maximum(half**2 - 1, 0))).clip(1, MOST_STRETCH)
    return mean_around(ratio, triangles, counts=shows, vertices=len(seen))


def mean_around(
    values: NDArray[np.float64],
    triangles: IntArray,
    *,
    counts: NDArray[np.bool_],
    vertices: int,
) -> FloatArray:
    """(V,) the mean over the triangles at each vertex, of those that count; 0 without any."""
    corners = triangles[counts].ravel()
    total = np.bincount(corners, weights=np.repeat(values[counts], 3), minlength=vertices)
    count = np.bincount(corners, minlength=vertices)
    mean: FloatArray = (total / np.maximum(count, 1)).astype(np.float32)
    return mean
