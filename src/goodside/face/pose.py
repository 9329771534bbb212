"""Where a head looks: the landmarks fitted to the canonical mesh by a similarity.

Rotation matrices act on coordinates with x to the picture's right, y down and z away from the
camera. `R = Rz(roll) Rx(pitch) Ry(yaw)`: the head first turns about its own upright axis, then tips
toward the camera or away, then leans in the picture. Yaw and pitch are those of a camera that
circles the head, so no angle becomes undefined at a profile.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodside.face.calibration import Calibration
from goodside.face.canonical import EYE_LEFT_OUTER, EYE_RIGHT_OUTER, CanonicalMesh
from goodside.types import FloatArray, Pose

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Similarity:
    """`target = scale * rotation @ source + offset`, the best in the least squares sense.

    Attributes:
        rotation: (D, D), a proper rotation.
        scale: above 0.
        offset: (D,).
        rms: root mean square distance left, in units of the target.
    """

    rotation: Matrix
    scale: float
    offset: NDArray[np.float64]
    rms: float

    def apply(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Move (N, D) points from source to target."""
        moved: NDArray[np.float64] = self.scale * points @ self.rotation.T + self.offset
        return moved


def fit_similarity(
    source: NDArray[np.floating],
    target: NDArray[np.floating],
    *,
    weights: NDArray[np.floating] | None = None,
) -> Similarity:
    """Fit a rotation, scale and shift to point pairs (Umeyama, 1991; weighted).

    Args:
        source: (N, D), at least D points that span the space.
        target: (N, D).
        weights: (N,), by default all equal.
    """
    source, target = np.asarray(source, dtype=np.float64), np.asarray(target, dtype=np.float64)
    count, dimensions = source.shape
    share = np.full(count, 1 / count) if weights is None else weights / np.sum(weights)
    source_mean, target_mean = share @ source, share @ target
    moved, aim = source - source_mean, target - target_mean
    left, strength, right = np.linalg.svd((aim * share[:, None]).T @ moved)
    signs = np.ones(dimensions)
    signs[-1] = np.sign(np.linalg.det(left) * np.linalg.det(right))
    rotation = left @ np.diag(signs) @ right
    scale = float((strength * signs).sum() / (share @ (moved**2).sum(axis=1)))
    left_over = aim - scale * moved @ rotation.T
    rms = math.sqrt(float(share @ (left_over**2).sum(axis=1)))
    return Similarity(rotation, scale, target_mean - scale * rotation @ source_mean, rms)


def rotation_matrix(yaw_deg: float, pitch_deg: float = 0.0, roll_deg: float = 0.0) -> Matrix:
    """(3, 3) rotation of a head from facing the camera to the pose; see the module's text."""
    yaw, pitch, roll = (math.radians(angle) for angle in (yaw_deg, pitch_deg, roll_deg))
    lean = [[math.cos(roll), -math.sin(roll), 0], [math.sin(roll), math.cos(roll), 0], [0, 0, 1]]
    turn = [[math.cos(yaw), 0, -math.sin(yaw)], [0, 1, 0], [math.sin(yaw), 0, math.cos(yaw)]]
    nod = [[1, 0, 0], [0, math.cos(pitch), -math.sin(pitch)], [0, math.sin(pitch), math.cos(pitch)]]
    matrix: Matrix = np.array(lean) @ np.array(nod) @ np.array(turn)
    return matrix


def angles(matrix: NDArray[np.floating]) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees of a rotation; the inverse of `rotation_matrix`.

    Yaw and roll are in [-180, 180], pitch in [-90, 90].
    """
    yaw = math.atan2(float(matrix[2, 0]), float(matrix[2, 2]))
    pitch = math.asin(float(np.clip(matrix[2, 1], -1, 1)))
    roll = math.atan2(float(-matrix[0, 1]), float(matrix[1, 1]))
    return math.degrees(yaw), math.degrees(pitch), math.degrees(roll)


def fit_pose(landmarks: FloatArray, canonical: CanonicalMesh) -> Similarity:
    """Fit the canonical mesh to landmarks; its `rotation` is the head's, uncalibrated.

    Args:
        landmarks: (468, 3) pixels with depth.
        canonical: the mesh and the weights of its points.
    """
    index = canonical.fit_indices
    return fit_similarity(
        canonical.vertices[index], landmarks[index], weights=canonical.fit_weights
    )


def measure_pose(
    landmarks: FloatArray, canonical: CanonicalMesh, *, calibration: Calibration | None = None
) -> Pose:
    """The pose of a head from its landmarks.

    Args:
        landmarks: (468, 3) pixels with depth.
        canonical: the mean face that they are compared with.
        calibration: corrects the reading; without it, the fit's own angles.
    """
    fit = fit_pose(landmarks, canonical)
    yaw, pitch, roll = angles(fit.rotation)
    if calibration is not None:
        yaw, pitch, roll = calibration.correct(yaw, pitch, roll)
    everywhere = fit.apply(canonical.vertices) - landmarks
    rms = math.sqrt(float((everywhere**2).sum(axis=1).mean()))
    outer = canonical.vertices[[EYE_LEFT_OUTER, EYE_RIGHT_OUTER]]
    width = fit.scale * float(np.linalg.norm(outer[0] - outer[1]))
    return Pose(yaw, pitch, roll, rms / max(width, 1e-9))
