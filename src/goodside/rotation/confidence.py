"""How far a turned face can be trusted to be the person: a probability from its identity score.

The truth it is fitted to is a second recogniser's: whether it takes the result for the person of
the photograph. The fit is Platt's: a logistic curve over the identity cosine (Platt, "Probabilistic
outputs for support vector machines", 1999).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.evaluation.metrics import calibration_error
from goodside.types import Json

_Values = NDArray[np.float64]
_RIDGE = 1e-2  # keeps the curve finite where all results agree
_STEPS = 30


@dataclass(frozen=True, slots=True)
class Confidence:
    """The curve 1 / (1 + exp(-(slope identity + offset)))."""

    slope: float
    offset: float

    def at(self, identity: float) -> float:
        """Probability, 0-1, that a result of this identity cosine is the person."""
        return float(_sigmoid(np.array(self.slope * identity + self.offset)))


def read_confidence(facts: dict[str, Any]) -> Confidence | None:
    """The curve in a card's facts, if it was measured."""
    stored = facts.get("confidence")
    if not stored:
        return None
    return Confidence(float(stored["slope"]), float(stored["offset"]))


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
        p = _sigmoid(x @ weights)
        slope = x.T @ (p - y) + _RIDGE * weights
        curve = (x * (p * (1 - p))[:, None]).T @ x + _RIDGE * np.eye(2)
        weights = weights - np.linalg.solve(curve, slope)
    return Confidence(float(weights[0]), float(weights[1]))


def measure_confidence(
    identity: Sequence[float], same: Sequence[bool], *, people: Sequence[int]
) -> Json | None:
    """Fit on everybody, and test on people apart: every second one, by the curve of the others.

    Args:
        identity, same: as for `fit_confidence`.
        people: whose each result is.

    Returns:
        `slope`, `offset`, `n`, `same` (the share of results that are taken for the person) and
        `calibration_error` (expected, 0-1, on people apart); None for fewer than two people.
    """
    scores, verdicts = np.asarray(identity, np.float64), np.asarray(same, bool)
    ranks = np.unique(np.asarray(people), return_inverse=True)[1]
    halves = [ranks % 2 == half for half in (0, 1)]
    if not all(half.any() for half in halves):
        return None
    told = np.zeros(len(scores))
    for half, other in (halves, halves[::-1]):
        curve = fit_confidence(scores[other].tolist(), verdicts[other].tolist())
        told[half] = [curve.at(score) for score in scores[half]]
    curve = fit_confidence(scores.tolist(), verdicts.tolist())
    return {
        "slope": round(curve.slope, 3),
        "offset": round(curve.offset, 3),
        "n": len(scores),
        "same": round(float(verdicts.mean()), 3),
        "calibration_error": round(calibration_error(told, verdicts), 3),
    }


def _sigmoid(x: _Values) -> _Values:
    value: _Values = 0.5 * (1 + np.tanh(0.5 * x))
    return value
