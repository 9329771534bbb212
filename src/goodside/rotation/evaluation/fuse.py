"""Identity of a side face: the photograph's vector, helped by that of the face turned frontal.

Turned alone, a face is known worse than photographed: what the turn invents is nobody's. Added with
a fifth of the weight, its errors are averaged away and side faces come nearer to frontal ones. The
gate and the weight are the largest that made no range of yaw worse in either half of the rendered
people they were chosen on: docs/experiments/archive/turning-and-recognition.md. Below the gate the
photograph's vector stands.
"""

from __future__ import annotations

import numpy as np

from goodside.types import FloatArray

GATE_DEG = (20.0, 40.0)
"""Yaw below which the turned face has no weight, and from which it has all of it."""

WEIGHT = 0.2
"""The turned face's full weight."""


def fuse(plain: FloatArray, frontal: FloatArray, *, yaw_deg: float) -> FloatArray:
    """Join two vectors of one face; neither is changed, and the plain one is kept beside.

    Args:
        plain: (D,) float32 unit vector of the face as photographed.
        frontal: (D,) float32 unit vector of the face turned to the camera.
        yaw_deg: where the face looks in the photograph.

    Returns:
        (D,) float32 unit vector.
    """
    first, full = GATE_DEG
    weight = WEIGHT * float(np.clip((abs(yaw_deg) - first) / (full - first), 0, 1))
    if weight == 0:
        return plain
    mixed = (1 - weight) * plain + weight * frontal
    fused: FloatArray = (mixed / np.linalg.norm(mixed)).astype(np.float32)
    return fused
