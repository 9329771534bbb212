"""Whatever a table of ratings holds: it is read, or refused with the file's name."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from goodside.aesthetics.evaluation.rated_photos import read_table
from goodside.aesthetics.ratings import read_ratings
from goodside.aesthetics.taste import Taste
from goodside.errors import SettingsError, WeightsError
from goodside.runtime.card import read_card
from tests.fuzz import fuzzed
from tests.images.made import encode, gradient

_HEADINGS = st.sampled_from(
    ["image", "score", "pick", "better", "worse", "semantic", "split", "votes_1", "votes_5",
     "votes_x", "votes_nan", "votes_inf", "votes_1e308", "", "Image", "score "]
)  # fmt: skip
_CELLS = st.one_of(
    st.sampled_from(
        ["a.png", "b.png", "b", "'=c.png", "=c.png", "file:a.png", "file:%00", "../a.png", "/", ".",
         "", "1", "0", "-1", "1e308", "-1e308", "nan", "inf", "1,5", "9" * 400, "a" * 300, "\x00",
         "\ud800", "photos\\a.png", "\u0661"]
    ),
    st.text(max_size=4),
    st.integers().map(str),
    st.floats().map(str),
)  # fmt: skip


@st.composite
def _tables(draw: st.DrawFn) -> bytes:
    headings = draw(st.lists(_HEADINGS, min_size=1, max_size=6))
    if draw(st.booleans()):
        headings[:2] = draw(
            st.sampled_from([["image", "score"], ["image", "pick"], ["better", "worse"]])
        )
    rows = draw(st.lists(st.lists(_CELLS, max_size=7), max_size=8))
    separator = draw(st.sampled_from(",;\t"))
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, escapechar="\\").writerows([headings, *rows])
    data = bytearray(text.getvalue().encode("utf-8", "surrogatepass"))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 2))] = draw(st.binary(max_size=2))
    return bytes(data)


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    for name in ("a.png", "b.png", "=c.png"):
        (folder / name).write_bytes(encode(gradient(8, 8), "PNG"))
    return folder


@fuzzed(120)
@example(b"image,score\n" + b'"' * 200_000)
@example(b"image,score\na.png," + b"1" * 5000 + b"\n")
@example(b"image,score,votes_1,votes_2\na.png,1,1e308,1e308\n")
@example(b"image,score\nfile:%00,1\n")
@given(st.one_of(_tables(), st.binary(max_size=80)))
def test_a_table_is_read_or_refused(photos: Path, data: bytes) -> None:
    path = photos / "labels.csv"
    path.write_bytes(data)
    table, refusal = None, None
    try:
        table = read_table(path, photos=photos)
    except SettingsError as error:
        refusal = error
    if refusal is not None:
        assert refusal.path == str(path)
        assert refusal.remedy
    if table is not None:
        assert len(table.names) == len(table.paths) == len(table.score) > 0
        assert np.isfinite(table.score).all()
        assert table.ten is None or np.isfinite(table.ten).all()
        assert np.isfinite(table.middle)
        if table.distribution is not None:
            known = ~np.isnan(table.distribution).any(axis=1)
            np.testing.assert_allclose(table.distribution[known].sum(axis=1), 1, atol=1e-6)
    refusal = None
    try:
        read_ratings(path, photos=photos).check(path=path)
    except SettingsError as error:
        refusal = error
    assert refusal is None or refusal.path == str(path)


@pytest.mark.parametrize("read", [Taste.read, read_card])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 100_000, "line 1: it is nested deeper"),
        ('{"a":\n' * 100_000, "line 65: it is nested deeper"),
        ('{"name": 1,\n"version": ' + "9" * 5000 + "}", "line 2: a whole number has 5000 digits"),
        ('{"a":\n1e999}', "line 2: a number is too large"),
        ("\udcff", "UTF-8"),
        ("[1]", ""),
        ("null", ""),
    ],
)
def test_cards_and_tastes_past_the_limits_are_refused(
    read: object, text: str, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(WeightsError) as caught:
        read(path)  # type: ignore[operator]
    assert caught.value.path == str(path)
    assert words in caught.value.message
    assert "\n" not in caught.value.message
