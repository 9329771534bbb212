"""How far a turned face can be trusted to be the person: a probability from its identity score.

The truth it is fitted to is a second recogniser's: whether it takes the result for the person of
the photograph; see `goodside.rotation.evaluation.confidence_fit`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Confidence:
    """The curve 1 / (1 + exp(-(slope identity + offset)))."""

    slope: float
    offset: float

    def at(self, identity: float) -> float:
        """Probability, 0-1, that a result of this identity cosine is the person."""
        return float(sigmoid(np.array(self.slope * identity + self.offset)))


def read_confidence(facts: dict[str, Any]) -> Confidence | None:
    """The curve in a card's facts, if it was measured."""
    stored = facts.get("confidence")
    if not stored:
        return None
    return Confidence(float(stored["slope"]), float(stored["offset"]))


def sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logistic function."""
    value: NDArray[np.float64] = 0.5 * (1 + np.tanh(0.5 * x))
    return value
