"""Cells of CSV tables that spreadsheets do not run as formulas, and paths as text in tables.

A cell of text that begins with `=`, `+`, `-`, `@`, a tab, a line break or an apostrophe gets an
apostrophe before it, which is to be dropped on reading. Numbers stay as they are.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")
_SCHEME = "file:"
_DRIVE = re.compile(r"/[A-Za-z]:[/\\]")
_SURROGATES = re.compile("[\ud800-\udfff]")  # bytes that are no UTF-8
_PART = re.compile(r"(?:[^;\\]|\\.)+", re.DOTALL)


def escape_cell(text: str) -> str:
    """A cell that a spreadsheet takes for text, whatever it begins with."""
    return f"'{text}" if text.startswith(_RISKY) else text


def unescape_cell(cell: str) -> str:
    """The text of `escape_cell`."""
    return cell[1:] if cell.startswith("'") else cell


def join_cells(texts: Iterable[str]) -> str:
    """Several texts in one cell, with `;` between them; a `;` or backslash inside gets a backslash.

    Each is escaped, because some programs take `;` for the end of a cell.
    """
    return ";".join(re.sub(r"([;\\])", r"\\\1", escape_cell(text)) for text in texts)


def split_cells(cell: str) -> list[str]:
    """The texts of `join_cells`."""
    parts = (re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL) for part in _PART.findall(cell))
    return [unescape_cell(part) for part in parts]


def path_to_text(path: Path | str) -> str:
    r"""A path as text that UTF-8 can hold: as it is, or where its bytes are no UTF-8 as a file URI.

    `/home/ann/b\xff.jpg` becomes `file:///home/ann/b%FF.jpg` (RFC 8089), `b\xff.jpg` becomes
    `file:b%FF.jpg`. A relative path that begins with `file:` is written so, too.
    """
    text = os.fspath(path)
    if not text.startswith(_SCHEME) and not _SURROGATES.search(text):
        return text
    quoted = quote_from_bytes(os.fsencode(text))
    return f"{_SCHEME}//{quoted}" if text.startswith("/") else f"{_SCHEME}{quoted}"


def path_from_text(text: str) -> Path:
    """The path of `path_to_text`, or of any file URI."""
    if not text.startswith(_SCHEME):
        return Path(text)
    quoted = text.removeprefix(_SCHEME)
    if quoted.startswith("//"):
        quoted = "/" + quoted[2:].partition("/")[2]
    name = os.fsdecode(unquote_to_bytes(quoted))
    return Path(name[1:] if _DRIVE.match(name) else name)
