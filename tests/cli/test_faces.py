"""`goodside faces` on good and bad photographs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from numpy.typing import NDArray
from PIL import Image

from goodside.cli import cli

ASTRONAUT = Path(__file__).parents[2] / "examples" / "faces" / "astronaut.jpg"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["faces", *(str(one) for one in arguments)])


def pixels_of(path: Path) -> NDArray[np.int_]:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    path = tmp_path / "blank.png"
    Image.new("RGB", (64, 48), (90, 120, 150)).save(path)
    return path


def test_json_lists_the_face_and_the_blank(blank: Path) -> None:
    result = run(ASTRONAUT, blank, "--json")
    assert result.exit_code == 0
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["width"], first["height"]) == (512, 512)
    (face,) = first["faces"]
    assert face["face"] == 0
    left, top, right, bottom = face["box"]
    assert 150 < left < 200 < right < 300
    assert 40 < top < 100 < bottom < 200
    assert abs(face["pose"]["yaw_deg"]) < 8
    assert 0 <= face["sharpness"] <= 1
    assert len(face["points"]) == 5
    assert second == {"path": str(blank), "width": 64, "height": 48, "faces": []}


def test_text_says_how_many_and_where_they_look(blank: Path) -> None:
    result = run(ASTRONAUT, blank)
    assert result.exit_code == 0
    assert f"{ASTRONAUT}: 1 face" in result.stdout
    assert "yaw" in result.stdout
    assert f"{blank}: no face" in result.stdout


def test_a_broken_photograph_does_not_stop_the_others(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_text("Dear diary\n", encoding="utf-8")
    result = run(broken, ASTRONAUT, "--json")
    assert result.exit_code == 1
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert first["path"] == str(broken)
    assert first["error"]["kind"] == "UnreadableImage"
    assert len(second["faces"]) == 1
    text = run(broken)
    assert text.exit_code == 1
    assert str(broken) in text.stderr


def test_draw_writes_a_copy_and_spares_the_photograph(tmp_path: Path) -> None:
    before = ASTRONAUT.read_bytes()
    drawn = tmp_path / "drawn.png"
    assert run(ASTRONAUT, "--draw", drawn).exit_code == 0
    changed = np.abs(pixels_of(drawn) - pixels_of(ASTRONAUT)).max(axis=2) > 8
    assert changed[60:220, 150:320].sum() > 500
    assert not changed[300:].any()
    assert ASTRONAUT.read_bytes() == before


def test_draw_of_several_goes_to_a_folder(tmp_path: Path, blank: Path) -> None:
    folder = tmp_path / "drawn"
    assert run(ASTRONAUT, blank, "--draw", folder).exit_code == 0
    assert {path.name for path in folder.iterdir()} == {"astronaut-faces.jpg", "blank-faces.jpg"}


def test_draw_replaces_nothing_unasked(tmp_path: Path, blank: Path) -> None:
    there = tmp_path / "there.png"
    there.write_bytes(b"mine")
    refused = run(blank, "--draw", there)
    assert refused.exit_code == 1
    assert there.read_bytes() == b"mine"
    assert run(blank, "--draw", there, "--overwrite").exit_code == 0
    assert pixels_of(there).shape == (48, 64, 3)


def test_draw_never_replaces_the_photograph(blank: Path) -> None:
    before = blank.read_bytes()
    result = run(blank, "--draw", blank, "--overwrite")
    assert result.exit_code == 1
    assert "would replace the photograph" in result.stderr
    assert blank.read_bytes() == before


def test_an_empty_folder_is_wrong_usage(tmp_path: Path) -> None:
    assert run(tmp_path).exit_code == 2
