"""What is usual for each kind of picture: quantiles of predictions, for the card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.explanation.norms import ALL

_FEWEST = 40
_SCORE_STEPS, _ATTRIBUTE_STEPS = 101, 21

_Array = NDArray[np.floating[Any]]


def reference_by_semantic(
    scores: _Array, semantic_probabilities: _Array, labels: Sequence[str]
) -> dict[str, list[float]]:
    """Quantiles of the scores of each kind of picture: the card's fact of this name.

    A photograph counts for its likeliest label alone; a label with fewer than 40 photographs is
    left out.

    Args:
        scores: (N,) predicted for the reference photographs.
        semantic_probabilities: (N, M).
        labels: M names.

    Returns:
        101 rising numbers a label: 0th to 100th percentile.
    """
    return {
        label: _quantiles(scores[rows], _SCORE_STEPS)
        for label, rows in _kinds(semantic_probabilities, labels).items()
    }


def attributes_by_semantic(
    attributes: _Array,
    semantic_probabilities: _Array,
    labels: Sequence[str],
    *,
    names: Sequence[str],
) -> dict[str, dict[str, list[float]]]:
    """Quantiles of the attributes of each kind of picture and of all: the card's fact of this name.

    Args:
        attributes: (N, K) predicted for the reference photographs.
        semantic_probabilities: (N, M).
        labels: M names.
        names: K names of the attributes; `technical` may stand among them.

    Returns:
        For each label, and for `all`, 21 rising numbers an attribute: every fifth percentile.
    """
    kinds = _kinds(semantic_probabilities, labels) | {ALL: np.arange(len(attributes))}
    return {
        label: {
            name: _quantiles(attributes[rows, column], _ATTRIBUTE_STEPS)
            for column, name in enumerate(names)
        }
        for label, rows in kinds.items()
    }


def _kinds(probabilities: _Array, labels: Sequence[str]) -> dict[str, NDArray[np.intp]]:
    """The rows whose likeliest label is this one, for each label that has enough of them."""
    if not labels:
        return {}
    likeliest = probabilities.argmax(axis=1)
    rows = {label: np.flatnonzero(likeliest == column) for column, label in enumerate(labels)}
    return {label: found for label, found in rows.items() if len(found) >= _FEWEST}


def _quantiles(values: _Array, steps: int) -> list[float]:
    found: list[float] = np.quantile(values, np.linspace(0, 1, steps)).round(3).tolist()
    return found
