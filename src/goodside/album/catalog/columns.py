"""Column types: file names in any encoding, vectors, 64-bit patterns, moments."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sqlalchemy import BigInteger, DateTime, Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from goodside.types import FloatArray


class FilePath(TypeDecorator[Path]):
    """A path as the bytes the file system uses, so that names in any encoding survive."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Path | str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else os.fsencode(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Path | None:
        return None if value is None else Path(os.fsdecode(value))


class Vector(TypeDecorator[FloatArray]):
    """(D,) float32 in Python, little-endian float16 on disc (2 bytes a value)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: FloatArray | None, dialect: Dialect) -> bytes | None:
        return None if value is None else np.asarray(value, dtype="<f2").tobytes()

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> FloatArray | None:
        return None if value is None else np.frombuffer(value, dtype="<f2").astype(np.float32)


class Points(TypeDecorator[FloatArray]):
    """(5, 2) float32 pixels in the order of `goodside.types.FIVE_POINTS`."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: FloatArray | None, dialect: Dialect) -> bytes | None:
        return None if value is None else np.asarray(value, dtype="<f4").tobytes()

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> FloatArray | None:
        if value is None:
            return None
        return np.frombuffer(value, dtype="<f4").astype(np.float32).reshape(5, 2)


class Bits64(TypeDecorator[int]):
    """0 ... 2^64 - 1 in Python; databases have signed integers only."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value) - ((int(value) >> 63) << 64)

    def process_result_value(self, value: int | None, dialect: Dialect) -> int | None:
        return None if value is None else value & (2**64 - 1)


class Moment(TypeDecorator[datetime]):
    """An instant: aware, in UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)
