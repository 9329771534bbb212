"""JSON as it is read and written here: strict, with limits, and harmless on a terminal."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any, NoReturn

from goodside.regular_file import read_regular

MAX_DEPTH = 64
"""Lists and objects inside each other; nothing that goodside writes comes near."""

MAX_DIGITS = 18
"""Of a whole number, so that it fits 64 bits."""

_MAX_BYTES = 256_000_000
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_ESCAPED = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


class JsonError(ValueError):
    """Text is no JSON, or is past the limits; the message says what and on which line."""


class _Refused(ValueError):
    """A number that is not taken."""

    def __init__(self, token: str, why: str) -> None:
        self.token, self.why = token, why
        super().__init__(why)


def parse_json(text: str, *, first_line: int = 1) -> Any:
    """Parse one JSON value.

    Args:
        text: of it.
        first_line: the number of its first line, where it is part of a file.

    Raises:
        JsonError: it is no JSON, is nested deeper than `MAX_DEPTH`, or holds a whole number of more
            than `MAX_DIGITS` digits, a number beyond float64, NaN or Infinity.
    """
    _check_depth(text, first_line=first_line)
    try:
        return json.loads(
            text, parse_int=_integer, parse_float=_number, parse_constant=_no_constant
        )
    except json.JSONDecodeError as error:
        line = error.lineno + first_line - 1
        raise JsonError(f"line {line}, column {error.colno}: {error.msg}") from error
    except _Refused as error:
        line = text.count("\n", 0, max(text.find(error.token), 0)) + first_line
        raise JsonError(f"line {line}: {error.why}") from error


def read_json(path: Path) -> Any:
    """Parse a file of JSON, in UTF-8.

    Raises:
        OSError: it cannot be read, is no regular file, or is larger than 256 MB.
        JsonError: as for `parse_json`; or it is no UTF-8.
    """
    data = read_regular(path, max_bytes=_MAX_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise JsonError(f"line {line}: the text is not in UTF-8") from error
    return parse_json(text)


def dump_json(value: Any, *, indent: int | None = None) -> str:
    r"""JSON text that reads back as exactly `value`.

    Letters of all scripts stand as they are. What steers a terminal or turns text round is escaped,
    and so are the bytes of file names that are no UTF-8 (`\udcff`, as PEP 383 has them).
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _check_depth(text: str, *, first_line: int) -> None:
    """Count brackets outside strings; a parser that recurses would run out of stack."""
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        if found[0] in "[{":
            depth += 1
        elif found[0] in "]}":
            depth -= 1
        if depth > MAX_DEPTH:
            line = text.count("\n", 0, found.start()) + first_line
            raise JsonError(f"line {line}: it is nested deeper than {MAX_DEPTH} levels")


def _integer(digits: str) -> int:
    count = len(digits.lstrip("-"))
    if count > MAX_DIGITS:
        raise _Refused(digits, f"a whole number has {count} digits, more than {MAX_DIGITS}")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise _Refused(digits, "a number is too large")
    return number


def _no_constant(name: str) -> NoReturn:
    raise _Refused(name, f"{name} is no number in JSON")
