"""Reads the matrices of a MATLAB file of level 5, the format of `save -v6` and `-v7`.

The format: a header of 128 bytes, then elements. An element is a tag of eight bytes (type, number
of bytes) and its data, padded to eight; up to four bytes of data may stand within the tag. A matrix
is an element of elements: flags, size, name, numbers (MAT-File Format, MathWorks).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.errors import SettingsError

_MATRIX, _COMPRESSED = 14, 15
_NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8"}
_NUMERIC = range(6, 16)  # classes of real arrays: double, single and the integers


def read_matrices(path: Path) -> dict[str, NDArray[np.float64]]:
    """Every real two-dimensional matrix of a file by its name; others are passed over.

    Raises:
        SettingsError: the file is missing, or no MATLAB file of level 5.
    """
    try:
        data = path.read_bytes()
        if data[126:128] not in (b"IM", b"MI"):
            raise ValueError("it has no header of level 5")
        order = "<" if data[126:128] == b"IM" else ">"
        found = {}
        for kind, body in _elements(data[128:], order):
            inner = body
            if kind == _COMPRESSED:
                kind, inner = next(_elements(zlib.decompress(body), order))  # noqa: PLW2901
            if kind == _MATRIX and (named := _matrix(inner, order)) is not None:
                found[named[0]] = named[1]
    except (OSError, ValueError, KeyError, struct.error, zlib.error, StopIteration) as error:
        raise SettingsError(
            f"the MATLAB file cannot be read: {error}",
            path=path,
            remedy="save it again with save -v7",
        ) from error
    return found


def _elements(data: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 8 <= len(data):
        kind, size = struct.unpack(f"{order}II", data[at : at + 8])
        if kind >> 16:  # a small element: two bytes of size, two of type, four of data
            size, kind = kind >> 16, kind & 0xFFFF
            start, step = at + 4, 8
        else:
            start, step = at + 8, 8 + (size if kind == _COMPRESSED else -(-size // 8) * 8)
        if start + size > len(data):
            raise ValueError("it is cut off")
        yield kind, data[start : start + size]
        at += step


def _matrix(body: bytes, order: str) -> tuple[str, NDArray[np.float64]] | None:
    parts = list(_elements(body, order))
    if len(parts) != 4:  # cells, structures and complex numbers have more or fewer
        return None
    (_, flags), (_, size), (_, name), (kind, numbers) = parts
    shape = struct.unpack(f"{order}{len(size) // 4}i", size)
    if struct.unpack(f"{order}I", flags[:4])[0] & 0xFF not in _NUMERIC or len(shape) != 2:
        return None
    values = np.frombuffer(numbers, dtype=f"{order}{_NUMBERS[kind]}").astype(np.float64)
    return name.decode("ascii"), values.reshape(shape, order="F")
