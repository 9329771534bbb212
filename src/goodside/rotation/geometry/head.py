"""The head as a mesh: the face's own 468 points, and rings for ears, hair, neck and backdrop.

A face mesh ends at the face's oval. Turned alone it leaves a floating mask, so rings continue it
over the sides of the head, as the quarter of an ellipse, back to the rim: the outline of the head
in the photograph, which a turn moves but hardly narrows. The last ring holds the backdrop still.

Where short hair leaves the ears bare, the outline is theirs, and they stand well before the back of
the head. There the side is a slant as deep as an ear, and the back, which no photograph from the
front shows, follows behind it in the colours of the hair above.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from goodside.face import Crop, load_canonical, rotation_matrix
from goodside.rotation.geometry.head_shape import HEAD
from goodside.types import FloatArray, Pose

SIDE_RINGS, BACK_RINGS = 4, 4
"""Rings from the face's oval, without it, to the edge of the ears, and from there to the rim. The
first and the last of the back lie on their neighbours, as they are read from other places."""

RINGS = SIDE_RINGS + BACK_RINGS

_IN_SIGHT, _OUT_OF_SIGHT = -1.0, 1.0  # depths, in sides, before and behind everything

_SHARES = (
    *np.linspace(0, HEAD.ear_end, SIDE_RINGS + 1)[1:],
    *np.linspace(HEAD.ear_end, 1, BACK_RINGS - 1),
    1.0,
)
"""How far over the side and back of the head each ring lies, 0 at the oval and 1 at the rim."""

_SPOKES = 36
FROM_CROWN = np.minimum(np.arange(_SPOKES), _SPOKES - np.arange(_SPOKES))
_EARS = np.interp(FROM_CROWN, (4, 5, 11, 13), (0, 1, 1, 0)).astype(np.float32)
_BACK_HAIR = np.interp(FROM_CROWN, (4, 5, 11, 12), (0, 1, 1, 0)).astype(np.float32)
TEMPLE_SPOKE, NAPE_SPOKE = 4, 11
"""Spokes are counted from the middle of the crown, 0, to the chin, 18; ears lie on 7 to 10."""


@dataclass(frozen=True, slots=True, eq=False)
class HeadMesh:
    """A head, seen from the front, ready to be turned.

    Attributes:
        points: (468, 3) float32, the face in front view, in frame sides, with the pivot as origin.
        pivot: (2,) float32, where the pivot lies in the portrait frame.
        pose: how the head stands in the photograph (roll is that of the frame, so 0 here).
        frame: where the portrait lies in the photograph.
        reach: (36,) float32, how far the rim lies from the oval's centre, as a multiple of the
            oval's own distance, in the order of the oval's points.
        edge: (36,) float32, likewise how far the ears reach, a little beyond.
        hair: (36,) float32, how far the person goes on beyond the rim, as a share of the way to the
            backdrop.
        stained: (468,) float32, 0-1, how far each vertex shows other colours than the face further
            inside, as it lies on hair or backdrop rather than on the cheek; 1 if nobody has looked.
        shows_crown: whether the photograph shows the crown; close crops leave it out.
    """

    points: FloatArray
    pivot: FloatArray
    pose: Pose
    frame: Crop
    reach: FloatArray
    edge: FloatArray
    hair: FloatArray
    stained: FloatArray
    shows_crown: bool = True

    def posed(self, pose: Pose) -> FloatArray:
        """Turn the head.

        Args:
            pose: the pose to show it in.

        Returns:
            (468 + 9 x 36, 3) float32 vertices: x, y as shares of the portrait frame, z in sides,
            smaller values nearer to the camera.
        """
        turn = rotation_matrix(pose.yaw_deg, pose.pitch_deg, pose.roll_deg)
        lean = rotation_matrix(0, 0, pose.roll_deg)
        face = self.points.astype(np.float64)
        oval = face[load_canonical().regions["oval"]]
        centre = oval.mean(axis=0) * (1, 1, 0)
        spoke = oval * (1, 1, 0) - centre
        rim = _rim_depth(spoke) / HEAD.frame_side_cm
        parts = [face @ turn.T]
        bare = _EARS * self.bare_ears
        for share in _SHARES:
            side, back = (
                min(share / HEAD.ear_end, 1),
                max(share - HEAD.ear_end, 0) / (1 - HEAD.ear_end),
            )
            out = _mixed(np.sin(share * np.pi / 2), side - HEAD.nape_inset * back, bare)
            ear = HEAD.ear_depth * side + (1 - HEAD.ear_depth) * np.sin(back * np.pi / 2)
            deep = _mixed(1 - np.cos(share * np.pi / 2), ear, bare)
            reach = _mixed(self.reach, self.edge, bare * (1 - back))
            flat = spoke * (1 + out * (reach - 1))[:, None] + centre
            depth = oval[:, 2] + deep * (rim - oval[:, 2])
            behind = np.stack([0 * depth, 0 * depth, depth], axis=1)
            # The face and its ears turn as a solid, the rim is an outline.
            solid = _mixed(1 - share**2, 1 - back**2, bare)[:, None]
            parts.append((solid * flat + behind) @ turn.T + (1 - solid) * (flat @ lean.T))
        still = spoke * HEAD.backdrop_reach + centre
        parts.append(still + np.array([0, 0, HEAD.backdrop_cm / HEAD.frame_side_cm]))
        vertices = np.concatenate(parts)
        vertices[:, :2] += self.pivot
        return vertices.astype(np.float32)

    @property
    def bare_ears(self) -> FloatArray:
        """(36,) how far the head ends with the ears, 1, rather than with hair over them, 0."""
        return ((HEAD.hair_reach - self.reach) / HEAD.hair_ease).clip(0, 1).astype(np.float32)

    @property
    def hair_fill(self) -> FloatArray:
        """(36,) how far the back of the head is read from the hair above it, 0-1."""
        return _BACK_HAIR * self.bare_ears

    def texture_coordinates(self, pose: Pose) -> FloatArray:
        """Where the colours of each vertex are read in a picture of the head in some pose.

        Args:
            pose: that of the picture.

        Returns:
            As `posed`, but for the back of the head, which lies on the hair above it; at the nape,
            where that gives way to the neck, out of sight. What stands beside it is read from
            beyond the ears, which would show there a second time.
        """
        vertices = self.posed(pose)
        rings = vertices[len(self.points) :].reshape(RINGS + 1, _SPOKES, 3)
        rim, still = rings[-2:]
        way, shares = self.hair[:, None] * (still - rim), _above(shows_crown=self.shows_crown)
        for ring, lies in enumerate(HEAD.back_hair, start=SIDE_RINGS):
            above = shares @ (rim + lies * way)
            above[:, 2] = np.where(FROM_CROWN == NAPE_SPOKE, _OUT_OF_SIGHT, _IN_SIGHT)
            rings[ring] += self.hair_fill[:, None] * (above - rings[ring])
        clear = (self.edge + HEAD.ear_clearance - self.reach) / (HEAD.backdrop_reach - self.reach)
        rim += (self.hair_fill * clear)[:, None] * (still - rim)
        return vertices

    def widest(self) -> HeadMesh:
        """The head with its rim as far out as heads reach, whatever the photograph shows there."""
        reach = widest_reach(self.points[load_canonical().regions["oval"]])
        return replace(self, reach=reach, edge=reach)

    def rings_seen(self) -> FloatArray:
        """(9, 36, 2) the rings as the photograph shows them."""
        rings: FloatArray = self.posed(self.pose)[len(self.points) :, :2]
        return rings.reshape(RINGS + 1, _SPOKES, 2)

    def landmarks(self, pose: Pose) -> FloatArray:
        """(468, 2) float32 landmarks of the turned face, as shares of the portrait frame."""
        return self.posed(pose)[: len(self.points), :2]


def _mixed(
    one: FloatArray | float, other: FloatArray | float, share: FloatArray
) -> NDArray[np.float64]:
    """(36,) the one where the share is 0, the other where it is 1."""
    mixed: NDArray[np.float64] = one + share * (np.asarray(other, np.float64) - one)
    return mixed


@lru_cache(maxsize=2)
def _above(*, shows_crown: bool) -> FloatArray:
    """(36, 36) shares of the spokes above from which the back of the head takes its hair.

    From the temples down to the nape the places go up towards the crown, where hair is surest; if
    the photograph ends before it, they stay at the temples.
    """
    spokes = (0, 3, 1.5) if shows_crown else (0, 4, 6.5)
    spoke = np.interp(FROM_CROWN, (0, spokes[1], NAPE_SPOKE), spokes)
    shares = np.maximum(1 - np.abs(spoke[:, None] - FROM_CROWN), 0).astype(np.float32)
    left = np.arange(_SPOKES) <= _SPOKES // 2
    shares[left[:, None] != left] = 0
    summed: FloatArray = shares / shares.sum(axis=1, keepdims=True)
    return summed


def _rim_depth(spokes: NDArray[np.float64]) -> NDArray[np.float64]:
    """(36,) centimetres behind the pivot of the rim's points, from the (36, 3) ways to them."""
    across, down = (spokes / np.linalg.norm(spokes, axis=1, keepdims=True)).T[:2]
    side = across ** np.where(down < 0, 2, 4)  # below the ears the outline goes in to the neck
    depth: NDArray[np.float64]
    depth = side * HEAD.side_depth_cm + down**2 * np.where(
        down < 0, HEAD.crown_depth_cm, HEAD.neck_depth_cm
    )
    return depth


def widest_reach(oval: NDArray[np.floating]) -> FloatArray:
    """(36,) the farthest that a head's rim reaches, from the (36, 3) points of the face's oval."""
    spokes = oval[:, :2] - oval[:, :2].mean(axis=0)
    down = spokes[:, 1] / np.linalg.norm(spokes, axis=1)
    reach = HEAD.side_reach + (HEAD.chin_reach - HEAD.side_reach) * down.clip(0, None) ** 2
    reach += (HEAD.crown_reach - HEAD.side_reach) * down.clip(None, 0) ** 2
    return np.asarray(reach, np.float32)
