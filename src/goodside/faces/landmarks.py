"""The 468-point mesh of a face: from a crop turned upright, then once more from its own result."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goodside.faces.canonical import five_points
from goodside.faces.crop import Crop
from goodside.faces.detect import Detection
from goodside.runtime import WeightsStore, open_session
from goodside.types import FloatArray, RgbImage

_BATCH = 16


@dataclass(frozen=True, slots=True)
class Mesh:
    """Landmarks of one face.

    Attributes:
        landmarks: (468, 3) float32 pixels of the picture, with depth.
        score: the network's belief that the crop holds a face, 0-1.
        crop: the square it looked at.
    """

    landmarks: FloatArray
    score: float
    crop: Crop


class Landmarker:
    """Finds the mesh of detected faces.

    Args:
        store: where the weights lie; by default in the package.
        threads: ONNX Runtime threads.
        passes: how often to look; each pass after the first crops by the last one's mesh.
        min_score: a face whose first pass scores below is not looked at again.
    """

    def __init__(
        self,
        *,
        store: WeightsStore | None = None,
        threads: int = 1,
        passes: int = 2,
        min_score: float = 0.0,
    ) -> None:
        self._session = open_session("face-mesh", store=store, threads=threads)
        self._margin = float(self._session.card.facts["margin"])
        self._passes = passes
        self._min_score = min_score

    def locate(self, rgb: RgbImage, detections: Sequence[Detection]) -> list[Mesh]:
        """The mesh of each detection, in their order.

        Args:
            rgb: (H, W, 3) uint8.
            detections: faces found in it.
        """
        meshes = self.read(rgb, [self._around_detection(one) for one in detections])
        for _ in range(self._passes - 1):
            again = [at for at, mesh in enumerate(meshes) if mesh.score >= self._min_score]
            crops = [self.around(meshes[at].landmarks) for at in again]
            for at, mesh in zip(again, self.read(rgb, crops), strict=True):
                meshes[at] = mesh
        return meshes

    def read(self, rgb: RgbImage, crops: Sequence[Crop]) -> list[Mesh]:
        """One pass of the network over crops of a picture."""
        preprocessing = self._session.card.preprocessing
        size = preprocessing.width_px
        meshes = []
        for at in range(0, len(crops), _BATCH):
            some = crops[at : at + _BATCH]
            batch = np.stack([crop.cut(rgb, size_px=size) for crop in some])
            outputs = self._session.run({"pixels": preprocessing.normalize(batch)})
            scores = 1 / (1 + np.exp(-np.clip(outputs["presence"][:, 0], -80, 80)))
            for crop, points, score in zip(some, outputs["landmarks"], scores, strict=True):
                # The network counts from the corner of its first pixel.
                shifted = points - np.array([0.5, 0.5, 0], dtype=np.float32)
                landmarks = crop.to_picture(shifted, size_px=size)
                meshes.append(Mesh(landmarks, float(score), crop))
        return meshes

    def around(self, landmarks: FloatArray) -> Crop:
        """The crop in which a face with these landmarks stands upright, with the usual margin."""
        points = five_points(landmarks[:, :2])
        angle = _lean_deg(points[0], points[1], (points[3] + points[4]) / 2)
        return _around(landmarks[:, :2], angle_deg=angle, margin=self._margin)

    def _around_detection(self, found: Detection) -> Crop:
        left, right, _, mouth = found.points[:4]
        angle = _lean_deg(left, right, mouth)
        box = found.box
        side = self._margin * max(box.width, box.height)
        return Crop((box.left + box.right) / 2, (box.top + box.bottom) / 2, side, angle)


def _lean_deg(eye_left: FloatArray, eye_right: FloatArray, mouth: FloatArray) -> float:
    """How far a face leans clockwise, from the line of its eyes and the way down to its mouth.

    Both count by their length, so a profile, whose eyes lie on each other, goes by its mouth.
    """
    across = eye_right - eye_left
    down = mouth - (eye_left + eye_right) / 2
    right = across + np.array([down[1], -down[0]])
    return math.degrees(math.atan2(float(right[1]), float(right[0])))


def _around(points: FloatArray, *, angle_deg: float, margin: float) -> Crop:
    """The square around points, its sides leaning by an angle."""
    angle = math.radians(angle_deg)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    upright = points @ turn
    low, high = upright.min(axis=0), upright.max(axis=0)
    x, y = turn @ ((low + high) / 2)
    return Crop(float(x), float(y), margin * float((high - low).max()), angle_deg)
