"""Figures by which assessors are compared, in plain numpy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

_Array = NDArray[np.floating[Any]]


def ranks(values: _Array) -> NDArray[np.float64]:
    """Ranks from 0; ties share their mean rank."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    mean_rank: NDArray[np.float64] = ends - (counts + 1) / 2
    return mean_rank[inverse]


def plcc(predicted: _Array, truth: _Array) -> float:
    """Pearson's linear correlation; 0 where one side is constant."""
    a, b = predicted - predicted.mean(), truth - truth.mean()
    norm = float(np.sqrt((a**2).sum() * (b**2).sum()))
    return float((a * b).sum()) / norm if norm > 0 else 0.0


def srcc(predicted: _Array, truth: _Array) -> float:
    """Spearman's rank correlation."""
    return plcc(ranks(predicted), ranks(truth))


def mae(predicted: _Array, truth: _Array) -> float:
    """Mean absolute error."""
    return float(np.abs(predicted - truth).mean())


def emd(predicted: _Array, truth: _Array) -> float:
    """Earth mover's distance of (N, K) distributions over unit steps, mean over N; in points."""
    moved = np.abs(np.cumsum(predicted, axis=1) - np.cumsum(truth, axis=1))
    return float(moved[:, :-1].sum(axis=1).mean())


def auc(scores: _Array, positive: NDArray[np.bool_]) -> float:
    """Area under the ROC curve; NaN where one class is absent."""
    count_pos, count_neg = int(positive.sum()), int((~positive).sum())
    if count_pos == 0 or count_neg == 0:
        return float("nan")
    above = ranks(scores)[positive].sum() - count_pos * (count_pos - 1) / 2
    return float(above / (count_pos * count_neg))


def balanced_accuracy(predicted: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """Mean of the two classes' recalls; NaN where one class is absent."""
    if truth.all() or not truth.any():
        return float("nan")
    return float((predicted[truth].mean() + (~predicted[~truth]).mean()) / 2)


def average_precision(scores: _Array, positive: NDArray[np.bool_]) -> float:
    """Mean of the precision at each positive, from the highest score down; NaN without any."""
    if not positive.any():
        return float("nan")
    hits = positive[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean())


def mean_average_precision(scores: _Array, positive: NDArray[np.bool_]) -> float:
    """Mean over the columns that hold a positive: (N, M) scores, (N, M) truth."""
    columns = [
        average_precision(scores[:, m], positive[:, m])
        for m in range(scores.shape[1])
        if positive[:, m].any()
    ]
    return float(np.mean(columns)) if columns else float("nan")


def calibration_error(probability: _Array, positive: NDArray[np.bool_], *, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width."""
    place = np.minimum((probability * bins).astype(int), bins - 1)
    total = 0.0
    for index in range(bins):
        inside = place == index
        if inside.any():
            gap = probability[inside].mean() - positive[inside].mean()
            total += float(abs(gap)) * float(inside.mean())
    return total


def bootstrap(
    figure: Callable[[NDArray[np.int64]], float],
    *,
    count: int,
    rng: np.random.Generator,
    draws: int = 500,
    level: float = 0.95,
) -> tuple[float, float]:
    """Percentile interval of a figure over resampled rows.

    Args:
        figure: takes (N,) row indices.
        count: N.
        rng: the draws' source.
        draws: how many resamples.
        level: of confidence.
    """
    values = [figure(rng.integers(0, count, size=count)) for _ in range(draws)]
    low, high = np.nanquantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
