"""Our metrics, which need numpy alone, against scipy's and scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from sklearn import metrics as sklearn_metrics
from sklearn.calibration import calibration_curve

from goodside.aesthetics.evaluation import metrics

SEEDS = range(5)
COUNT = 120


def _pair(seed: int, *, ties: bool = False) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    truth = rng.normal(5, 1.5, COUNT)
    predicted = truth + rng.normal(0, 1, COUNT)
    return (predicted.round(), truth.round()) if ties else (predicted, truth)


def _chances(seed: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    rng = np.random.default_rng(seed)
    chance = rng.uniform(size=COUNT)
    return chance, rng.uniform(size=COUNT) < chance


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_correlations(seed: int, ties: bool) -> None:
    predicted, truth = _pair(seed, ties=ties)
    assert metrics.srcc(predicted, truth) == pytest.approx(stats.spearmanr(predicted, truth)[0])
    assert metrics.plcc(predicted, truth) == pytest.approx(stats.pearsonr(predicted, truth)[0])
    np.testing.assert_allclose(metrics.ranks(predicted), stats.rankdata(predicted) - 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_errors_in_points(seed: int) -> None:
    predicted, truth = _pair(seed)
    assert metrics.mae(predicted, truth) == pytest.approx(
        sklearn_metrics.mean_absolute_error(truth, predicted)
    )
    one, other = np.random.default_rng(seed).dirichlet(np.ones(10), (2, COUNT))
    bins = np.arange(1.0, 11.0)
    expected = [
        stats.wasserstein_distance(bins, bins, a, b) for a, b in zip(one, other, strict=True)
    ]
    assert metrics.emd(one, other) == pytest.approx(np.mean(expected))


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_area_under_the_roc_curve(seed: int, ties: bool) -> None:
    chance, positive = _chances(seed)
    chance = chance.round(1) if ties else chance
    assert metrics.auc(chance, positive) == pytest.approx(
        sklearn_metrics.roc_auc_score(positive, chance)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_balanced_accuracy(seed: int) -> None:
    chance, positive = _chances(seed)
    assert metrics.balanced_accuracy(chance > 0.5, positive) == pytest.approx(
        sklearn_metrics.balanced_accuracy_score(positive, chance > 0.5)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_average_precision_of_scores_without_ties(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores, positive = rng.uniform(size=(COUNT, 4)), rng.uniform(size=(COUNT, 4)) < 0.3
    assert metrics.average_precision(scores[:, 0], positive[:, 0]) == pytest.approx(
        sklearn_metrics.average_precision_score(positive[:, 0], scores[:, 0])
    )
    assert metrics.mean_average_precision(scores, positive) == pytest.approx(
        sklearn_metrics.average_precision_score(positive, scores, average="macro")
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_calibration_error(seed: int) -> None:
    chance, positive = _chances(seed)
    shares, means = calibration_curve(positive, chance, n_bins=10)
    counts, _ = np.histogram(chance, bins=10, range=(0, 1))
    expected = np.average(np.abs(shares - means), weights=counts[counts > 0])
    assert metrics.calibration_error(chance, positive) == pytest.approx(expected)
