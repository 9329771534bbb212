"""What the populations say of photographs and of their views: by themselves, or through a probe.

People rated whole photographs of their own set alone. What they would say of other photographs, of
crops and of degraded copies, ridge probes on the teachers' features guess; that counts less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.types import FloatArray
from goodside_train.aesthetics.datasets.distributions import distribution_from_mean
from goodside_train.aesthetics.probes import choose_ridge

CENTRE = 5.5
SPREAD = 1.5
"""Where the mean and the standard deviation of a population's scores lie on the 1-10 scale."""

VOTES_STD = 1.4
"""Standard deviation of the votes for one photograph, AVA's mean."""


@dataclass(frozen=True, slots=True)
class Target:
    """One population's scores of N pictures.

    Attributes:
        score: (N,) float32, standardised: mean 0 and standard deviation 1 over what it rated.
        trust: (N,) float32, 1 for its own ratings, less for guessed ones, 0 where there is none.
    """

    score: FloatArray
    trust: FloatArray


def population_target(
    rated: NDArray[np.floating[Any]],
    features: FloatArray,
    *,
    groups: Sequence[str],
    trust: float,
) -> Target:
    """Standardise a population's ratings and guess the missing ones.

    Args:
        rated: (N,) its means on any scale; NaN where it gave none.
        features: (N, D) of the teachers, NaN in rows at which not all of them looked; those stay
            without a rating.
        groups: N names; pictures of one name are not split when the probe's penalty is chosen.
        trust: of a guessed rating.
    """
    known = np.isfinite(rated)
    own = rated[known].astype(np.float64)
    score = np.zeros(len(rated), dtype=np.float32)
    score[known] = (own - own.mean()) / max(float(own.std()), 1e-6)
    weight = known.astype(np.float32)
    guessed = ~known & np.isfinite(features).all(axis=1)
    if trust and guessed.any():
        names = [group for group, used in zip(groups, known, strict=True) if used]
        probe = choose_ridge(features[known], score[known], groups=names)
        score[guessed] = np.clip(probe.predict(features[guessed]), -3, 3)
        weight[guessed] = trust
    return Target(score, weight)


def score_distribution(score: FloatArray) -> FloatArray:
    """The ten-bin distribution that stands for standardised scores, (N,) -> (N, 10)."""
    mean = np.clip(CENTRE + SPREAD * score, 1, 10)
    spread = np.full(len(score), VOTES_STD)
    return distribution_from_mean(mean, std=spread).astype(np.float32)
