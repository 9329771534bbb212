"""How well faces are turned: identity and pose of the results, beside the plain mesh warp's."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from goodside.errors import GoodsideError
from goodside.face import Embedder, FaceFinder
from goodside.rotation.rotate import Rotator, Sitter, asked_pose
from goodside.types import FloatArray, Json, Pose, RgbImage


@dataclass(frozen=True, slots=True)
class Marks:
    """What was measured on the results of one yaw by one method; lists hold one entry a face.

    Attributes:
        cosine: identity cosine of each result to its photograph.
        first: whether the photograph is the nearest of all photographs (rank 1).
        error_deg: distance of the measured yaw from the asked one.
        lost: results in which no face was found.
    """

    cosine: list[float] = field(default_factory=list)
    first: list[bool] = field(default_factory=list)
    error_deg: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def summary(self) -> Json:
        """Means, and the 95th percentile of the pose error; null where nothing was measured."""
        error = self.error_deg
        return {
            "n": len(self.cosine),
            "lost": len(self.lost),
            "embedder_cosine": _mean(self.cosine),
            "embedder_rank1": _mean(self.first),
            "pose_error_deg": _mean(error),
            "pose_error_p95_deg": round(float(np.percentile(error, 95)), 3) if error else None,
        }


def evaluate_rotation(
    photos: Iterable[Path],
    *,
    rotator: Rotator,
    yaws_deg: Sequence[float],
    size_px: int = 256,
    clock: Callable[[], float] = time.perf_counter,
) -> Json:
    """Turn every face to every yaw and measure the results.

    Args:
        photos: portraits, one person each; a photograph that cannot be used counts as refused.
        rotator: what to measure.
        yaws_deg: the yaws to turn to.
        size_px: side of the results.
        clock: seconds, for the milliseconds of a turn (detection excluded).

    Returns:
        `faces`, `refused` (path and reason), `strangers` (mean and 99th percentile of the cosines
        between different people's photographs) and `rows`, one a yaw, the warp's figures beside.
    """
    sitters: list[Sitter] = []
    refused: list[Json] = []
    for photo in photos:
        try:
            sitters.append(rotator.sit(photo, size_px=size_px))
        except GoodsideError as error:
            refused.append({"path": str(photo), "kind": error.kind, "message": error.message})
    gallery = np.stack([s.embedding for s in sitters]) if sitters else np.zeros((0, 1), np.float32)
    measure = _Measure(gallery)
    rows = []
    for yaw in yaws_deg:
        ours, warp, spent = Marks(), Marks(), []
        for index, sitter in enumerate(sitters):
            pose = asked_pose(yaw, source=sitter.face.pose)
            started = clock()
            picture = rotator.paint(sitter, [pose], size_px=size_px)[0]
            spent.append(1000 * (clock() - started))
            measure.add(ours, picture, pose=pose, index=index, name=sitter.path or str(index))
            plain = rotator.warp(sitter, pose, size_px=size_px)
            measure.add(warp, plain, pose=pose, index=index, name=sitter.path or str(index))
        ms = round(float(np.median(spent)), 1) if spent else None
        rows.append({"yaw": yaw, **ours.summary(), "ms": ms, "warp": warp.summary()})
    return {
        "faces": len(sitters),
        "refused": refused,
        "model": rotator.card.identifier,
        "strangers": _strangers(gallery),
        "rows": rows,
    }


class _Measure:
    """Finds the face in a result, its pose, and whose it is among the gallery's."""

    def __init__(self, gallery: FloatArray) -> None:
        self._gallery = gallery
        self._finder, self._embedder = FaceFinder(), Embedder()

    def add(self, marks: Marks, picture: RgbImage, *, pose: Pose, index: int, name: str) -> None:
        found = self._finder.find(picture)
        if not found:
            marks.lost.append(name)
            return
        cosines = self._gallery @ self._embedder.embed(picture, [found[0]])[0]
        marks.cosine.append(float(cosines[index]))
        marks.first.append(int(np.argmax(cosines)) == index)
        marks.error_deg.append(abs(found[0].pose.yaw_deg - pose.yaw_deg))


def _strangers(gallery: FloatArray) -> Json:
    cosines = (gallery @ gallery.T)[np.triu_indices(len(gallery), 1)]
    if not len(cosines):
        return {"mean": None, "p99": None}
    return {
        "mean": round(float(cosines.mean()), 3),
        "p99": round(float(np.percentile(cosines, 99)), 3),
    }


def _mean(values: Sequence[float]) -> float | None:
    return round(float(np.mean(values)), 3) if values else None
