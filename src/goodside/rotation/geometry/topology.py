"""How a head's vertices are joined: triangles, and which vertex mirrors which."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np

from goodside.face import load_canonical
from goodside.rotation.geometry.head import RINGS
from goodside.rotation.geometry.head_shape import HEAD
from goodside.rotation.geometry.raster import IntArray
from goodside.rotation.geometry.texels import triangle_areas


@lru_cache(maxsize=1)
def head_topology() -> tuple[IntArray, IntArray, int]:
    """(T, 3) triangles of one winding, (V,) the vertex opposite each, and how many are the face's.

    Both halves of the rings are cut into triangles alike, so that turns to both sides are.
    """
    model = load_canonical()
    oval = model.regions["oval"]
    around = len(oval)
    loops = [oval] + [
        np.arange(around) + len(model.vertices) + around * ring for ring in range(RINGS + 1)
    ]
    strips = []
    one_half = (np.arange(around) < around // 2)[:, None]
    for inner, outer in pairwise(loops):
        after_inner, after_outer = np.roll(inner, -1), np.roll(outer, -1)
        cut = np.stack([inner, after_inner, outer, after_inner, after_outer, outer], axis=1)
        mirrored = np.stack([inner, after_inner, after_outer, inner, after_outer, outer], axis=1)
        strips.append(np.where(one_half, cut, mirrored).reshape(-1, 3))
    band = np.concatenate(strips)

    flat = model.vertices[:, :2].astype(np.float64)
    spoke = flat[oval] - flat[oval].mean(0)
    reaches = [*(1 + 0.1 * np.arange(1, RINGS + 1)), HEAD.backdrop_reach]
    rings = [flat[oval].mean(0) + spoke * reach for reach in reaches]
    spread = np.concatenate([flat, *rings])
    # Each part has one winding throughout, though a few of the lips' triangles face backwards.
    parts = [
        part if triangle_areas(spread, part).sum() > 0 else part[:, ::-1]
        for part in (model.triangles, band)
    ]
    triangles = np.concatenate(parts).astype(np.int32)

    opposite = model.mirror
    position = {int(vertex): index for index, vertex in enumerate(oval)}
    ring_mirror = np.array([position[int(opposite[vertex])] for vertex in oval])
    mirror = np.concatenate(
        [opposite] + [ring_mirror + len(opposite) + around * ring for ring in range(RINGS + 1)]
    )
    return triangles, mirror.astype(np.int32), len(model.triangles)
