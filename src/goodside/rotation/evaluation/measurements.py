"""What is measured on turned faces: whose they seem to be, where they look, where they lie."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields

import numpy as np

from goodside.face import Embedder, FaceFinder
from goodside.rotation.evaluation.second_recogniser import Judge
from goodside.rotation.geometry.frame import to_shares
from goodside.rotation.subject import Sitter
from goodside.runtime import WeightsStore
from goodside.types import Box, FloatArray, Json, Pose, RgbImage

_EYE_CORNERS = (33, 263)  # the outer ones, by which landmark errors are scaled


@dataclass(frozen=True, slots=True)
class Marks:
    """What was measured on the results of one yaw by one method; lists hold one entry a face.

    Attributes:
        index: whose result each entry is, counted as the gallery counts.
        cosine: of the embedder's vectors of result and photograph.
        first: whether the photograph is the nearest of all photographs (rank 1).
        distance, judged_first: the same two by the judge, if there is one.
        error_deg: distance of the measured yaw from the asked one.
        landmark_error: mean distance of the landmarks from those of the person's turned mesh, as
            a share of the distance between the outer eye corners.
        lost: whose results show no face.
    """

    index: list[int] = field(default_factory=list)
    cosine: list[float] = field(default_factory=list)
    first: list[bool] = field(default_factory=list)
    distance: list[float] = field(default_factory=list)
    judged_first: list[bool] = field(default_factory=list)
    error_deg: list[float] = field(default_factory=list)
    landmark_error: list[float] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)

    @staticmethod
    def joined(several: Sequence[Marks]) -> Marks:
        """The entries of several yaws as one."""
        names = [one.name for one in fields(Marks)]
        return Marks(**{n: [v for marks in several for v in getattr(marks, n)] for n in names})

    def of(self, people: Collection[int]) -> Marks:
        """The entries of some people alone."""
        kept = [place for place, index in enumerate(self.index) if index in people]
        measured = {
            one.name: [values[place] for place in kept]
            if (values := getattr(self, one.name))
            else []
            for one in fields(self)
            if one.name != "lost"
        }
        return Marks(**measured, lost=[index for index in self.lost if index in people])

    def summary(self) -> Json:
        """Means, and the 95th percentile of the pose error; null where nothing was measured."""
        error = self.error_deg
        return {
            "n": len(self.cosine),
            "lost": len(self.lost),
            "embedder_cosine": mean(self.cosine),
            "embedder_rank1": mean(self.first),
            "judge_distance": mean(self.distance),
            "judge_rank1": mean(self.judged_first),
            "pose_error_deg": mean(error),
            "pose_error_p95_deg": round(float(np.percentile(error, 95)), 3) if error else None,
            "landmark_error": mean(self.landmark_error),
        }


class Gallery:
    """The photographs' people, and the measuring of results against them.

    Args:
        sitters: one a person.
        judge: a second recogniser.
        store: weights; by default those of the package.
    """

    def __init__(
        self,
        sitters: Sequence[Sitter],
        *,
        judge: Judge | None = None,
        store: WeightsStore | None = None,
    ) -> None:
        self.sitters = sitters
        self._judge = judge
        self._finder, self._embedder = FaceFinder(store=store), Embedder(store=store)
        self._vectors = _stacked([sitter.embedding for sitter in sitters])
        self._judged = _stacked(
            [] if judge is None else [judge.embed(s.portrait, portrait_box(s)) for s in sitters]
        )

    def add(
        self, marks: Marks, picture: RgbImage, *, sitter: Sitter, pose: Pose, index: int
    ) -> None:
        """Measure the picture of a sitter turned to a pose.

        Args:
            marks: takes what was measured.
            picture: (S, S, 3) uint8, cropped to the sitter's window.
            sitter: as turned, which may be framed otherwise than in the gallery.
            pose: that was asked for.
            index: of the sitter in the gallery.
        """
        found = self._finder.find_steep(picture)
        if not found:
            marks.lost.append(index)
            return
        face = found[0]
        marks.index.append(index)
        cosines = self._vectors @ self._embedder.embed(picture, [face])[0]
        marks.cosine.append(float(cosines[index]))
        marks.first.append(int(np.argmax(cosines)) == index)
        if self._judge is not None:
            distances = np.linalg.norm(self._judged - self._judge.embed(picture, face.box), axis=1)
            marks.distance.append(float(distances[index]))
            marks.judged_first.append(int(np.argmin(distances)) == index)
        marks.error_deg.append(abs(face.pose.yaw_deg - pose.yaw_deg))
        wanted = sitter.window.inside(sitter.head.landmarks(pose))
        shares = (face.landmarks[:, :2] + 0.5) / len(picture)
        apart = np.linalg.norm(shares - wanted, axis=1).mean() * sitter.window.side
        eyes = sitter.head.points[_EYE_CORNERS[0]] - sitter.head.points[_EYE_CORNERS[1]]
        marks.landmark_error.append(float(apart / np.linalg.norm(eyes)))

    def strangers(self) -> Json:
        """Mean and 99th percentile of the cosines between different people's photographs."""
        cosines = (self._vectors @ self._vectors.T)[np.triu_indices(len(self.sitters), 1)]
        if not len(cosines):
            return {"mean": None, "p99": None}
        return {"mean": mean(cosines), "p99": round(float(np.percentile(cosines, 99)), 3)}


def portrait_box(sitter: Sitter) -> Box:
    """The box of a sitter's face in pixels of the portrait."""
    places = to_shares(sitter.head.frame, sitter.face.landmarks[:, :2]) * len(sitter.portrait) - 0.5
    (left, top), (right, bottom) = places.min(axis=0), places.max(axis=0)
    return Box(float(left), float(top), float(right), float(bottom))


def mean(values: Sequence[float] | FloatArray) -> float | None:
    """The mean, rounded to a thousandth; None of nothing."""
    return round(float(np.mean(values)), 3) if len(values) else None


def _stacked(vectors: Sequence[FloatArray]) -> FloatArray:
    return np.stack(vectors) if vectors else np.zeros((0, 1), np.float32)
