"""The learnt balance: its value and its resting point by hand."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from goodside_train.aesthetics.losses.balance import LearntBalance


def _gradient(balance: LearntBalance, loss: Tensor) -> float:
    torch.autograd.backward(balance(loss))
    assert balance.log_lambda.grad is not None
    return balance.log_lambda.grad.item()


def test_the_weighted_loss_by_hand() -> None:
    balance = LearntBalance(start=2.0, influence=0.3)
    found = balance(torch.tensor(1.5))
    assert found.item() == pytest.approx(2 * 1.5 - 0.3 * math.log(2))


@pytest.mark.parametrize(("start", "sign"), [(0.1, -1), (0.2, 0), (0.4, 1)])
def test_lambda_rests_where_it_is_influence_by_loss(start: float, sign: int) -> None:
    """0.3 / 1.5 = 0.2: below, the gradient lets lambda grow, above it lets it fall."""
    slope = _gradient(LearntBalance(start=start, influence=0.3), torch.tensor(1.5))
    assert slope == pytest.approx(start * 1.5 - 0.3, abs=1e-6)
    assert (slope > 1e-6) - (slope < -1e-6) == sign


@pytest.mark.parametrize("loss", [0.05, 0.5, 5.0])
def test_the_semantic_share_settles_at_the_influence_whatever_the_loss(loss: float) -> None:
    balance = LearntBalance(start=1.0, influence=0.3)
    for _ in range(60):
        slope = _gradient(balance, torch.tensor(loss))
        with torch.no_grad():
            balance.log_lambda.sub_(slope / max(loss, 1))
        balance.zero_grad()
    assert balance.log_lambda.exp().item() * loss == pytest.approx(0.3, rel=0.05)


def test_the_gradient_reaches_the_semantic_loss_times_lambda() -> None:
    loss = torch.tensor(0.7, requires_grad=True)
    torch.autograd.backward(LearntBalance(start=3.0, influence=0.3)(loss))
    assert loss.grad is not None
    assert loss.grad.item() == pytest.approx(3.0)
