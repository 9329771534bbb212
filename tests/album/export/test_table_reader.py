"""Tables of photographs: harmless, and read back exactly."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from goodside.album.album_photo import AlbumPhoto
from goodside.album.export.table import rows, write_table
from goodside.album.export.table_reader import read_table
from goodside.album.search.query import SearchHit
from goodside.errors import SettingsError
from tests.album.search.test_query import shots

__all__ = ["shots"]

_CAMERA = '=HYPERLINK("http://a","b")'


@pytest.fixture
def found(shots: list[AlbumPhoto]) -> list[SearchHit]:
    """Photographs with everything that tables stumble over."""
    first, second = shots[:2]
    facts = replace(first.photo.facts, camera=_CAMERA, latitude_deg=-33.5, longitude_deg=-1e-7)
    odd = replace(first.photo, paths=(Path("/album/caf\udce9\n;.jpg"),), facts=facts)
    plain = replace(second.photo, paths=(Path("/album/=1.jpg"),))
    return [
        SearchHit(
            replace(
                first,
                photo=odd,
                tags=frozenset({"@SUM(A1)", "a;b", "'quoted", "back\\slash"}),
                people=frozenset({"-Ann", "محمد"}),
            ),
            likeness=-0.5,
        ),
        SearchHit(replace(second, photo=plain)),
    ]


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_a_table_reads_back_exactly(found: list[SearchHit], tmp_path: Path, suffix: str) -> None:
    if suffix == "parquet":
        pytest.importorskip("pyarrow")
    path = write_table(tmp_path / f"found.{suffix}", found)
    expected = [
        {**record, "file": one.shot.photo.paths[0]}
        for record, one in zip(rows(found), found, strict=True)
    ]
    assert read_table(path) == expected
    path.read_bytes().decode("utf-8", "strict" if suffix != "parquet" else "replace")


def test_nothing_in_a_csv_is_run_and_numbers_stay_numbers(
    found: list[SearchHit], tmp_path: Path
) -> None:
    path = write_table(tmp_path / "found.csv", found)
    with path.open(newline="", encoding="utf-8") as stream:
        first, second = csv.DictReader(stream)
    assert first["camera"] == f"'{_CAMERA}"
    assert first["tags"].startswith("'")
    assert (first["latitude"], first["likeness"]) == ("-33.5", "-0.5")
    assert first["file"] == "file:///album/caf%E9%0A%3B.jpg"
    assert second["file"] == "/album/=1.jpg"


def test_json_lines_stay_exact(found: list[SearchHit], tmp_path: Path) -> None:
    path = write_table(tmp_path / "found.jsonl", found)
    first = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    assert first["camera"] == _CAMERA
    assert "-Ann" in first["people"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "image,score\n"),
        ("a.csv", "file\n/a.jpg\n"),
        ("a.jsonl", "[" * 9999),
        ("a.txt", ""),
    ],
)
def test_another_file_is_no_table(name: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match="no table"):
        read_table(path)
