"""From a picture to its faces: detection, landmarks, pose and sharpness in one call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from goodside.face.calibration import read_calibration
from goodside.face.canonical import five_points, load_canonical
from goodside.face.detect import Detection, Detector
from goodside.face.landmarks import Landmarker, Mesh
from goodside.face.plausibility import judge_face
from goodside.face.pose import measure_pose
from goodside.face.sharpness import measure_sharpness
from goodside.runtime import WeightsStore
from goodside.types import Box, Face, RgbImage

FACE_MODELS = ("face-blazeface", "face-blazeface-full", "face-mesh", "face-mobilefacenet")
"""What finds faces and tells them apart."""

_SAME_FACE = 0.3
_HEAD, _SMALL_PART, _DOUBTFUL = 0.4, 0.5, 0.8


class FaceFinder:
    """Finds faces; loads its networks on first use and is then used for any number of pictures.

    Args:
        store: where the weights lie; by default in the package.
        threads: ONNX Runtime threads.
        min_score: the detector's confidence below which nothing counts as a face, 0-1.
        min_mesh_score: likewise for the landmark network, which knows a face better.
        min_face: smallest face looked for, as a share of the picture's longer side.
        frees_memory: give back what a picture needed, some 100 MB, which takes a third longer.
    """

    def __init__(
        self,
        *,
        store: WeightsStore | None = None,
        threads: int = 1,
        min_score: float = 0.6,
        min_mesh_score: float = 0.5,
        min_face: float = 0.025,
        frees_memory: bool = False,
    ) -> None:
        store = store or WeightsStore()
        self._detector = Detector(
            store=store,
            threads=threads,
            min_score=min_score,
            min_face=min_face,
            frees_memory=frees_memory,
        )
        self._landmarker = Landmarker(store=store, threads=threads)
        self._min_mesh_score = min_mesh_score
        self._store = store
        self._calibration = read_calibration(store.card("face-mesh").facts)

    def find(self, rgb: RgbImage) -> tuple[Face, ...]:
        """The faces of one picture, largest first.

        Args:
            rgb: (H, W, 3) uint8, upright, of any size.

        Raises:
            ValueError: the array has another shape or type.
            WeightsError: a network is missing or corrupt.
        """
        if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or 0 in rgb.shape:
            raise ValueError(f"expected (H, W, 3) uint8, got {rgb.shape} {rgb.dtype}")
        detections = self._detector.detect(rgb)
        meshes = self._landmarker.locate(rgb, detections)
        pairs = zip(detections, meshes, strict=True)
        sure = [pair for pair in pairs if pair[1].score >= self._min_mesh_score]
        kept: list[tuple[Detection, Mesh]] = []
        for detection, mesh in sure:
            if not any(_is_same(mesh, other) for _, other in kept):
                kept.append((detection, mesh))
        faces = [self._face(rgb, detection, mesh) for detection, mesh in kept]
        whole = [one for one in faces if not any(_is_part(one, of=other) for other in faces)]
        return tuple(sorted(whole, key=lambda face: -face.box.width * face.box.height))

    def find_steep(self, rgb: RgbImage) -> tuple[Face, ...]:
        """`find` for a picture known to hold a face, which may look far to one side.

        The networks know faces that look toward the picture's left better than those that look
        toward its right: where they find none, they look at the mirror image.
        """
        if found := self.find(rgb):
            return found
        mirrored = self.find(np.ascontiguousarray(rgb[:, ::-1]))
        return tuple(self._unmirrored(face, width_px=rgb.shape[1]) for face in mirrored)

    def find_batch(self, pictures: Iterable[RgbImage]) -> list[tuple[Face, ...]]:
        """The faces of several pictures, one tuple each."""
        return [self.find(rgb) for rgb in pictures]

    def _unmirrored(self, face: Face, *, width_px: int) -> Face:
        last, box, pose = width_px - 1, face.box, face.pose
        landmarks = face.landmarks[load_canonical(self._store).mirror]
        landmarks[:, 0] = last - landmarks[:, 0]
        return replace(
            face,
            box=replace(box, left=last - box.right, right=last - box.left),
            landmarks=landmarks,
            points=five_points(landmarks[:, :2]),
            pose=replace(pose, yaw_deg=-pose.yaw_deg, roll_deg=-pose.roll_deg),
        )

    def _face(self, rgb: RgbImage, detection: Detection, mesh: Mesh) -> Face:
        landmarks = mesh.landmarks
        left, top = (float(value) for value in landmarks[:, :2].min(axis=0))
        right, bottom = (float(value) for value in landmarks[:, :2].max(axis=0))
        canonical = load_canonical(self._store)
        pose = measure_pose(landmarks, canonical, calibration=self._calibration)
        points = five_points(landmarks[:, :2])
        return Face(
            box=Box(left, top, right, bottom),
            score=detection.score,
            mesh_score=mesh.score,
            landmarks=landmarks,
            points=points,
            pose=pose,
            sharpness=measure_sharpness(rgb, landmarks),
            quality=judge_face(
                score=detection.score,
                mesh_score=mesh.score,
                error=pose.error,
                detected=detection.points,
                landmarks=points,
                size_px=max(right - left, bottom - top),
            ),
        )


def _is_same(one: Mesh, other: Mesh) -> bool:
    """Whether two meshes lie on one face: their middles nearer than 0.3 of the smaller's height."""
    apart = one.landmarks[:, :2].mean(axis=0) - other.landmarks[:, :2].mean(axis=0)
    smaller = min(np.ptp(mesh.landmarks[:, 1]) for mesh in (one, other))
    return bool(np.linalg.norm(apart) < _SAME_FACE * smaller)


def _is_part(one: Face, *, of: Face) -> bool:
    """Whether a small, doubtful face lies on the head of a larger and surer one, as an ear does."""
    x, y = (one.box.left + one.box.right) / 2, (one.box.top + one.box.bottom) / 2
    around = _HEAD * of.box.width
    inside = (
        of.box.left - around < x < of.box.right + around and of.box.top - around < y < of.box.bottom
    )
    small = one.box.width < _SMALL_PART * of.box.width
    doubtful = one.score * one.mesh_score < _DOUBTFUL * of.score * of.mesh_score
    return inside and small and doubtful
