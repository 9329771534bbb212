"""Figures of verification: how often the same person is known at a given rate of false alarms."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.evaluation.metrics import auc
from goodside.types import Json

_Scores = NDArray[np.floating[Any]]


def tar_at_far(scores: _Scores, same: NDArray[np.bool_], *, far: float) -> float | None:
    """True accepts at a share of false accepts.

    The threshold is the lowest score that at most a share `far` of the strangers' pairs exceed.

    Args:
        scores: (N,) likeness of pairs, larger for more alike.
        same: (N,) whether a pair shows one person.
        far: share of false accepts, 0-1.

    Returns:
        The share of the same person's pairs above the threshold; None where there are none, or
        fewer strangers' pairs than the share can be read from (1 / far).
    """
    known, strangers = scores[same], np.sort(scores[~same])
    allowed = int(np.floor(far * len(strangers) + 1e-9))
    if not len(known) or not allowed:
        return None
    return float((known > strangers[-1 - allowed]).mean())


def summary(scores: _Scores, same: NDArray[np.bool_]) -> Json:
    """`tar_1e2`, `tar_1e3` and `auc`; null where the pairs are too few to tell."""
    area = auc(scores, same)
    figures = {
        "tar_1e2": tar_at_far(scores, same, far=1e-2),
        "tar_1e3": tar_at_far(scores, same, far=1e-3),
        "auc": None if np.isnan(area) else area,
    }
    return {name: None if v is None else round(v, 4) for name, v in figures.items()}
