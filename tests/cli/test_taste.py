"""`goodside taste learn`, and `assess --taste` with what was learnt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from goodside.cli import cli

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"
LIKED = ("raccoon", "cat", "two-dogs", "nuthatch", "dragonfly")
OTHERS = ("coffee", "sunset", "pagoda", "fig", "mountain-path")


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Picks of a person who likes animals."""
    path = tmp_path / "picks.csv"
    rows = [*(f"{name}.jpg,1" for name in LIKED), *(f"{name}.jpg,0" for name in OTHERS)]
    path.write_text("\n".join(["image,pick", *rows]), encoding="utf-8")
    return path


def test_a_taste_is_learnt_and_used(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.json"
    learnt = _run("taste", "learn", str(table), "--images", str(PHOTOS), "-o", str(out), "--json")
    assert learnt.exit_code == 0, learnt.stderr
    told = json.loads(learnt.stdout)
    assert (told["kind"], told["ratings"], told["measure"]) == ("picks", 10, "auc")
    assert told["gain"] == pytest.approx(told["taste"] - told["general"], abs=2e-4)

    photos = [str(PHOTOS / f"{name}.jpg") for name in ("coffee", "raccoon-cropped")]
    used = _run("assess", "--json", "--sort", "--taste", str(out), *photos)
    animal, cup = (json.loads(line) for line in used.stdout.splitlines())
    assert "raccoon" in animal["path"]
    assert animal["taste"]["score"] > cup["taste"]["score"]
    shown = _run("assess", "--taste", str(out), photos[0]).stdout.splitlines()
    assert shown[0].split()[:2] == ["taste", "score"]
    assert shown[1].split()[0] == f"{cup['taste']['score']:.2f}"

    again = _run("taste", "learn", str(table), "--images", str(PHOTOS), "-o", str(out))
    assert "the file exists" in str(again.exception)


def test_the_report_names_the_measure_and_photographs_that_failed(
    table: Path, tmp_path: Path
) -> None:
    table.write_text(table.read_text(encoding="utf-8") + "\nnone.jpg,1", encoding="utf-8")
    out = tmp_path / "mine.json"
    result = _run("taste", "learn", str(table), "--images", str(PHOTOS), "--out", str(out))
    assert result.exit_code == 1
    assert "none.jpg" in result.stderr
    assert f"{out}: learnt from 10 picks" in result.stdout
    assert "share of your picks" in result.stdout
    assert out.exists()


def test_a_taste_of_other_weights_can_be_learnt(table: Path, tmp_path: Path) -> None:
    """The remedy that `assess` gives where the taste is of other weights."""
    out, int8 = tmp_path / "mine.json", ("--model", "aesthetics-lite0-int8")
    arguments = ("taste", "learn", str(table), "--images", str(PHOTOS), "-o", str(out), *int8)
    assert _run(*arguments).exit_code == 0
    used = _run("assess", "--taste", str(out), *int8, str(PHOTOS / "coffee.jpg"))
    assert used.exit_code == 0, used.exception


def test_a_table_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("name,stars\na,1\n", encoding="utf-8")
    result = _run("taste", "learn", str(path), "-o", str(tmp_path / "t.json"))
    assert "image,score or image,pick or better,worse" in str(result.exception)
