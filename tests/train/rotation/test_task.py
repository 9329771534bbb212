"""The task: what each network learns from, what the figures tell, and a tiny run."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from goodside.rotation import encode_pose
from goodside_train.loop import Metrics, train
from goodside_train.rotation.networks.deformable import DeformableGenerator
from goodside_train.rotation.networks.generator import AgentDiscriminator, GeneratorOutput
from goodside_train.rotation.pairs.damage import damage
from goodside_train.rotation.pairs.pairs import Pairs, to_signed
from goodside_train.rotation.pairs.prepare import PreparedPairs
from goodside_train.rotation.recipe import LossWeights, RotationRecipe
from goodside_train.rotation.task import RotationBatch, RotationTask

SILENT = LossWeights(
    pixel=0,
    adversarial_identity=0,
    adversarial_pose=0,
    identity=0,
    total_variation=0,
    feature_matching=0,
)
ADVERSARIAL = ("adversarial_identity", "adversarial_pose", "feature_matching")


def _task(recipe: RotationRecipe, pairs: Pairs, recogniser: Path, **weights: float) -> RotationTask:
    """A task whose other losses count nothing."""
    chosen = recipe.model_copy(update={"loss_weights": SILENT.model_copy(update=weights)})
    return RotationTask(chosen, pairs=pairs, held_out=pairs, recogniser=recogniser)


def _weights(network: nn.Module) -> dict[str, Tensor]:
    return {name: weight.detach().clone() for name, weight in network.named_parameters()}


def _moved(network: nn.Module, before: dict[str, Tensor]) -> bool:
    return any(not torch.equal(before[n], w) for n, w in network.named_parameters())


@pytest.mark.parametrize("weight", [*ADVERSARIAL, "pixel", "identity", "total_variation"])
def test_every_loss_reaches_the_generator(
    recipe: RotationRecipe, pairs: Pairs, recogniser: Path, weight: str
) -> None:
    agents = {"adversarial_pose": 1e-9} if weight == "feature_matching" else {}
    task = _task(recipe, pairs, recogniser, **agents, **{weight: 1.0})
    before = _weights(task.generator)
    figures = task.training_step(task.batch(0), step=0, progress=0.9)
    assert _moved(task.generator, before)
    assert all(np.isfinite(value) for value in figures.values())


def test_the_draft_holds_what_is_painted_where_no_true_picture_tells(
    recipe: RotationRecipe, pairs: Pairs, recogniser: Path
) -> None:
    task = _task(recipe, pairs, recogniser, draft=1.0)
    last: Any = task.generator.to_rgb[-1]
    torch.nn.init.constant_(last.bias, 0.1)
    batch = task._tensors(pairs)
    assert (batch.weight < 1).any()
    steps = [
        task._generator_step(batch, task.generator(batch.signal), adversarial=False)["draft"]
        for _ in range(4)
    ]
    assert 0 < steps[-1] < steps[0]
    known = replace(batch, weight=torch.ones_like(batch.weight))
    figures = task._generator_step(known, task.generator(batch.signal), adversarial=False)
    assert figures["draft"] == 0


def test_without_any_loss_the_generator_stays(
    recipe: RotationRecipe, pairs: Pairs, recogniser: Path
) -> None:
    task = _task(recipe, pairs, recogniser)
    before = _weights(task.generator)
    task.training_step(task.batch(0), step=0, progress=0.9)
    assert not _moved(task.generator, before)


@pytest.mark.parametrize("name", ["identity", "pose"])
def test_the_agents_verdicts_teach_the_generator_and_not_the_agents(
    recipe: RotationRecipe, pairs: Pairs, recogniser: Path, name: str
) -> None:
    task = _task(recipe, pairs, recogniser, **{f"adversarial_{name}": 1.0})
    batch = task.batch(0)
    before = {key: _weights(agent) for key, agent in task.agents.items()}
    figures = task._generator_step(batch, task.generator(batch.signal), adversarial=True)
    assert f"adversarial_{name}" in figures
    assert any(w.grad is not None and w.grad.abs().sum() > 0 for w in task.generator.parameters())
    for key, agent in task.agents.items():
        assert not _moved(agent, before[key])
        assert all(weight.grad is None for weight in agent.parameters())
        assert all(weight.requires_grad for weight in agent.parameters())


def test_a_step_of_the_generator_pleases_the_agents_more(
    recipe: RotationRecipe, pairs: Pairs, recogniser: Path
) -> None:
    task = _task(recipe, pairs, recogniser, adversarial_identity=1.0, adversarial_pose=1.0)
    batch = task.batch(0)
    steps = [
        task._generator_step(batch, task.generator(batch.signal), adversarial=True)
        for _ in range(4)
    ]
    losses = [sum(figures[f"adversarial_{name}"] for name in task.agents) for figures in steps]
    assert losses[-1] < losses[0]


def test_the_agents_learn_from_their_own_loss_alone(
    recipe: RotationRecipe, pairs: Pairs, recogniser: Path
) -> None:
    task = _task(recipe, pairs, recogniser, adversarial_identity=1.0, adversarial_pose=1.0)
    batch = task.batch(0)
    made = task.generator(batch.signal).full
    before = _weights(task.generator)
    figures = [task._discriminator_step(batch, made.detach()) for _ in range(8)]
    assert not _moved(task.generator, before)
    for name in ("agent_identity", "agent_pose"):
        assert figures[-1][name] < figures[0][name]


def test_before_their_turn_the_agents_are_left_out(
    recipe: RotationRecipe, pairs: Pairs, recogniser: Path
) -> None:
    task = _task(
        recipe, pairs, recogniser, pixel=1.0, adversarial_identity=1.0, adversarial_pose=1.0
    )
    before = {key: _weights(agent) for key, agent in task.agents.items()}
    early = task.training_step(task.batch(0), step=0, progress=recipe.agents_from - 0.01)
    assert not any(name.startswith(("agent", "adversarial")) for name in early)
    assert not any(_moved(agent, before[key]) for key, agent in task.agents.items())
    late = task.training_step(task.batch(1), step=1, progress=recipe.agents_from)
    assert {"agent_identity", "agent_pose", "adversarial_pose"} <= set(late)
    assert all(_moved(agent, before[key]) for key, agent in task.agents.items())


@pytest.mark.parametrize(("left", "gone"), [("pose", "identity"), ("identity", "pose")])
def test_an_agent_that_counts_nothing_is_left_out_with_its_features(
    recipe: RotationRecipe, pairs: Pairs, recogniser: Path, left: str, gone: str
) -> None:
    weights = {f"adversarial_{left}": 1.0, "feature_matching": 1.0}
    task = _task(recipe, pairs, recogniser, **weights)
    before = {key: _weights(agent) for key, agent in task.agents.items()}
    figures = task.training_step(task.batch(0), step=0, progress=0.9)
    assert {f"agent_{left}", f"adversarial_{left}", f"matching_{left}"} <= set(figures)
    assert not any(name.endswith(f"_{gone}") for name in figures)
    assert _moved(task.agents[left], before[left])
    assert not _moved(task.agents[gone], before[gone])


class _Listening(AgentDiscriminator):
    """An agent that keeps what it was asked."""

    def __init__(self, condition_channels: int) -> None:
        super().__init__(condition_channels, width=4)
        self.asked: list[tuple[Tensor, Tensor]] = []

    def forward(self, candidate: Tensor, condition: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        self.asked.append((candidate.detach().clone(), condition.detach().clone()))
        return super().forward(candidate, condition)


def test_the_identity_agent_sees_the_input_face_the_pose_agent_the_targets_pose_images(
    recipe: RotationRecipe, pairs: Pairs, recogniser: Path
) -> None:
    task = _task(recipe, pairs, recogniser, adversarial_identity=1.0, adversarial_pose=1.0)
    batch = task.batch(0)
    made = task.generator(batch.signal).full.detach()
    true = batch.true
    assert true.any()
    for name, condition, wrong in (
        ("identity", batch.source, batch.source.roll(1, dims=0)),
        ("pose", batch.target_pose, batch.wrong_pose),
    ):
        agent = _Listening(condition.shape[1])
        task.agents[name] = agent
        task._discriminator_step(batch, made)
        expected = [
            (batch.target[true], condition[true]),  # a true pair
            (made, condition),  # a made face
            (batch.target[true], wrong[true]),  # a true face beside another's condition
        ]
        assert len(agent.asked) == len(expected)
        for (candidate, beside), (wanted, wanted_beside) in zip(agent.asked, expected, strict=True):
            assert torch.equal(candidate, wanted)
            assert torch.equal(beside, wanted_beside)


def test_no_agent_is_shown_a_warp_as_real(
    recipe: RotationRecipe, pairs: Pairs, recogniser: Path
) -> None:
    task = _task(recipe, pairs, recogniser, adversarial_identity=1.0, feature_matching=1.0)
    batch = task._tensors(pairs)
    made = task.generator(batch.signal)
    warps = to_signed(pairs.target[~pairs.true])
    assert len(warps)
    for name in ("identity", "pose"):
        agent = _Listening(3 if name == "identity" else 5)
        task.agents[name] = agent
        task._discriminator_step(batch, made.full.detach())
        task._generator_step(batch, task.generator(batch.signal), adversarial=True)
        for candidate, _ in agent.asked:
            for shown in candidate.numpy():
                assert (np.abs(shown - warps).max(axis=(1, 2, 3)) > 1e-3).all()


def test_where_the_photograph_shows_nothing_a_turn_away_has_no_answer(
    task: RotationTask, pairs: Pairs
) -> None:
    weight = task._tensors(pairs).weight[:, 0].numpy()
    assert (weight[pairs.true] == 1).all()
    np.testing.assert_allclose(weight[~pairs.true], pairs.confidence[~pairs.true] / 255, atol=1e-6)
    shown = damage(pairs, rng=np.random.default_rng(0), probability=1.0)
    damaged = task._tensors(pairs, shown=shown)
    np.testing.assert_array_equal(damaged.weight[:, 0], weight)  # the answer is not damaged
    assert not torch.equal(damaged.signal, task._tensors(pairs).signal)


def test_a_draft_counts_a_little_where_the_photograph_shows_nothing(
    recipe: RotationRecipe, pairs: Pairs, recogniser: Path
) -> None:
    counting = recipe.model_copy(update={"draft_counts": 0.25})
    task = RotationTask(counting, pairs=pairs, held_out=pairs, recogniser=recogniser)
    weight = task._tensors(pairs).weight[:, 0].numpy()
    known = pairs.confidence[~pairs.true] / 255
    np.testing.assert_allclose(weight[~pairs.true], np.maximum(known, 0.25), atol=1e-6)
    assert (weight[pairs.true] == 1).all()


def test_at_first_the_flow_learns_alone(
    recipe: RotationRecipe, pairs: Pairs, recogniser: Path
) -> None:
    chosen = {"recipe": "capg", "skips": "deformable", "flow_until": 0.5, "learning_rate": 1e-3}
    flowing = recipe.model_copy(update=chosen)
    task = _task(flowing, pairs, recogniser, pixel=1.0, geometry=10.0, shown=1.0, flow=1.0)
    assert isinstance(task.generator, DeformableGenerator)
    before = _weights(task.generator)
    steps = [task.training_step(task.batch(0), step=s, progress=0.1) for s in range(8)]
    assert set(steps[0]) == {"geometry", "shown", "flow"}
    assert steps[-1]["geometry"] < steps[0]["geometry"]
    changed = {n for n, w in task.generator.named_parameters() if not torch.equal(before[n], w)}
    assert changed
    assert all(name.startswith("flow.") for name in changed)
    assert "pixel" in task.training_step(task.batch(0), step=8, progress=0.5)


@pytest.mark.parametrize("rate", [0.0, 0.5])
def test_the_flow_can_be_held_still_when_the_rest_learns(
    recipe: RotationRecipe, pairs: Pairs, recogniser: Path, rate: float
) -> None:
    chosen = {"recipe": "capg", "skips": "deformable", "flow_rate": rate, "gradient_norm": 1.0}
    task = _task(recipe.model_copy(update=chosen), pairs, recogniser, pixel=1.0, geometry=1.0)
    before = _weights(task.generator)
    for step in range(2):  # the flow's last layer begins as zeros, and holds back what is before it
        figures = task.training_step(task.batch(step), step=step, progress=0.2)
    changed = {n for n, w in task.generator.named_parameters() if not torch.equal(before[n], w)}
    assert any(not name.startswith("flow.") for name in changed)
    assert any(name.startswith("flow.") for name in changed) is (rate > 0)
    assert {"flow_norm", "gradient_norm"} <= set(figures)


def test_the_person_of_a_turn_away_is_that_of_the_photograph(
    task: RotationTask, pairs: Pairs
) -> None:
    person = task._tensors(pairs).person.numpy()
    np.testing.assert_array_equal(person[pairs.true], to_signed(pairs.target)[pairs.true])
    np.testing.assert_array_equal(person[~pairs.true], to_signed(pairs.source)[~pairs.true])


def test_each_landmark_has_a_pose_image_of_its_own(task: RotationTask, pairs: Pairs) -> None:
    batch = task._tensors(pairs)
    size_px = task.recipe.size_px
    assert batch.target_pose.shape == (len(pairs), 5, size_px, size_px)
    expected = encode_pose(pairs.true_points[2] * size_px - np.float32(0.5), size_px=size_px)
    np.testing.assert_allclose(batch.target_pose[2].numpy(), expected, atol=1e-6)
    assert not torch.equal(batch.target_pose[:, 0], batch.target_pose[:, 1])


def test_batches_are_functions_of_the_step(task: RotationTask) -> None:
    first, again, other = task.batch(3), task.batch(3), task.batch(4)
    assert torch.equal(first.signal, again.signal)
    assert torch.equal(first.grid, again.grid)
    assert not torch.equal(first.signal, other.signal)
    assert first.signal.shape == (task.recipe.batch, 21, 32, 32)
    assert first.source.abs().max() <= 1


# --- what the figures tell -------------------------------------------------------------------


class _Answering(nn.Module):
    """Gives one part of the batch as its result."""

    def __init__(self, answers: Iterator[Tensor]) -> None:
        super().__init__()
        self._answers = answers

    def forward(self, signal: Tensor) -> GeneratorOutput:
        full = next(self._answers)
        return GeneratorOutput(full, full, full, full, torch.ones_like(full[:, :1]))


def _figures(task: RotationTask, part: str) -> Metrics:
    values = getattr(task.held_out, part)
    task.average.network = _Answering(iter([torch.from_numpy(to_signed(values))]))
    return task.validate(step=0)


def test_a_network_that_copies_its_input_does_not_pass_for_one_that_turns(
    recipe: RotationRecipe, prepared: PreparedPairs, recogniser: Path
) -> None:
    task = RotationTask(
        recipe, pairs=prepared.pairs, held_out=prepared.held_out, recogniser=recogniser
    )
    copied, warped, perfect = (_figures(task, part) for part in ("source", "warped", "target"))
    assert perfect["l1"] == 0
    assert perfect["cosine"] == pytest.approx(1, abs=1e-4)
    assert copied["l1"] > warped["l1"] + 0.01
    assert copied["cosine"] < 0.97
    for figures in (copied, warped, perfect):  # the plain warp's figures stand beside
        assert figures["warp_l1"] == pytest.approx(warped["l1"], abs=1e-6)
        assert figures["warp_cosine"] == pytest.approx(warped["cosine"], abs=1e-5)


def test_figures_are_means_over_all_pairs_whatever_the_groups(
    recipe: RotationRecipe, pairs: Pairs, recogniser: Path
) -> None:
    many = pairs.take(np.arange(37) % len(pairs))
    task = RotationTask(recipe, pairs=pairs, held_out=many, recogniser=recogniser)
    figures = task.validate(step=0)
    off = np.abs(to_signed(many.warped) - to_signed(many.target)).mean()
    assert figures["warp_l1"] == pytest.approx(float(off), rel=1e-5)
    assert 0 < figures["trust"] < 1


def test_the_preview_shows_twelve_rows_of_six_pictures(task: RotationTask, tmp_path: Path) -> None:
    task.preview(tmp_path / "previews", step=7)
    with Image.open(tmp_path / "previews" / "step-000007.png") as sheet:
        assert sheet.size == (2 * 6 * 32, 6 * 32)


# --- a whole run -----------------------------------------------------------------------------


class _Stopping(RotationTask):
    """A task that is cut off in a step."""

    def training_step(self, batch: RotationBatch, *, step: int, progress: float) -> Metrics:
        if step == 10:
            raise KeyboardInterrupt
        return super().training_step(batch, step=step, progress=progress)


def _states(task: RotationTask) -> list[Tensor]:
    networks = [task.generator, task.average.network, *task.agents.values()]
    return [value for network in networks for value in network.state_dict().values()]


def test_a_run_that_was_cut_off_ends_like_one_that_was_not(
    recipe: RotationRecipe, pairs: Pairs, recogniser: Path, tmp_path: Path
) -> None:
    plain = recipe.model_copy(update={"loss_weights": LossWeights(identity=0, feature_matching=1)})

    def make(kind: type[RotationTask]) -> RotationTask:
        return kind(plain, pairs=pairs, held_out=pairs, recogniser=recogniser)

    whole, cut, resumed = make(RotationTask), make(_Stopping), make(RotationTask)
    train(whole, recipe=recipe.loop, out=tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        train(cut, recipe=recipe.loop, out=tmp_path / "cut")
    train(resumed, recipe=recipe.loop, out=tmp_path / "cut", resume=True)
    for one, other in zip(_states(whole), _states(resumed), strict=True):
        assert torch.equal(one, other)
    assert (tmp_path / "cut" / "previews" / "step-000012.png").exists()


def test_training_makes_the_loss_smaller(
    recipe: RotationRecipe, prepared: PreparedPairs, recogniser: Path
) -> None:
    plain = recipe.model_copy(
        update={"loss_weights": LossWeights(identity=0), "recipe": "capg", "agents_from": 1.0}
    )
    task = RotationTask(
        plain, pairs=prepared.pairs, held_out=prepared.held_out, recogniser=recogniser
    )
    start = copy.deepcopy(task.generator.state_dict())
    batch = task._tensors(prepared.pairs)

    def off() -> float:
        with torch.no_grad():
            painted = task.generator(batch.signal).painted
        return float(((painted - batch.target).abs() * batch.weight).mean())

    before = off()
    for step in range(40):
        task.training_step(task.batch(step), step=step, progress=step / 40)
    assert off() < 0.8 * before
    assert any(not torch.equal(start[n], v) for n, v in task.generator.state_dict().items())


def test_the_average_follows_the_generator(task: RotationTask) -> None:
    before = {n: v.clone() for n, v in task.average.network.state_dict().items()}
    for step in range(2):
        task.training_step(task.batch(step), step=step, progress=0.1)
    live = task.generator.state_dict()
    for name, value in task.average.network.state_dict().items():
        if torch.equal(before[name], live[name]):
            continue
        assert not torch.equal(value, before[name])
        assert (value - live[name]).abs().sum() <= (before[name] - live[name]).abs().sum()


@pytest.mark.parametrize(("progress", "share"), [(0.0, 1.0), (0.75, 1.0), (0.9, 0.45), (1.0, 0.05)])
def test_the_learning_rate_falls_at_the_end(
    task: RotationTask, progress: float, share: float
) -> None:
    task.training_step(task.batch(0), step=0, progress=progress)
    for optimiser in (task.generator_optimizer, task.discriminator_optimizer):
        rate = optimiser.param_groups[0]["lr"]
        assert rate == pytest.approx(share * task.recipe.learning_rate)


def test_the_patents_recipe_trains_on_thirteen_channels(
    recipe: RotationRecipe, pairs: Pairs, recogniser: Path
) -> None:
    capg = recipe.model_copy(update={"recipe": "capg"})
    task = RotationTask(capg, pairs=pairs, held_out=pairs, recogniser=recogniser)
    batch = task.batch(0)
    assert batch.signal.shape[1] == 13
    before = _weights(task.generator)
    task.training_step(batch, step=0, progress=0.9)
    assert _moved(task.generator, before)
    assert task.validate(step=1)["trust"] == 0


def test_the_identity_loss_may_look_at_a_share_of_the_pairs(
    recipe: RotationRecipe, pairs: Pairs, recogniser: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every_other = recipe.model_copy(update={"identity_every": 2})
    task = _task(every_other, pairs, recogniser, identity=1.0)
    looked = []
    whole = RotationTask._features

    def spy(self: RotationTask, pictures: Tensor, grid: Tensor) -> Tensor:
        looked.append(pictures.detach())
        return whole(self, pictures, grid)

    monkeypatch.setattr(RotationTask, "_features", spy)
    for step in (0, 1):
        batch = task.batch(step)
        task.training_step(batch, step=step, progress=0.0)
        assert torch.equal(looked[-1], batch.person[step::2])


def test_a_withheld_draft_is_missing_in_the_signal_and_counts_in_the_answer(
    recipe: RotationRecipe, pairs: Pairs, recogniser: Path
) -> None:
    def batch_of(dropout: float) -> RotationBatch:
        asked = recipe.model_copy(update={"draft_dropout": dropout, "erase": 0.0, "batch": 8})
        return RotationTask(asked, pairs=pairs, held_out=pairs, recogniser=recogniser).batch(0)

    whole, withheld = batch_of(0.0), batch_of(1.0)
    assert withheld.signal[:, 16].abs().max() == 0  # the draft's confidence
    assert whole.signal[:, 16].max() > 0.5
    torch.testing.assert_close(whole.signal[:, :13], withheld.signal[:, :13])
    torch.testing.assert_close(whole.weight, withheld.weight)
    torch.testing.assert_close(whole.target, withheld.target)
