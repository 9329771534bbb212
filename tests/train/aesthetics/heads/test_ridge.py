"""Ridge regression and its odds against what is computed the long way."""

from __future__ import annotations

import numpy as np
import pytest

from goodside_train.aesthetics.heads.ridge import PENALTIES, RidgeProblem, fit_odds


def _long_way(
    x: np.ndarray, y: np.ndarray, *, penalty: float, seen: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Weights and bias on the features as they come, standardised by all rows."""
    centre, scale = x.mean(axis=0), x.std(axis=0) + 1e-6
    z = (x - centre) / scale
    rows = np.ones(len(x), bool) if seen is None else seen
    with_one = np.concatenate([z[rows], np.ones((rows.sum(), 1))], axis=1)
    ridge = penalty * np.eye(with_one.shape[1])
    ridge[-1, -1] = 0
    found = np.linalg.solve(with_one.T @ with_one + ridge, with_one.T @ y[rows])
    weights = found[:-1] / scale[:, None]
    return weights, found[-1] - centre @ weights


@pytest.mark.parametrize(("count", "width"), [(30, 6), (12, 40)])
def test_head_and_left_out_rows_are_those_of_the_long_way(count: int, width: int) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(0, 2, (count, width)).astype(np.float32)
    y = x[:, :2] @ rng.normal(size=(2, 2)) + rng.normal(0, 0.5, (count, 2)) + 3
    fit = RidgeProblem(x).fit(y)
    assert fit.penalty in PENALTIES
    wide = x.astype(np.float64)
    weights, bias = _long_way(wide, y, penalty=fit.penalty)
    np.testing.assert_allclose(fit.head.of(x), wide @ weights + bias, atol=2e-3)
    for row in range(count):
        seen = np.arange(count) != row
        weights, bias = _long_way(wide, y, penalty=fit.penalty, seen=seen)
        np.testing.assert_allclose(fit.left_out[row], wide[row] @ weights + bias, atol=5e-3)


def test_the_penalty_foretells_best() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(40, 20)).astype(np.float32)
    noise = rng.normal(size=(40, 1))
    assert RidgeProblem(x).fit(noise).penalty > RidgeProblem(x).fit(x[:, :1] * 3).penalty
    assert RidgeProblem(x).fit(noise).head.of(x).std() < 0.3  # noise is not learnt


def test_equal_features_give_the_mean() -> None:
    fit = RidgeProblem(np.ones((5, 3), np.float32)).fit(np.arange(5.0)[:, None])
    np.testing.assert_allclose(fit.head.of(np.ones((2, 3), np.float32)), 2, atol=1e-5)


def test_odds_are_those_that_made_the_truth() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(2, 3, 20_000)
    positive = rng.uniform(size=len(x)) < 1 / (1 + np.exp(-(0.8 * x - 1)))
    slope, offset = fit_odds(x, positive)
    assert slope == pytest.approx(0.8, abs=0.05)
    assert offset == pytest.approx(-1, abs=0.1)


@pytest.mark.parametrize(
    ("positive", "slope", "offset"),
    [
        (np.ones(8, bool), 0.0, np.log(9)),
        (np.zeros(8, bool), 0.0, -np.log(9)),
        (np.arange(8) < 4, 0.0, 0.0),  # the higher, the less: no head says the contrary
    ],
)
def test_odds_where_decisions_say_nothing(
    positive: np.ndarray, slope: float, offset: float
) -> None:
    found = fit_odds(np.arange(8.0), positive)
    assert found[0] == slope
    assert found[1] == pytest.approx(offset)
