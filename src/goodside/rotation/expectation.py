"""What is to be expected of turned faces: the worst that was measured on people kept out.

The weights' card holds it, by yaw; a result that is worse than all of those is doubtful.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goodside.runtime import ModelCard
from goodside.types import Doubt, Pose

_MOST_YAW_ERROR_DEG = 20.0
"""Whatever the weights: a face that is farther off does not look where it was asked to."""

_STRANGERS = 0.1
"""Whatever the weights: a cosine below that, as strangers have on average, is nobody's."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """The limits of what is to be expected; those of yaws in between are mixed linearly.

    Attributes:
        people: on how many they were measured; 0 for nobody.
        yaw_deg: (A) ascending yaws at which they were measured.
        yaw_error_deg: (A) the largest distance of the measured yaw from the asked one.
        identity: (A) the smallest cosine between result and photograph.
    """

    people: int = 0
    yaw_deg: tuple[float, ...] = ()
    yaw_error_deg: tuple[float, ...] = ()
    identity: tuple[float, ...] = ()

    def doubts(
        self, asked: Pose, *, measured: Pose | None, identity: float | None
    ) -> tuple[Doubt, ...]:
        """What is worse than expected.

        Args:
            asked: the pose.
            measured: the one found in the result; None without a face.
            identity: cosine to the photograph; None likewise.
        """
        if measured is None or identity is None:
            return (Doubt("face"),)
        found = []
        most, least = _MOST_YAW_ERROR_DEG, _STRANGERS
        if self.yaw_deg:
            most = min(most, float(np.interp(asked.yaw_deg, self.yaw_deg, self.yaw_error_deg)))
            least = max(least, float(np.interp(asked.yaw_deg, self.yaw_deg, self.identity)))
        error = abs(measured.yaw_deg - asked.yaw_deg)
        if error > most:
            found.append(Doubt("yaw", error, most))
        if identity < least:
            found.append(Doubt("identity", identity, least))
        return tuple(found)


def read_expectation(card: ModelCard) -> Expectation:
    """What a card's fact `expected` says; without it only the bounds of all weights hold."""
    stored = card.facts.get("expected")
    if not stored:
        return Expectation()
    columns = ("yaw_deg", "yaw_error_deg", "identity")
    return Expectation(stored["people"], *(tuple(map(float, stored[name])) for name in columns))


def worst_of(
    yaws_deg: Sequence[float],
    errors_deg: Sequence[Sequence[float]],
    identities: Sequence[Sequence[float]],
) -> Expectation | None:
    """The worst of what was measured, for a card.

    Args:
        yaws_deg: (A) in any order.
        errors_deg, identities: of each, those of all people.

    Returns:
        None where nothing was measured.
    """
    rows = sorted(
        (yaw, max(errors), min(cosines))
        for yaw, errors, cosines in zip(yaws_deg, errors_deg, identities, strict=True)
        if errors
    )
    if not rows:
        return None
    yaws, errors, cosines = (
        tuple(round(float(v), 3) for v in row) for row in zip(*rows, strict=True)
    )
    people = min(len(some) for some in errors_deg if some)
    return Expectation(people, yaws, errors, cosines)
