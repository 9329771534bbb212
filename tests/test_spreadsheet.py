"""Cells that are not run, and paths that survive."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from goodside.spreadsheet import (
    escape_cell,
    join_cells,
    path_from_text,
    path_to_text,
    split_cells,
    unescape_cell,
)

_TEXT = st.text(st.sampled_from("=+-@\t\r\n';\\,\"aé"), max_size=6)
_NAMES = st.binary(min_size=1, max_size=12).filter(lambda name: not set(name) & {0, ord("/")})


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", "＝1"])
def test_a_formula_becomes_text(text: str) -> None:
    assert escape_cell(text) == f"'{text}"
    assert escape_cell(f"a{text}") == f"a{text}"


@given(_TEXT)
def test_every_cell_comes_back(text: str) -> None:
    assert unescape_cell(escape_cell(text)) == text
    assert not escape_cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    line = io.StringIO(newline="")
    csv.writer(line).writerow([escape_cell(text), "end"])
    (row,) = csv.reader(io.StringIO(line.getvalue(), newline=""))
    assert unescape_cell(row[0]) == text


@given(st.lists(_TEXT.filter(bool), max_size=4))
def test_every_list_comes_back(texts: list[str]) -> None:
    assert split_cells(join_cells(texts)) == texts
    assert not join_cells(texts).startswith(("=", "+", "-", "@", "\t", "\r"))


@example(name=b"caf\xe9 100%.jpg", absolute=True)
@example(name=b"file:x", absolute=False)
@given(name=_NAMES, absolute=st.booleans())
def test_every_path_comes_back(name: bytes, absolute: bool) -> None:
    path = Path(os.fsdecode(b"/album/" + name if absolute else name))
    text = path_to_text(path)
    text.encode()
    assert os.fsencode(path_from_text(text)) == os.fsencode(path)


def test_only_what_is_no_text_becomes_a_uri() -> None:
    assert path_to_text(Path("/album/ü 100%.jpg")) == "/album/ü 100%.jpg"
    assert path_to_text(Path("/album/caf\udce9.jpg")) == "file:///album/caf%E9.jpg"
    assert path_from_text("file:///album/caf%E9.jpg") == Path("/album/caf\udce9.jpg")
    assert path_from_text("file://host/a") == Path("/a")
