"""The head as a mesh: the face's own 468 points, and rings for ears, hair, neck and backdrop.

A face mesh ends at the face's oval. Turned alone it leaves a floating mask, so rings continue it
over the sides of the head, as the quarter of an ellipse, back to the rim: the outline of the head
in the photograph, which a turn moves but hardly narrows. The last ring holds the backdrop still.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from goodside.face import Crop, five_points, load_canonical, rotation_matrix
from goodside.rotation.frame import DROP_CM, SIDE_CM, to_shares
from goodside.rotation.raster import sample
from goodside.types import Face, FloatArray, Pose

PIVOT_CM = 7.6
"""Distance from the eyes back to the axis the head turns about."""

DEPTH_SCALE = 1.22
"""The landmark network flattens faces; its depth is stretched by this much before a turn."""

RINGS = 6
"""Rings from the face's oval, without it, to the rim."""

BACKDROP_REACH = 4.0
"""How far out the last ring lies, as a multiple of the oval's distance from its centre."""

_BACKDROP_CM = 14.0  # behind all, and never moved

_CROWN_CM, _SIDE_CM, _NECK_CM = 1.0, 3.5, 0.0
"""Depth of the rim behind the pivot at the crown, at the ears' height, and at the neck, which stays
on the shoulders; blended by the square of the direction. Fitted by random search to rendered heads
seen from known sides, the neck by eye on portraits."""

_RIM, _CHIN_RIM = 1.4, 1.25  # the rim's reach at most, around the head and below the chin
_LEAST_RIM = 1.03
_WALK = 17  # steps in which the rim is looked for
_BACK = 0.02  # and how far inside the person's outline it stays
_ROUND = np.array([1, 2, 3, 2, 1]) / 9  # smooths the rim from spoke to spoke


@dataclass(frozen=True, slots=True)
class HeadMesh:
    """A head, seen from the front, ready to be turned.

    Attributes:
        points: (468, 3) float32, the face in front view, in frame sides, with the pivot as origin.
        pivot: (2,) float32, where the pivot lies in the portrait frame.
        pose: how the head stands in the photograph (roll is that of the frame, so 0 here).
        frame: where the portrait lies in the photograph.
        reach: (36,) float32, how far the rim lies from the oval's centre, as a multiple of the
            oval's own distance, in the order of the oval's points.
    """

    points: FloatArray
    pivot: FloatArray
    pose: Pose
    frame: Crop
    reach: FloatArray

    def posed(self, pose: Pose) -> FloatArray:
        """Turn the head.

        Args:
            pose: the pose to show it in.

        Returns:
            (468 + 7 x 36, 3) float32 vertices: x, y as shares of the portrait frame, z in sides,
            smaller values nearer to the camera.
        """
        turn = rotation_matrix(pose.yaw_deg, pose.pitch_deg, pose.roll_deg)
        lean = rotation_matrix(0, 0, pose.roll_deg)
        face = self.points.astype(np.float64)
        oval = face[load_canonical().regions["oval"]]
        centre = oval.mean(axis=0) * (1, 1, 0)
        spoke = oval * (1, 1, 0) - centre
        rim = _rim_depth(spoke) / SIDE_CM
        parts = [face @ turn.T]
        for share in np.arange(1, RINGS + 1) / RINGS:
            out, back = np.sin(share * np.pi / 2), 1 - np.cos(share * np.pi / 2)
            flat = spoke * (1 + out * (self.reach - 1))[:, None] + centre
            depth = oval[:, 2] + back * (rim - oval[:, 2])
            behind = np.stack([0 * depth, 0 * depth, depth], axis=1)
            solid = 1 - share**2  # the face turns as a solid, the rim is an outline
            parts.append((solid * flat + behind) @ turn.T + (1 - solid) * (flat @ lean.T))
        still = spoke * BACKDROP_REACH + centre
        parts.append(still + np.array([0, 0, _BACKDROP_CM / SIDE_CM]))
        vertices = np.concatenate(parts)
        vertices[:, :2] += self.pivot
        return vertices.astype(np.float32)

    def widest(self) -> HeadMesh:
        """The head with its rim as far out as heads reach, whatever the photograph shows there."""
        return replace(self, reach=_widest(self.points[load_canonical().regions["oval"]]))

    def landmarks(self, pose: Pose) -> FloatArray:
        """(468, 2) float32 landmarks of the turned face, as shares of the portrait frame."""
        return self.posed(pose)[: len(self.points), :2]


def fit_rim(head: HeadMesh, matte: FloatArray) -> HeadMesh:
    """The head with its rim where the person ends in the photograph.

    From the face's own width outward every spoke is followed until it leaves the person, or as far
    as a head reaches; hair and shoulders beyond belong to what lies between rim and backdrop.

    Args:
        head: any.
        matte: (M, M) float32 share of the person in each pixel of its portrait frame, 0-1.
    """
    widest, narrowest = head.widest(), replace(head, reach=np.ones_like(head.reach))
    start, end = (
        one.posed(head.pose)[len(head.points) :, :2].reshape(RINGS + 1, -1, 2)[RINGS - 1]
        for one in (narrowest, widest)
    )
    walk = np.linspace(0, 1, _WALK, dtype=np.float32)
    places = start + walk[:, None, None] * (end - start)
    on_person = np.logical_and.accumulate(sample(matte[..., None], places)[..., 0] > 0.5, axis=0)
    reached = walk[np.maximum(on_person.sum(axis=0) - 1, 0)]
    reach = 1 + reached * (widest.reach - 1) - _BACK
    around = np.pad(reach, len(_ROUND) // 2, mode="wrap")
    smooth = np.convolve(around, _ROUND, mode="valid")
    return replace(head, reach=smooth.clip(_LEAST_RIM, None).astype(np.float32))


def head_mesh(face: Face) -> HeadMesh:
    """Build the head of a face found in a photograph.

    Args:
        face: as the face finder gives it.

    Returns:
        The head in front view, with its portrait frame.
    """
    return mesh_from_landmarks(face.landmarks, face.pose)


def mesh_from_landmarks(landmarks: FloatArray, pose: Pose) -> HeadMesh:
    """Build a head from its mesh landmarks and its (calibrated or known) pose.

    Args:
        landmarks: (468, 3) float32 pixels of the photograph.
        pose: of the head in the photograph.
    """
    model = load_canonical()
    turn = rotation_matrix(pose.yaw_deg, pose.pitch_deg, pose.roll_deg)
    placed = landmarks.astype(np.float64)
    placed[:, 2] = _depth_of_pose(placed, model.vertices.astype(np.float64) @ turn.T)
    front = placed @ turn  # rows times R: the inverse turn of every point
    spread = [
        np.sqrt(np.mean(np.sum((p - p.mean(axis=0))[:, :2] ** 2, axis=1)))
        for p in (front, model.vertices.astype(np.float64))
    ]
    px_per_cm = spread[0] / spread[1]
    eyes = five_points(front)[:2].mean(axis=0).astype(np.float64)
    pivot_front = np.array([front[:, 0].mean(), eyes[1], eyes[2] + PIVOT_CM * px_per_cm])
    pivot_photo = turn @ pivot_front
    roll = np.deg2rad(pose.roll_deg)
    down = np.array([-np.sin(roll), np.cos(roll)])
    middle = pivot_photo[:2] + down * DROP_CM * px_per_cm
    frame = Crop(float(middle[0]), float(middle[1]), float(SIDE_CM * px_per_cm), pose.roll_deg)
    return HeadMesh(
        points=((front - pivot_front) / frame.side).astype(np.float32),
        pivot=to_shares(frame, pivot_photo[None, :2])[0],
        pose=Pose(pose.yaw_deg, pose.pitch_deg, 0.0, pose.error),
        frame=frame,
        reach=_widest(front[model.regions["oval"]]),
    )


def _rim_depth(spokes: NDArray[np.float64]) -> NDArray[np.float64]:
    """(36,) centimetres behind the pivot of the rim's points, from the (36, 3) ways to them."""
    across, down = (spokes / np.linalg.norm(spokes, axis=1, keepdims=True)).T[:2]
    depth: NDArray[np.float64]
    depth = across**2 * _SIDE_CM + down**2 * np.where(down < 0, _CROWN_CM, _NECK_CM)
    return depth


def _widest(oval: NDArray[np.floating]) -> FloatArray:
    """(36,) the farthest that a head's rim reaches, from the (36, 3) points of the face's oval."""
    spokes = oval[:, :2] - oval[:, :2].mean(axis=0)
    down = spokes[:, 1] / np.linalg.norm(spokes, axis=1)
    reach: FloatArray = (_RIM + (_CHIN_RIM - _RIM) * down.clip(0, None) ** 2).astype(np.float32)
    return reach


def _depth_of_pose(placed: NDArray[np.float64], posed: NDArray[np.float64]) -> NDArray[np.float64]:
    """(468,) float64 depth in pixels, about 0, of landmarks whose head stands in a known pose.

    The landmark network's depth is too flat and leans by a few degrees, mouths too far back. It is
    stretched by `DEPTH_SCALE`, then sheared until it leans in the picture as the average head does.

    Args:
        placed: (468, 3) landmarks in pixels, their depth as the network gives it.
        posed: (468, 3) the average head, turned into the pose; centimetres.
    """
    own, average = placed - placed.mean(axis=0), posed - posed.mean(axis=0)
    px_per_cm = np.sqrt(np.sum(own[:, :2] ** 2) / np.sum(average[:, :2] ** 2))
    stretched = own[:, 2] * DEPTH_SCALE
    lean, *_ = np.linalg.lstsq(own[:, :2], average[:, 2] * px_per_cm - stretched)
    sheared: NDArray[np.float64] = stretched + own[:, :2] @ lean
    return sheared
