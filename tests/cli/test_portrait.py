"""`goodside portrait` with a stand-in generator: sentences, JSON, the marked sheet, failures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from goodside.cli import cli
from goodside.images import read_mark
from tests.rotation.made import EXAMPLES, write_store

PHOTO = EXAMPLES / "faces" / "astronaut.jpg"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_store(tmp_path_factory.mktemp("weights") / "store")


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, weights: Path, tmp_path: Path) -> None:
    monkeypatch.setenv("GOODSIDE_WEIGHTS_DIR", str(weights))
    monkeypatch.chdir(tmp_path)


def _run(*arguments: str | Path) -> Result:
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(cli, ["portrait", *words], catch_exceptions=False)


def test_the_answer_its_views_and_the_caveat_with_a_marked_sheet(tmp_path: Path) -> None:
    before = PHOTO.read_bytes()
    result = _run(PHOTO, "--yaws", "-15:15:30", "-o", "sheet.png")
    assert result.exit_code == 0
    for words in ("side", "yaw  -15°", "yaw  +15°", "corrected", "synthetic", "sheet.png"):
        assert words in result.stdout
    mark = read_mark(tmp_path / "sheet.png")
    assert mark is not None
    assert "turned" in mark.description
    assert PHOTO.read_bytes() == before
    refused = _run(PHOTO, "--json", "-o", "sheet.png")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["error"]["kind"] == "OutputError"


def test_json_is_one_object() -> None:
    result = _run(PHOTO, "--yaws", "-15:15:30", "--json")
    record = json.loads(result.stdout)
    assert result.exit_code == 0
    assert record["path"] == str(PHOTO)
    assert record["sheet"] is None
    assert "synthetic" in record["caveat"]
    assert [angle["yaw_deg"] for angle in record["angles"]] == [-15, 15]


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ([PHOTO, "--yaws", "0:20:10"], "OutOfRange"),
        ([PHOTO, "--face", "7"], "OutOfRange"),
        (["gone.jpg"], "UnreadableImage"),
    ],
)
def test_what_cannot_be_done_has_its_kind_and_exit_code_1(
    arguments: list[str | Path], kind: str
) -> None:
    result = _run(*arguments, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["kind"] == kind


def test_wrong_usage_has_exit_code_2() -> None:
    assert _run(PHOTO, "--yaws", "left").exit_code == 2
