"""What was asked for: which face, which pose, and the pose that the face is turned to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from goodside.errors import AmbiguousFace, NoFace, OutOfRange
from goodside.face import rotation_matrix
from goodside.types import Face, Pose

_KEPT_PITCH_DEG = 15.0
_STILL_DEG, _WHOLE_DEG = 3.0, 8.0  # the photograph's pose is measured to about 3 degrees


def choose_face(found: Sequence[Face], face: int | None, *, path: str | None = None) -> Face:
    """The face of a number, or the only one.

    Args:
        found: in the photograph, as `FaceFinder` lists them.
        face: its number, counted from 0; None where there is but one.
        path: the photograph, if it was a file.

    Raises:
        NoFace: none was found.
        AmbiguousFace: several were found and none was chosen.
        OutOfRange: there is no face of that number.
    """
    if not found:
        raise NoFace(
            "no face was found", path=path, remedy="the face should fill at least 40 pixels"
        )
    if face is None and len(found) > 1:
        raise AmbiguousFace(
            f"{len(found)} faces were found",
            path=path,
            remedy="choose one: --face N, face=N; `goodside faces` lists them",
        )
    index = face or 0
    if not 0 <= index < len(found):
        raise OutOfRange(
            f"face {index} of {len(found)}", path=path, remedy="count the faces from 0"
        )
    return found[index]


def asked_pose(
    yaw_deg: float, *, pitch_deg: float | None = None, roll_deg: float = 0.0, source: Pose
) -> Pose:
    """The whole pose of a request: without a pitch, that of the photograph within +-15 degrees."""
    if pitch_deg is None:
        pitch_deg = float(np.clip(source.pitch_deg, -_KEPT_PITCH_DEG, _KEPT_PITCH_DEG))
    return Pose(yaw_deg, pitch_deg, roll_deg)


def settled_pose(asked: Pose, *, source: Pose) -> Pose:
    """The pose that a request is turned to: the photograph's own where the two hardly differ.

    The photograph's pose is known to a few degrees only, so that a smaller turn would change the
    picture for nothing. Up to `_STILL_DEG` between them the photograph stays, from `_WHOLE_DEG` on
    the turn is whole, and in between a part of it, so that a sweep does not jump.

    Args:
        asked: the pose asked for.
        source: that of the head in its frame.
    """
    angle = turn_deg(source, asked)
    share = float(np.clip((angle - _STILL_DEG) / (_WHOLE_DEG - _STILL_DEG), 0, 1))
    if share in (0, 1):
        return asked if share else source
    return Pose(
        source.yaw_deg + share * (asked.yaw_deg - source.yaw_deg),
        source.pitch_deg + share * (asked.pitch_deg - source.pitch_deg),
        source.roll_deg + share * (asked.roll_deg - source.roll_deg),
    )


def turn_deg(source: Pose, target: Pose) -> float:
    """Angle of the one rotation that leads from a pose to another."""
    a, b = (rotation_matrix(p.yaw_deg, p.pitch_deg, p.roll_deg) for p in (source, target))
    cosine = (np.trace(a.T @ b) - 1) / 2
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
