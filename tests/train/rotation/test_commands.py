"""From made pictures to shipped weights by command, and the runtime that loads them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from click.testing import CliRunner, Result

from goodside.errors import SettingsError, WeightsError
from goodside.rotation import Rotator, read_templates
from goodside.rotation.generator.signal import Recipe
from goodside.rotation.generator.templates import FILENAME
from goodside.runtime import WeightsStore, open_session
from goodside_train.checkpoint import (
    CHECKPOINT,
    load_averaged_state,
    load_checkpoint,
    save_checkpoint,
)
from goodside_train.cli import cli
from goodside_train.config import read_recipe
from goodside_train.rotation.export import ExportedGenerator, exact_nodes, load_generator
from goodside_train.rotation.export_flow import export_flow
from goodside_train.rotation.networks.build import AnyGenerator, build_generator
from goodside_train.rotation.networks.deformable import DeformableGenerator
from goodside_train.rotation.networks.from_onnx import load_from_onnx
from goodside_train.rotation.networks.generator import Generator
from goodside_train.rotation.pairs.pairs import signal_of, write_pairs
from goodside_train.rotation.pairs.prepare import PreparedPairs
from goodside_train.rotation.recipe import RotationRecipe
from goodside_train.rotation.run import RECOGNISER
from goodside_train.rotation.task import RotationTask
from goodside_train.run_log import final_figures
from tests.rotation.made import PORTRAIT
from tests.train.rotation.made import TINY, made_pairs


def _run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture(scope="module")
def run(
    prepared: PreparedPairs, rendered: Path, data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of a finished tiny run."""
    out = tmp_path_factory.mktemp("run")
    command = ("train", "rotation", "--config", TINY, "--data", data, "--out", out)
    result = _run(*command, "--pairs", rendered)
    assert result.exit_code == 0, result.output
    assert "warp_cosine" in result.stdout
    return out


@pytest.fixture(scope="module")
def weights(run: Path, rendered: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of weights exported from it."""
    folder = tmp_path_factory.mktemp("weights")
    result = _run(
        *("export", "rotation", "--config", TINY, "--run", run, "--pairs", rendered),
        *("--weights", folder, "--version", "0.0.1"),
    )
    assert result.exit_code == 0, result.output
    assert "rotation-mesh 0.0.1" in result.stdout
    return folder


def test_a_run_leaves_log_preview_and_checkpoint(run: Path) -> None:
    assert (run / CHECKPOINT).exists()
    assert (run / "previews" / "step-000012.png").exists()
    assert "final,warp_l1," in (run / "log.csv").read_text(encoding="utf-8")
    assert not (run / "pairs").exists()  # those of --pairs were used


def test_a_finished_run_can_be_resumed(
    run: Path, rendered: Path, data: Path, tmp_path: Path
) -> None:
    shutil.copytree(run, tmp_path / "copy")
    result = _run(
        *("train", "rotation", "--config", TINY, "--data", data, "--out", tmp_path / "copy"),
        *("--pairs", rendered, "--resume", "--minutes", "5"),
    )
    assert result.exit_code == 0


def test_a_run_can_start_from_shipped_weights(
    weights: Path, run: Path, rendered: Path, data: Path, tmp_path: Path
) -> None:
    words = ("train", "rotation", "--config", TINY, "--data", data, "--pairs", rendered)
    anew, out, shipped = tmp_path / "anew", tmp_path / "on", weights / "rotation-mesh.onnx"
    assert _run(*words, "--out", anew, "--start", shipped, "--minutes", "1e-9").exit_code == 0
    with pytest.raises(SettingsError, match="goes on from its checkpoint"):
        _run(*words, "--out", run, "--start", shipped, "--resume")
    with pytest.raises(WeightsError):
        _run(*words, "--out", out, "--start", tmp_path / "none.onnx")
    said = load_checkpoint(anew / CHECKPOINT)["provenance"]
    assert (said["recipe"], said["start"]["weights"]) == (
        "rotation-tiny.toml",
        "rotation-mesh 0.0.1",
    )


def test_a_run_can_start_from_the_checkpoint_of_another(
    run: Path, prepared: PreparedPairs, recipe: RotationRecipe
) -> None:
    task = RotationTask(
        recipe,
        pairs=prepared.pairs,
        held_out=prepared.held_out,
        recogniser=WeightsStore().path(RECOGNISER),
    )
    task.start_from(run / CHECKPOINT)
    for name, value in load_averaged_state(run / CHECKPOINT).items():
        assert torch.equal(task.generator.state_dict()[name], value)


def test_shipped_weights_come_back_as_they_were(
    weights: Path, run: Path, prepared: PreparedPairs
) -> None:
    recipe = read_recipe(TINY, RotationRecipe)
    trained, shipped = load_generator(recipe, runs=[run]), Generator("mesh", width=recipe.width)
    load_from_onnx(shipped, WeightsStore(weights).path("rotation-mesh"))
    signals = torch.from_numpy(signal_of(prepared.held_out, recipe="mesh"))
    with torch.no_grad():
        ours, theirs = (network.eval()(signals) for network in (shipped, trained))
    assert (ours.painted - theirs.painted).abs().mean() < 0.003
    assert (ours.trust - theirs.trust).abs().mean() < 0.003
    for part in ("to_rgb.2", "to_trust", "stem"):
        pairs = zip(*(n.get_submodule(part).parameters() for n in (shipped, trained)), strict=True)
        assert all(torch.allclose(a, b, atol=0.02 * b.abs().max().item()) for a, b in pairs)


@pytest.mark.parametrize(("kind", "width"), [("capg", 4), ("mesh", 24)])
def test_weights_of_another_network_are_refused(weights: Path, kind: Recipe, width: int) -> None:
    with pytest.raises(WeightsError, match="do not fit the recipe"):
        load_from_onnx(Generator(kind, width=width), WeightsStore(weights).path("rotation-mesh"))


def test_the_card_says_what_the_runtime_and_people_need(weights: Path) -> None:
    card = WeightsStore(weights).card("rotation-mesh")
    assert card.task == "rotation"
    assert card.facts == {
        "recipe": "mesh",
        "target": "template",
        "landmarks": 5,
        "range_deg": {"yaw": [-60, 60], "pitch": [-20, 20], "roll": [-45, 45]},
    }
    assert (card.preprocessing.width_px, card.preprocessing.fit) == (32, "aligned")
    assert card.metrics["parity_with_torch"] <= 1e-4
    assert set(card.metrics["held_out_pairs"]) == {
        "l1", "warp_l1", "cosine", "warp_cosine", "trust",
    }  # fmt: skip
    assert card.data == "Pictures made by the test suite."
    assert (
        card.source == "Training run of our own by the recipe rotation-tiny.toml, seed 3, 12 steps."
    )
    assert read_templates(weights / FILENAME).yaw_deg.tolist() == [-30, 0, 30]


def test_the_weights_in_int8_paint_nearly_what_torch_paints(
    weights: Path, run: Path, prepared: PreparedPairs
) -> None:
    generator = load_generator(read_recipe(TINY, RotationRecipe), runs=[run])
    session = open_session("rotation-mesh", store=WeightsStore(weights))
    signals = signal_of(prepared.held_out, recipe="mesh")
    for signal in (signals[:1], signals[:5]):
        made = session.run({"signal": signal})
        with torch.no_grad():
            painted, trust = ExportedGenerator(generator)(torch.from_numpy(signal))
        assert list(made) == ["painted", "trust"]
        assert np.abs(made["painted"] - painted.numpy()).mean() < 0.01
        assert np.abs(made["trust"] - trust.numpy()).mean() < 0.01
    assert session.card.metrics["psnr_to_float32"] > 40


def test_all_but_the_last_convolution_runs_in_int8(weights: Path) -> None:
    graph = onnx.load(str(weights / "rotation-mesh.onnx")).graph
    dequantized = {
        name for node in graph.node if node.op_type == "DequantizeLinear" for name in node.output
    }
    inputs = {n.name: set(n.input[:2]) for n in graph.node if n.op_type == "Conv"}
    exact = [name for name, both in inputs.items() if not both <= dequantized]
    assert len(inputs) > len(exact) == 1
    channels = {value.name: value.dims[0] for value in graph.initializer if value.dims}
    assert [channels[n.input[1]] for n in graph.node if n.name in exact] == [4]


def test_a_flow_at_its_full_size_stays_in_float() -> None:
    weights = (
        "flow.stem",
        "flow.down.0",
        "flow.decode.2.first",
        "flow.to_flow",
        "stem",
        "to_rgb.0",
    )
    nodes = [
        onnx.helper.make_node("Conv", ["x", f"generator.{name}.weight"], ["y"], name=name)
        for name in weights
    ]
    graph = onnx.helper.make_graph(nodes, "made", [], [])
    assert exact_nodes(graph) == ["flow.stem", "flow.decode.2.first", "flow.to_flow", "to_rgb.0"]


def test_the_runtime_turns_a_face_with_exported_weights(weights: Path, tmp_path: Path) -> None:
    shutil.copytree(weights, tmp_path / "store")
    for path in WeightsStore().folder.iterdir():
        if path.name.startswith(("face-", "person-", "canonical")):
            (tmp_path / "store" / path.name).symlink_to(path)
    rotator = Rotator(store=WeightsStore(tmp_path / "store"))
    turned = rotator.rotate(PORTRAIT, 20, size_px=128)
    assert turned.model == "rotation-mesh 0.0.1"
    assert turned.image.shape == (128, 128, 3)
    assert turned.measured is not None
    assert turned.measured.yaw_deg > 8


def test_measuring_by_command(weights: Path, data: Path, tmp_path: Path) -> None:
    shutil.copytree(weights, tmp_path / "store")
    for path in WeightsStore().folder.iterdir():
        if path.name.startswith(("face-", "person-", "canonical", "aesthetics-lite0.")):
            (tmp_path / "store" / path.name).symlink_to(path)
    result = _run(
        *("evaluate", "rotation", "--data", data / "photos", "--weights", tmp_path / "store"),
        *("--config", TINY, "--yaws", "0,20"),
    )
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert figures["faces"] == 1  # only who was kept out
    assert [row["yaw"] for row in figures["rows"]] == [0, 20]


def test_of_several_runs_the_mean_is_shipped(tmp_path: Path) -> None:
    generators = []
    for number in range(2):
        torch.manual_seed(number)
        generators.append(Generator("mesh", width=4))
        (tmp_path / str(number)).mkdir()
        _write_checkpoint(generators[-1], tmp_path / str(number))
    runs = [tmp_path / "0", tmp_path / "1"]
    made = load_generator(read_recipe(TINY, RotationRecipe), runs=runs)
    one, other = (generator.stem.weight for generator in generators)
    assert not torch.equal(one, other)
    torch.testing.assert_close(made.stem.weight, (one + other) / 2)


def test_the_figures_of_weights_are_those_of_their_runs_end(weights: Path, run: Path) -> None:
    figures = WeightsStore(weights).card("rotation-mesh").metrics["held_out_pairs"]
    ended = final_figures(run / "log.csv")
    assert figures.keys() == ended.keys()
    for name, value in figures.items():
        assert value == pytest.approx(ended[name], abs=1e-3)


@pytest.mark.parametrize("kind", ["none", "width", "other"])
def test_a_checkpoint_that_does_not_fit_is_told(
    rendered: Path, prepared: PreparedPairs, tmp_path: Path, kind: str
) -> None:
    if kind == "width":
        _write_checkpoint(Generator("mesh", width=8), tmp_path)
    elif kind == "other":
        save_checkpoint(tmp_path / CHECKPOINT, {"task": {"network": {}}})
    with pytest.raises(WeightsError, match="checkpoint"):
        load_generator(read_recipe(TINY, RotationRecipe), runs=[tmp_path])


@pytest.mark.parametrize("recipe", ["capg", "mesh"])
def test_a_painter_gives_what_the_runtime_reads(recipe: Recipe) -> None:
    generator = Generator(recipe, width=4)
    signal = torch.rand(2, generator.stem.in_channels, 32, 32)
    painted, trust = ExportedGenerator(generator)(signal)
    views = generator(signal)
    assert torch.equal(painted, views.painted)
    assert torch.equal(trust, views.trust)
    assert painted.shape == (2, 3, 32, 32)
    assert trust.shape == (2, 1, 32, 32)
    assert bool((trust == 0).all()) is (recipe == "capg")


def test_the_flow_alone_becomes_weights(rendered: Path, tmp_path: Path) -> None:
    tiny = read_recipe(TINY, RotationRecipe)
    recipe = tiny.model_copy(update={"recipe": "capg", "skips": "deformable", "size_px": 64})
    generator = build_generator(recipe)
    assert isinstance(generator, DeformableGenerator)
    torch.nn.init.normal_(generator.flow.to_flow.weight, std=0.01)
    _write_checkpoint(generator, tmp_path)
    pairs = made_pairs(6, size_px=64, rng=np.random.default_rng(0))
    for side in ("pairs", "held-out"):
        write_pairs(tmp_path / "pairs" / f"{side}.npz", pairs, pairs_digest="made")
    shutil.copy(rendered / FILENAME, tmp_path / "pairs")
    folder = tmp_path / "weights"
    card = export_flow(recipe, runs=[tmp_path], pairs=None, weights=folder, version="0.0.1")
    assert (card.name, card.facts["recipe"]) == ("rotation-flow", "flow")
    assert card.metrics["places_apart_px"] < 1
    assert card.metrics["held_out_pairs"]["flow_error_px"] > 0
    assert read_templates(folder / FILENAME).yaw_deg.tolist() == [-30, 0, 30]
    signals = signal_of(pairs, recipe="capg")
    made = open_session("rotation-flow", store=WeightsStore(folder)).run({"signal": signals})
    with torch.no_grad():
        found = generator.eval().flow(torch.from_numpy(signals))
    flow = torch.cat([found.flow, found.mirrored_flow], dim=1)
    assert np.abs(made["flow"] - flow.numpy()).mean() < 0.02
    assert np.abs(made["shares"] - found.shares().numpy()).mean() < 0.02


def test_a_generator_without_a_flow_is_refused(run: Path, rendered: Path, tmp_path: Path) -> None:
    recipe = read_recipe(TINY, RotationRecipe)
    with pytest.raises(SettingsError, match="no flow"):
        export_flow(recipe, runs=[run], pairs=rendered, weights=tmp_path, version="0.0.1")


def _write_checkpoint(generator: AnyGenerator, folder: Path) -> None:
    network = {"network": generator.state_dict(), "updates": 1}
    save_checkpoint(folder / CHECKPOINT, {"task": {"average": network}})
