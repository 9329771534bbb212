"""What is to be expected of turned faces: what the weights' card measured on people kept out.

A result that is far off that is doubtful: farther off the asked yaw than twice the 95th percentile
of the card's errors, or with an identity nearer to a stranger's than to the card's mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from goodside.runtime import ModelCard
from goodside.types import Doubt, Pose

_FAR = 2.0
_YAW_BOUNDS_DEG = 10.0, 20.0
"""Less is no fault of a result, as angles are measured that well; more is, whatever the weights."""

_STRANGERS = 0.1
"""Whatever the weights: a cosine below that, as strangers have on average, is nobody's."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What was measured; between the yaws it is mixed linearly, beyond the last it stays.

    Attributes:
        yaw_deg: (A) ascending yaws that faces were turned to.
        yaw_error_deg: (A) the 95th percentile of the distances of the measured yaw from the asked.
        identity: (A) the mean cosine between result and photograph.
        strangers: the mean cosine between photographs of different people.
    """

    yaw_deg: tuple[float, ...] = ()
    yaw_error_deg: tuple[float, ...] = ()
    identity: tuple[float, ...] = ()
    strangers: float = _STRANGERS

    def doubts(
        self, asked: Pose, *, measured: Pose | None, identity: float | None
    ) -> tuple[Doubt, ...]:
        """What is far off.

        Args:
            asked: the pose.
            measured: the one found in the result; None without a face.
            identity: cosine to the photograph; None likewise.
        """
        if measured is None or identity is None:
            return (Doubt("face"),)
        found = []
        shortest, most = _YAW_BOUNDS_DEG
        least = _STRANGERS
        if self.yaw_deg:
            usual = float(np.interp(asked.yaw_deg, self.yaw_deg, self.yaw_error_deg))
            most = float(np.clip(_FAR * usual, shortest, most))
            mean = float(np.interp(asked.yaw_deg, self.yaw_deg, self.identity))
            least = max(least, (mean + self.strangers) / 2)
        error = abs(measured.yaw_deg - asked.yaw_deg)
        if error > most:
            found.append(Doubt("yaw", error, most))
        if identity < least:
            found.append(Doubt("identity", identity, least))
        return tuple(found)


def read_expectation(card: ModelCard) -> Expectation:
    """What a card's `held_out_portraits` say; without them only the bounds of all weights hold."""
    measured = card.metrics.get("held_out_portraits", {})
    rows = sorted(
        (row["yaw"], row["pose_error_p95_deg"], row["embedder_cosine"])
        for row in measured.get("rows", ())
        if row.get("pose_error_p95_deg") is not None and row.get("embedder_cosine") is not None
    )
    if not rows:
        return Expectation()
    yaws, errors, cosines = (tuple(map(float, column)) for column in zip(*rows, strict=True))
    strangers = measured.get("strangers", {}).get("mean")
    return Expectation(yaws, errors, cosines, _STRANGERS if strangers is None else strangers)
