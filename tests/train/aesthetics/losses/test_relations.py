"""Relationship learning: Omega by hand, its properties, and that no other one is better."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import linalg
from torch import Tensor

from goodside_train.aesthetics.losses.relations import best_omega, correlation, relation_penalty

ROOT3 = math.sqrt(3)
SIZES = {"features": st.integers(1, 9), "tasks": st.integers(1, 6), "seed": st.integers(0, 999)}


def _weights(features: int, tasks: int, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(features, tasks, generator=generator, dtype=torch.float64)


def test_unrelated_tasks_by_hand() -> None:
    weights = torch.tensor([[3.0, 0.0], [0.0, 4.0]])
    expected = torch.tensor([[3 / 7, 0.0], [0.0, 4 / 7]], dtype=torch.float64)
    torch.testing.assert_close(best_omega(weights), expected)


def test_related_tasks_by_hand() -> None:
    """W^T W = [[2, 1], [1, 2]] has the values 3 along (1, 1) and 1 along (1, -1)."""
    weights = torch.tensor([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    off = (ROOT3 - 1) / (2 * (ROOT3 + 1))
    expected = torch.tensor([[0.5, off], [off, 0.5]], dtype=torch.float64)
    omega = best_omega(weights)
    torch.testing.assert_close(omega, expected)
    assert correlation(omega)[0, 1].item() == pytest.approx(2 * off)


@given(**SIZES)
def test_omega_is_scipys_root(features: int, tasks: int, seed: int) -> None:
    weights = _weights(features, tasks, seed)
    _, values, directions = linalg.svd(weights.numpy(), full_matrices=False)
    root = directions.T @ np.diag(values) @ directions  # of W^T W
    np.testing.assert_allclose(best_omega(weights).numpy(), root / np.trace(root), atol=1e-6)


@given(**SIZES)
def test_omega_is_a_covariance_of_trace_one(features: int, tasks: int, seed: int) -> None:
    omega = best_omega(_weights(features, tasks, seed))
    assert omega.trace().item() == pytest.approx(1)
    torch.testing.assert_close(omega, omega.T)
    assert torch.linalg.eigvalsh(omega).min().item() > -1e-9


@given(**SIZES)
def test_no_other_omega_of_trace_one_costs_less(features: int, tasks: int, seed: int) -> None:
    weights = _weights(features, tasks, seed)
    best = relation_penalty(weights, best_omega(weights), eps=1e-9).item()
    for draw in range(3):
        factor = _weights(tasks, tasks, seed + 1000 * (draw + 1))
        other = factor @ factor.T + 1e-3 * torch.eye(tasks)
        cost = relation_penalty(weights, other / other.trace(), eps=1e-9).item()
        assert best <= cost * (1 + 1e-6)


def test_the_penalty_by_hand() -> None:
    """At the best Omega the penalty is the squared sum of W's singular values: (3 + 4) ** 2."""
    weights = torch.tensor([[3.0, 0.0], [0.0, 4.0]])
    found = relation_penalty(weights, best_omega(weights), eps=0)
    assert found.item() == pytest.approx(49)


def test_tasks_that_depend_on_each_other_cost_no_infinity() -> None:
    weights = torch.tensor([[1.0, -1.0], [2.0, -2.0]])
    penalty = relation_penalty(weights, best_omega(weights))
    assert math.isfinite(penalty.item())
    assert correlation(best_omega(weights))[0, 1].item() == pytest.approx(-1)


def test_the_gradient_of_the_penalty() -> None:
    weights, omega = _weights(5, 3, 1).requires_grad_(True), best_omega(_weights(5, 3, 2))
    assert torch.autograd.gradcheck(lambda w: relation_penalty(w, omega), (weights,))


def test_the_correlation_of_a_task_without_variance_is_zero() -> None:
    omega = torch.tensor([[0.25, 0.0, 0.15], [0.0, 0.0, 0.0], [0.15, 0.0, 0.75]])
    found = correlation(omega)
    assert found[1].tolist() == [0.0, 0.0, 0.0]
    assert found[0, 2].item() == pytest.approx(0.15 / math.sqrt(0.25 * 0.75))
    assert found.diagonal().tolist() == pytest.approx([1.0, 0.0, 1.0])
