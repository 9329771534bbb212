"""`goodside rotate` with a stand-in generator: files, names, marks, JSON and exit codes."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image, ImageSequence

from goodside.cli import cli
from goodside.errors import GoodsideError, OutOfRange, OutputError, SettingsError, WeightsError
from goodside.images import read_mark
from goodside.images.provenance import EDITED_BY_NETWORK
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


def test_paste_gives_the_whole_photograph_back(tmp_path: Path, faceless: Path) -> None:
    result = _run(PORTRAIT, faceless, "--yaw", "30", "--paste", "-o", tmp_path / "out")
    assert result.exit_code == 1  # one has no face; the other went on
    assert _files(tmp_path / "out") == ["astronaut-yaw+030.jpg"]
    with (
        Image.open(PORTRAIT) as original,
        Image.open(tmp_path / "out" / "astronaut-yaw+030.jpg") as pasted,
    ):
        assert pasted.size == original.size
        off = np.abs(np.asarray(pasted, int) - np.asarray(original.convert("RGB"), int)).max(axis=2)
    assert (off > 60).mean() > 0.002  # the head has turned
    assert (off[-100:] > 60).mean() == 0  # the suit has not
    mark = read_mark(tmp_path / "out" / "astronaut-yaw+030.jpg")
    assert mark is not None
    assert mark.source_type == EDITED_BY_NETWORK


def test_paste_takes_one_angle() -> None:
    result = _run(PORTRAIT, "--sweep", "0:20:20", "--paste")
    assert result.exit_code == 2
    assert "--paste goes with --yaw or --frontal" in result.stderr


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
        "confidence", "doubts", "synthetic", "model",
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
        (["--yaw", "10", "--face", "4"], "OutOfRange"),
        (["--yaw", "10", "-o", "made.gif"], "OutputError"),
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
    ("arguments", "error"),
    [
        (["--yaw", "80"], OutOfRange),
        (["--sweep", "0:80:20", "--animate", "gif"], OutOfRange),
        (["--yaw", "10", "--roll", "50"], OutOfRange),
        (["--yaw", "10", "-o", "file.txt/folder"], OutputError),
        (["--yaw", "10", "--model", "face-mesh"], WeightsError),
        (["--yaw", "10", "--model", "rotation-none"], WeightsError),
    ],
)
def test_what_concerns_every_photograph_ends_the_command(
    tmp_path: Path, arguments: list[str], error: type[GoodsideError]
) -> None:
    """`main` maps it to exit code 2."""
    (tmp_path / "file.txt").touch()
    with pytest.raises(error) as caught:
        _run(PORTRAIT, PORTRAIT.with_name("photographer.jpg"), *arguments)
    assert caught.value.remedy
    assert _files(tmp_path) == ["file.txt"]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--yaw", "10", "--animate", "gif"],
        ["--sweep", "0:10:5", "--animate", "avi"],
        ["--sweep", "0:10:5", "--animate", "gif", "-o", "made.mp4"],
        ["--sweep", "0:0.01:0.002"],
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


def test_a_folder_goes_through_in_batches_and_every_refusal_says_why(
    tmp_path: Path, faceless: Path
) -> None:
    """Photographs of one name, a faceless one, one too small, one covered, one that is broken."""
    portrait = Image.open(PORTRAIT).convert("RGB")
    for name in ("a/face.png", "b/face.png", "b/FACE.JPG", "b/small.png", "b/veiled.png"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = portrait.copy()
        if "small" in name:
            picture = picture.resize((150, 150))
        if "veiled" in name:
            picture.paste((160, 200, 225), (170, 120, 280, 180))
        picture.save(path)
    (tmp_path / "in" / "b" / "broken.jpg").write_bytes(b"no picture")
    faceless.rename(tmp_path / "in" / "clouds.png")
    before = {path: path.read_bytes() for path in (tmp_path / "in").rglob("*.*")}
    result = _run(tmp_path / "in", "--yaw", "20", "-o", tmp_path / "out", "--overwrite", "--json")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    turned = {Path(r["path"]).relative_to(tmp_path / "in"): r for r in records if "output" in r}
    assert sorted(map(str, turned)) == ["a/face.png", "b/FACE.JPG", "b/face.png"]
    outputs = {Path(record["output"]).name.casefold() for record in turned.values()}
    assert outputs == {"face-yaw+020.jpg", "face-2-yaw+020.jpg", "face-3-yaw+020.jpg"}
    assert {name.casefold() for name in _files(tmp_path / "out")} == outputs
    refused = {Path(r["path"]).name: r["error"] for r in records if "error" in r}
    assert {name: error["kind"] for name, error in refused.items()} == {
        "clouds.png": "NoFace",
        "broken.jpg": "UnreadableImage",
        "small.png": "UnfitFace",
        "veiled.png": "UnfitFace",
    }
    assert "too small" in refused["small.png"]["message"]
    assert "covered" in refused["veiled.png"]["message"]
    assert all("(" in error["message"] for error in refused.values())  # each with its remedy
    assert before == {path: path.read_bytes() for path in before}


def test_an_empty_folder_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert _run(tmp_path / "in", "--yaw", "10").exit_code == 2


@pytest.mark.parametrize("way", ["itself", "another", "linked"])
def test_no_photograph_is_replaced_whatever_is_asked(tmp_path: Path, way: str) -> None:
    mine = tmp_path / "mine.jpg"
    shutil.copy(PORTRAIT, mine)
    other = tmp_path / "mine-yaw+010.jpg"
    shutil.copy(PORTRAIT, other)
    (tmp_path / "link.jpg").symlink_to(mine)
    before = mine.read_bytes()
    given = {
        "itself": (mine, "-o", mine),
        "another": (mine, other),
        "linked": (mine, "-o", tmp_path / "link.jpg"),
    }[way]
    result = _run(*given, "--yaw", "10", "--overwrite")
    assert result.exit_code == 1
    assert "would replace a photograph" in result.stderr
    assert mine.read_bytes() == other.read_bytes() == before


@pytest.mark.parametrize("kind", ["gif", "mp4"])
def test_a_sweep_as_a_moving_picture(tmp_path: Path, kind: str) -> None:
    result = _run(PORTRAIT, "--sweep", "-18:18:9", "--animate", kind, "--json")
    assert result.exit_code == 0
    assert _files(tmp_path) == [f"astronaut-sweep.{kind}"]
    (record,) = (json.loads(line) for line in result.stdout.splitlines())
    assert list(record) == [
        *("path", "output", "frame_ms", "source", "angles", "synthetic", "model"),
    ]
    assert [angle["requested"]["yaw_deg"] for angle in record["angles"]] == [-18, -9, 0, 9, 18]
    assert record["frame_ms"] == 200  # 9 degrees at 45 a second
    if kind == "gif":
        mark = read_mark(tmp_path / "astronaut-sweep.gif")
        assert mark is not None
        assert mark.source_type == EDITED_BY_NETWORK
        with Image.open(tmp_path / "astronaut-sweep.gif") as image:
            assert image.size == (64, 64)
            frames = [np.asarray(f.convert("RGB"), float) for f in ImageSequence.Iterator(image)]
        assert len(frames) == 8  # there and back, the ends once
        np.testing.assert_array_equal(frames[3], frames[5])
        assert np.abs(frames[0] - frames[4]).mean() > np.abs(frames[1] - frames[3]).mean()


def test_the_frame_of_the_photographs_own_pose_is_the_photograph(tmp_path: Path) -> None:
    """Nearly: a turn of a degree moves a face by less than a pixel, and a GIF has 256 colours."""
    assert _run(PORTRAIT, "--sweep", "-1:1:1", "--animate", "gif").exit_code == 0
    assert _run(PORTRAIT, "--sweep", "-1:0:1", "-o", "still").exit_code == 0
    with Image.open(tmp_path / "still" / "astronaut-sheet.jpg") as sheet:
        photograph = np.asarray(sheet.crop((12, 12, 76, 76)), float)
    with Image.open(tmp_path / "astronaut-sweep.gif") as image:
        frame = np.asarray(image.convert("RGB"), float)
    assert np.abs(frame - photograph).mean() < 9


@pytest.mark.parametrize("animate", [("--animate", "gif"), ()])
def test_the_file_of_an_animation_may_be_named(tmp_path: Path, animate: tuple[str, ...]) -> None:
    done = _run(PORTRAIT, "--sweep", "-2:2:2", *animate, "-o", "turning.GIF")
    assert done.exit_code == 0
    assert _files(tmp_path) == ["turning.GIF"]
    assert "3 angles, yaw -2° to +2°" in done.stdout


def test_without_the_extra_an_mp4_is_refused_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(SettingsError, match=r"goodside\[video\]"):
        _run(tmp_path / "missing.jpg", "--sweep", "-2:2:2", "--animate", "mp4")


def test_a_sweep_may_go_downward(tmp_path: Path) -> None:
    assert _run(PORTRAIT, "--sweep", "5:-5:-10").exit_code == 0
    assert "astronaut-yaw-005.jpg" in _files(tmp_path)


def test_the_weights_may_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = write_store(tmp_path / "others", recipe="capg")
    monkeypatch.setenv("GOODSIDE_WEIGHTS_DIR", str(store))
    result = _run(PORTRAIT, "--yaw", "30", "--model", "rotation-capg", "-o", "made.png")
    assert result.exit_code == 0
    mark = read_mark(tmp_path / "made.png")
    assert mark is not None
    assert "by rotation-capg 0.0.1" in mark.description


@pytest.fixture
def unmoved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights that give the photograph back as it was, whatever is asked."""
    monkeypatch.setenv("GOODSIDE_WEIGHTS_DIR", str(write_store(tmp_path / "others", recipe="capg")))


@pytest.mark.usefixtures("unmoved")
def test_a_face_that_did_not_turn_is_warned_of(tmp_path: Path) -> None:
    result = _run(PORTRAIT, "--yaw", "45", "--model", "rotation-capg", "--json", "-o", "made.png")
    assert result.exit_code == 0
    assert (tmp_path / "made.png").exists()
    (doubt,) = json.loads(result.stdout)["doubts"]
    assert doubt["kind"] == "yaw"
    assert doubt["measured"] > doubt["limit"] == 20
    assert f"at yaw +45° {doubt['message']}" in " ".join(result.stderr.split())


@pytest.mark.usefixtures("unmoved")
def test_a_strict_command_writes_no_doubtful_picture(tmp_path: Path) -> None:
    before = _files(tmp_path)
    arguments = (PORTRAIT, "--sweep", "0:45:45", "--model", "rotation-capg", "--strict", "--json")
    result = _run(*arguments)
    assert result.exit_code == 1
    error = json.loads(result.stdout)["error"]
    assert error["kind"] == "DoubtfulTurn"
    assert "at yaw +45° the yaw is" in error["message"]
    assert "at yaw +0°" not in error["message"]
    assert _files(tmp_path) == before


def test_a_strict_command_writes_what_is_as_expected(tmp_path: Path) -> None:
    result = _run(PORTRAIT, "--yaw", "30", "--strict", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["doubts"] == []
    assert _files(tmp_path) == ["astronaut-yaw+030.jpg"]
