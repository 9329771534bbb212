"""`goodside rotate` with a stand-in generator: files, names, marks, JSON and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from goodside.cli import cli
from goodside.images import read_mark
from goodside.images.marks import EDITED_BY_NETWORK
from tests.images.made import textured
from tests.rotation.made import PORTRAIT, write_store


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_store(tmp_path_factory.mktemp("weights") / "store")


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, weights: Path, tmp_path: Path) -> None:
    monkeypatch.setenv("GOODSIDE_WEIGHTS_DIR", str(weights))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def faceless(tmp_path: Path) -> Path:
    path = tmp_path / "clouds.png"
    Image.fromarray(textured(160, 120)).save(path)
    return path


def _run(*arguments: str | Path) -> Result:
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(cli, ["rotate", *words, "--size", "64"], catch_exceptions=False)


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_one_photograph_one_angle_one_marked_file(tmp_path: Path) -> None:
    before = PORTRAIT.read_bytes()
    result = _run(PORTRAIT, "--yaw", "30")
    assert result.exit_code == 0
    assert _files(tmp_path) == ["astronaut-yaw+030.jpg"]
    assert "asked yaw +30°" in result.stdout
    with Image.open(tmp_path / "astronaut-yaw+030.jpg") as image:
        assert image.size == (64, 64)
    mark = read_mark(tmp_path / "astronaut-yaw+030.jpg")
    assert mark is not None
    assert mark.source_type == EDITED_BY_NETWORK
    assert mark.tool.startswith("goodside ")
    assert "+30 degrees by rotation-mesh 0.0.1" in mark.description
    assert PORTRAIT.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--frontal"], ["astronaut-yaw+000.jpg"]),
        (["--yaw", "-45"], ["astronaut-yaw-045.jpg"]),
        (["--yaw", "7.5"], ["astronaut-yaw+007.50.jpg"]),
        (["--yaw", "20", "-o", "made.png"], ["made.png"]),
        (["--yaw", "20", "-o", "made.webp"], ["made.webp"]),
    ],
)
def test_names_of_the_results(tmp_path: Path, arguments: list[str], expected: list[str]) -> None:
    assert _run(PORTRAIT, *arguments).exit_code == 0
    assert _files(tmp_path) == expected
    assert read_mark(tmp_path / expected[0]) is not None


def test_a_sweep_writes_every_angle_and_a_sheet_all_marked(tmp_path: Path) -> None:
    result = _run(PORTRAIT, "--sweep", "-1:1:0.5", "-o", tmp_path / "out")
    assert result.exit_code == 0
    angles = ("+000", "+000.50", "+001", "-000.50", "-001")
    expected = sorted([*(f"astronaut-yaw{a}.jpg" for a in angles), "astronaut-sheet.jpg"])
    assert _files(tmp_path / "out") == expected
    for name in expected:
        assert read_mark(tmp_path / "out" / name) is not None
    sheet = np.asarray(Image.open(tmp_path / "out" / "astronaut-sheet.jpg"))
    assert sheet.shape[1] > 6 * 64
    assert result.stdout.count("\n") == 6


def test_json_has_one_object_a_picture(tmp_path: Path) -> None:
    result = _run(PORTRAIT, "--sweep", "0:20:20", "--pitch", "5", "--roll", "10", "--json")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [record["requested"]["yaw_deg"] for record in records] == [0, 20]
    first = records[0]
    assert list(first) == [
        "path", "output", "sheet", "source", "requested", "measured", "identity",
        "confidence", "synthetic", "model",
    ]  # fmt: skip
    assert first["path"] == str(PORTRAIT)
    assert first["output"] == "astronaut-yaw+000.jpg"
    assert first["sheet"] == "astronaut-sheet.jpg"
    assert first["requested"] == {"yaw_deg": 0.0, "pitch_deg": 5.0, "roll_deg": 10.0}
    assert set(first["source"]) == {"yaw_deg", "pitch_deg", "roll_deg"}
    assert first["synthetic"] is True
    assert first["model"] == "rotation-mesh 0.0.1"


def test_a_result_that_is_there_is_not_replaced_unless_asked(tmp_path: Path) -> None:
    there = tmp_path / "astronaut-yaw+010.jpg"
    there.write_bytes(b"mine")
    refused = _run(PORTRAIT, "--sweep", "0:10:5")
    assert refused.exit_code == 1
    assert there.read_bytes() == b"mine"
    assert _files(tmp_path) == [there.name]  # nothing of the sweep was written either
    assert "--overwrite" in refused.stderr
    assert _run(PORTRAIT, "--yaw", "10", "--overwrite").exit_code == 0
    assert read_mark(there) is not None


def test_a_failure_is_told_and_the_others_go_on(tmp_path: Path, faceless: Path) -> None:
    result = _run(faceless, tmp_path / "missing.jpg", PORTRAIT, "--frontal", "--json", "-o", "out")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [r["error"]["kind"] for r in records if "error" in r] == ["NoFace", "UnreadableImage"]
    assert [Path(r["output"]).name for r in records if "output" in r] == ["astronaut-yaw+000.jpg"]
    assert records[0]["path"] == str(faceless)


def test_in_text_failures_go_to_the_error_stream(faceless: Path) -> None:
    result = _run(faceless, "--yaw", "10")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "clouds.png" in result.stderr
    assert "no face" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["--yaw", "80"], "OutOfRange"),
        (["--yaw", "10", "--face", "4"], "OutOfRange"),
        (["--yaw", "10", "-o", "made.gif"], "OutputError"),
        (["--yaw", "10", "-o", "file.txt/folder"], "OutputError"),
    ],
)
def test_what_cannot_be_done_has_its_kind_and_exit_code_1(
    tmp_path: Path, arguments: list[str], kind: str
) -> None:
    (tmp_path / "file.txt").touch()
    result = _run(PORTRAIT, *arguments, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["kind"] == kind
    assert _files(tmp_path) == ["file.txt"]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--yaw", "10", "--frontal"],
        ["--frontal", "--sweep", "0:10:5"],
        ["--yaw", "right"],
        ["--sweep", "0:10"],
        ["--sweep", "0:10:0"],
        ["--sweep", "10:0:5"],
        ["--sweep", "0:90:0.1"],
        ["--sweep", "0:inf:5"],
        ["--yaw", "10", "--face", "-1"],
    ],
)
def test_wrong_usage_has_exit_code_2(tmp_path: Path, arguments: list[str]) -> None:
    result = _run(PORTRAIT, *arguments)
    assert result.exit_code == 2
    assert "Usage" in result.stderr
    assert _files(tmp_path) == []


def test_a_sweep_may_go_downward(tmp_path: Path) -> None:
    assert _run(PORTRAIT, "--sweep", "5:-5:-10").exit_code == 0
    assert "astronaut-yaw-005.jpg" in _files(tmp_path)
