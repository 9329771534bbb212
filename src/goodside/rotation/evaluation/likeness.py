"""Who a face is, three ways: as photographed, turned to the camera, and both fused."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from goodside.face import ALIGNED_PX, Embedder, align, five_points
from goodside.rotation.evaluation.fuse import fuse
from goodside.rotation.evaluation.measurements import portrait_box
from goodside.rotation.evaluation.second_recogniser import Judge
from goodside.rotation.rotate import Rotator
from goodside.rotation.subject import Sitter
from goodside.types import Box, FloatArray, Pose, RgbImage

METHODS = ("plain", "rotated", "fused")
FRONTAL = Pose(0.0, 0.0, 0.0)
_SIZE_PX = 2 * ALIGNED_PX


@dataclass(frozen=True, slots=True)
class Likeness:
    """One face as unit vectors of one recogniser.

    Attributes:
        yaw_deg: where the face looks in the photograph.
        plain: (D,) float32 of the photograph; never replaced by the others.
        rotated: (D,) float32 of the face turned to the camera.
        fused: (D,) float32 of both, see `goodside.rotation.evaluation.fuse`.
    """

    yaw_deg: float
    plain: FloatArray
    rotated: FloatArray
    fused: FloatArray


class Portrayer:
    """Reads likenesses from photographs.

    Args:
        rotator: turns the faces to the camera.
        judge: a second recogniser, if its likenesses are wanted beside.
    """

    def __init__(self, rotator: Rotator, *, judge: Judge | None = None) -> None:
        self._rotator = rotator
        self._judge = judge
        self._embedder = Embedder(store=rotator.store)

    def portray(self, photo: Path | RgbImage) -> dict[str, Likeness]:
        """The largest face of a photograph, by each recogniser: `embedder`, and `judge` if any.

        Raises:
            ImageError: the photograph cannot be read.
            NoFace: there is none in it.
            WeightsError: a network is missing or corrupt.
        """
        sitter = self._rotator.sit(photo, face=0, size_px=_SIZE_PX, strict=False)
        sitter = sitter.framed([FRONTAL])
        frontal = self._rotator.paint(sitter, [FRONTAL], size_px=_SIZE_PX)[0]
        landmarks = sitter.window.inside(sitter.head.landmarks(FRONTAL)) * _SIZE_PX - 0.5
        aligned = align(frontal, five_points(landmarks))
        likenesses = {
            "embedder": _likeness(
                sitter, sitter.embedding, self._embedder.embed_aligned(aligned[None])[0]
            )
        }
        if self._judge is not None:
            plain = self._judge.embed(sitter.portrait, portrait_box(sitter))
            (left, top), (right, bottom) = landmarks.min(axis=0), landmarks.max(axis=0)
            box = Box(float(left), float(top), float(right), float(bottom))
            turned = self._judge.embed(frontal, box)
            likenesses["judge"] = _likeness(sitter, _unit(plain), _unit(turned))
        return likenesses


def _likeness(sitter: Sitter, plain: FloatArray, rotated: FloatArray) -> Likeness:
    yaw = sitter.face.pose.yaw_deg
    return Likeness(yaw, plain, rotated, fuse(plain, rotated, yaw_deg=yaw))


def _unit(vector: FloatArray) -> FloatArray:
    unit: FloatArray = (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
    return unit
