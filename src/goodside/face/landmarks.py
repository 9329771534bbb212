"""The 468-point mesh of a face: from a crop turned upright, then once more from its own result."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goodside.face.canonical import five_points
from goodside.face.crop import Crop
from goodside.face.detect import Detection
from goodside.runtime import WeightsStore, open_session
from goodside.types import FloatArray, RgbImage

_BATCH = 16
_SURE = 0.9
_TOLERANCE = 0.05


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
    """

    def __init__(
        self,
        *,
        store: WeightsStore | None = None,
        threads: int = 1,
        passes: int = 2,
    ) -> None:
        self._session = open_session("face-mesh", store=store, threads=threads)
        self._margin = float(self._session.card.facts["margin"])
        self._passes = passes

    def locate(self, rgb: RgbImage, detections: Sequence[Detection]) -> list[Mesh]:
        """The mesh of each detection, in their order.

        A face that the network doubts in the first crop, as it does with profiles, is looked at in
        a few crops more; the one it believes most counts.

        Args:
            rgb: (H, W, 3) uint8.
            detections: faces found in it.
        """
        starts = [_around_detection(one, margin=self._margin) for one in detections]
        meshes = self.read(rgb, starts)
        doubtful = [at for at, mesh in enumerate(meshes) if mesh.score < _SURE]
        tries = [(at, crop) for at in doubtful for crop in _variants(starts[at], detections[at])]
        self._improve(meshes, rgb, tries=tries)
        for _ in range(self._passes - 1):
            again = [(at, self.around(mesh.landmarks)) for at, mesh in enumerate(meshes)]
            self._improve(meshes, rgb, tries=again, tolerance=_TOLERANCE)
        return meshes

    def _improve(
        self,
        meshes: list[Mesh],
        rgb: RgbImage,
        *,
        tries: list[tuple[int, Crop]],
        tolerance: float = 0.0,
    ) -> None:
        """Look at more crops and keep those that score no worse than `tolerance` below."""
        found = self.read(rgb, [crop for _, crop in tries])
        for (at, _), mesh in zip(tries, found, strict=True):
            if mesh.score >= meshes[at].score - tolerance:
                meshes[at] = mesh

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


def _around_detection(found: Detection, *, margin: float) -> Crop:
    """The crop around a detector's box, leaning as its points do."""
    left, right, _, mouth = found.points[:4]
    box = found.box
    side = margin * max(box.width, box.height)
    middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
    return Crop(*middle, side, _lean_deg(left, right, mouth))


def _variants(start: Crop, found: Detection) -> list[Crop]:
    """Other crops worth a look where the first one did not convince: made for profiles.

    There the mouth lies behind the eyes, which feigns a lean of about 15 degrees, and the box sits
    too far back on the head.
    """
    left, right, nose = found.points[:3]
    angle = math.radians(start.angle_deg)
    across = np.array([math.cos(angle), math.sin(angle)])
    facing = float(np.sign(across @ (nose - (left + right) / 2))) or 1.0
    x, y = np.array([start.x, start.y]) + 0.07 * facing * start.side * across
    straight = start.angle_deg + 15 * facing
    return [
        Crop(start.x, start.y, start.side, straight),
        Crop(float(x), float(y), 1.2 * start.side, straight),
        Crop(float(x), float(y), 1.2 * start.side, start.angle_deg),
    ]


def _lean_deg(eye_left: FloatArray, eye_right: FloatArray, mouth: FloatArray) -> float:
    """How far a face leans clockwise: by the line of its eyes.

    The nearer the eyes lie to each other, as in a profile, the more the way down to the mouth
    counts instead.
    """
    across = eye_right - eye_left
    down = mouth - (eye_left + eye_right) / 2
    trust = float(np.linalg.norm(across) / max(float(np.linalg.norm(down)), 1e-6))
    right = across + max(0.0, 1 - trust / 0.6) * np.array([down[1], -down[0]])
    return math.degrees(math.atan2(float(right[1]), float(right[0])))


def _around(points: FloatArray, *, angle_deg: float, margin: float) -> Crop:
    """The square around points, its sides leaning by an angle."""
    angle = math.radians(angle_deg)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    upright = points @ turn
    low, high = upright.min(axis=0), upright.max(axis=0)
    x, y = turn @ ((low + high) / 2)
    return Crop(float(x), float(y), margin * float((high - low).max()), angle_deg)
