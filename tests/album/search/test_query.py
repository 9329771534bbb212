"""Searching an album, and what was found as a table."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest

from goodside.album.album_photo import AlbumPhoto
from goodside.album.export.table import COLUMNS, encode_table, write_table
from goodside.album.search.query import Query, SearchHit, find
from goodside.errors import OutputError, SettingsError
from tests.album.picks.made import shot

_DAY_S = 86_400
ONE, OTHER = np.eye(2, dtype=np.float32)


@pytest.fixture(scope="module")
def shots() -> list[AlbumPhoto]:
    return [
        shot(0, 4.0, tags=frozenset({"sea"}), vector=ONE, facts={"camera": "Canon R5"}),
        shot(1, 6.0, at_s=_DAY_S, people=frozenset({"Ann"}), vector=OTHER),
        shot(2, 8.0, at_s=3 * _DAY_S, tags=frozenset({"sea", "sun"})),
        shot(3, 5.0, at_s=None),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(), [0, 1, 2, 3]),
        (Query(tags=frozenset({"sea"})), [0, 2]),
        (Query(tags=frozenset({"sea", "sun"})), [2]),
        (Query(people=frozenset({"Ann"})), [1]),
        (Query(min_score=5.0, max_score=6.0), [1, 3]),
        (Query(since=date(2026, 5, 5)), [1, 2]),
        (Query(until=date(2026, 5, 5)), [0, 1]),
        (Query(camera="canon"), [0]),
        (Query(like=OTHER), [1, 0]),
        (Query(like=OTHER, limit=1), [1]),
        (Query(limit=2), [0, 1]),
    ],
)
def test_find(shots: list[AlbumPhoto], query: Query, expected: list[int]) -> None:
    assert [one.shot.photo.id for one in find(shots, query)] == expected


def test_likeness_is_told(shots: list[AlbumPhoto]) -> None:
    assert [one.likeness for one in find(shots, Query(like=OTHER))] == [1.0, 0.0]


def test_a_photograph_without_a_score_fits_no_bound(shots: list[AlbumPhoto]) -> None:
    unjudged = replace(shots[0], photo=replace(shots[0].photo, judged=None))
    assert find([unjudged], Query(min_score=1.0)) == []
    assert len(find([unjudged], Query())) == 1


def test_csv_and_json_lines_and_parquet_say_the_same(
    shots: list[AlbumPhoto], tmp_path: Path
) -> None:
    found = find(shots, Query())
    lines = [json.loads(line) for line in encode_table(found, form="jsonl").splitlines()]
    table = csv.DictReader(io.StringIO(encode_table(found, form="csv").decode()))
    assert tuple(table.fieldnames or ()) == COLUMNS == tuple(lines[0])
    assert [row["tags"] for row in table] == ["sea", "", "sea;sun", ""]
    path = write_table(tmp_path / "found.parquet", found)
    assert pyarrow.parquet.read_table(path).to_pylist() == lines
    assert [line["score"] for line in lines] == [4.0, 6.0, 8.0, 5.0]
    assert lines[3]["taken_at"] is None


def test_a_name_that_is_no_text_is_written_as_a_uri(shots: list[AlbumPhoto]) -> None:
    odd = Path("/album/caf\udce9.jpg")
    photo = replace(shots[0].photo, paths=(odd,))
    (line,) = encode_table([SearchHit(replace(shots[0], photo=photo))], form="jsonl").splitlines()
    assert json.loads(line)["file"] == "file:///album/caf%E9.jpg"


def test_a_table_needs_a_known_suffix_and_a_free_name(
    shots: list[AlbumPhoto], tmp_path: Path
) -> None:
    found = find(shots, Query())
    with pytest.raises(SettingsError, match=r"\.xlsx"):
        write_table(tmp_path / "found.xlsx", found)
    write_table(tmp_path / "found.csv", found)
    with pytest.raises(OutputError, match="exists"):
        write_table(tmp_path / "found.csv", found)
    write_table(tmp_path / "found.csv", found, overwrite=True)
