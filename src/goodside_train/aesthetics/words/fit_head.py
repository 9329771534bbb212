"""The head that says words, fitted on the features of finished weights.

A word that few photographs show cannot be learnt from those few. What ImageNet's classes say of it
is known of every photograph, so each word starts from the direction in which its fold of classes
rises, and the labels move it from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from goodside.types import FloatArray

_RIDGE = 300.0
"""Weight of the squared norm against the sum of squares, for the directions of the teachers."""
_DECAY = 1.2e-2
"""Weight of the squared norm against the mean cross-entropy; chosen by average precision."""
_SPREAD = 0.02
"""Added to each feature's standard deviation, so that one that never moves is not blown up."""
_STEPS = 60
_SURE = 1e-6

_Array = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class WordHead:
    """A linear head.

    Attributes:
        weights: (D, W) float32.
        bias: (W,) float32.
    """

    weights: FloatArray
    bias: FloatArray

    def logits(self, features: FloatArray) -> FloatArray:
        """(N, W) from (N, D)."""
        found: FloatArray = features @ self.weights + self.bias
        return found


def fit_word_head(
    features: FloatArray, labels: FloatArray, chances: FloatArray | None = None
) -> WordHead:
    """Fit a logistic regression for each word, from the teachers' direction.

    Args:
        features: (N, D).
        labels: (N, W), 1 and 0, NaN where nobody knows; a word needs one of each.
        chances: (N, W) that teachers give each word, NaN where they cannot; None without teachers.
    """
    known = np.isfinite(labels)
    centre, spread = features.mean(axis=0), features.std(axis=0) + _SPREAD
    directions = np.zeros((features.shape[1], labels.shape[1]), np.float32)
    if chances is not None:
        directions = _directions(features - centre, chances)
    offset = (features - centre) @ directions
    share = known / np.maximum(known.sum(axis=0), 1)
    usual = np.clip((np.nan_to_num(labels) * share).sum(axis=0), 1e-3, 1 - 1e-3)

    inputs = torch.from_numpy(((features - centre) / spread).astype(np.float32))
    target = torch.from_numpy(np.nan_to_num(labels).astype(np.float32))
    weight = torch.from_numpy(share.astype(np.float32))
    start = torch.from_numpy(offset.astype(np.float32))
    moves = torch.zeros(directions.shape, requires_grad=True)
    bias = torch.from_numpy(np.log(usual / (1 - usual)).astype(np.float32)).requires_grad_()
    trust = torch.ones(labels.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [moves, bias, trust], max_iter=_STEPS, line_search_fn="strong_wolfe", history_size=10
    )

    def closure() -> float:
        optimizer.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            inputs @ moves + bias + trust * start, target, weight=weight, reduction="sum"
        )
        loss = loss + _DECAY * moves.square().sum()
        torch.autograd.backward(loss)
        return float(loss.detach())

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    weights = moves.detach().numpy() / spread[:, None] + directions * trust.detach().numpy()
    return WordHead(
        weights.astype(np.float32), (bias.detach().numpy() - centre @ weights).astype(np.float32)
    )


def cross_fitted_logits(
    features: FloatArray,
    labels: FloatArray,
    chances: FloatArray | None,
    *,
    groups: NDArray[np.integer[Any]],
    folds: int = 5,
) -> FloatArray:
    """What heads say of photographs that they were not fitted on, (N, W).

    Args:
        features, labels, chances: as for `fit_word_head`.
        groups: (N,) photographs of one group are kept out together.
        folds: how many heads.
    """
    fold = fold_of_groups(groups, folds=folds, seed=0)
    said = np.zeros(labels.shape, np.float32)
    for number in range(folds):
        out = fold == number
        head = fit_word_head(
            features[~out], labels[~out], None if chances is None else chances[~out]
        )
        said[out] = head.logits(features[out])
    return said


def fold_of_groups(
    groups: NDArray[np.integer[Any]], *, folds: int, seed: int
) -> NDArray[np.integer[Any]]:
    """A fold for each photograph, (N,), the same for all of a group, drawn from the seed."""
    names, place = np.unique(groups, return_inverse=True)
    return np.random.default_rng(seed).integers(0, folds, len(names))[place]


def near_duplicates(photos: NDArray[np.uint8], *, alike: float = 0.93) -> NDArray[np.intp]:
    """Groups of photographs that look alike when small and gray, a number for each, (N,).

    Args:
        photos: (N, S, S, 3).
        alike: correlation of the small gray copies from which two belong together.
    """
    side = photos.shape[1] // 14 * 14
    small = np.stack(
        [
            np.asarray(photo[:side, :side], np.float32)
            .mean(axis=2)
            .reshape(14, side // 14, 14, side // 14)
            .mean(axis=(1, 3))
            .ravel()
            for photo in photos
        ]
    )
    small -= small.mean(axis=1, keepdims=True)
    small /= np.linalg.norm(small, axis=1, keepdims=True) + 1e-6
    near = small @ small.T > alike
    np.fill_diagonal(near, True)
    group = np.arange(len(photos))
    while True:
        merged = np.array([group[row].min() for row in near])
        if (merged == group).all():
            return merged
        group = merged


def _directions(centred: FloatArray, chances: FloatArray) -> FloatArray:
    """Ridge regression of the teachers' log odds, (D, W), of spread 1; 0 where they are NaN."""
    heard = np.isfinite(chances).all(axis=0)
    sure = np.clip(np.where(heard, np.nan_to_num(chances), 0.5), _SURE, 1 - _SURE)
    odds = np.log(sure / (1 - sure))
    square = centred.T @ centred + _RIDGE * np.eye(centred.shape[1], dtype=np.float32)
    found = np.linalg.solve(square, centred.T @ (odds - odds.mean(axis=0)))
    spread = (centred @ found).std(axis=0)
    return np.where(heard, found / np.maximum(spread, 1e-6), 0).astype(np.float32)
