"""How surely a finding is a person's face, from how well its two networks agree with each other."""

from __future__ import annotations

import math

import numpy as np

from goodside.types import FloatArray

_SCORE, _ERROR, _APART, _DOUBT, _BIAS = 11.99, -1.784, -0.452, -0.530, -18.08
"""Logistic regression on findings in photographs with and without people; see
docs/reference/faces.md."""
_SURE = 1.002


def judge_face(
    *,
    score: float,
    mesh_score: float,
    error: float,
    detected: FloatArray,
    landmarks: FloatArray,
    size_px: float,
) -> float:
    """How surely a finding is a person's face and not a dog's, a statue's or a wheel.

    Four things count: the detector's confidence, the landmark network's, how well the mesh fits a
    human face (its proportions), and how far eyes, nose and mouth of the two networks lie apart.

    Args:
        score: the detector's confidence, 0-1.
        mesh_score: the landmark network's, 0-1.
        error: of the pose, see `goodside.types.Pose`.
        detected: (4, 2) or more pixels: the detector's eyes, nose tip and mouth.
        landmarks: (5, 2) pixels of the mesh, in the order of `goodside.types.FIVE_POINTS`.
        size_px: the longer side of the face's box.

    Returns:
        0 to 1: half means as many findings of this kind are people as are not, if photographs with
        and without people bring equally many.
    """
    eyes_and_nose, mouth = landmarks[:3], landmarks[3:].mean(axis=0, keepdims=True)
    apart = np.linalg.norm(detected[:4] - np.concatenate([eyes_and_nose, mouth]), axis=1).mean()
    total = (
        _SCORE * score
        + _ERROR * math.log(max(error, 1e-3))
        + _APART * math.log(max(float(apart) / max(size_px, 1e-6), 1e-3))
        + _DOUBT * math.log(max(_SURE - mesh_score, 1e-3))
        + _BIAS
    )
    return 1 / (1 + math.exp(-total))
