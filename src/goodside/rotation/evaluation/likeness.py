"""Who a face is, three ways: as photographed, turned to the camera, and both fused."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from goodside.face import ALIGNED_PX, Embedder, align, five_points
from goodside.rotation.evaluation.fuse import fuse
from goodside.rotation.evaluation.measurements import portrait_box
from goodside.rotation.evaluation.second_recogniser import SecondRecogniser
from goodside.rotation.rotate import Rotator
from goodside.rotation.subject import Subject
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


@dataclass(frozen=True, slots=True)
class Likenesses:
    """One face by each recogniser.

    Attributes:
        embedder: ours.
        second: the second one, if there is one.
    """

    embedder: Likeness
    second: Likeness | None = None

    def by_recogniser(self) -> dict[str, Likeness]:
        """Those there are, by the names of the fields."""
        both = {"embedder": self.embedder, "second": self.second}
        return {name: likeness for name, likeness in both.items() if likeness is not None}


class LikenessReader:
    """Reads likenesses from photographs.

    Args:
        rotator: turns the faces to the camera.
        second: a second recogniser, if its likenesses are wanted beside.
    """

    def __init__(self, rotator: Rotator, *, second: SecondRecogniser | None = None) -> None:
        self._rotator = rotator
        self._second = second
        self._embedder = Embedder(store=rotator.store)

    def read(self, photo: Path | RgbImage) -> Likenesses:
        """The largest face of a photograph, by each recogniser.

        Raises:
            ImageError: the photograph cannot be read.
            NoFace: there is none in it.
            WeightsError: a network is missing or corrupt.
        """
        subject = self._rotator.prepare(photo, face=0, size_px=_SIZE_PX, strict=False)
        subject = subject.framed([FRONTAL])
        frontal = self._rotator.paint(subject, [FRONTAL], size_px=_SIZE_PX)[0]
        landmarks = subject.window.inside(subject.head.landmarks(FRONTAL)) * _SIZE_PX - 0.5
        aligned = align(frontal, five_points(landmarks))
        rotated = self._embedder.embed_aligned(aligned[None])[0]
        embedder = _likeness(subject, subject.embedding, rotated)
        if self._second is None:
            return Likenesses(embedder)
        plain = self._second.embed(subject.portrait, portrait_box(subject))
        (left, top), (right, bottom) = landmarks.min(axis=0), landmarks.max(axis=0)
        box = Box(float(left), float(top), float(right), float(bottom))
        turned = self._second.embed(frontal, box)
        return Likenesses(embedder, _likeness(subject, _unit(plain), _unit(turned)))


def _likeness(subject: Subject, plain: FloatArray, rotated: FloatArray) -> Likeness:
    yaw = subject.face.pose.yaw_deg
    return Likeness(yaw, plain, rotated, fuse(plain, rotated, yaw_deg=yaw))


def _unit(vector: FloatArray) -> FloatArray:
    unit: FloatArray = (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
    return unit
