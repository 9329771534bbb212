"""`goodside assess` on good and bad photographs."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from goodside.cli import cli
from goodside.errors import WeightsError
from tests.aesthetics.made import write_weights


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Three photographs of rising quality of light, and four files that are none."""
    rng = np.random.default_rng(0)
    coarse = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
    for index, size in enumerate(((320, 240), (240, 320), (200, 200))):
        coarse.resize(size, Image.Resampling.BICUBIC).save(tmp_path / f"photo{index}.jpg")
    whole = (tmp_path / "photo0.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(whole[: len(whole) // 20])
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "text.jpg").write_text("Dear diary\n", encoding="utf-8")
    (tmp_path / "bomb.png").write_bytes(_bomb(30_000))
    return tmp_path


def _bomb(side: int) -> bytes:
    """A PNG whose header promises side x side pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(3 * side + 1) * 20)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), chunk(b"IDAT", data), chunk(b"IEND", b""))
    )


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["assess", *arguments], catch_exceptions=False)


def test_json_has_one_object_a_photograph_and_goes_on_after_bad_ones(album: Path) -> None:
    result = _run("--json", str(album))
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    good = {Path(r["path"]).name: r for r in records if "error" not in r}
    bad = {Path(r["path"]).name: r["error"] for r in records if "error" in r}
    assert sorted(good) == ["photo0.jpg", "photo1.jpg", "photo2.jpg"]
    assert {name: error["kind"] for name, error in bad.items()} == {
        "bomb.png": "ImageTooLarge",
        "cut.jpg": "UnreadableImage",
        "empty.jpg": "UnreadableImage",
        "text.jpg": "UnreadableImage",
    }
    assert all(error["message"] for error in bad.values())
    first = good["photo0.jpg"]
    assert list(first) == [
        "path", "width", "height", "aesthetic", "semantics", "model", "technical", "photograph",
    ]  # fmt: skip
    assert (first["width"], first["height"]) == (320, 240)
    assert list(first["aesthetic"]) == [
        "score", "std", "distribution", "high_quality", "percentile",
    ]  # fmt: skip
    assert len(first["aesthetic"]["distribution"]) == 10
    assert list(first["semantics"][0]) == ["label", "probability"]


def test_the_table_names_every_photograph_and_errors_go_to_the_other_stream(album: Path) -> None:
    result = _run(str(album))
    assert result.exit_code == 1
    assert [result.stdout.count(f"photo{index}.jpg") for index in range(3)] == [1, 1, 1]
    assert result.stderr.count("\n") == 4
    assert "empty.jpg: the file is empty" in result.stderr


def test_all_good_photographs_end_with_zero(album: Path) -> None:
    paths = [str(album / f"photo{index}.jpg") for index in range(3)]
    assert _run(*paths).exit_code == 0


@pytest.mark.parametrize("as_json", [True, False])
def test_sorting_puts_the_best_first(album: Path, as_json: bool) -> None:
    lines = _run("--json", str(album)).stdout.splitlines()
    records = [json.loads(line) for line in lines if "aesthetic" in line]
    records.sort(key=lambda record: -record["aesthetic"]["score"])
    expected = [Path(record["path"]).name for record in records]
    result = _run("--sort", *(["--json"] if as_json else []), str(album))
    rows = [line for line in result.stdout.splitlines() if "error" not in line]
    found = [name for line in rows for name in expected if name in line]
    assert found == expected


@pytest.fixture
def coloured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A blue picture, a dark gray one, and weights that name the colours."""
    weights, photos = tmp_path / "weights", tmp_path / "photos"
    for folder in (weights, photos):
        folder.mkdir()
    write_weights(weights, words=True)
    monkeypatch.setenv("GOODSIDE_WEIGHTS_DIR", str(weights))
    Image.new("RGB", (64, 48), (40, 60, 250)).save(photos / "blue.png")
    Image.new("RGB", (64, 48), (30, 30, 30)).save(photos / "gray.png")
    return photos


def test_json_tells_technical_quality_and_the_words_it_is_sure_of(coloured: Path) -> None:
    lines = _run("--json", "--model", "made", str(coloured)).stdout.splitlines()
    blue, gray = map(json.loads, lines)
    assert blue["technical"] == pytest.approx(1 + 9 * (40 + 60 + 250) / 3 / 255, abs=0.01)
    assert [word["label"] for word in blue["words"]] == ["sea"]
    assert 0.6 <= blue["words"][0]["probability"] <= 1
    assert gray["technical"] < 3
    assert "words" not in gray


def test_the_table_shows_technical_quality_beside_the_score_and_words_with_the_kind(
    coloured: Path,
) -> None:
    heading, blue, gray = _run("--model", "made", str(coloured)).stdout.splitlines()
    assert heading.split()[:2] == ["score", "technical"]
    assert "blue, sea" in blue
    assert "sea" not in gray
    assert blue.split()[1] == "5.1"


def test_explanations_tell_both_too(coloured: Path, tmp_path: Path) -> None:
    done = _run("--model", "made", "--explain", str(tmp_path / "why"), str(coloured / "blue.png"))
    assert done.exit_code == 0
    told = json.loads((tmp_path / "why" / "blue-explained.json").read_text(encoding="utf-8"))
    assert told["technical"] == pytest.approx(5.118, abs=0.01)
    assert [word["label"] for word in told["words"]] == ["sea"]


def test_a_network_without_tags_tells_the_score_alone(
    album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = album / "weights"
    weights.mkdir()
    write_weights(weights, facts={"heads": ["distribution"], "high_from": 5.5})
    monkeypatch.setenv("GOODSIDE_WEIGHTS_DIR", str(weights))
    for asked in ([], ["--sort"], ["--explain", str(album / "why")]):
        result = _run("--model", "made", *asked, str(album / "photo0.jpg"))
        assert result.exit_code == 0, result.stderr
        assert "photo0.jpg" in result.stdout


def test_a_folder_without_photographs_is_wrong_usage(tmp_path: Path) -> None:
    result = _run(str(tmp_path))
    assert result.exit_code == 2
    assert "no photograph" in result.stderr


def test_a_missing_file_is_a_failure_not_a_crash(tmp_path: Path) -> None:
    result = _run("--json", str(tmp_path / "none.jpg"))
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["kind"] == "UnreadableImage"


def test_explanations_are_written_beside_each_other(album: Path, tmp_path: Path) -> None:
    twin = album / "twin"
    twin.mkdir()
    (twin / "photo0.jpg").write_bytes((album / "photo0.jpg").read_bytes())
    photos = [str(album / "photo0.jpg"), str(twin / "photo0.jpg"), str(album / "empty.jpg")]
    why = tmp_path / "new" / "why"
    result = _run("--json", "--explain", str(why), *photos)
    assert result.exit_code == 1
    first, second, empty = (json.loads(line) for line in result.stdout.splitlines())
    assert empty["error"]["kind"] == "UnreadableImage"
    assert first["explained"] == {
        "image": str(why / "photo0-explained.jpg"),
        "data": str(why / "photo0-explained.json"),
    }
    assert second["explained"]["data"] == str(why / "photo0-2-explained.json")
    assert len(list(why.iterdir())) == 4
    with Image.open(first["explained"]["image"]) as sheet:
        assert sheet.width > 1000
    told = json.loads(Path(first["explained"]["data"]).read_text(encoding="utf-8"))
    assert told["aesthetic"] == first["aesthetic"]
    assert f"{first['aesthetic']['score']:.1f} of 10" in told["explanation"]["sentence"]
    grid = told["explanation"]["effect"]["points"]
    assert len({len(row) for row in grid}) == 1

    again = _run("--explain", str(why), photos[0])
    assert again.exit_code == 1
    assert "the file exists" in again.stderr
    assert _run("--explain", str(why), "--overwrite", photos[0]).exit_code == 0


def test_other_weights_can_be_named(
    album: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = tmp_path_factory.mktemp("weights")
    write_weights(weights)
    monkeypatch.setenv("GOODSIDE_WEIGHTS_DIR", str(weights))
    arguments = ["assess", "--json", "--model", "made", str(album / "photo0.jpg")]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["model"] == "made 1.0.0"


def test_weights_of_another_task_are_refused(album: Path) -> None:
    arguments = ["assess", "--model", "face-mesh", str(album / "photo0.jpg")]
    with pytest.raises(WeightsError, match="cannot be used to assess photographs"):
        CliRunner().invoke(cli, arguments, catch_exceptions=False)


def test_a_photograph_cut_short_is_judged_with_a_warning(album: Path) -> None:
    whole = (album / "photo0.jpg").read_bytes()
    half = album / "half.jpg"
    half.write_bytes(whole[: len(whole) // 2])
    result = _run(str(half))
    assert result.exit_code == 0
    assert f"{half}: the file is cut short" in result.stderr
    told = json.loads(_run("--json", str(half)).stdout)
    assert told["incomplete"] is True
    assert "cut short" in told["notes"][0]
    assert "notes" not in json.loads(_run("--json", str(album / "photo0.jpg")).stdout)
