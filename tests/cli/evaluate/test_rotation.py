"""`goodside evaluate rotation`, `verification`, `multipie` with a stand-in generator."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from goodside.cli import cli
from goodside.errors import WeightsError
from goodside.images import read_mark
from tests.rotation.made import EXAMPLES, PORTRAIT, write_store, write_views


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_store(tmp_path_factory.mktemp("weights") / "store")


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, weights: Path, tmp_path: Path) -> None:
    monkeypatch.setenv("GOODSIDE_WEIGHTS_DIR", str(weights))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Two people, the second one only as a name."""
    folder = tmp_path / "album"
    folder.mkdir()
    shutil.copy(PORTRAIT, folder / "ann.jpg")
    shutil.copy(EXAMPLES / "faces" / "astronaut.jpg", folder / "bo.jpg")
    return folder


def _run(*arguments: str | Path) -> Result:
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(cli, ["evaluate", *words], catch_exceptions=False)


def test_rotation_prints_one_object_and_writes_a_marked_sheet(album: Path, tmp_path: Path) -> None:
    views = write_views(tmp_path / "views", yaws_deg=(0, 20))
    result = _run(
        *("rotation", "--faces", album, "--limit", "1", "--yaws", "20", "--json"),
        *("--views", views, "--sheet", "sheet.png"),
    )
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert set(report) == {
        "faces", "refused", "refused_share", "model", "strangers", "rows", "back", "realism",
        "truth", "groups", "confidence",
    }  # fmt: skip
    assert report["faces"] == 1
    assert {"embedder_cosine", "judge_distance", "ms", "warp", "photo"} <= set(report["rows"][0])
    assert {"draft", "unposed"} <= set(report["rows"][0])
    assert {"yaw", "n", "l1", "warp", "mirrored"} <= set(report["back"][0])
    assert {"kid", "warp_kid", "by_yaw"} <= set(report["realism"])
    assert [row["to_yaw"] for row in report["truth"]] == [20, 0]
    assert read_mark(tmp_path / "sheet.png") is not None


def _export(folder: Path) -> Path:
    """What `goodside export rotation` writes: a generator, its card and the templates."""
    store = write_store(folder.parent / "complete", recipe="capg")
    folder.mkdir()
    for name in ("rotation-capg.onnx", "rotation-capg.json", "rotation-templates.npz"):
        shutil.copy(store / name, folder / name)
    return folder


def test_the_generator_of_an_export_is_measured_without_face_models_beside_it(
    album: Path, tmp_path: Path
) -> None:
    export = _export(tmp_path / "export")
    arguments = ("--faces", album, "--limit", "1", "--yaws", "30", "--weights", export, "--json")
    result = _run("rotation", *arguments)
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert report["model"] == "rotation-capg 0.0.1"
    assert report["rows"][0]["n"] == 1
    assert report["rows"][0]["draft"] is None


def test_a_generator_that_an_export_lacks_is_not_taken_from_elsewhere(
    album: Path, tmp_path: Path
) -> None:
    export = _export(tmp_path / "export")
    with pytest.raises(WeightsError, match="there is no model rotation-mesh"):
        _run("rotation", "--faces", album, "--weights", export, "--model", "rotation-mesh")


def test_rotation_as_tables(album: Path) -> None:
    (album / "groups.csv").write_text("image,hair\nann.jpg,dark\n", encoding="utf-8")
    labels = ("--labels", album / "groups.csv")
    result = _run("rotation", "--faces", album, "--limit", "1", "--yaws", "10", *labels)
    assert result.exit_code == 0
    assert "hair  dark" in result.stdout
    assert "0 (0% to 79%)" in result.stdout  # of one person nobody can know more
    assert "1 face, 0 refused" in result.stdout
    for word in (
        *("network", "warp", "mirror", "landmarks", "kernel inception distance"),
        *("draft alone", "no pose images"),
    ):
        assert word in result.stdout


@pytest.mark.parametrize("as_json", [True, False])
def test_verification_of_two_pairs(album: Path, tmp_path: Path, *, as_json: bool) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("a,b,same\nann.jpg,bo.jpg,1\nann.jpg,gone.jpg,0\n", encoding="utf-8")
    result = _run("verification", "--images", album, "--pairs", pairs, *["--json"] * as_json)
    assert result.exit_code == 0
    if as_json:
        report = json.loads(result.stdout)
        assert report["pairs"] == 1
        assert [Path(row["path"]).name for row in report["failures"]] == ["gone.jpg"]
        assert {"plain", "rotated", "fused", "judge", "by_yaw"} <= set(report)
    else:
        assert "1 pair, 1 photograph failed" in result.stdout
        assert "fused" in result.stdout


@pytest.mark.parametrize("as_json", [True, False])
def test_multipie_by_yaw(album: Path, *, as_json: bool) -> None:
    for camera in ("051", "041"):
        shutil.copy(album / "ann.jpg", album / f"201_01_01_{camera}_07.jpg")
    result = _run("multipie", album, "--setting", "1", *["--json"] * as_json)
    assert result.exit_code == 0
    if as_json:
        rows = json.loads(result.stdout)["rows"]
        assert rows == [{"yaw": 30, "n": 1, "lost": 0, "plain": 1, "rotated": 1, "fused": 1}]
    else:
        assert "1 person, 1 probe" in result.stdout
        assert "+30" in result.stdout


def test_a_judge_that_is_not_installed_is_wrong_usage(
    album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from goodside.errors import SettingsError

    monkeypatch.setitem(sys.modules, "dlib", None)
    with pytest.raises(SettingsError, match="extra"):
        _run("rotation", "--faces", album, "--judge", "dlib")


@pytest.mark.parametrize(
    "arguments",
    [
        ["rotation"],
        ["rotation", "--faces", "album", "--yaws", "left"],
        ["rotation", "--faces", "album", "--judge", "solomon"],
        ["verification", "--images", "album"],
        ["multipie", "album", "--setting", "3"],
    ],
)
def test_wrong_usage_has_exit_code_2(album: Path, arguments: list[str]) -> None:
    assert _run(*arguments).exit_code == 2
