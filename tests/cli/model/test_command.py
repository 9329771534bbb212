"""`goodside model`: cards for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from goodside.cli import cli
from goodside.images import read_mark
from goodside.rotation import Templates, write_templates
from goodside.runtime import ModelCard, WeightsStore
from tests.aesthetics.explanation.test_relations import relations_fact
from tests.aesthetics.made import ALL_HEADS, write_weights


def _run(*arguments: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(cli, ["model", *arguments], env=env)


def test_the_list_names_every_model_with_version_licence_size_and_terms() -> None:
    result = _run()
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    store = WeightsStore()
    for name in store.names():
        card = store.card(name)
        assert (
            f"{card.identifier} {card.task} {card.size_bytes / 1e6:.1f} MB {card.license}" in text
        )
        assert " ".join(card.terms.split()) in text


@pytest.mark.parametrize(
    ("asked", "first"),
    [("faces", "face-blazeface"), ("face", "face-blazeface"), ("face-mesh", "face-mesh"),
     ("aesthetics", "aesthetics-free"), ("aesthetic", "aesthetics-free")],
)  # fmt: skip
def test_a_model_is_found_by_its_name_and_by_its_task(asked: str, first: str) -> None:
    lines = _run(asked, "--json").stdout.splitlines()
    cards = [ModelCard.model_validate_json(line) for line in lines]
    assert cards[0] == WeightsStore().card(first)
    assert len({card.task for card in cards}) == 1


def test_a_card_is_told_whole() -> None:
    text = " ".join(_run("aesthetics-lite0").stdout.split())
    card = WeightsStore().card("aesthetics-lite0")
    for part in (card.identifier, card.title, card.terms, card.source, card.data, card.sha256):
        assert " ".join(part.split()) in text
    assert "measured" in text
    assert "reference_quantiles: 101 values" in text


@pytest.mark.parametrize("name", WeightsStore().names())
def test_no_card_shows_python_to_its_reader(name: str) -> None:
    text = _run(name).stdout
    assert not set("{}[]") & set(text.replace("[start]", ""))  # a table of recipes, in the source
    assert all(len(line) <= 110 for line in text.splitlines())


def test_rows_of_figures_are_lines_of_names_and_values() -> None:
    text = " ".join(_run("rotation-capg").stdout.split())
    card = WeightsStore().card("rotation-capg")
    row = card.metrics["held_out_portraits"]["rows"][0]
    cosine = row["warp"]["embedder_cosine"]
    assert f"yaw {row['yaw']}, n {row['n']}, lost {row['lost']}" in text
    assert f"warp (n {row['warp']['n']}" in text
    assert f"embedder_cosine {cosine}" in text


def test_json_is_a_card_a_line() -> None:
    names = [json.loads(line)["name"] for line in _run("--json").stdout.splitlines()]
    assert names == WeightsStore().names()


def test_an_unknown_name_says_which_there_are() -> None:
    result = _run("cats")
    assert result.exit_code == 2
    assert "no model 'cats'" in result.stderr
    assert "face-mesh" in result.stderr


@pytest.mark.parametrize("arguments", [(), ("faces",)])
def test_only_rotation_has_templates(arguments: tuple[str, ...], tmp_path: Path) -> None:
    result = _run(*arguments, "--templates", str(tmp_path / "sheet.png"))
    assert result.exit_code == 2
    assert not (tmp_path / "sheet.png").exists()


def test_the_templates_are_written_as_a_marked_picture(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    card = (
        WeightsStore()
        .card("face-mesh")
        .model_copy(update={"name": "rotation-mesh", "task": "rotation"})
    )
    (weights / "rotation-mesh.json").write_text(card.model_dump_json(), encoding="utf-8")
    rng = np.random.default_rng(3)
    write_templates(
        weights / "rotation-templates.npz",
        Templates(
            yaw_deg=np.array([-30, 0, 30], np.float32),
            images=rng.integers(0, 256, (3, 24, 24, 3), dtype=np.uint8),
            points=rng.random((3, 5, 2), dtype=np.float32),
            pitch_yaw_deg=np.array([0], np.float32),
            pitch_step_deg=15.0,
            pitch_points=rng.random((1, 2, 5, 2), dtype=np.float32),
        ),
    )
    out, env = tmp_path / "sheet.png", {"GOODSIDE_WEIGHTS_DIR": str(weights)}
    arguments = ("rotation", "--templates", str(out))
    assert _run(*arguments, env=env).exit_code == 0
    mark = read_mark(out)
    assert mark is not None
    assert mark.description.startswith("Means of training faces")
    with Image.open(out) as sheet:
        assert sheet.width > 3 * 160
    again = CliRunner().invoke(cli, ["model", *arguments], env=env)
    assert again.exit_code != 0
    assert _run(*arguments, "--overwrite", env=env).exit_code == 0


@pytest.fixture
def related(tmp_path: Path) -> dict[str, str]:
    """An environment whose aesthetic weights have relations."""
    write_weights(tmp_path, facts=ALL_HEADS | {"relations": relations_fact()})
    return {"GOODSIDE_WEIGHTS_DIR": str(tmp_path)}


def test_relations_are_told_from_high_to_low(related: dict[str, str]) -> None:
    result = _run("aesthetics", "--relations", env=related)
    assert result.exit_code == 0
    rows = [line.split() for line in result.stdout.splitlines()[1:4]]
    assert [row[0] for row in rows] == ["sky", "fog", "mud"]
    assert [row[1] for row in rows] == ["+1.000", "+0.000", "-1.000"]


def test_relations_are_plotted_where_a_file_is_named(
    related: dict[str, str], tmp_path: Path
) -> None:
    plot = tmp_path / "plot.png"
    arguments = ("aesthetics", "--json", "--relations", str(plot))
    first = _run(*arguments, env=related)
    told = json.loads(first.stdout)
    assert told["with_high_quality"]["mud"] == -1
    assert len(told["correlation"]) == len(told["labels"]) == 5
    with Image.open(plot) as sheet:
        assert sheet.width > 600
    again = _run(*arguments, env=related)
    assert again.exception is not None
    assert "the file exists" in str(again.exception)
    assert _run(*arguments, "--overwrite", env=related).exit_code == 0


def test_weights_without_relations_say_so(tmp_path: Path) -> None:
    write_weights(tmp_path)
    result = _run("aesthetics", "--relations", env={"GOODSIDE_WEIGHTS_DIR": str(tmp_path)})
    assert "no relations are in the card of made" in str(result.exception)
    assert "relationship learning" in str(result.exception)


def test_only_aesthetics_has_relations() -> None:
    result = _run("faces", "--relations")
    assert result.exit_code == 2
    assert "only aesthetics has relations" in result.stderr
