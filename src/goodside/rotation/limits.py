"""Which faces are not turned: too small, looking too far aside, or largely covered.

Where the limits come from, and how often they err, stands in docs/reference/rotation.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from goodside.errors import OutOfRange, UnfitFace
from goodside.types import Face, Pose

Range = Mapping[str, Sequence[float]]
"""Lowest and highest degrees of `yaw`, `pitch` and `roll`: a card's fact `range_deg`."""

SMALLEST_FACE_PX = 40.0
"""Height of the smallest face, forehead to chin: below, its identity is not known well enough."""

SLACK_DEG = 8.0
"""How far a photograph's face may look beyond the range: 60 degrees are read as 68 at most."""

UNCOVERED_SCORE = 0.9999
"""Belief of the landmark network below which a face that looks at the camera is covered."""

UNCOVERED_WITHIN_DEG = 35.0
"""Yaw up to which that holds; faces that look farther aside are believed less, covered or not."""


def check_pose(pose: Pose, *, range_deg: Range, path: str | None = None) -> None:
    """Refuse an asked pose beyond what the weights were trained on.

    Raises:
        OutOfRange: it is, or is no number.
    """
    for name in ("yaw", "pitch", "roll"):
        value, (low, high) = getattr(pose, f"{name}_deg"), range_deg[name]
        if not low <= value <= high:
            raise OutOfRange(
                f"{name} {value:g} is beyond what the weights were trained on",
                path=path,
                remedy=f"ask for {low:g} to {high:g} degrees",
            )


def check_face(face: Face, *, range_deg: Range, path: str | None = None) -> None:
    """Refuse a photograph's face that cannot be turned well.

    Raises:
        UnfitFace: it is too small, looks too far aside, or is largely covered.
    """
    if face.box.height < SMALLEST_FACE_PX:
        raise UnfitFace(
            f"the face is too small: {face.box.height:.0f} pixels high",
            path=path,
            remedy=f"take a photograph in which it has at least {SMALLEST_FACE_PX:.0f}",
        )
    for name, word in (("yaw", "aside"), ("pitch", "up or down")):
        value, (low, high) = getattr(face.pose, f"{name}_deg"), range_deg[name]
        if not low - SLACK_DEG <= value <= high + SLACK_DEG:
            raise UnfitFace(
                f"the face looks too far {word}: {name} {value:.0f} degrees",
                path=path,
                remedy=f"take a photograph in which it looks {low:g} to {high:g} degrees",
            )
    if abs(face.pose.yaw_deg) <= UNCOVERED_WITHIN_DEG and face.mesh_score < UNCOVERED_SCORE:
        raise UnfitFace(
            "a large part of the face is covered",
            path=path,
            remedy="take a photograph without mask, hand or hair before it",
        )
