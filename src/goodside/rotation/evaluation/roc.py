"""Figures of verification: how often the same person is known at a given rate of false alarms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.evaluation.metrics import auc

_Scores = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class RocFigures:
    """Figures of one way to compare pairs; None where the pairs are too few to tell.

    Attributes:
        tar_1e2: true accepts where one pair of strangers in a hundred passes, 0-1.
        tar_1e3: true accepts where one in a thousand passes, 0-1.
        auc: area under the curve, 0-1.
    """

    tar_1e2: float | None
    tar_1e3: float | None
    auc: float | None


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


def measure_roc(scores: _Scores, same: NDArray[np.bool_]) -> RocFigures:
    """The figures of pairs with these scores; arguments as for `tar_at_far`."""
    area = auc(scores, same)
    return RocFigures(
        tar_1e2=_rounded(tar_at_far(scores, same, far=1e-2)),
        tar_1e3=_rounded(tar_at_far(scores, same, far=1e-3)),
        auc=_rounded(None if np.isnan(area) else area),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
