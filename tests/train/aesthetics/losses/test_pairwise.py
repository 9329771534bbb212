"""The fidelity loss: by hand, its gradient, and what must not change it."""

from __future__ import annotations

import math

import pytest
import torch

from goodside_train.aesthetics.losses.pairwise import fidelity_loss


def _chance(difference: float, *, spread: float) -> float:
    return 0.5 * (1 + math.erf(difference / (2 * spread)))


def test_one_pair_by_hand() -> None:
    told, true = torch.tensor([0.3, 0.1]), torch.tensor([1.0, 0.5])
    q, p = _chance(0.2, spread=0.5), _chance(0.5, spread=0.25)
    expected = 1 - math.sqrt(p * q) - math.sqrt((1 - p) * (1 - q))
    found = fidelity_loss(told, true, weight=torch.ones(2))
    assert found.item() == pytest.approx(expected, abs=1e-4)


def test_the_right_order_costs_less_than_the_wrong_one() -> None:
    true = torch.tensor([-1.0, 0.0, 1.0, 2.0])
    right = fidelity_loss(true, true, weight=torch.ones(4)).item()
    wrong = fidelity_loss(-true, true, weight=torch.ones(4)).item()
    assert right < 0.1
    assert wrong > 0.7


def test_pairs_count_by_the_product_of_their_weights() -> None:
    told, true = torch.tensor([0.3, 0.1, -0.4]), torch.tensor([1.0, 0.5, 0.9])
    each = {
        pair: fidelity_loss(told[list(pair)], true[list(pair)], weight=torch.ones(2)).item()
        for pair in ((0, 1), (0, 2), (1, 2))
    }
    found = fidelity_loss(told, true, weight=torch.tensor([1.0, 1.0, 0.5])).item()
    expected = (each[0, 1] + 0.5 * each[0, 2] + 0.5 * each[1, 2]) / 2
    assert found == pytest.approx(expected, abs=1e-5)
    without = fidelity_loss(told, true, weight=torch.tensor([1.0, 1.0, 0.0])).item()
    assert without == pytest.approx(each[0, 1], abs=1e-5)


@pytest.mark.parametrize("weight", [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
def test_without_a_pair_it_is_zero_and_its_gradient_finite(weight: list[float]) -> None:
    told = torch.zeros(3, requires_grad=True)
    loss = fidelity_loss(told, torch.zeros(3), weight=torch.tensor(weight))
    torch.autograd.backward(loss)
    assert loss.item() == 0
    assert told.grad is not None
    assert told.grad.isfinite().all()


def test_gradient_and_far_scores() -> None:
    generator = torch.Generator().manual_seed(0)
    told = torch.randn(5, generator=generator, dtype=torch.float64, requires_grad=True)
    true = torch.randn(5, generator=generator, dtype=torch.float64)
    weight = torch.tensor([1, 0.5, 1, 0, 1], dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda x: fidelity_loss(x, true, weight=weight), (told,))
    far = torch.tensor([90.0, -90.0], requires_grad=True)  # chances of 0 and 1
    torch.autograd.backward(fidelity_loss(far, torch.tensor([-9.0, 9.0]), weight=torch.ones(2)))
    assert far.grad is not None
    assert far.grad.isfinite().all()
