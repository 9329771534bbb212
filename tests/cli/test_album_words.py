"""`goodside album` by technical quality and by words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from goodside.cli import cli
from goodside.errors import OutOfRange
from tests.album.judged_anew import judge_anew
from tests.album.labelled import make_album
from tests.album.test_words import SAID


@pytest.fixture(autouse=True)
def album(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three photographs, one of which was not measured."""
    with make_album(tmp_path) as catalog:
        judge_anew(catalog, SAID)
    monkeypatch.setenv("GOODSIDE_CATALOG", str(tmp_path / "catalog.db"))


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["album", *arguments])


def _found(*arguments: str) -> list[tuple[str, ...]]:
    """Figures and name of each line."""
    done = _run("find", *arguments)
    assert done.exit_code == 0, (done.output, done.exception)
    lines = [line.split() for line in done.stdout.splitlines()]
    return [(*figures, Path(path).name) for *figures, path in lines]


def test_find_by_word() -> None:
    assert _found("--tag", "bridge") == [("7.0", "9.jpg")]
    assert _found("--tag", "WildAnimal", "--tag", "night scene") == [("7.0", "9.jpg")]
    assert _found("--tag", "river", "--tag", "bridge") == []


def test_a_word_that_nothing_carries_is_told_with_the_nearest() -> None:
    for command in ("find", "picks"):
        done = _run(command, "--tag", "brigde")
        assert isinstance(done.exception, OutOfRange)
        assert "nearest is bridge" in str(done.exception)


def test_find_by_technical_quality_tells_it_beside_the_score() -> None:
    assert _found("--min-technical", "5") == [("5.0", "7.0", "10.jpg")]
    assert _found("--max-technical", "5") == [("7.0", "4.5", "9.jpg")]
    assert _found("--sort", "technical") == [
        ("5.0", "7.0", "10.jpg"),
        ("7.0", "4.5", "9.jpg"),
        ("3.0", "-", "1.jpg"),
    ]
    assert "highest technical quality first" in _run("find", "--sort", "technical").stderr
    assert _found("--min-score", "6") == [("7.0", "9.jpg")], "as ever where it was not asked for"


@pytest.mark.parametrize("bound", ["0.5", "11", "much"])
def test_no_other_bound_is_taken(bound: str) -> None:
    assert _run("find", "--min-technical", bound).exit_code == 2


def test_json_has_both() -> None:
    lines = _run("find", "--format", "jsonl").stdout.splitlines()
    records = {Path(one["file"]).name: one for one in map(json.loads, lines)}
    assert (records["9.jpg"]["technical"], records["9.jpg"]["words"]) == (
        4.5,
        ["bridge", "wild animal", "wild cat"],
    )
    picked = map(json.loads, _run("picks", "--json").stdout.splitlines())
    of = {Path(one["file"]).name: one for one in picked}
    assert (of["10.jpg"]["technical"], of["10.jpg"]["words"]) == (7.0, ["river"])
    assert (of["1.jpg"]["technical"], of["1.jpg"]["words"]) == (None, [])
    assert of["10.jpg"]["worth"] == pytest.approx(of["10.jpg"]["score"] - 0.75 + 0.6, abs=0.01)


def test_words_are_tagged_and_taken_away_as_other_tags(tmp_path: Path) -> None:
    assert _run("tag", str(tmp_path / "album" / "a" / "9.jpg"), "--remove", "BRIDGE").exit_code == 0
    done = _run("find", "--tag", "bridge")
    assert isinstance(done.exception, OutOfRange)
