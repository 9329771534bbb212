"""JSON with limits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodside.json_text import JsonError, dump_json, parse_json, read_json

_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=[])),  # lone surrogates, too
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 100_000, "nested deeper"),
        ('{"a":\n' * 5_000 + "1", "line 65: it is nested deeper"),
        ('"' + '\\"' * 300_000, "Unterminated"),
        ("[1,\n" + "9" * 5_000 + "]", "line 2: a whole number has 5000 digits"),
        ("-" + "9" * 19, "19 digits"),
        ("[1e999]", "too large"),
        ("[NaN]", "NaN is no number"),
        ("-Infinity", "Infinity is no number"),
        ('{"a": 1,\n}', "line 2, column 1"),
        ("", "line 1, column 1"),
    ],
)
def test_what_is_past_the_limits_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(JsonError, match=words):
        parse_json(text)


def test_brackets_in_strings_do_not_count() -> None:
    text = "[" * 1000 + '\\"'
    assert parse_json(json.dumps([text, {"a": text}])) == [text, {"a": text}]


@given(_VALUES)
def test_what_is_dumped_reads_back_exactly_and_is_harmless(value: object) -> None:
    text = dump_json(value)
    assert parse_json(text) == value
    text.encode()
    assert not any(character in text for character in "\x1b\x9b\x7f\u202e\u2066\n")


@pytest.mark.parametrize("data", [b"\xff\xfe", b'{"a":\n"\xff"}'])
def test_a_file_that_is_no_utf_8_is_named_by_its_line(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(data)
    with pytest.raises(JsonError, match=f"line {data.count(10) + 1}: .*UTF-8"):
        read_json(path)
    path.write_bytes(b"\xef\xbb\xbf[1]")
    assert read_json(path) == [1]
