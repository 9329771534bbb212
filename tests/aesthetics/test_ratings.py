"""Tables of a person's own ratings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodside.aesthetics.ratings import read_ratings
from goodside.errors import SettingsError


def _table(folder: Path, *lines: str) -> Path:
    path = folder / "ratings.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _rows(count: int = 6) -> list[str]:
    return [f"{index}.jpg,{index}" for index in range(count)]


def test_scores_are_read_and_repeated_ones_averaged(tmp_path: Path) -> None:
    found = read_ratings(
        _table(tmp_path, "note,image,score", *(f"x,{r}" for r in _rows()), "y,0.jpg,4")
    )
    assert found.kind == "scores"
    assert len(found) == 6
    assert found.paths[0] == tmp_path / "0.jpg"
    assert found.score.tolist() == [2, 1, 2, 3, 4, 5]


def test_picks_are_ones_and_zeros(tmp_path: Path) -> None:
    rows = [f"{index}.jpg,{index % 2}" for index in range(6)]
    found = read_ratings(_table(tmp_path, "image,pick", *rows), photos=tmp_path / "elsewhere")
    assert (found.kind, found.score.sum()) == ("picks", 3)
    assert found.paths[1] == tmp_path / "elsewhere" / "1.jpg"


def test_pairs_number_their_photographs(tmp_path: Path) -> None:
    rows = ["a.jpg,b.jpg", "b.jpg,c.jpg", "a.jpg,c.jpg", "d.jpg,c.jpg", "a.jpg,d.jpg"]
    found = read_ratings(_table(tmp_path, "better,worse", *rows))
    assert [path.stem for path in found.paths] == ["a", "b", "c", "d"]
    assert found.pairs.tolist() == [[0, 1], [1, 2], [0, 2], [3, 2], [0, 3]]
    assert np.isnan(found.score).all()


def test_photographs_can_be_left_out(tmp_path: Path) -> None:
    rows = ["a.jpg,b.jpg", "b.jpg,c.jpg", "a.jpg,c.jpg", "d.jpg,c.jpg", "a.jpg,d.jpg"]
    found = read_ratings(_table(tmp_path, "better,worse", *rows)).without({1})
    assert [path.stem for path in found.paths] == ["a", "c", "d"]
    assert found.pairs.tolist() == [[0, 1], [2, 1], [0, 2]]
    scores = read_ratings(_table(tmp_path, "image,score", *_rows())).without({0, 5})
    assert scores.score.tolist() == [1, 2, 3, 4]


def test_a_name_needs_no_suffix_where_the_photograph_is_there(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "0.jpg").touch()
    found = read_ratings(_table(tmp_path, "image,score", "0,3", *_rows()[1:]))
    assert found.paths[0] == tmp_path / "deep" / "0.jpg"


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["image,stars", *_rows()], "image,score or image,pick or better,worse"),
        (["image,score"], "no rows"),
        (["image,score", *_rows(4)], "4 scores are too few"),
        (["image,score", *(f"{i}.jpg,3" for i in range(6))], "all scores are 3"),
        (["image,pick", *(f"{i}.jpg,1" for i in range(6))], "all picks are 1"),
        (["image,score", "a.jpg,good", *_rows()], "line 2: score is 'good', expected a number"),
        (["image,score", "a.jpg,inf", *_rows()], "line 2: score is 'inf'"),
        (["image,score", *_rows(), ",3"], "line 8: image is ''"),
        (["image,pick", "a.jpg,0.5", *_rows()], "expected 0 or 1"),
        (
            ["better,worse", "a.jpg,b.jpg", "a.jpg,a.jpg"],
            "line 3: better is 'a.jpg', worse is 'a.jpg'",
        ),
        (["better,worse", "a.jpg,b.jpg"], "1 pairs are too few"),
    ],
)
def test_what_says_nothing_is_refused(tmp_path: Path, lines: list[str], reason: str) -> None:
    with pytest.raises(SettingsError, match=r"ratings\.csv") as caught:
        read_ratings(_table(tmp_path, *lines))
    assert reason in str(caught.value)
    assert caught.value.remedy is not None


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.csv"):
        read_ratings(tmp_path / "none.csv")
