"""Generator and agents: shapes, what they start from, and what their verdicts depend on."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from goodside.rotation import Draft, build_signal
from goodside.rotation.generator.signal import Recipe, signal_channels
from goodside_train.rotation.networks.generator import AgentDiscriminator, Generator


def _signal(recipe: Recipe, *, landmarks: int = 5, size_px: int = 32, count: int = 2) -> Tensor:
    torch.manual_seed(1)
    channels = signal_channels(recipe, landmarks=landmarks)
    signal = torch.rand(count, channels, size_px, size_px) * 2 - 1
    signal[:, 16::4] = signal[:, 16::4].abs()  # the confidences of recipe `mesh`
    return signal


@pytest.mark.parametrize("size_px", [16, 32, 64])
@pytest.mark.parametrize("recipe", ["capg", "mesh"])
def test_the_generator_paints_three_scales(recipe: Recipe, size_px: int) -> None:
    views = Generator(recipe, width=4)(_signal(recipe, size_px=size_px))
    assert views.full.shape == views.painted.shape == (2, 3, size_px, size_px)
    assert views.half.shape == (2, 3, size_px // 2, size_px // 2)
    assert views.quarter.shape == (2, 3, size_px // 4, size_px // 4)
    assert views.trust.shape == (2, 1, size_px, size_px)
    for picture in (views.full, views.half, views.quarter):
        assert picture.abs().max() <= 1


@pytest.mark.parametrize("landmarks", [2, 5, 9])
def test_the_number_of_landmarks_is_free(landmarks: int) -> None:
    generator = Generator("capg", landmarks=landmarks, width=4)
    assert generator.stem.in_channels == 3 + 2 * landmarks
    assert generator(_signal("capg", landmarks=landmarks)).full.shape == (2, 3, 32, 32)


def test_the_patents_recipe_paints_every_pixel_itself() -> None:
    views = Generator("capg", width=4)(_signal("capg"))
    assert torch.equal(views.full, views.painted)
    assert (views.trust == 0).all()


def test_trust_starts_from_the_warps_confidence() -> None:
    signal = _signal("mesh")
    signal[:, 16] = 0
    signal[:, 16, :16] = 1
    views = Generator("mesh", width=4)(signal)
    assert (views.trust[:, :, :15] > 0.94).all()
    assert (views.trust[:, :, 15:] < 0.06).all()  # from the border of what is known


def test_the_result_keeps_the_warped_photograph_as_far_as_it_is_trusted() -> None:
    signal = _signal("mesh")
    views = Generator("mesh", width=4)(signal)
    warped = signal[:, 13:16]
    expected = views.trust * warped + (1 - views.trust) * views.painted
    torch.testing.assert_close(views.full, expected)


@pytest.mark.parametrize(
    ("confidence", "mirrored_confidence", "expected"),
    [(1.0, 1.0, 0.2), (0.0, 1.0, -0.6), (0.5, 1.0, -0.2), (0.25, 0.0, 0.2), (0.0, 0.0, 0.2)],
)
def test_painting_starts_from_the_warp_and_fills_its_gaps_from_the_mirror(
    confidence: float, mirrored_confidence: float, expected: float
) -> None:
    signal = _signal("mesh")
    for first, last, value in (
        (13, 16, 0.2), (16, 17, confidence), (17, 20, -0.6), (20, 21, mirrored_confidence),
    ):  # fmt: skip
        signal[:, first:last] = value
    views = Generator("mesh", width=4)(signal)
    for picture in (views.painted, views.half, views.quarter):
        torch.testing.assert_close(picture, torch.full_like(picture, expected))


def test_painting_starts_from_the_mended_draft() -> None:
    rng = np.random.default_rng(3)
    warped, mirrored = rng.uniform(0, 255, (2, 32, 32, 3)).astype(np.float32)
    shares = rng.uniform(0, 1, (2, 32, 32)).astype(np.float32)
    drafted = Draft(warped, shares[0], mirrored, shares[1], person=shares[0])
    points = rng.uniform(0.2, 0.8, (5, 2)).astype(np.float32)
    signal = build_signal(
        np.zeros((64, 64, 3), np.uint8),
        size_px=32,
        source_points=points,
        target_points=points,
        draft=drafted,
    )
    views = Generator("mesh", width=4)(torch.from_numpy(signal[None]))
    expected = torch.from_numpy(drafted.mended.transpose(2, 0, 1)[None] / 127.5 - 1)
    torch.testing.assert_close(views.painted, expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize("recipe", ["capg", "mesh"])
def test_every_pose_image_matters(recipe: Recipe) -> None:
    generator, signal = _awake(Generator(recipe, width=4)), _signal(recipe)
    signal.requires_grad_()
    generator(signal).painted.square().sum().backward()
    assert signal.grad is not None
    reached = signal.grad.abs().amax(dim=(0, 2, 3))
    assert (reached[:13] > 0).all()


def test_a_picture_beyond_its_bounds_can_find_back() -> None:
    generator = Generator("mesh", width=4)
    last = generator.to_rgb[-1]
    assert isinstance(last, torch.nn.Conv2d)
    torch.nn.init.constant_(last.bias, 5.0)  # type: ignore[arg-type]
    painted = generator(_signal("mesh")).painted
    torch.testing.assert_close(painted, torch.ones_like(painted))
    painted.mean().backward()
    assert last.bias is not None
    assert last.bias.grad is not None
    assert (last.bias.grad > 0).all()


@pytest.mark.parametrize("recipe", ["capg", "mesh"])
def test_every_weight_of_the_generator_learns(recipe: Recipe) -> None:
    generator = _awake(Generator(recipe, width=4))
    views = generator(_signal(recipe))
    pictures = (views.full, views.half, views.quarter)
    torch.stack([picture.square().mean() for picture in pictures]).sum().backward()  # type: ignore[no-untyped-call]
    silent = [
        name
        for name, weight in generator.named_parameters()
        if weight.grad is None or not weight.grad.abs().sum() > 0
    ]
    assert silent == (["to_trust.weight", "to_trust.bias"] if recipe == "capg" else [])


def _awake(generator: Generator) -> Generator:
    """Weights that start at zero, drawn at random instead."""
    for weight in generator.parameters():
        if not weight.abs().sum() > 0:
            torch.nn.init.normal_(weight, std=0.1)
    return generator


@pytest.mark.parametrize("condition", [3, 5])
def test_an_agent_judges_at_several_depths(condition: int) -> None:
    agent = AgentDiscriminator(condition, width=4, levels=4)
    verdicts, features = agent(torch.rand(2, 3, 64, 64), torch.rand(2, condition, 64, 64))
    assert [tuple(f.shape) for f in features] == [
        (2, 4, 32, 32), (2, 8, 16, 16), (2, 16, 8, 8), (2, 16, 4, 4),
    ]  # fmt: skip
    assert [tuple(v.shape) for v in verdicts] == [(2, 1, 16, 16), (2, 1, 8, 8), (2, 1, 4, 4)]


def test_an_agent_may_judge_at_its_last_depth_alone() -> None:
    agent = AgentDiscriminator(3, width=4, levels=4, last_alone=True)
    verdicts, features = agent(torch.rand(2, 3, 64, 64), torch.rand(2, 3, 64, 64))
    assert [tuple(v.shape) for v in verdicts] == [(2, 1, 4, 4)]
    assert [tuple(f.shape) for f in features] == [(2, 16, 4, 4)]
    verdicts[0].mean().backward()
    assert all(weight.grad is not None for weight in agent.parameters())


def test_a_verdict_depends_on_the_candidate_and_on_the_condition() -> None:
    agent = AgentDiscriminator(5, width=4).eval()
    candidate, condition = torch.rand(1, 3, 32, 32), torch.rand(1, 5, 32, 32)
    verdict = agent(candidate, condition)[0][-1]
    assert not torch.equal(verdict, agent(candidate.flip(-1), condition)[0][-1])
    assert not torch.equal(verdict, agent(candidate, condition.flip(-1))[0][-1])


def test_a_patch_is_judged_by_its_surroundings_alone() -> None:
    agent = AgentDiscriminator(3, width=4, levels=2).eval()
    candidate, condition = torch.rand(1, 3, 64, 64), torch.rand(1, 3, 64, 64)
    changed = candidate.clone()
    changed[..., :8] = 0
    before, after = (agent(c, condition)[0][0] for c in (candidate, changed))
    assert not torch.equal(before[..., :2], after[..., :2])
    assert torch.equal(before[..., 8:], after[..., 8:])


def test_an_agents_weights_have_spectral_norm_one() -> None:
    torch.manual_seed(0)
    agent = AgentDiscriminator(3, width=4)
    for _ in range(60):
        agent(torch.rand(1, 3, 32, 32), torch.rand(1, 3, 32, 32))
    for level in agent.levels:
        assert isinstance(level, torch.nn.Conv2d)
        norm = torch.linalg.matrix_norm(level.weight.flatten(1), 2)
        assert norm.item() == pytest.approx(1, rel=0.02)


def test_evaluation_leaves_an_agent_as_it_is() -> None:
    agent = AgentDiscriminator(3, width=4).eval()
    before = {name: value.clone() for name, value in agent.state_dict().items()}
    agent(torch.rand(1, 3, 32, 32), torch.rand(1, 3, 32, 32))
    assert all(torch.equal(before[name], value) for name, value in agent.state_dict().items())
