"""What people said about photographs, whatever the data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.types import FloatArray


@dataclass(frozen=True, slots=True)
class Labels:
    """What is known about N photographs; NaN where a label is missing.

    Whoever reads a data set gives these, whatever its layout: M tags, E emotions and A attributes
    are its own, any of them may be none.

    Attributes:
        names: N file names.
        score: (N,) float32 mean aesthetic score, 1-10.
        distribution: (N, 10) float32 shares of the scores 1 ... 10, rows sum to 1.
        true_votes: (N,) bool, the distribution comes from real votes.
        high: (N,) int64, 1 where the mean is at or above `high_from`.
        tags: (N, M) float32, 0-1; a photograph may carry several.
        quality: (N,) float32 mean technical quality, 1-10.
        emotions: (N, E) float32 shares.
        attributes: (N, A) float32 means, 1-10.
        validation: (N,) bool, rows never trained on.
        tag_names, emotion_names, attribute_names: what the columns stand for.
        high_from: on the 1-10 scale.
    """

    names: tuple[str, ...]
    score: FloatArray
    distribution: FloatArray
    true_votes: NDArray[np.bool_]
    high: NDArray[np.int64]
    tags: FloatArray
    quality: FloatArray
    emotions: FloatArray
    attributes: FloatArray
    validation: NDArray[np.bool_]
    tag_names: tuple[str, ...]
    emotion_names: tuple[str, ...]
    attribute_names: tuple[str, ...]
    high_from: float

    def __len__(self) -> int:
        return len(self.names)


def known_rows(values: NDArray[np.floating[Any]]) -> NDArray[np.bool_]:
    """Rows of (N, K) without a NaN, as (N,)."""
    return np.asarray(np.isfinite(values).all(axis=1), dtype=np.bool_)
