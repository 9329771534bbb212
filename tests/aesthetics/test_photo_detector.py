"""The detector of pictures that are no photographs: by hand, through the card, in every output."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from goodside.aesthetics import Assessor
from goodside.aesthetics.photo_detector import FACT, PhotoDetector, read_photo_detector
from goodside.cli import cli
from goodside.errors import WeightsError
from goodside.runtime import WeightsStore
from tests.aesthetics.made import ALL_HEADS, write_weights

RED_IS_NONE = PhotoDetector(
    weights=np.array([-8, 4, 4], np.float32), bias=2.0, bound=0.2, familiar_from=0.7
)
"""On the made network's features, the mean of each colour: a red picture is no photograph."""


def _picture(path: Path, colour: tuple[int, int, int]) -> Path:
    Image.new("RGB", (16, 16), colour).save(path)
    return path


def _made(folder: Path, fact: Any) -> WeightsStore:
    return write_weights(folder, facts=ALL_HEADS | {FACT: fact})


def test_the_chance_by_hand() -> None:
    features = np.array([[0.5, 0.25, 0.25], [1, 0, 0]], np.float32)
    expected = [1 / (1 + np.exp(-0.0)), 1 / (1 + np.exp(6.0))]
    np.testing.assert_allclose(RED_IS_NONE.chances(features), expected, rtol=1e-5)
    first, second = RED_IS_NONE.judge(features)
    assert (first.is_photo, first.is_familiar) == (True, False)
    assert (second.is_photo, second.is_familiar) == (False, False)


def test_a_chance_at_its_bound_is_still_a_photograph() -> None:
    even = PhotoDetector(np.zeros(2, np.float32), 0.0, bound=0.5, familiar_from=0.5)
    (verdict,) = even.judge(np.ones((1, 2), np.float32))
    assert verdict.is_photo
    assert verdict.is_familiar


def test_far_odds_do_not_overflow() -> None:
    far = PhotoDetector(np.array([60000], np.float32), 0.0, bound=0.5, familiar_from=0.5)
    assert far.chances(np.array([[60000], [-60000]], np.float32)).tolist() == [1, 0]


def test_the_card_keeps_it(tmp_path: Path) -> None:
    card = _made(tmp_path, RED_IS_NONE.as_fact()).card("made")
    read = read_photo_detector(card)
    assert read is not None
    np.testing.assert_array_equal(read.weights, RED_IS_NONE.weights)
    assert (read.bias, read.bound, read.familiar_from) == (2.0, 0.2, 0.7)


def test_a_card_without_one_cannot_tell(tmp_path: Path) -> None:
    store = write_weights(tmp_path)
    assert read_photo_detector(store.card("made")) is None
    found = Assessor(store=store, model="made").assess(_picture(tmp_path / "a.png", (255, 0, 0)))
    assert found.verdict is None
    assert found.is_photo


@pytest.mark.parametrize(
    "fact",
    [
        "yes",
        {},
        RED_IS_NONE.as_fact() | {"weights": "not base64!"},
        RED_IS_NONE.as_fact() | {"weights": ""},
        RED_IS_NONE.as_fact() | {"weights": base64.b64encode(b"abc").decode()},
        RED_IS_NONE.as_fact()
        | {"weights": base64.b64encode(np.array([np.nan], "<f2").tobytes()).decode()},
        RED_IS_NONE.as_fact() | {"bias": "high"},
        RED_IS_NONE.as_fact() | {"bound": None},
    ],
)
def test_a_damaged_one_is_told(tmp_path: Path, fact: Any) -> None:
    with pytest.raises(WeightsError, match=FACT):
        Assessor(store=_made(tmp_path, fact), model="made")


def test_one_of_another_network_is_told(tmp_path: Path) -> None:
    four = PhotoDetector(np.ones(4, np.float32), 0.0, bound=0.5, familiar_from=0.5)
    assessor = Assessor(store=_made(tmp_path, four.as_fact()), model="made")
    with pytest.raises(WeightsError, match="4 features, there are 3"):
        assessor.assess(_picture(tmp_path / "a.png", (1, 2, 3)))


def test_table_and_json_say_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _made(tmp_path, RED_IS_NONE.as_fact())
    monkeypatch.setenv("GOODSIDE_WEIGHTS_DIR", str(tmp_path))
    photos = tmp_path / "photos"
    photos.mkdir()
    _picture(photos / "red.png", (255, 0, 0))
    _picture(photos / "green.png", (0, 255, 0))
    _picture(photos / "gray.png", (190, 140, 140))
    told = CliRunner().invoke(cli, ["assess", "--model", "made", "--json", str(photos)])
    lines = {Path(line["path"]).stem: line for line in map(json.loads, told.stdout.splitlines())}
    assert lines["red"]["photograph"]["is_photo"] is False
    assert lines["red"]["aesthetic"]["percentile"] is None
    assert lines["green"]["photograph"] == {"chance": 0.9975, "is_photo": True, "is_familiar": True}
    assert lines["green"]["aesthetic"]["percentile"] is not None
    assert lines["gray"]["photograph"]["is_familiar"] is False
    table = CliRunner().invoke(
        cli, ["assess", "--model", "made", str(photos)], env={"COLUMNS": "160"}
    )
    rows = {line.split()[-1].split(".")[0]: line for line in table.stdout.splitlines()}
    red = next(line for name, line in rows.items() if name.endswith("red"))
    assert "not a photograph" in red
    assert "%" not in red.split("not a photograph")[0].split()[-1]
    gray = next(line for name, line in rows.items() if name.endswith("gray"))
    assert "unlike the photographs" in gray
