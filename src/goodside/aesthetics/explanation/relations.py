"""Which kinds of picture go with high quality, as relationship learning found it in training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodside.errors import WeightsError
from goodside.runtime import ModelCard
from goodside.tags import display_name
from goodside.types import Json

LOW, HIGH = "low", "high"
"""The columns of the aesthetic task; all others are tags."""


@dataclass(frozen=True, slots=True)
class Relations:
    """The learnt covariance of the tasks' weights: Omega of Zhang and Yeung (UAI 2010).

    Attributes:
        labels: T names: `LOW`, `HIGH`, and the tags.
        omega: (T, T) float64, symmetric, positive semidefinite.
        correlation: (T, T) float64, the same scaled to ones on the diagonal.
    """

    labels: tuple[str, ...]
    omega: NDArray[np.float64]
    correlation: NDArray[np.float64]

    def with_quality(self) -> list[tuple[str, float]]:
        """The tags with their correlation to quality, from +1 to -1, the highest first.

        Quality is the difference w_high - w_low, by which the network decides between the two.
        Under Omega its covariance with the tag t is O[h,t] - O[l,t], and its variance is
        O[h,h] + O[l,l] - 2 O[h,l]. A tag without variance has the correlation 0.
        """
        omega, low, high = self.omega, self.labels.index(LOW), self.labels.index(HIGH)
        spread = omega[high, high] + omega[low, low] - 2 * omega[high, low]
        scale = np.sqrt(np.maximum(spread, 0) * np.maximum(omega.diagonal(), 0))
        shared = omega[high] - omega[low]
        found = np.divide(shared, scale, out=np.zeros_like(scale), where=scale > 0)
        tags = [
            (label, float(np.clip(value, -1, 1)))
            for label, value in zip(self.labels, found, strict=True)
            if label not in (LOW, HIGH)
        ]
        return sorted(tags, key=lambda tag: -tag[1])

    def as_json(self) -> Json:
        """All of it as plain numbers."""
        return {
            "labels": [display_name(label) for label in self.labels],
            "with_high_quality": {
                display_name(label): round(value, 4) for label, value in self.with_quality()
            },
            "correlation": self.correlation.round(4).tolist(),
            "omega": self.omega.tolist(),
        }


def read_relations(card: ModelCard) -> Relations | None:
    """The card's fact `relations`; None where it has none.

    Raises:
        WeightsError: the fact is damaged.
    """
    fact = card.facts.get("relations")
    if fact is None:
        return None
    try:
        labels = tuple(str(label) for label in fact["labels"])
        omega = np.asarray(fact["omega"], dtype=np.float64)
        correlation = np.asarray(fact["correlation"], dtype=np.float64)
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(card, f"no numbers where they should be: {error}") from error
    count = len(labels)
    if omega.shape != (count, count) or correlation.shape != (count, count):
        raise _damaged(card, f"{count} labels, matrices of {omega.shape} and {correlation.shape}")
    if not {LOW, HIGH} < set(labels):
        raise _damaged(card, f"labels without {LOW}, {HIGH} or any tag")
    if not np.isfinite([omega, correlation]).all() or not np.allclose(omega, omega.T, atol=1e-6):
        raise _damaged(card, "a matrix that is not symmetric and finite")
    return Relations(labels, omega, correlation)


def _damaged(card: ModelCard, found: str) -> WeightsError:
    return WeightsError(
        f"the relations in the card of {card.name} are damaged: {found}",
        remedy="export the weights anew, or reinstall goodside",
    )
