"""The canonical face mesh inside MediaPipe's packed assets, written as `canonical_mesh.npz`.

The file is a protocol buffer, GeometryPipelineMetadata in MediaPipe's face geometry module:
field 1 holds the mesh (3: vertex buffer of x, y, z, u, v floats; 4: triangle indices), field 2 the
landmarks with their weights for the Procrustes fit. A reader of the wire format is enough for it.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np

# Landmark numbers of the named regions, as MediaPipe's face mesh documents them. Left and right
# are those of the picture on an upright face, not the person's.
REGIONS: dict[str, tuple[int, ...]] = {
    "oval": (
        *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
        *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
    ),
    "eye_left": (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
    "eye_right": (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
    "brow_left": (46, 53, 52, 65, 55, 107, 66, 105, 63, 70),
    "brow_right": (276, 283, 282, 295, 285, 336, 296, 334, 293, 300),
    "lips_outer": (
        *(61, 146, 91, 181, 84, 17, 314, 405, 321, 375),
        *(291, 409, 270, 269, 267, 0, 37, 39, 40, 185),
    ),
    "lips_inner": (
        *(78, 95, 88, 178, 87, 14, 317, 402, 318, 324),
        *(308, 415, 310, 311, 312, 13, 82, 81, 80, 191),
    ),
}


def packed_asset(data: bytes, *, loader: str, name: str) -> bytes:
    """Cut one file out of packed assets by the byte offsets that its loader script lists.

    Raises:
        KeyError: the loader lists no such file.
    """
    pattern = rf'"filename": "[^"]*/{re.escape(name)}", "start": (\d+), "end": (\d+)'
    found = re.search(pattern, loader)
    if found is None:
        raise KeyError(f"the loader lists no {name}")
    return data[int(found[1]) : int(found[2])]


def write_canonical_mesh(metadata: bytes, path: Path) -> None:
    """Write the canonical mesh with its regions.

    Arrays: `vertices` (468, 3) float32 cm with x to the picture's right, y down and z away from the
    camera (the source has y up and z toward it), centred as in the source; `uv` (468, 2) float32;
    `triangles` (898, 3) int32; `fit_indices` (n,) int32 and `fit_weights` (n,) float32 for the
    Procrustes fit; `mirror` (468,) int32, the landmark on the other side of the face; and one int32
    array a region.

    Raises:
        ValueError: the mesh has another shape than expected.
    """
    mesh, basis = b"", []
    for field, value in _fields(metadata):
        if field == 1:
            mesh = value
        elif field == 2:
            parts = dict(_fields(value))
            index = int.from_bytes(parts.get(1, b"\0"), "little")
            basis.append((index, struct.unpack("<f", parts[2])[0]))
    floats = b"".join(value for field, value in _fields(mesh) if field == 3)
    corners = [int.from_bytes(value, "little") for field, value in _fields(mesh) if field == 4]
    buffer = np.frombuffer(floats, dtype="<f4").reshape(-1, 5)
    triangles = np.array(corners, dtype=np.int32).reshape(-1, 3)
    if buffer.shape != (468, 5) or triangles.shape != (898, 3):
        found = f"{buffer.shape[0]} and {triangles.shape[0]}"
        raise ValueError(f"expected 468 vertices and 898 triangles, got {found}")
    vertices = (buffer[:, :3] * np.array([1, -1, -1])).astype(np.float32)
    flipped = vertices * np.array([-1, 1, 1], dtype=np.float32)
    distances = np.linalg.norm(flipped[:, None] - vertices[None], axis=2)
    mirror = distances.argmin(axis=1).astype(np.int32)
    if not np.array_equal(mirror[mirror], np.arange(468)):
        raise ValueError("the mesh is not symmetric")
    arrays = {
        "vertices": vertices,
        "uv": np.ascontiguousarray(buffer[:, 3:]),
        "triangles": triangles,
        "fit_indices": np.array([index for index, _ in basis], dtype=np.int32),
        "fit_weights": np.array([weight for _, weight in basis], dtype=np.float32),
        "mirror": mirror,
    }
    arrays |= {name: np.array(region, dtype=np.int32) for name, region in REGIONS.items()}
    np.savez_compressed(path, allow_pickle=False, **arrays)


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield field number and raw value of each field of a protocol buffer message."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        field, kind = key >> 3, key & 7
        if kind == 0:
            value, at = _varint(data, at)
            yield field, value.to_bytes(8, "little")
        elif kind == 2:
            size, at = _varint(data, at)
            yield field, data[at : at + size]
            at += size
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
            yield field, data[at : at + size]
            at += size
        else:
            raise ValueError(f"unknown wire type {kind}")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
