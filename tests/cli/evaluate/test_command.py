"""`goodside evaluate aesthetics` over made photographs and a made network."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from goodside.aesthetics.evaluation.rated_photos import read_table
from goodside.cli import cli
from goodside.errors import OutputError, WeightsError
from tests.aesthetics.made import write_weights


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Three greys with their table, and weights beside them."""
    for grey in (20, 120, 220):
        Image.fromarray(np.full((12, 12, 3), grey, np.uint8)).save(tmp_path / f"g{grey}.png")
    (tmp_path / "labels.csv").write_text(
        "image,score,semantic\ng20,1,red\ng120,3,green\ng220,5,\n", encoding="utf-8"
    )
    write_weights(tmp_path)
    return tmp_path


def _run(album: Path, *arguments: str) -> Result:
    command = ["evaluate", "aesthetics", "--images", str(album)]
    command += ["--labels", str(album / "labels.csv"), "--weights", str(album), "--model", "made"]
    return CliRunner().invoke(cli, [*command, *arguments], catch_exceptions=False)


def test_json_is_one_object(album: Path) -> None:
    result = _run(album, "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (found["n"], found["errors"], found["srcc"]) == (3, 0, 1)
    assert found["scale"] == [1, 5]
    assert found["model"] == "made 1.0.0"


def test_a_missing_photograph_is_told_apart_from_the_object(album: Path) -> None:
    with (album / "labels.csv").open("a", encoding="utf-8") as stream:
        stream.write("gone.jpg,2,\n")
    result = _run(album, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["errors"] == 1
    assert "gone.jpg: no such file" in result.stderr


def test_options_reach_the_trial(album: Path) -> None:
    result = _run(album, "--json", "--scale", "0", "10", "--high-from", "4", "--limit", "2")
    found = json.loads(result.stdout)
    assert (found["n"], found["scale"], found["high_from"]) == (2, [0, 10], 4)


def test_tables_show_the_figures_that_there_are(album: Path) -> None:
    text = _run(album).stdout
    assert "made 1.0.0: 3 photographs, 0 could not be read" in text
    assert "SRCC" in text
    assert "EMD" not in text
    assert "scores from 1 to 5; high quality from 3" in text
    assert "green" in text
    scaleless = (album / "labels.csv").read_text(encoding="utf-8").replace(",5,", ",500,")
    (album / "labels.csv").write_text(scaleless, encoding="utf-8")
    assert "--scale" in _run(album).stdout


def test_scores_are_written_once(album: Path) -> None:
    target = album / "scores.csv"
    assert _run(album, "--scores", str(target)).exit_code == 0
    assert target.read_text(encoding="utf-8").count("\n") == 4
    with pytest.raises(OutputError, match="exists"):
        _run(album, "--scores", str(target))
    assert _run(album, "--scores", str(target), "--overwrite").exit_code == 0
    with pytest.raises(OutputError, match="cannot be written"):
        _run(album, "--scores", str(album / "nowhere" / "scores.csv"))


def test_an_unknown_model_is_refused(album: Path) -> None:
    with pytest.raises(WeightsError, match="card is missing"):
        _run(album, "--model", "other")


def test_names_in_the_scores_are_harmless_and_come_back(album: Path) -> None:
    """A name that begins like a formula, and one whose bytes are no UTF-8."""
    (album / "=g.png").write_bytes((album / "g20.png").read_bytes())
    odd = album / os.fsdecode(b"caf\xe9.png")
    odd.write_bytes((album / "g120.png").read_bytes())
    (album / "labels.csv").write_text(
        "image,score\n=g.png,1\nfile:caf%E9.png,3\ng220,5\n", encoding="utf-8"
    )
    target = album / "scores.csv"
    assert _run(album, "--scores", str(target)).exit_code == 0
    with target.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["image"] for row in rows] == ["'=g.png", "file:caf%E9.png", "g220"]
    assert [float(row["truth"]) for row in rows] == [1, 3, 5]
    again = read_table(target, photos=album)
    assert again.paths == (album / "=g.png", odd, album / "g220.png")
