"""Ridge regression with its leave-one-out predictions, all penalties from one decomposition.

With centred features X = U S V', the solution for a penalty p is V (S / (S^2 + p)) U' y (Hoerl and
Kennard, 1970), and the error of leaving row i out is e_i / (1 - h_i), h_i being the i-th diagonal
element of the matrix that maps y to its fit (Allen, "The relationship between variable selection
and data augmentation", 1974).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.encoders.heads import LinearHead
from goodside.types import FloatArray

PENALTIES = tuple(float(10**power) for power in np.arange(0, 7.25, 0.25))
_Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RidgeFit:
    """A fitted regression.

    Attributes:
        head: on directions, as they come.
        left_out: (N, K) what is said of each row by a fit without it.
        penalty: that was chosen.
    """

    head: LinearHead
    left_out: _Matrix
    penalty: float


class RidgeProblem:
    """The features of N photographs, decomposed once for any number of targets.

    Args:
        directions: (N, D) float32, N at least 2.
    """

    def __init__(self, directions: FloatArray) -> None:
        self._centre = directions.mean(axis=0, dtype=np.float64)
        self._scale = directions.std(axis=0, dtype=np.float64) + 1e-6
        x = ((directions - self._centre) / self._scale).astype(np.float32)
        count, width = x.shape
        if count < width:
            values, left = np.linalg.eigh((x @ x.T).astype(np.float64))
            kept = values > 1e-6 * max(float(values.max(initial=0)), 1e-12)
            self._squares, self._left = values[kept], left[:, kept]
            self._right = (x.T @ self._left) / np.sqrt(self._squares)
        else:
            values, right = np.linalg.eigh((x.T @ x).astype(np.float64))
            kept = values > 1e-6 * max(float(values.max(initial=0)), 1e-12)
            self._squares, self._right = values[kept], right[:, kept]
            self._left = (x @ self._right) / np.sqrt(self._squares)
        self._count = count

    def fit(self, targets: NDArray[np.floating[Any]]) -> RidgeFit:
        """Fit all targets with the penalty that foretells rows left out best.

        Args:
            targets: (N, K), finite.
        """
        y = np.asarray(targets, dtype=np.float64)
        bias = y.mean(axis=0)
        parts = self._left.T @ (y - bias)
        leverage_of = self._left**2
        best: tuple[float, float, _Matrix] | None = None
        for penalty in PENALTIES:
            shrunk = self._squares / (self._squares + penalty)
            error = y - bias - self._left @ (shrunk[:, None] * parts)
            kept = 1 - (1 / self._count + leverage_of @ shrunk)
            without = error / np.maximum(kept, 1e-6)[:, None]
            loss = float((without**2).mean())
            if best is None or loss < best[0]:
                best = (loss, penalty, y - without)
        assert best is not None
        _, penalty, left_out = best
        inner = np.sqrt(self._squares) / (self._squares + penalty)
        weights = (self._right @ (inner[:, None] * parts)) / self._scale[:, None]
        head = LinearHead(
            weights.astype(np.float32), (bias - self._centre @ weights).astype(np.float32)
        )
        return RidgeFit(head, left_out, penalty)


def fit_odds(
    decisions: NDArray[np.floating[Any]], positive: NDArray[np.bool_]
) -> tuple[float, float]:
    """Slope and offset that make log odds of decisions, by Newton's method.

    The targets are Platt's, a little within 0 and 1 (Platt, "Probabilistic outputs for support
    vector machines", 1999), so that a few rows do not make certainties. The slope is never
    negative; where only one class is there, it is 0.

    Args:
        decisions: (N,) of rows left out.
        positive: (N,).
    """
    count, count_pos = len(positive), int(positive.sum())
    base = float(np.log((count_pos + 1) / (count - count_pos + 1)))
    if count_pos in (0, count):
        return 0.0, base
    target = np.where(positive, (count_pos + 1) / (count_pos + 2), 1 / (count - count_pos + 2))
    x = np.asarray(decisions, dtype=np.float64)
    middle, spread = float(x.mean()), float(x.std()) or 1.0
    rows = np.stack([(x - middle) / spread, np.ones(count)], axis=1)
    found = np.array([1.0, base])
    for _ in range(50):
        chance = 0.5 * (1 + np.tanh(0.5 * (rows @ found)))
        slope = rows.T @ (chance - target) + 1e-3 * found
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + 1e-3 * np.eye(2)
        step = np.linalg.solve(curve, slope)
        found = found - step
        if np.abs(step).max() < 1e-9:
            break
    if found[0] <= 0:
        return 0.0, base
    return float(found[0] / spread), float(found[1] - found[0] * middle / spread)
