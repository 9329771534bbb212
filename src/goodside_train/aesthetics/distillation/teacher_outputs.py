"""What teachers say about photographs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodside.types import FloatArray

PEER_AXES = 64
"""How many principal axes of a peer's features are learnt."""


@dataclass(frozen=True, slots=True)
class TeacherOutputs:
    """What teachers say about N photographs; None where there is no such teacher.

    Attributes:
        tags: (N, M) semantic tags within 0-1.
        imagenet: (N, 1000) float16 logits of ImageNet's classes.
        peer: (N, 64) float32, the peer's features along their principal axes, each of spread 1.
        peer_scores: (N,) float32, the peer's mean scores, on the scale it has.
    """

    tags: FloatArray | None = None
    imagenet: NDArray[np.float16] | None = None
    peer: FloatArray | None = None
    peer_scores: FloatArray | None = None
