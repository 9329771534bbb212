"""Metrics against values worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodside.aesthetics.evaluation import metrics


def test_ranks_share_ties() -> None:
    assert metrics.ranks(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [2.5, 0.0, 2.5, 1.0]


def test_srcc_by_hand() -> None:
    """1 - 6 (1 + 1 + 0 + 0) / (4 * 15) = 0.8."""
    assert metrics.srcc(np.array([1.0, 2, 3, 4]), np.array([2.0, 1, 3, 4])) == pytest.approx(0.8)


@given(st.lists(st.integers(-50, 50), min_size=3, max_size=30, unique=True))
def test_srcc_sees_order_only_and_plcc_lines_only(values: list[int]) -> None:
    x = np.array(values, dtype=float)
    assert metrics.srcc(x, np.exp(x / 20)) == pytest.approx(1)
    assert metrics.plcc(x, -3 * x + 7) == pytest.approx(-1)


def test_a_constant_correlates_with_nothing() -> None:
    assert metrics.srcc(np.ones(5), np.arange(5.0)) == 0


def test_emd_counts_steps() -> None:
    one, three = np.eye(10)[[0]], np.eye(10)[[3]]
    assert metrics.emd(one, three) == pytest.approx(3)
    assert metrics.emd(three, three) == 0


@pytest.mark.parametrize(
    ("scores", "positive", "expected"),
    [
        ([1, 2, 3, 4], [0, 0, 1, 1], 1.0),
        ([4, 3, 2, 1], [0, 0, 1, 1], 0.0),
        ([1, 3, 2, 4], [0, 0, 1, 1], 0.75),
        ([1, 1, 1, 1], [0, 0, 1, 1], 0.5),
    ],
)
def test_auc_by_hand(scores: list[int], positive: list[int], expected: float) -> None:
    found = metrics.auc(np.array(scores, dtype=float), np.array(positive, dtype=bool))
    assert found == pytest.approx(expected)


def test_figures_of_one_class_alone_are_not_numbers() -> None:
    everyone = np.ones(3, dtype=bool)
    assert math.isnan(metrics.auc(np.arange(3.0), everyone))
    assert math.isnan(metrics.balanced_accuracy(everyone, everyone))
    assert math.isnan(metrics.average_precision(np.arange(3.0), ~everyone))


def test_balanced_accuracy_of_always_yes_is_a_half() -> None:
    truth = np.array([True] * 9 + [False])
    assert metrics.balanced_accuracy(np.ones(10, dtype=bool), truth) == pytest.approx(0.5)


def test_average_precision_by_hand() -> None:
    """Positives at ranks 1 and 3: (1/1 + 2/3) / 2."""
    scores, positive = np.array([0.9, 0.8, 0.7, 0.1]), np.array([True, False, True, False])
    assert metrics.average_precision(scores, positive) == pytest.approx(5 / 6)


def test_mean_average_precision_leaves_out_columns_without_a_positive() -> None:
    scores = np.array([[0.9, 0.5], [0.1, 0.5]])
    positive = np.array([[True, False], [False, False]])
    assert metrics.mean_average_precision(scores, positive) == pytest.approx(1)


def test_calibration_error_by_hand() -> None:
    """Half the rows say 0.95 and are right 3 of 4 times, half say 0.05 and are always right."""
    chance = np.array([0.95] * 4 + [0.05] * 4)
    truth = np.array([True, True, True, False] + [False] * 4)
    assert metrics.calibration_error(chance, truth) == pytest.approx(0.5 * 0.2 + 0.5 * 0.05)


def test_bootstrap_holds_the_mean() -> None:
    values = np.random.default_rng(0).normal(3, 1, size=400)
    low, high = metrics.bootstrap(
        lambda rows: float(values[rows].mean()), count=400, rng=np.random.default_rng(1)
    )
    assert low < values.mean() < high
    assert high - low == pytest.approx(2 * 1.96 / 20, rel=0.2)
