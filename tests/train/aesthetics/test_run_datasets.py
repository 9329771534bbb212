"""Training on data sets other than PARA, whatever labels they have."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from click.testing import CliRunner

from goodside.aesthetics import Assessor
from goodside.errors import OutputError, SettingsError, WeightsError
from goodside.runtime import WeightsStore
from goodside_train.aesthetics.datasets import layouts
from goodside_train.aesthetics.datasets.ava import read_ava
from goodside_train.aesthetics.datasets.layouts import LAYOUTS
from goodside_train.aesthetics.evaluate import evaluate_on
from goodside_train.aesthetics.export.assessor import export_aesthetics
from goodside_train.aesthetics.networks import multi_task as net
from goodside_train.aesthetics.recipe import AestheticsRecipe, Layout, LossRecipe
from goodside_train.aesthetics.run import open_task, train_aesthetics
from goodside_train.checkpoint import CHECKPOINT, load_checkpoint
from goodside_train.cli import cli
from goodside_train.config import read_recipe
from tests.aesthetics.made import write_weights
from tests.train.aesthetics import made

CONFIGS = Path(__file__).parents[3] / "configs"


@pytest.fixture(scope="module")
def recipe() -> AestheticsRecipe:
    tiny = read_recipe(CONFIGS / "aesthetics-tiny.toml", AestheticsRecipe)
    loop = tiny.loop.model_copy(
        update={"steps": 4, "log_every": 2, "validate_every": 4, "checkpoint_every": 4}
    )
    return tiny.model_copy(update={"loop": loop})


@pytest.mark.parametrize(
    ("make", "heads"),
    [
        (made.make_ava, {net.SEMANTIC}),
        (made.make_official, {net.SEMANTIC, net.EMOTION, net.ATTRIBUTE}),
        (made.make_photonet, set()),
    ],
    ids=["ava", "para", "photonet"],
)
def test_a_few_steps(
    recipe: AestheticsRecipe, make: Callable[[Path], None], heads: set[str], tmp_path: Path
) -> None:
    make(tmp_path / "data")
    figures = train_aesthetics(recipe, data=tmp_path / "data", out=tmp_path / "out")
    assert all(math.isfinite(value) for value in figures.values())
    assert ("semantic_top1" in figures) == bool(heads)
    task = open_task(recipe, data=tmp_path / "data", out=tmp_path / "out")
    own = {net.SEMANTIC, net.EMOTION, net.ATTRIBUTE} & set(task.network.heads)
    assert own == heads


def test_the_papers_network_trains_on_ava(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its recipe with narrower layers: 227 px, softmax and tag losses, Omega anew every step."""
    made.make_ava(tmp_path / "data", count=24)
    few = partial(read_ava, common_from=8)
    monkeypatch.setitem(layouts.READERS, "ava-common-tags", few)
    paper = read_recipe(CONFIGS / "aesthetics-paper.toml", AestheticsRecipe)
    assert paper.data.layout == "ava-common-tags"
    assert (paper.loss.prior, paper.optimizer.weight_decay) == (5e-4, 0.0)
    short = {
        "network": paper.network.model_copy(update={"fully_connected": (8, 8)}),
        "loop": paper.loop.model_copy(update={"steps": 1}),
        "data": paper.data.model_copy(update={"batch": 2}),
        "loss": paper.loss.model_copy(update={"relation_every": 1}),
    }
    paper = paper.model_copy(update=short)
    figures = train_aesthetics(paper, data=tmp_path / "data", out=tmp_path / "out")
    assert all(math.isfinite(value) for value in figures.values())
    state = load_checkpoint(tmp_path / "out" / "checkpoint.pt")["task"]
    assert state["network"]["shared.0.weight"].shape == (8, 256 * 13 * 13)
    omega = state["objective"]["omega"]
    assert omega.shape == (2 + 2,) * 2  # of three tags, two are common enough
    assert omega[0, 1] != 0


@pytest.mark.parametrize(
    ("balance", "decays"), [("fixed", [0.02] * 2), ("learnt", [0.02] * 2 + [0])]
)
def test_lambda_is_not_decayed(
    recipe: AestheticsRecipe, tmp_path: Path, balance: str, decays: list[float]
) -> None:
    made.make_ava(tmp_path / "data", count=24)
    loss = recipe.loss.model_copy(update={"balance": balance})
    recipe = recipe.model_copy(update={"loss": loss})
    task = open_task(recipe, data=tmp_path / "data", out=tmp_path / "out")
    groups = task.state()["optimizer"]["param_groups"]
    assert [group["weight_decay"] for group in groups] == decays


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ('trunk = "paper"', "reads 227 px, not 32"),
        ('structure = "2"', "name their widths"),
        ("dropout = 2.0", "network.dropout: Input should be less than 1"),
    ],
)
def test_a_network_that_cannot_be_built_is_refused_before_the_data_is_read(
    tmp_path: Path, change: str, reason: str
) -> None:
    tiny = (CONFIGS / "aesthetics-tiny.toml").read_text(encoding="utf-8")
    name = change.split(" = ", maxsplit=1)[0]
    lines = [line for line in tiny.splitlines() if not line.startswith(name)]
    lines.insert(lines.index("[network]") + 1, change)
    (tmp_path / "r.toml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(SettingsError, match=reason):
        read_recipe(tmp_path / "r.toml", AestheticsRecipe)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"emd": -1}, "greater than or equal to 0"),
        ({"balance": "learnt", "semantic": 0}, "a learnt balance begins"),
        ({"margin": 3}, "asks for 3.0 at least"),
    ],
)
def test_losses_that_make_no_sense_are_refused(change: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        LossRecipe.model_validate(change)


@pytest.mark.parametrize(
    ("split", "reason"),
    [("train", "no photographs for validation"), ("validation", "none is left to train on")],
)
def test_data_of_one_part_is_refused(
    recipe: AestheticsRecipe, tmp_path: Path, split: str, reason: str
) -> None:
    made.make_own(tmp_path, count=6)
    rows = (tmp_path / "ratings.csv").read_text(encoding="utf-8").splitlines()
    table = [f"{rows[0]},split", *(f"{row},{split}" for row in rows[1:])]
    made.write_lines(tmp_path / "ratings.csv", table)
    with pytest.raises(SettingsError, match=reason):
        open_task(recipe, data=tmp_path, out=tmp_path / "out")


def test_a_run_does_not_go_on_with_another_network(
    recipe: AestheticsRecipe, tmp_path: Path
) -> None:
    made.make_own(tmp_path / "data")
    loop = recipe.loop.model_copy(update={"steps": 1})
    recipe = recipe.model_copy(update={"loop": loop})
    train_aesthetics(recipe, data=tmp_path / "data", out=tmp_path / "out")
    network = recipe.network.model_copy(update={"structure": "enhanced"})
    other = recipe.model_copy(update={"network": network})
    with pytest.raises(WeightsError, match="not of this recipe"):
        train_aesthetics(other, data=tmp_path / "data", out=tmp_path / "out", resume=True)


def test_a_run_is_not_written_over(recipe: AestheticsRecipe, tmp_path: Path) -> None:
    made.make_own(tmp_path / "data")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / CHECKPOINT).write_bytes(b"hours of work")
    with pytest.raises(OutputError, match="a run has its checkpoint here") as caught:
        train_aesthetics(recipe, data=tmp_path / "data", out=tmp_path / "out")
    assert "--resume" in str(caught.value.remedy)
    assert (tmp_path / "out" / CHECKPOINT).read_bytes() == b"hours of work"


def test_delta_leaves_out_the_doubtful(recipe: AestheticsRecipe, tmp_path: Path) -> None:
    made.make_ava(tmp_path / "data")
    wide = recipe.model_copy(update={"data": recipe.data.model_copy(update={"delta": 1.0})})
    task = open_task(wide, data=tmp_path / "data", out=tmp_path / "out")
    drawn = np.concatenate([task.batch(step).score.numpy() for step in range(6)])
    assert (np.abs(drawn - 5) >= 1).all()


def test_the_layout_may_be_given(recipe: AestheticsRecipe, tmp_path: Path) -> None:
    made.make_ava(tmp_path)
    assert recipe.with_layout(None) == recipe
    with pytest.raises(SettingsError, match="photonet_dataset"):
        open_task(recipe.with_layout("photonet"), data=tmp_path, out=tmp_path / "out")


def test_the_command_takes_a_layout(tmp_path: Path) -> None:
    made.make_ava(tmp_path)
    config = CONFIGS / "aesthetics-tiny.toml"
    command = ["train", "aesthetics", "--config", config, "--data", tmp_path, "--layout", "own"]
    result = CliRunner().invoke(cli, [*map(str, command), "--out", str(tmp_path / "out")])
    assert "there is none" in str(result.exception)


def test_recipes_know_every_layout() -> None:
    assert set(get_args(Layout)) == set(LAYOUTS)


@pytest.mark.parametrize(
    ("make", "tags", "border"),
    [(made.make_ava, set(made.AVA_TAGS.values()), 5.0), (made.make_own, set(), 5.5)],
    ids=["ava", "own"],
)
def test_weights_know_what_the_data_told(
    recipe: AestheticsRecipe,
    make: Callable[[Path], None],
    tags: set[str],
    border: float,
    tmp_path: Path,
) -> None:
    data, weights = tmp_path / "data", tmp_path / "weights"
    make(data)
    train_aesthetics(recipe, data=data, out=tmp_path / "out")
    (card,) = export_aesthetics(
        recipe, runs=[tmp_path / "out"], data=data, weights=weights, version="0.0.1"
    )
    assert card.facts["high_from"] == border
    assert set(card.facts["semantic_labels"]) == tags
    assert ("relations" in card.facts) == bool(tags)
    (figures,) = (value for key, value in card.metrics.items() if key.endswith("_validation"))
    assert figures["n"] >= 2
    assert (figures["semantic_top1"] is not None) == bool(tags)
    assessor = Assessor(store=WeightsStore(weights), model=card.name)
    assert {tag.label for tag in assessor.assess(made.photo(1)).semantics} == tags


def test_the_test_part_is_measured_apart(recipe: AestheticsRecipe, tmp_path: Path) -> None:
    made.make_ava(tmp_path)
    write_weights(tmp_path)
    assert evaluate_on(tmp_path, weights=tmp_path, model="made", test=True)["n"] == 10
    assert evaluate_on(tmp_path, weights=tmp_path, model="made")["n"] < 10


def test_votes_that_nobody_gave_are_no_truth(tmp_path: Path) -> None:
    """Without votes the network learns bells about the means; they measure nothing."""
    made.make_own(tmp_path)
    write_weights(tmp_path)
    figures = evaluate_on(tmp_path, weights=tmp_path, model="made")
    assert figures["mae"] is not None
    assert figures["emd"] is None
