"""What is measured on turned faces: whose they seem to be, where they look, where they lie."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields

import numpy as np

from goodside.face import Embedder, FaceFinder
from goodside.rotation.evaluation.report import key
from goodside.rotation.evaluation.second_recogniser import SecondRecogniser
from goodside.rotation.geometry.frame import to_shares
from goodside.rotation.subject import Subject
from goodside.runtime import WeightsStore
from goodside.types import Box, FloatArray, Pose, RgbImage

_EYE_CORNERS = (33, 263)  # the outer ones, by which landmark errors are scaled


@dataclass(frozen=True, slots=True)
class MeasurementSummary:
    """Means over the results of one yaw or of several; None where nothing was measured.

    Attributes:
        count: results measured.
        lost: results that show no face.
        cosine: of our recogniser's vectors of result and photograph.
        rank1: how often the photograph is the nearest of all photographs, 0-1.
        second_distance: of the second recogniser's vectors.
        second_rank1: as `rank1`, by the second recogniser.
        yaw_error_deg: distance of the measured yaw from the asked one.
        yaw_error_p95_deg: its 95th percentile.
        landmark_error: mean distance of the landmarks from those of the person's turned mesh, as a
            share of the distance between the outer eye corners.
    """

    count: int = field(metadata=key("n"))
    lost: int
    cosine: float | None = field(metadata=key("embedder_cosine"))
    rank1: float | None = field(metadata=key("embedder_rank1"))
    second_distance: float | None = field(metadata=key("judge_distance"))
    second_rank1: float | None = field(metadata=key("judge_rank1"))
    yaw_error_deg: float | None = field(metadata=key("pose_error_deg"))
    yaw_error_p95_deg: float | None = field(metadata=key("pose_error_p95_deg"))
    landmark_error: float | None


@dataclass(frozen=True, slots=True)
class Measurements:
    """What was measured on the results of one yaw by one method; lists hold one entry a face.

    Attributes:
        index: whose result each entry is, counted as the gallery counts.
        cosine: of our recogniser's vectors of result and photograph.
        rank1: whether the photograph is the nearest of all photographs.
        second_distance, second_rank1: the same two by the second recogniser, if there is one.
        yaw_error_deg: distance of the measured yaw from the asked one.
        landmark_error: mean distance of the landmarks from those of the person's turned mesh, as
            a share of the distance between the outer eye corners.
        lost: whose results show no face.
    """

    index: list[int] = field(default_factory=list)
    cosine: list[float] = field(default_factory=list)
    rank1: list[bool] = field(default_factory=list)
    second_distance: list[float] = field(default_factory=list)
    second_rank1: list[bool] = field(default_factory=list)
    yaw_error_deg: list[float] = field(default_factory=list)
    landmark_error: list[float] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)

    @staticmethod
    def joined(several: Sequence[Measurements]) -> Measurements:
        """The entries of several yaws as one."""
        names = [one.name for one in fields(Measurements)]
        return Measurements(**{n: [v for one in several for v in getattr(one, n)] for n in names})

    def of(self, people: Collection[int]) -> Measurements:
        """The entries of some people alone."""
        kept = [place for place, index in enumerate(self.index) if index in people]
        measured = {
            one.name: [values[place] for place in kept]
            if (values := getattr(self, one.name))
            else []
            for one in fields(self)
            if one.name != "lost"
        }
        return Measurements(**measured, lost=[index for index in self.lost if index in people])

    def summary(self) -> MeasurementSummary:
        """Means, and the 95th percentile of the yaw error."""
        error = self.yaw_error_deg
        return MeasurementSummary(
            count=len(self.cosine),
            lost=len(self.lost),
            cosine=mean(self.cosine),
            rank1=mean(self.rank1),
            second_distance=mean(self.second_distance),
            second_rank1=mean(self.second_rank1),
            yaw_error_deg=mean(error),
            yaw_error_p95_deg=round(float(np.percentile(error, 95)), 3) if error else None,
            landmark_error=mean(self.landmark_error),
        )


@dataclass(frozen=True, slots=True)
class Strangers:
    """Cosines between different people's photographs; None where there are no two people.

    Attributes:
        mean: of all pairs.
        p99: their 99th percentile.
    """

    mean: float | None
    p99: float | None


class Gallery:
    """The photographs' people, and the measuring of results against them.

    Args:
        subjects: one a person.
        second: a second recogniser.
        store: weights; by default those of the package.
    """

    def __init__(
        self,
        subjects: Sequence[Subject],
        *,
        second: SecondRecogniser | None = None,
        store: WeightsStore | None = None,
    ) -> None:
        self.subjects = subjects
        self._second = second
        self._finder, self._embedder = FaceFinder(store=store), Embedder(store=store)
        self._vectors = _stacked([subject.embedding for subject in subjects])
        self._second_vectors = _stacked(
            [] if second is None else [second.embed(s.portrait, portrait_box(s)) for s in subjects]
        )

    def add(
        self,
        measurements: Measurements,
        picture: RgbImage,
        *,
        subject: Subject,
        pose: Pose,
        index: int,
    ) -> None:
        """Measure the picture of a subject turned to a pose.

        Args:
            measurements: takes what was measured.
            picture: (S, S, 3) uint8, cropped to the subject's window.
            subject: as turned, which may be framed otherwise than in the gallery.
            pose: that was asked for.
            index: of the subject in the gallery.
        """
        found = self._finder.find_steep(picture)
        if not found:
            measurements.lost.append(index)
            return
        face = found[0]
        measurements.index.append(index)
        cosines = self._vectors @ self._embedder.embed(picture, [face])[0]
        measurements.cosine.append(float(cosines[index]))
        measurements.rank1.append(int(np.argmax(cosines)) == index)
        if self._second is not None:
            vector = self._second.embed(picture, face.box)
            distances = np.linalg.norm(self._second_vectors - vector, axis=1)
            measurements.second_distance.append(float(distances[index]))
            measurements.second_rank1.append(int(np.argmin(distances)) == index)
        measurements.yaw_error_deg.append(abs(face.pose.yaw_deg - pose.yaw_deg))
        wanted = subject.window.inside(subject.head.landmarks(pose))
        shares = (face.landmarks[:, :2] + 0.5) / len(picture)
        apart = np.linalg.norm(shares - wanted, axis=1).mean() * subject.window.side
        eyes = subject.head.points[_EYE_CORNERS[0]] - subject.head.points[_EYE_CORNERS[1]]
        measurements.landmark_error.append(float(apart / np.linalg.norm(eyes)))

    def strangers(self) -> Strangers:
        """How alike different people's photographs are."""
        cosines = (self._vectors @ self._vectors.T)[np.triu_indices(len(self.subjects), 1)]
        if not len(cosines):
            return Strangers(None, None)
        return Strangers(mean(cosines), round(float(np.percentile(cosines, 99)), 3))


def portrait_box(subject: Subject) -> Box:
    """The box of a subject's face in pixels of the portrait."""
    shares = to_shares(subject.head.frame, subject.face.landmarks[:, :2])
    places = shares * len(subject.portrait) - 0.5
    (left, top), (right, bottom) = places.min(axis=0), places.max(axis=0)
    return Box(float(left), float(top), float(right), float(bottom))


def mean(values: Sequence[float] | FloatArray) -> float | None:
    """The mean, rounded to a thousandth; None of nothing."""
    return round(float(np.mean(values)), 3) if len(values) else None


def _stacked(vectors: Sequence[FloatArray]) -> FloatArray:
    return np.stack(vectors) if vectors else np.zeros((0, 1), np.float32)
