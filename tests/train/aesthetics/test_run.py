"""A whole tiny training: it learns, it can be cut in two, its export equals it."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from goodside.aesthetics import Assessor
from goodside.errors import SettingsError, WeightsError
from goodside.runtime import WeightsStore
from goodside_train.aesthetics.export import best_temperature, export_aesthetics, load_network
from goodside_train.aesthetics.para import SEMANTICS
from goodside_train.aesthetics.recipe import AestheticsRecipe, OptimizerRecipe
from goodside_train.aesthetics.run import open_task, train_aesthetics
from goodside_train.aesthetics.task import one_cycle
from goodside_train.checkpoint import load_checkpoint
from goodside_train.cli import cli
from goodside_train.config import read_recipe
from goodside_train.loop import train

CONFIGS = Path(__file__).parents[3] / "configs"


@pytest.fixture(scope="module")
def recipe() -> AestheticsRecipe:
    return read_recipe(CONFIGS / "aesthetics-tiny.toml", AestheticsRecipe)


@pytest.fixture(scope="module")
def run_folder(
    recipe: AestheticsRecipe, para_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    out = tmp_path_factory.mktemp("run")
    train_aesthetics(recipe, data=para_folder, out=out)
    return out


def test_every_shipped_recipe_reads() -> None:
    for path in sorted(CONFIGS.glob("aesthetics-*.toml")):
        assert read_recipe(path, AestheticsRecipe).name == path.stem


def test_the_loss_goes_down_and_the_score_is_learnt(run_folder: Path) -> None:
    with (run_folder / "log.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    losses = [float(r["value"]) for r in rows if (r["part"], r["name"]) == ("train", "loss")]
    final = {r["name"]: float(r["value"]) for r in rows if r["part"] == "final"}
    assert losses[-1] < 0.7 * losses[0]
    assert final["srcc"] > 0.9


def test_a_run_cut_in_two_equals_an_uninterrupted_one(
    recipe: AestheticsRecipe, para_folder: Path, run_folder: Path, tmp_path: Path
) -> None:
    class Cut(Exception):
        """Stands for a crash between two checkpoints."""

    task = open_task(recipe, data=para_folder, out=tmp_path)
    original = task.training_step

    def crash(batch: object, *, step: int, progress: float) -> dict[str, float]:
        if step == 27:
            raise Cut
        return original(batch, step=step, progress=progress)  # type: ignore[arg-type]

    task.training_step = crash  # type: ignore[method-assign]
    with pytest.raises(Cut):
        train(task, recipe=recipe.loop, out=tmp_path)
    train_aesthetics(recipe, data=para_folder, out=tmp_path, resume=True)

    whole, resumed = (load_checkpoint(f / "checkpoint.pt") for f in (run_folder, tmp_path))
    assert whole["step"] == resumed["step"] == 40
    for name, value in whole["task"]["network"].items():
        torch.testing.assert_close(resumed["task"]["network"][name], value, rtol=0, atol=0)


def test_the_export_equals_torch_and_tells_what_it_is(
    recipe: AestheticsRecipe, para_folder: Path, run_folder: Path, tmp_path: Path
) -> None:
    card = export_aesthetics(
        recipe, run=run_folder, data=para_folder, weights=tmp_path, version="0.0.1"
    )
    assert card.metrics["parity_with_torch"] <= 1e-4
    assert card.metrics["para_validation"]["srcc"] > 0.9
    assert card.facts["semantic_labels"] == list(SEMANTICS)
    assert len(card.facts["reference_quantiles"]) == 101
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "aesthetics-tiny.json",
        "aesthetics-tiny.onnx",
    ]
    bright, dark = (np.full((40, 60, 3), level, dtype=np.uint8) for level in (210, 40))
    assessor = Assessor(store=WeightsStore(tmp_path), model="aesthetics-tiny")
    better, worse = assessor.assess_batch([bright, dark])
    assert better.aesthetic.score > worse.aesthetic.score + 1
    assert better.model == "aesthetics-tiny 0.0.1"


def test_a_checkpoint_of_another_trunk_is_refused(
    recipe: AestheticsRecipe, run_folder: Path
) -> None:
    other = recipe.model_copy(
        update={"network": recipe.network.model_copy(update={"trunk": "lite0"})}
    )
    with pytest.raises(WeightsError, match="does not fit the recipe"):
        load_network(other, run=run_folder)


def test_the_command_line_trains(para_folder: Path, tmp_path: Path) -> None:
    text = (CONFIGS / "aesthetics-tiny.toml").read_text(encoding="utf-8")
    config = tmp_path / "short.toml"
    config.write_text(text.replace("steps = 40", "steps = 3"), encoding="utf-8")
    arguments = ["train", "aesthetics", "--config", str(config), "--data", str(para_folder)]
    result = CliRunner().invoke(cli, [*arguments, "--out", str(tmp_path / "run")])
    assert result.exit_code == 0, result.output
    assert "srcc" in result.output
    assert (tmp_path / "run" / "checkpoint.pt").is_file()


def test_a_recipe_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    text = (CONFIGS / "aesthetics-tiny.toml").read_text(encoding="utf-8")
    (tmp_path / "odd.toml").write_text(text + "\n[surprise]\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="surprise"):
        read_recipe(tmp_path / "odd.toml", AestheticsRecipe)


@pytest.mark.parametrize(("sharpness", "expected"), [(1.0, 1.0), (0.5, 0.5), (2.0, 2.0)])
def test_temperature_finds_how_far_the_odds_are_off(sharpness: float, expected: float) -> None:
    """Log odds multiplied by `sharpness` want the same divisor."""
    rng = np.random.default_rng(0)
    odds = rng.normal(0, 2, size=40_000)
    high = (rng.random(40_000) < 1 / (1 + np.exp(-odds))).astype(np.int64)
    chances = 1 / (1 + np.exp(-odds * sharpness))
    assert best_temperature(chances, high) == pytest.approx(expected, rel=0.08)


@pytest.mark.parametrize(
    ("progress", "share"), [(0.0, 0.02), (0.05, 0.5), (0.1, 1.0), (0.55, 0.5), (1.0, 0.0)]
)
def test_one_cycle_by_hand(progress: float, share: float) -> None:
    found = one_cycle(progress, recipe=OptimizerRecipe(warmup=0.1))
    assert found == pytest.approx(share, abs=1e-9)
