"""Ridge probes: how much of a rating a frozen network's features hold.

A probe is linear regression with a penalty on the squared norm of its coefficients (Hoerl and
Kennard, 1970), on standardised features; the penalty is chosen by cross-validation inside the
training rows. Rows of one group (a theme, a photographer) are never on both sides of a split.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.evaluation.metrics import srcc

_Array = NDArray[np.floating[Any]]
PENALTIES = tuple(float(10**power) for power in np.arange(0, 5.5, 0.5))
FOLDS = 5


@dataclass(frozen=True, slots=True)
class RidgeProbe:
    """A fitted probe.

    Attributes:
        centre, spread: (D,) of the training features.
        weights: (D,) on standardised features.
        bias: the training scores' mean.
        penalty: that was chosen.
    """

    centre: NDArray[np.float64]
    spread: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float
    penalty: float

    def predict(self, features: _Array) -> NDArray[np.float64]:
        """Scores, (N,), of features (N, D)."""
        scores: NDArray[np.float64] = (
            (features.astype(np.float64) - self.centre) / self.spread
        ) @ self.weights + self.bias
        return scores


def fit_ridge(features: _Array, scores: _Array, *, penalty: float) -> RidgeProbe:
    """Fit a probe with a given penalty.

    Args:
        features: (N, D).
        scores: (N,).
        penalty: weight of the squared norm against the summed squared errors, 0 or more.
    """
    x = features.astype(np.float64)
    centre, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    x = (x - centre) / spread
    bias = float(scores.mean())
    y = scores.astype(np.float64) - bias
    count, width = x.shape
    if count < width:  # the same solution by its dual, (N, N) instead of (D, D)
        weights = x.T @ np.linalg.solve(x @ x.T + penalty * np.eye(count), y)
    else:
        weights = np.linalg.solve(x.T @ x + penalty * np.eye(width), x.T @ y)
    return RidgeProbe(centre, spread, weights, bias, penalty)


def choose_ridge(features: _Array, scores: _Array, *, groups: Sequence[str]) -> RidgeProbe:
    """Fit a probe whose penalty makes the best rank correlation in cross-validation.

    Args:
        features: (N, D).
        scores: (N,).
        groups: N names; rows of one name stay together.
    """
    reached = [
        srcc(cross_validated(features, scores, groups=groups, penalty=penalty), scores)
        for penalty in PENALTIES
    ]
    return fit_ridge(features, scores, penalty=PENALTIES[int(np.argmax(reached))])


def cross_validated(
    features: _Array, scores: _Array, *, groups: Sequence[str], penalty: float | None = None
) -> NDArray[np.float64]:
    """Every row's score by a probe that never saw its group, (N,).

    Args:
        features, scores, groups: as for `choose_ridge`.
        penalty: of every probe; by default each chooses its own inside its training rows.
    """
    fold = folds(groups)
    predicted = np.full(len(scores), float(scores.mean()))
    for left_out in np.unique(fold):
        seen = fold != left_out
        if not seen.any():
            continue
        if penalty is None:
            names = [group for group, used in zip(groups, seen, strict=True) if used]
            probe = choose_ridge(features[seen], scores[seen], groups=names)
        else:
            probe = fit_ridge(features[seen], scores[seen], penalty=penalty)
        predicted[~seen] = probe.predict(features[~seen])
    return predicted


def folds(groups: Sequence[str]) -> NDArray[np.int64]:
    """Which fifth each row is in, (N,), by the digest of its group."""
    digests = [hashlib.sha256(f"fold {group}".encode()).digest() for group in groups]
    return np.array([int.from_bytes(digest[:6], "big") % FOLDS for digest in digests])
