"""Column types: file names in any encoding, vectors, 64-bit patterns, moments.

What is stored and cannot be read becomes `UNREADABLE`, never an error: see `readable`.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from sqlalchemy import JSON, BigInteger, Boolean, DateTime, Dialect, LargeBinary, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from goodside.types import FloatArray

_T = TypeVar("_T")
_KEY = re.compile(r"[0-9a-f]{12}")
_WRONG = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError)


DATABASE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What reading a damaged file may raise: SQLite's complaint, also one that quotes damaged text."""


class Unreadable:
    """The type of `UNREADABLE`, which stands for a value that does not fit its column."""


UNREADABLE: Final[Any] = Unreadable()


class Text(bytes):
    """Text as it is stored, whatever its bytes are; `bytes` alone are a blob."""


def read_text(stored: bytes) -> str:
    """Text as SQLite gives it; `UNREADABLE` if it is no UTF-8."""
    try:
        return stored.decode()
    except UnicodeDecodeError:
        unreadable: str = UNREADABLE
        return unreadable


class _Careful(TypeDecorator[_T]):
    """A type whose values are `UNREADABLE` where they cannot be read."""

    __abstract__ = True

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], _T | None] | None:
        process = super().result_processor(dialect, coltype)

        def read(value: Any) -> _T | None:
            try:
                return value if process is None else process(value)
            except _WRONG:
                unreadable: _T = UNREADABLE
                return unreadable

        return read


class FilePath(_Careful[Path]):
    """A path as the bytes the file system uses, so that names in any encoding survive."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Path | str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else os.fsencode(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Path | None:
        return None if value is None else Path(os.fsdecode(_whole(value)))


class Digest(_Careful[bytes]):
    """32 bytes: a SHA-256."""

    impl = LargeBinary(32)
    cache_ok = True

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _whole(value, size=32)


class Vector(_Careful[FloatArray]):
    """(D,) float32 in Python, little-endian float16 on disc (2 bytes a value)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: FloatArray | None, dialect: Dialect) -> bytes | None:
        return None if value is None else np.asarray(value, dtype="<f2").tobytes()

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> FloatArray | None:
        if value is None:
            return None
        return np.frombuffer(_whole(value), dtype="<f2").astype(np.float32)


class Embedding(_Careful[FloatArray]):
    """(D,) float32 in Python, float16 in the database: a blob, or pgvector's `halfvec`."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return dialect.type_descriptor(LargeBinary())
        from pgvector.sqlalchemy import HALFVEC

        return dialect.type_descriptor(HALFVEC())

    def process_bind_param(self, value: FloatArray | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        halves = np.asarray(value, dtype="<f2")
        return halves if dialect.name == "postgresql" else halves.tobytes()

    def process_result_value(self, value: Any, dialect: Dialect) -> FloatArray | None:
        if value is None:
            return None
        if dialect.name == "postgresql":
            return np.asarray(value, dtype=np.float32)
        return np.frombuffer(_whole(value), dtype="<f2").astype(np.float32)


class StoredHalves(TypeDecorator[bytes]):
    """The values of an `Embedding` as little-endian float16, unchecked: see `as_halves`."""

    impl = LargeBinary
    cache_ok = True

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], bytes | None] | None:
        if dialect.name != "postgresql":
            return _blob
        return _halves_of_server


class as_halves(FunctionElement[bytes]):  # noqa: N801
    """An `Embedding` column as bytes, without the cost of an array a row."""

    inherit_cache = True
    name = "as_halves"
    type = StoredHalves()


@compiles(as_halves)
def _as_it_is(element: as_halves, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(as_halves, "postgresql")
def _as_sent(element: as_halves, compiler: SQLCompiler, **options: Any) -> str:
    return f"halfvec_send({compiler.process(element.clauses, **options)})"


class Points(_Careful[FloatArray]):
    """(5, 2) float32 pixels in the order of `goodside.types.FIVE_POINTS`."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: FloatArray | None, dialect: Dialect) -> bytes | None:
        return None if value is None else np.asarray(value, dtype="<f4").tobytes()

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> FloatArray | None:
        if value is None:
            return None
        return np.frombuffer(_whole(value), dtype="<f4").astype(np.float32).reshape(5, 2)


class Bits64(_Careful[int]):
    """0 ... 2^64 - 1 in Python; databases have signed integers only."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value) - ((int(value) >> 63) << 64)

    def process_result_value(self, value: int | None, dialect: Dialect) -> int | None:
        return None if value is None else value & (2**64 - 1)


class Moment(_Careful[datetime]):
    """An instant: aware, in UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class LocalTime(_Careful[datetime]):
    """What a clock on the wall shows, without a zone."""

    impl = DateTime
    cache_ok = True


class YesNo(_Careful[bool]):
    """A boolean."""

    impl = Boolean
    cache_ok = True


class PersonKey(_Careful[str]):
    """12 hexadecimal digits."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is not None and _KEY.fullmatch(value) is None:
            raise ValueError("no key")
        return value


class Shares(_Careful[list[float]]):
    """A list of numbers as JSON."""

    impl = JSON
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> list[float] | None:
        return None if value is None else list(map(_number, _a(list, value)))


class Chances(_Careful[dict[str, float]]):
    """Numbers by name, as JSON."""

    impl = JSON
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> dict[str, float] | None:
        if value is None:
            return None
        return {name: _number(each) for name, each in _a(dict, value).items()}


class WordList(_Careful[list[str]]):
    """A list of texts as JSON."""

    impl = JSON
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> list[str] | None:
        return None if value is None else [_a(str, word) for word in _a(list, value)]


class Record(_Careful[dict[str, Any]]):
    """A JSON object."""

    impl = JSON
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else _a(dict, value)


def _blob(value: Any) -> bytes | None:
    if value is None or type(value) is bytes:
        return value
    unreadable: bytes = UNREADABLE
    return unreadable


def _halves_of_server(value: Any) -> bytes | None:
    """Of what pgvector sends: two numbers of two bytes, then big-endian halves."""
    return (
        None
        if value is None
        else np.frombuffer(value, dtype=">f2", offset=4).astype("<f2").tobytes()
    )


def _whole(value: object, *, size: int | None = None) -> bytes:
    if type(value) is not bytes or (size is not None and len(value) != size):
        raise ValueError("no such blob")
    return value


def _a(kind: type[_T], value: object) -> _T:
    if not isinstance(value, kind):
        raise TypeError(f"no {kind.__name__}")
    return value


def _number(value: object) -> float:
    if type(value) is not float and type(value) is not int:
        raise TypeError("no number")
    return value
