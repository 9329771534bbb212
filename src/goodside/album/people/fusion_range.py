"""Whether, and at which yaws, a face turned to the camera helps to recognise it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from goodside.errors import WeightsError
from goodside.runtime import ModelCard

_FACT = "fuse_yaw_deg"


@dataclass(frozen=True, slots=True)
class FusionRange:
    """Yaws at which side faces are turned, and both vectors fused.

    Attributes:
        low_deg, high_deg: the range, to either side.
    """

    low_deg: float
    high_deg: float

    @classmethod
    def of(cls, card: ModelCard) -> Self | None:
        """The range measured for rotation weights; None: turning does not help with them.

        The card's fact `fuse_yaw_deg` holds `[low, high]` or null; where it is missing, nobody has
        measured it and nothing is turned.

        Raises:
            WeightsError: the fact is something else.
        """
        fact = card.facts.get(_FACT)
        if fact is None:
            return None
        try:
            low_deg, high_deg = map(float, fact)
        except (TypeError, ValueError) as error:
            raise WeightsError(
                f"{card.name}: {_FACT} is {fact!r}, not two angles", remedy="mend the card"
            ) from error
        return cls(low_deg, high_deg)

    def contains(self, yaw_deg: float) -> bool:
        """Whether a face that looks there is turned."""
        return self.low_deg <= abs(yaw_deg) <= self.high_deg
