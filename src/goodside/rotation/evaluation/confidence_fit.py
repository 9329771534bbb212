"""Fits the curve from identity score to confidence, and tests it on people apart.

The fit is Platt's: a logistic curve over the identity cosine (Platt, "Probabilistic outputs for
support vector machines", 1999).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from goodside.aesthetics.evaluation.metrics import calibration_error
from goodside.rotation.confidence import Confidence, sigmoid
from goodside.rotation.evaluation.report import key

_RIDGE = 1e-2  # keeps the curve finite where all results agree
_STEPS = 30


@dataclass(frozen=True, slots=True)
class ConfidenceFit:
    """A fitted curve, as a card holds it.

    Attributes:
        slope, offset: of `Confidence`.
        count: results it was fitted to.
        same: the share of them that the second recogniser takes for the person.
        calibration_error: expected, 0-1, on people apart.
    """

    slope: float
    offset: float
    count: int = field(metadata=key("n"))
    same: float
    calibration_error: float


def fit_confidence(identity: Sequence[float], same: Sequence[bool]) -> Confidence:
    """The curve that makes the verdicts likeliest, by Newton's method.

    Args:
        identity: cosine of each result to its photograph.
        same: whether the second recogniser takes it for the person.
    """
    x = np.column_stack([np.asarray(identity, np.float64), np.ones(len(identity))])
    y = np.asarray(same, np.float64)
    weights = np.zeros(2)
    for _ in range(_STEPS):
        p = sigmoid(x @ weights)
        slope = x.T @ (p - y) + _RIDGE * weights
        curve = (x * (p * (1 - p))[:, None]).T @ x + _RIDGE * np.eye(2)
        weights = weights - np.linalg.solve(curve, slope)
    return Confidence(float(weights[0]), float(weights[1]))


def measure_confidence(
    identity: Sequence[float], same: Sequence[bool], *, people: Sequence[int]
) -> ConfidenceFit | None:
    """Fit on everybody, and test on people apart: every second one, by the curve of the others.

    Args:
        identity, same: as for `fit_confidence`.
        people: whose each result is.

    Returns:
        The fit; None for fewer than two people.
    """
    scores, verdicts = np.asarray(identity, np.float64), np.asarray(same, bool)
    ranks = np.unique(np.asarray(people), return_inverse=True)[1]
    halves = [ranks % 2 == half for half in (0, 1)]
    if not all(half.any() for half in halves):
        return None
    predicted = np.zeros(len(scores))
    for half, other in (halves, halves[::-1]):
        curve = fit_confidence(scores[other].tolist(), verdicts[other].tolist())
        predicted[half] = [curve.at(score) for score in scores[half]]
    curve = fit_confidence(scores.tolist(), verdicts.tolist())
    return ConfidenceFit(
        slope=round(curve.slope, 3),
        offset=round(curve.offset, 3),
        count=len(scores),
        same=round(float(verdicts.mean()), 3),
        calibration_error=round(calibration_error(predicted, verdicts), 3),
    )
