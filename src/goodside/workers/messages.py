"""Messages between two processes: whatever pickles, with large arrays beside it and not copied."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Sequence
from io import FileIO
from typing import Any

_NUMBER = struct.Struct("!Q")
_MOST_PARTS = 1_000_000
_CHUNK = 1 << 26

Parts = Sequence[bytearray]


def send(stream: FileIO, message: object) -> None:
    """Write a message.

    Args:
        stream: unbuffered.
        message: anything that pickles.

    Raises:
        OSError: nobody reads any more.
        Exception: whatever pickling raises; nothing was written then.
    """
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps(message, protocol=5, buffer_callback=buffers.append)
    parts = [memoryview(body), *(buffer.raw() for buffer in buffers)]
    numbers = (len(parts), *(part.nbytes for part in parts))
    for part in (memoryview(b"".join(map(_NUMBER.pack, numbers))), *parts):
        written = 0
        while written < part.nbytes:
            written += stream.write(part[written : written + _CHUNK]) or 0


def receive(stream: FileIO) -> Parts:
    """Wait for a message and read it, without looking into it.

    Args:
        stream: unbuffered.

    Raises:
        EOFError: the other side is gone.
        OSError: the pipe is broken.
    """
    (count,) = _NUMBER.unpack(_read(stream, _NUMBER.size))
    if not 0 < count < _MOST_PARTS:
        raise EOFError
    sizes = [number for (number,) in _NUMBER.iter_unpack(_read(stream, count * _NUMBER.size))]
    return [_read(stream, size) for size in sizes]


def unpack(parts: Parts) -> Any:
    """The message itself; its arrays use the memory of `parts`."""
    return pickle.loads(parts[0], buffers=parts[1:])


def _read(stream: FileIO, size: int) -> bytearray:
    data = bytearray(size)
    view, done = memoryview(data), 0
    while done < size:
        count = stream.readinto(view[done : done + _CHUNK])
        if not count:
            raise EOFError
        done += count
    return data
