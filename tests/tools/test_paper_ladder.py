"""A ladder of the paper's structures, tiny: it trains, stops, goes on, is compared and exported."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from goodside.aesthetics import Assessor
from goodside.errors import SettingsError
from goodside.images import read_photo
from goodside.runtime import WeightsStore
from goodside_train.aesthetics.datasets.para_shards import SEMANTICS, read_labels
from goodside_train.aesthetics.distillation.teacher_outputs import TeacherOutputs
from goodside_train.aesthetics.networks import multi_task as net
from goodside_train.aesthetics.networks.build import build_network
from goodside_train.aesthetics.recipe import AestheticsRecipe
from goodside_train.aesthetics.task import AestheticsTask, heads_for
from goodside_train.checkpoint import CHECKPOINT, load_checkpoint
from goodside_train.config import merged
from tests.images.made import textured
from tests.train.aesthetics.datasets.shards import write_shards
from tools import paper_ladder, paper_table
from tools.paper_export import export_run
from tools.paper_ladder import PREDICTIONS, Bench, Ladder, done, read_results, run_name

CONFIG = Path(__file__).parents[2] / "configs" / "paper-ladder.toml"
STRUCTURES = ("single task", "#1", "#2", "#3", "enhanced")
RELATED = "#1, relationship learning"

TINY = """
name = "aesthetics-paper"
[ladder]
teacher_px = 48
held_out = 0.2
reference = "single task"
groups = [["single task", "#1"], ["#1, relationship learning"]]
[loop]
seed = 1
steps = 6
threads = 1
checkpoint_every = 2
[network]
trunk = "paper-small"
structure = "1"
fully_connected = [8]
imagenet = false
detached = ["technical", "emotion", "attribute"]
[data]
layout = "para-shards"
input_px = 43
stored_px = 48
batch = 8
labelled = 4
pairs = 0
[loss]
high_low = 1.0
semantic = 1.0
order = 0.0
imagenet = 0.0
peer = 0.0
relation_every = 2
[card]
terms = "Research only."
[conditions]
"single task" = { network = { structure = "single" } }
"#1" = {}
"#1, relationship learning" = { loss = { relation = 1e-2 } }
"""


@pytest.fixture(scope="module")
def ladder(tmp_path_factory: pytest.TempPathFactory) -> Ladder:
    path = tmp_path_factory.mktemp("config") / "tiny.toml"
    path.write_text(TINY, encoding="utf-8")
    return Ladder.read(path)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_shards(tmp_path_factory.mktemp("para"))


@pytest.fixture(scope="module")
def out(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every run of the tiny ladder with two seeds, as the command line does them."""
    folder = tmp_path_factory.mktemp("out")
    config = folder / "tiny.toml"
    config.write_text(TINY, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", _arguments(config, data=data, out=folder))
        paper_ladder.main()
    return folder


def _arguments(config: Path, *, data: Path, out: Path) -> list[str]:
    return [
        "paper_ladder",
        str(config),
        "--data",
        str(data),
        "--out",
        str(out),
        "--seeds",
        "1",
        "2",
    ]


def test_the_conditions_are_the_papers_structures_and_differ_in_what_they_say() -> None:
    ladder = Ladder.read(CONFIG)
    recipes = {name: ladder.recipe(name, seed=2) for name in ladder.conditions}
    assert [recipes[name].network.structure for name in STRUCTURES] == [
        "single",
        "1",
        "2",
        "3",
        "enhanced",
    ]
    assert {name for group in ladder.groups for name in group} == set(recipes)
    base = recipes["#1"]
    assert (base.network.imagenet, base.start, base.loop.seed) == (False, None, 2)
    assert [recipes[f"#1, lambda {x}"].loss.semantic for x in (0.3, 3, 10)] == [0.3, 3, 10]
    assert {name for name, one in recipes.items() if one.loss.relation} == {RELATED}
    for name, one in recipes.items():
        assert one.loop == base.loop, name
        assert one.data == base.data, name
        assert one.optimizer == base.optimizer, name


def test_pictures_too_small_for_the_papers_layers_are_refused() -> None:
    base = Ladder.read(CONFIG).base
    assert AestheticsRecipe.model_validate(merged(base, {"data": {"input_px": 35}}))
    for data in ({"input_px": 34}, {"small_until": 0.5, "small_px": 67}):
        with pytest.raises(ValueError, match="one size, 35 px or more"):
            AestheticsRecipe.model_validate(merged(base, {"data": data}))


def test_layers_heads_and_parameters_of_each_structure(data: Path) -> None:
    """#2 has its fully connected layers twice; #3 and enhanced add less than a tenth."""
    ladder, labels = Ladder.read(CONFIG), read_labels(data)
    heads = heads_for(labels, TeacherOutputs())
    with torch.device("meta"):
        networks = {
            name: build_network(ladder.recipe(name, seed=1), heads=heads) for name in STRUCTURES
        }
    sizes = {name: sum(p.numel() for p in one.parameters()) for name, one in networks.items()}
    layers = (1024 * 512 + 512) + (512 * 512 + 512)
    semantic_side = 513 * (len(SEMANTICS) + len(labels.emotion_names))
    assert sizes["#1"] - sizes["single task"] == semantic_side
    assert sizes["#2"] - sizes["#1"] == layers
    for name in ("#3", "enhanced"):
        assert 0 < sizes[name] - sizes["#1"] < sizes["#1"] / 10
    assert net.SEMANTIC not in networks["single task"].heads
    for name in STRUCTURES[1:]:
        assert networks[name].task_weights().shape == (512, 2 + len(SEMANTICS))


def test_every_run_is_done_once_and_keeps_what_it_says(out: Path, data: Path) -> None:
    expected = {(name, seed) for name in ("single task", "#1", RELATED) for seed in (1, 2)}
    rows = read_results(out)
    assert done(out) == expected
    assert len(rows) == len(expected)
    assert [(row["condition"], row["seed"]) for row in rows[:4]] == [
        ("single task", 1),
        ("#1", 1),
        ("single task", 2),
        ("#1", 2),
    ]  # a group's seeds come before the next group
    labels = read_labels(data)
    with np.load(out / "runs" / run_name("#1", seed=1) / PREDICTIONS) as kept:
        assert kept["validation"].sum() == labels.validation.sum()
        assert len(kept["truth"]) > labels.validation.sum()  # a fifth of the others is kept out too
        assert kept["semantic"].shape == (len(kept["truth"]), len(SEMANTICS))
    with np.load(out / "runs" / run_name("single task", seed=1) / PREDICTIONS) as kept:
        assert "semantic" not in kept
        assert "omega" not in kept


def test_run_again_it_does_nothing(out: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (out / "results.jsonl").read_text("utf-8")
    monkeypatch.setattr(sys, "argv", _arguments(out / "tiny.toml", data=data, out=out))
    monkeypatch.setattr(paper_ladder, "Bench", None)  # it would fail if it were asked
    paper_ladder.main()
    assert (out / "results.jsonl").read_text("utf-8") == before


def test_a_stopped_run_goes_on_and_ends_the_same(
    ladder: Ladder, out: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stop(Exception):
        """Stands for the end of the process."""

    bench = Bench(ladder, data=data, out=tmp_path)
    step = AestheticsTask.training_step

    def stopping(task: object, batch: object, **place: float) -> dict[str, float]:
        if place["step"] == 4:
            raise Stop
        return step(task, batch, **place)  # type: ignore[arg-type]

    monkeypatch.setattr(AestheticsTask, "training_step", stopping)
    with pytest.raises(Stop):
        bench.run(RELATED, seed=2)
    monkeypatch.setattr(AestheticsTask, "training_step", step)
    figures = bench.run(RELATED, seed=2)
    whole = next(
        row for row in read_results(out) if (row["condition"], row["seed"]) == (RELATED, 2)
    )
    assert figures["resumed"]
    assert not whole["resumed"]
    assert figures["srcc"] == pytest.approx(whole["srcc"], abs=1e-6)
    name = run_name(RELATED, seed=2)
    with (
        np.load(tmp_path / "runs" / name / PREDICTIONS) as first,
        np.load(out / "runs" / name / PREDICTIONS) as second,
    ):
        np.testing.assert_allclose(first["odds"], second["odds"], atol=1e-6)


def test_relationship_learning_changes_omega_and_the_weights(out: Path) -> None:
    """Both begin with the same weights; Omega begins as unrelated and is learnt in every run."""
    states = {
        name: load_checkpoint(out / "runs" / run_name(name, seed=1) / CHECKPOINT)["task"]
        for name in ("#1", RELATED)
    }
    tasks = 2 + len(SEMANTICS)
    for state in states.values():
        omega = state["objective"]["omega"]
        assert float(omega.trace()) == pytest.approx(1)
        assert not torch.allclose(omega, torch.eye(tasks, dtype=omega.dtype) / tasks)
    head = f"heads.{net.SEMANTIC}.weight"
    weights = [states[name]["network"][head].square().sum() for name in ("#1", RELATED)]
    assert weights[1] < weights[0]  # the penalty pulls


def test_heads_that_only_read_teach_the_network_nothing(data: Path) -> None:
    recipe = Ladder.read(CONFIG).recipe("enhanced", seed=1)
    small = recipe.data.model_copy(update={"input_px": 43, "stored_px": 48})
    recipe = recipe.model_copy(update={"data": small})
    network = build_network(recipe, heads=heads_for(read_labels(data), TeacherOutputs())).eval()
    outputs = network(torch.randn(2, 3, 43, 43))
    for name in (net.TECHNICAL, net.EMOTION, net.ATTRIBUTE):
        torch.autograd.backward(outputs[name].square().sum(), retain_graph=True)
    touched = {
        name.split(".")[0] + "." + name.split(".")[1]
        for name, each in network.named_parameters()
        if each.grad is not None and bool(each.grad.any())
    }
    assert touched == {f"heads.{name}" for name in (net.TECHNICAL, net.EMOTION, net.ATTRIBUTE)}
    torch.autograd.backward(outputs[net.HIGH_LOW].square().sum())
    assert any(each.grad is not None for each in network.trunk.parameters())


def test_the_tables_of_the_runs(
    out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plot = out / "omega.png"
    arguments = ["paper_table", str(out / "tiny.toml"), "--out", str(out), "--plot", str(plot)]
    monkeypatch.setattr(sys, "argv", arguments)
    paper_table.main()
    text = capsys.readouterr().out
    rows = [line for line in text.splitlines() if line.startswith("| #1")]
    assert len(rows) == 4  # two conditions in either table
    assert 'always "high"' in text
    assert "| scene |" in text
    assert read_photo(plot).rgb.ndim == 3


def test_mcnemar_by_hand() -> None:
    """5 only by the first, 1 only by the second: 2 (C(6,0) + C(6,1)) / 2^6."""
    first = np.array([True] * 5 + [False] + [True] * 7 + [False] * 3)
    second = np.array([False] * 5 + [True] + [True] * 7 + [False] * 3)
    found = paper_table.mcnemar(first, second)
    assert (found.only_first, found.only_second) == (5, 1)
    assert found.p == pytest.approx(14 / 64)
    assert paper_table.mcnemar(first, first).p == 1.0


def test_the_interval_of_a_difference_is_paired() -> None:
    """Two that err on the same hard photographs differ surely, however hard those are."""
    rng = np.random.default_rng(1)
    hard = rng.random((1, 1000)) < 0.3
    first, second = ~hard, ~hard.copy()
    second[0, np.flatnonzero(first[0])[:30]] = False
    low, high = paper_table.difference_interval(first, second, seed=0)
    assert 0.015 < low < 0.03 < high < 0.045


def test_a_run_becomes_weights_that_assess(
    ladder: Ladder, out: Path, data: Path, tmp_path: Path
) -> None:
    card = export_run(
        ladder, RELATED, seed=1, out=out, data=data, weights=tmp_path, version="0.1.0"
    )
    assert "tiny.toml, #1, relationship learning, seed 1" in card.source
    assert card.terms == "Research only."
    assert len(card.facts["relations"]["labels"]) == 2 + len(SEMANTICS)
    assert "para_validation" in card.metrics
    assessor = Assessor(store=WeightsStore(tmp_path), model="aesthetics-paper")
    said = assessor.assess_batch([textured(90, 60)])[0]
    assert {tag.label for tag in said.semantics} == set(SEMANTICS)
    assert 0 <= said.aesthetic.percentile <= 100
    assert 1 <= said.aesthetic.score <= 10


def test_an_unfinished_run_is_not_exported(
    ladder: Ladder, out: Path, data: Path, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match="not finished"):
        export_run(ladder, "#1", seed=9, out=out, data=data, weights=tmp_path, version="0.1.0")
