"""The losses: each by hand and by a gradient check."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from goodside_train.rotation.losses import (
    adversarial_loss,
    agent_loss,
    draft_loss,
    feature_matching_loss,
    geometry_loss,
    identity_loss,
    pixel_loss,
    total_variation,
)
from goodside_train.rotation.networks.deformable import FlowPrediction
from goodside_train.rotation.networks.generator import GeneratorOutput


def _views(
    full: Tensor, half: Tensor | None = None, quarter: Tensor | None = None
) -> GeneratorOutput:
    size = full.shape[-1]
    half = functional.adaptive_avg_pool2d(full, size // 2) if half is None else half
    quarter = functional.adaptive_avg_pool2d(full, size // 4) if quarter is None else quarter
    return GeneratorOutput(full, half, quarter, full, torch.zeros_like(full[:, :1]))


def _noise(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def test_the_pixel_loss_is_the_mean_over_three_scales() -> None:
    target = torch.zeros(2, 3, 8, 8)
    views = _views(
        torch.full((2, 3, 8, 8), 0.3), torch.full((2, 3, 4, 4), -0.6), torch.zeros(2, 3, 2, 2)
    )
    assert pixel_loss(views, target).item() == pytest.approx((0.3 + 0.6 + 0) / 3)


def test_the_pixel_loss_compares_coarse_scales_with_area_means() -> None:
    target = _noise(1, 3, 8, 8)
    assert pixel_loss(_views(target), target).item() == pytest.approx(0, abs=1e-12)


def test_the_pixel_loss_counts_pixels_by_their_weight() -> None:
    target = torch.zeros(1, 3, 8, 8)
    weight = torch.zeros(1, 1, 8, 8)
    weight[..., :4] = 1
    off = torch.zeros(1, 3, 8, 8)
    off[..., 4:] = 9  # only where nothing counts
    assert pixel_loss(_views(off), target, weight=weight).item() == 0
    assert pixel_loss(_views(off), target).item() == pytest.approx(4.5)


def _found(values: Tensor) -> FlowPrediction:
    """(N, 6, F, F): flow, mirrored flow and what is visible in either."""
    return FlowPrediction(values[:, :2], values[:, 2:4], torch.sigmoid(values[:, 4:]))


def test_the_geometry_loss_is_the_distance_of_the_flows_where_they_count() -> None:
    found = _found(torch.zeros(1, 6, 4, 4))
    goal = torch.zeros(1, 2, 4, 8, 8)
    goal[:, 0, :2] = torch.tensor([0.3, -0.1])[:, None, None]
    goal[:, 0, 3, :4] = 0.5
    goal[:, 1, 1] = 9.0  # counts nowhere
    off, untold = geometry_loss(found, goal)
    assert off.item() == pytest.approx((0.3 + 0.1) * 0.5 / 2)
    assert untold.item() == pytest.approx(math.log(2))


def test_a_sure_and_right_mask_costs_next_to_nothing() -> None:
    values = torch.zeros(1, 6, 4, 4)
    values[:, 4], values[:, 5] = 20.0, -20.0
    goal = torch.zeros(1, 2, 4, 4, 4)
    goal[:, 0, 2] = 1
    assert geometry_loss(_found(values), goal)[1].item() < 1e-3
    assert geometry_loss(_found(-values), goal)[1].item() > 5


def test_the_draft_loss_asks_for_the_colours_of_the_draft_and_not_for_its_detail() -> None:
    draft = torch.zeros(1, 3, 16, 16)
    weight = torch.zeros(1, 1, 16, 16)
    weight[..., :8] = 1
    stripes = torch.tensor([0.5, -0.5]).repeat(8).expand(1, 3, 16, 16)
    assert draft_loss(stripes, draft, weight=weight).item() == pytest.approx(0, abs=1e-7)
    blot = draft.clone()
    blot[..., :8, :8] = 0.4
    assert draft_loss(blot, draft, weight=weight).item() == pytest.approx(0.1)
    assert draft_loss(blot.flip(-1), draft, weight=weight).item() == 0  # where truth is known


@pytest.mark.parametrize(
    ("real", "fake", "expected"),
    [
        ([[1.0]], [[-1.0]], 0.0),  # sure and right
        ([[3.0]], [[-7.0]], 0.0),  # surer still: no more to gain
        ([[0.0]], [[0.0]], 2.0),  # undecided
        ([[-1.0]], [[1.0]], 4.0),  # sure and wrong
        ([[1.0], [0.0]], [[-1.0], [0.0]], 1.0),  # the mean over two levels
    ],
)
def test_the_agents_hinge_worked_by_hand(
    real: list[list[float]], fake: list[list[float]], expected: float
) -> None:
    verdicts = [torch.tensor(v) for v in real]
    fakes = [torch.tensor(v) for v in fake]
    assert agent_loss(verdicts, [fakes]).item() == pytest.approx(expected)


def test_kinds_of_fakes_weigh_the_same() -> None:
    real = [torch.ones(4)]
    made, mismatched = [torch.ones(4)], [-torch.ones(1)]
    assert agent_loss(real, [made, mismatched]).item() == pytest.approx((2 + 0) / 2)


def test_the_generator_wants_high_verdicts() -> None:
    low, high = [torch.zeros(2, 1, 4, 4)], [torch.full((2, 1, 4, 4), 0.5)]
    assert adversarial_loss(high).item() == -0.5
    assert adversarial_loss(high) < adversarial_loss(low)
    assert adversarial_loss([low[0], high[0]]).item() == -0.25


def test_what_pleases_the_generator_displeases_the_agent() -> None:
    verdict = torch.zeros(1, 1, 2, 2, requires_grad=True)
    (wanted,) = torch.autograd.grad(adversarial_loss([verdict]), verdict)
    real = [torch.ones(1)]
    (feared,) = torch.autograd.grad(agent_loss(real, [[verdict]]), verdict)
    assert (wanted < 0).all()
    assert (feared > 0).all()


def test_feature_matching_is_the_mean_difference_over_levels() -> None:
    made = [torch.ones(1, 2, 4, 4), torch.zeros(1, 4, 2, 2)]
    real = [torch.zeros(1, 2, 4, 4), torch.full((1, 4, 2, 2), 0.5)]
    assert feature_matching_loss(made, real).item() == pytest.approx((1 + 0.5) / 2)


def test_feature_matching_and_identity_teach_only_the_made_side() -> None:
    made, real = _noise(2, 4).requires_grad_(), _noise(2, 4, seed=1).requires_grad_()
    (feature_matching_loss([made], [real]) + identity_loss(made, real)).backward()  # type: ignore[no-untyped-call]
    assert made.grad is not None
    assert real.grad is None


@pytest.mark.parametrize(
    ("made", "expected"),
    [((3.0, 0.0), 0.0), ((0.0, 0.5), 2.0), ((-1.0, 0.0), 4.0), ((1.0, 1.0), 2 - math.sqrt(2))],
)
def test_the_identity_loss_is_two_minus_two_cosines(
    made: tuple[float, float], expected: float
) -> None:
    loss = identity_loss(torch.tensor([made]), torch.tensor([(2.0, 0.0)]))
    assert loss.item() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ([[5.0, 5.0], [5.0, 5.0]], 0.0),
        ([[0.0, 1.0], [0.0, 1.0]], 1.0),
        ([[0.0, 0.0], [3.0, 3.0]], 3.0),
        ([[0.0, 2.0], [1.0, 0.0]], (2 + 1) / 2 + (1 + 2) / 2),
    ],
)
def test_total_variation_adds_steps_right_and_down(
    picture: list[list[float]], expected: float
) -> None:
    assert total_variation(torch.tensor([[picture]])).item() == pytest.approx(expected)


@pytest.mark.parametrize(
    "loss",
    [
        lambda x: pixel_loss(_views(x), _noise(2, 3, 8, 8, seed=5)),
        lambda x: pixel_loss(
            _views(x), _noise(2, 3, 8, 8, seed=5), weight=_noise(2, 1, 8, 8, seed=6).abs()
        ),
        lambda x: agent_loss([x[:1]], [[x[1:]], [x[:1] * 0.3]]),
        lambda x: adversarial_loss([x, 2 * x[:, :1]]),
        lambda x: feature_matching_loss([x], [_noise(2, 3, 8, 8, seed=7)]),
        lambda x: identity_loss(x.flatten(1), _noise(2, 192, seed=8)),
        total_variation,
    ],
    ids=["pixel", "weighted", "agent", "adversarial", "matching", "identity", "variation"],
)
def test_gradients_agree_with_differences(loss: Callable[[Tensor], Tensor]) -> None:
    assert torch.autograd.gradcheck(loss, (_noise(2, 3, 8, 8).requires_grad_(),), eps=1e-7)
