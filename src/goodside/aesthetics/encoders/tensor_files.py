"""Which files beside an ONNX file hold its tensors, read without the package `onnx`.

An ONNX file is a Protocol Buffers message; a tensor that lies outside of it names its file under
`external_data` (`TensorProto`, onnx.proto3 of ONNX 1.16). Only the messages on the way there are
entered, and the file is mapped into memory, so that gigabytes of tensors are passed over.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from goodside.errors import WeightsError, reason_of
from goodside.regular_file import open_regular

_DEEPEST = 40
_LARGEST_BYTES = 1 << 31
"""What a message of Protocol Buffers holds at most; larger encoders have their tensors beside."""
_WAY = {  # message: its fields that lead to tensors, by their numbers
    "model": {7: "graph", 25: "function"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "function": {7: "node"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {13: "entry"},
}
_KEY, _VALUE = 1, 2
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_Part = range
"""From which byte to which."""


def tensor_files(path: Path) -> tuple[str, ...]:
    """Names of the files with tensors of a graph, relative to the graph's folder, sorted.

    Raises:
        WeightsError: it is no ONNX file, or names a file outside of its folder.
    """
    try:
        with (
            open_regular(path) as stream,
            mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data,
        ):
            if len(data) > _LARGEST_BYTES:
                raise ValueError("larger than any message")
            names = set(_locations(data, range(len(data)), "model", depth=0))
    except (OSError, ValueError, IndexError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else "it is no ONNX file"
        raise WeightsError(
            f"the encoder cannot be read: {reason}", path=path, remedy="name an ONNX file"
        ) from error
    for name in names:
        place = PurePosixPath(name)
        if place.is_absolute() or ".." in place.parts or "\\" in name or ":" in name:
            raise WeightsError(
                f"its tensors lie outside of its folder: {name!r}",
                path=path,
                remedy="save the graph again with its tensors beside it",
            )
    return tuple(sorted(names))


def _locations(data: mmap.mmap, part: _Part, message: str, *, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        raise ValueError("graphs within graphs without end")
    for number, content in _fields(data, part):
        inner = _WAY[message].get(number)
        if inner == "entry":
            entry = {key: data[value.start : value.stop] for key, value in _fields(data, content)}
            if entry.get(_KEY) == b"location":
                yield entry.get(_VALUE, b"").decode("utf-8")
        elif inner is not None:
            yield from _locations(data, content, inner, depth=depth + 1)


def _fields(data: mmap.mmap, part: _Part) -> Iterator[tuple[int, _Part]]:
    """Number and place of each field that has a length."""
    at = part.start
    while at < part.stop:
        tag, at = _varint(data, at)
        kind = tag & 7
        if tag >> 3 == 0:
            raise ValueError("a field without a number")
        if kind == _VARINT:
            _, at = _varint(data, at)
        elif kind == _FIXED64:
            at += 8
        elif kind == _FIXED32:
            at += 4
        elif kind == _BYTES:
            length, at = _varint(data, at)
            if at + length > part.stop:
                raise ValueError("it is cut short")
            yield tag >> 3, range(at, at + length)
            at += length
        else:
            raise ValueError(f"a field of the kind {kind}")
    if at > part.stop:
        raise ValueError("it is cut short")


def _varint(data: mmap.mmap, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first; and where it ends."""
    value, shift = 0, 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
        if shift > 63:
            raise ValueError("a number without end")
