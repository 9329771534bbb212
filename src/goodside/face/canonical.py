"""The canonical face mesh and the names of its parts."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from goodside.errors import WeightsError
from goodside.runtime import WeightsStore
from goodside.types import FloatArray

IndexArray = NDArray[np.int32]

NOSE_TIP = 1
MOUTH_LEFT, MOUTH_RIGHT = 61, 291
EYE_LEFT_OUTER, EYE_RIGHT_OUTER = 33, 263
EYE_LEFT = (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246)
EYE_RIGHT = (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466)

_FILE = "canonical_mesh.npz"
_REGIONS = (
    *("oval", "eye_left", "eye_right", "brow_left", "brow_right"),
    *("lips_outer", "lips_inner"),
)


@dataclass(frozen=True)
class CanonicalMesh:
    """A mean face in the layout of the 468 landmarks.

    Attributes:
        vertices: (468, 3) float32, centimetres; x to the picture's right, y down, z away from the
            camera, so that a face with no turn has these coordinates up to place and scale.
        uv: (468, 2) float32, place in a flat texture, 0-1.
        triangles: (898, 3) int32.
        fit_indices: (n,) int32, landmarks that move little with expression.
        fit_weights: (n,) float32, their weights in a fit.
        mirror: (468,) int32, the landmark in the same place on the other side of the face.
        regions: landmark numbers, in order along the outline, of `oval`, `eye_left`, `eye_right`,
            `brow_left`, `brow_right`, `lips_outer` and `lips_inner`; left and right are those of
            the picture.
    """

    vertices: FloatArray
    uv: FloatArray
    triangles: IndexArray
    fit_indices: IndexArray
    fit_weights: FloatArray
    mirror: IndexArray
    regions: Mapping[str, IndexArray]


def load_canonical(store: WeightsStore | None = None) -> CanonicalMesh:
    """Read the canonical mesh; the arrays are shared and cannot be written.

    Raises:
        WeightsError: its file is missing or corrupt.
    """
    return _own() if store is None else _load(store.data(_FILE))


@lru_cache(maxsize=1)
def _own() -> CanonicalMesh:
    return _load(WeightsStore().data(_FILE))


@lru_cache(maxsize=4)
def _load(path: Path) -> CanonicalMesh:
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as data:
            arrays = {name: data[name] for name in data.files}
        regions = {name: arrays.pop(name) for name in _REGIONS}
        mesh = CanonicalMesh(regions=regions, **arrays)
    except (OSError, KeyError, TypeError, ValueError, EOFError, BadZipFile, zlib.error) as error:
        raise WeightsError(
            f"the canonical mesh cannot be read: {error}", path=path, remedy="reinstall goodside"
        ) from error
    for array in (*arrays.values(), *regions.values()):
        array.flags.writeable = False
    return mesh


def five_points(landmarks: NDArray[np.floating]) -> FloatArray:
    """The five landmarks of `goodside.types.FIVE_POINTS` from the 468.

    Args:
        landmarks: (468, D) in any coordinates, D at least 2.

    Returns:
        (5, D) float32: eye centres (mean of the lids' outline), nose tip, mouth corners.
    """
    return np.stack(
        [
            landmarks[list(EYE_LEFT)].mean(axis=0),
            landmarks[list(EYE_RIGHT)].mean(axis=0),
            landmarks[NOSE_TIP],
            landmarks[MOUTH_LEFT],
            landmarks[MOUTH_RIGHT],
        ]
    ).astype(np.float32)
