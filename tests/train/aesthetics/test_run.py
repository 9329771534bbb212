"""A whole tiny training: it learns, it can be cut in two, its export equals it."""

from __future__ import annotations

import csv
import shutil
import tomllib
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from goodside.aesthetics import Assessor
from goodside.aesthetics.explanation.norms import read_norms
from goodside.aesthetics.explanation.relations import read_relations
from goodside.errors import SettingsError, WeightsError
from goodside.runtime import WeightsStore
from goodside_train.aesthetics.datasets.para_shards import SEMANTICS, read_labels
from goodside_train.aesthetics.datasets.tar_images import read_images
from goodside_train.aesthetics.export.assessor import export_aesthetics, load_network
from goodside_train.aesthetics.export.card_figures import best_temperature
from goodside_train.aesthetics.losses.functional import expected_score
from goodside_train.aesthetics.networks.trunks import normalized
from goodside_train.aesthetics.optimizer import one_cycle
from goodside_train.aesthetics.recipe import AestheticsRecipe, OptimizerRecipe
from goodside_train.aesthetics.run import open_task, train_aesthetics
from goodside_train.checkpoint import CHECKPOINT, load_checkpoint, save_checkpoint
from goodside_train.cli import cli
from goodside_train.config import read_recipe
from goodside_train.loop import train

MODELS = ("aesthetics-tiny", "aesthetics-tiny-int8")
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
    """The base of the ablation holds the variants beside a recipe."""
    for path in sorted(CONFIGS.glob("aesthetics-*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        table.pop("variants", None)
        assert AestheticsRecipe.model_validate(table).name == path.stem


def test_the_loss_goes_down_and_the_score_is_learnt(run_folder: Path) -> None:
    with (run_folder / "log.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    losses = [float(r["value"]) for r in rows if (r["part"], r["name"]) == ("train", "loss")]
    final = {r["name"]: float(r["value"]) for r in rows if r["part"] == "final"}
    assert losses[-1] < 0.7 * losses[0]
    assert final["srcc"] > 0.9


def test_scores_use_the_scale(
    recipe: AestheticsRecipe, para_folder: Path, run_folder: Path
) -> None:
    """A known mistake: networks that call everything middling still rank well."""
    labels = read_labels(para_folder)
    images = read_images(para_folder, labels.names, size_px=recipe.data.input_px)
    network = load_network(recipe, runs=[run_folder])
    with torch.inference_mode():
        outputs = network(normalized(torch.from_numpy(images)))
    found = expected_score(outputs["distribution_logits"]).numpy()
    assert np.ptp(found) > np.ptp(labels.score) / 3


def test_several_runs_are_exported_as_the_mean_of_their_weights(
    recipe: AestheticsRecipe, run_folder: Path, tmp_path: Path
) -> None:
    state = load_checkpoint(run_folder / CHECKPOINT)
    kept = state["task"]["average"]["network"]
    for value in kept.values():
        if value.is_floating_point():
            value.add_(1)
    save_checkpoint(tmp_path / CHECKPOINT, state)
    alone = load_network(recipe, runs=[run_folder]).state_dict()
    both = load_network(recipe, runs=[run_folder, tmp_path]).state_dict()
    for name, value in alone.items():
        shift = 0.5 if value.is_floating_point() else 0
        torch.testing.assert_close(both[name], value + shift)


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


@pytest.fixture(scope="module")
def exported(
    recipe: AestheticsRecipe,
    para_folder: Path,
    run_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A folder of weights: float32 and int8, for a larger input than in training.

    They come from the checkpoint alone, without the run's cache of photographs.
    """
    run, weights = tmp_path_factory.mktemp("moved"), tmp_path_factory.mktemp("weights")
    shutil.copy(run_folder / "checkpoint.pt", run)
    larger = recipe.model_copy(update={"data": recipe.data.model_copy(update={"input_px": 64})})
    cards = export_aesthetics(
        larger, runs=[run], data=para_folder, weights=weights, version="0.0.1", int8=True
    )
    assert [card.name for card in cards] == list(MODELS)
    return weights


def test_an_export_writes_files_and_cards_only(exported: Path) -> None:
    names = {f"{model}.{suffix}" for model in MODELS for suffix in ("json", "onnx")}
    assert {path.name for path in exported.iterdir()} == names


@pytest.mark.parametrize("model", MODELS)
def test_the_exports_judge_and_tell_what_they_are(exported: Path, model: str) -> None:
    store = WeightsStore(exported)
    card = store.card(model)
    assert card.metrics["para_validation"]["srcc"] > 0.9
    assert card.facts["semantic_labels"] == list(SEMANTICS)
    assert len(card.facts["reference_quantiles"]) == 101
    assert (card.preprocessing.width_px, card.preprocessing.height_px) == (64, 64)
    assert card.size_bytes == (exported / f"{model}.onnx").stat().st_size
    bright, dark = (np.full((40, 60, 3), level, dtype=np.uint8) for level in (210, 40))
    better, worse = Assessor(store=store, model=model).assess_batch([bright, dark])
    assert better.aesthetic.score > worse.aesthetic.score + 1
    assert better.model == f"{model} 0.0.1"


def test_the_exports_equal_torch_and_int8_is_near(exported: Path) -> None:
    plain, quantized = (WeightsStore(exported).card(model) for model in MODELS)
    assert plain.metrics["parity_with_torch"] <= 1e-4
    assert "parity_with_torch" not in quantized.metrics
    against = quantized.metrics["against_float32"]
    assert 0 < against["validation_mean_difference"] < 0.1
    assert abs(against["validation_srcc_drop"]) < 0.02
    assert quantized.sha256 != plain.sha256


def test_the_card_holds_relations_and_references(exported: Path) -> None:
    card = WeightsStore(exported).card(MODELS[0])
    relations = read_relations(card)
    assert relations is not None
    assert relations.labels == ("low", "high", *SEMANTICS)
    assert np.trace(relations.omega) == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(relations.correlation.diagonal(), 1, atol=1e-3)
    usual = read_norms(card)
    assert usual.usual("technical", kind="all") is not None
    assert usual.usual("composition", kind="all") is not None


def test_a_single_task_network_is_exported_without_tags(
    recipe: AestheticsRecipe, para_folder: Path, tmp_path: Path
) -> None:
    network = recipe.network.model_copy(update={"structure": "single"})
    loop = recipe.loop.model_copy(update={"steps": 1})
    single = recipe.model_copy(update={"network": network, "loop": loop})
    train_aesthetics(single, data=para_folder, out=tmp_path)
    (card,) = export_aesthetics(
        single, runs=[tmp_path], data=para_folder, weights=tmp_path / "weights", version="0.0.1"
    )
    assert card.facts["semantic_labels"] == []
    assert "relations" not in card.facts
    assert card.metrics["para_validation"]["semantic_top1"] is None


def test_a_checkpoint_of_another_trunk_is_refused(
    recipe: AestheticsRecipe, run_folder: Path
) -> None:
    other = recipe.model_copy(
        update={"network": recipe.network.model_copy(update={"trunk": "lite0"})}
    )
    with pytest.raises(WeightsError, match="does not fit the recipe"):
        load_network(other, runs=[run_folder])


def test_the_command_line_trains(para_folder: Path, tmp_path: Path) -> None:
    text = (CONFIGS / "aesthetics-tiny.toml").read_text(encoding="utf-8")
    config = tmp_path / "short.toml"
    config.write_text(text.replace("steps = 40", "steps = 3"), encoding="utf-8")
    arguments = ["train", "aesthetics", "--config", str(config), "--data", str(para_folder)]
    result = CliRunner().invoke(cli, [*arguments, "--out", str(tmp_path / "run")])
    assert result.exit_code == 0, result.output
    assert "srcc" in result.output
    assert (tmp_path / "run" / "checkpoint.pt").is_file()


@pytest.mark.parametrize("size_px", ["200", "-32"])
def test_an_input_that_the_trunk_cannot_halve_is_wrong_usage(size_px: str, tmp_path: Path) -> None:
    folders = [part for name in ("run", "data", "weights") for part in (f"--{name}", str(tmp_path))]
    asked = ["--config", "a.toml", "--version", "1.0.0", "--input-px", size_px]
    result = CliRunner().invoke(cli, ["export", "aesthetics", *folders, *asked])
    assert result.exit_code == 2
    assert "no multiple of 32" in result.output


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
    assert best_temperature(odds * sharpness, high) == pytest.approx(expected, rel=0.08)


@pytest.mark.parametrize(
    ("progress", "share"), [(0.0, 0.02), (0.05, 0.5), (0.1, 1.0), (0.55, 0.5), (1.0, 0.0)]
)
def test_one_cycle_by_hand(progress: float, share: float) -> None:
    found = one_cycle(progress, recipe=OptimizerRecipe(warmup=0.1))
    assert found == pytest.approx(share, abs=1e-9)
