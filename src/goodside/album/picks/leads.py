"""What one photograph has over another: the parts of their worth, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from goodside.album.picks.worth import Worth

Part = Literal["aesthetic", "sharpness", "eyes", "facing", "exposure", "stars", "technical"]
PARTS: tuple[Part, ...] = get_args(Part)

MIN_LEADS: dict[Part, float] = {
    "aesthetic": 0.1,
    "sharpness": 0.15,
    "eyes": 0.2,
    "facing": 0.1,
    "exposure": 0.1,
    "stars": 0.5,
    "technical": 0.15,
}
"""Points by which a part must differ to be worth a word."""

RANGES: dict[Part, tuple[float, float]] = {
    "aesthetic": (1.0, 10.0),
    "sharpness": (-0.75, 0.75),
    "eyes": (-1.2, 0.0),
    "facing": (-0.6, 0.0),
    "exposure": (-2.0, 0.0),
    "stars": (-3.0, 2.0),
    "technical": (-1.8, 1.8),
}
"""From the worst to the best that a part of the worth can be."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Something in which a photograph is ahead of another.

    Attributes:
        part: of the worth.
        points: by how many, above 0.
    """

    part: Part
    points: float


def find_leads(worth: Worth, other: Worth) -> tuple[Lead, ...]:
    """Where a photograph is clearly ahead of another one, the largest lead first.

    Args:
        worth: of the photograph.
        other: of the one that it is compared with.
    """
    leads = [Lead(part, getattr(worth, part) - getattr(other, part)) for part in PARTS]
    return tuple(
        sorted((lead for lead in leads if lead.points >= MIN_LEADS[lead.part]), key=_largest)
    )


def part_share(worth: Worth, part: Part) -> float:
    """A part of the worth as a share of its range, 0-1."""
    low, high = RANGES[part]
    points: float = getattr(worth, part)
    return min(1.0, max(0.0, (points - low) / (high - low)))


def _largest(lead: Lead) -> float:
    return -lead.points
