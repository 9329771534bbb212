"""How well faces are turned: identity, pose, landmarks, realism; the plain warp beside."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from goodside.errors import GoodsideError, concerns_one_photo
from goodside.rotation.evaluation.confidence_fit import ConfidenceFit, measure_confidence
from goodside.rotation.evaluation.cycle import CycleRow, turn_back
from goodside.rotation.evaluation.groups import GroupFigures, compare_groups, read_labels
from goodside.rotation.evaluation.measurements import (
    Gallery,
    Measurements,
    MeasurementSummary,
    Strangers,
    mean,
)
from goodside.rotation.evaluation.realism import Realism, RealismGauge
from goodside.rotation.evaluation.report import INLINE, Refusal, key
from goodside.rotation.evaluation.second_recogniser import SAME_PERSON, SecondRecogniser
from goodside.rotation.evaluation.views import ViewRow, compare_views, read_views
from goodside.rotation.generator.painter import Variant
from goodside.rotation.request import asked_pose
from goodside.rotation.rotate import Rotator
from goodside.rotation.subject import Subject
from goodside.types import RgbImage

EVALUATION_PX = 256
"""Side of the results that are measured, so that figures compare with those of the cards."""


@dataclass(frozen=True, slots=True)
class UnturnedFigures:
    """What leaving the photographs unturned would give.

    Attributes:
        yaw_error_deg: mean distance of their yaw from the asked one; None without any.
    """

    yaw_error_deg: float | None = field(metadata=key("pose_error_deg"))


@dataclass(frozen=True, slots=True)
class YawRow:
    """The results of one yaw.

    Attributes:
        yaw_deg: that was asked for.
        network: what was measured on the network's pictures.
        ms: median milliseconds of a turn, detection excluded; None without any.
        warp: what was measured on the plain warp's.
        draft: on the drafts', the network left out; None where the weights have none.
        unposed: on the network's, its pose images black.
        photo: what the photographs themselves would give.
    """

    yaw_deg: float = field(metadata=key("yaw"))
    network: MeasurementSummary = field(metadata=INLINE)
    ms: float | None
    warp: MeasurementSummary
    draft: MeasurementSummary | None
    unposed: MeasurementSummary
    photo: UnturnedFigures


@dataclass(frozen=True, slots=True)
class RotationReport:
    """How well a rotator turns faces.

    Attributes:
        faces: photographs used.
        refused: those that were not, with the reason.
        refused_share: their share, 0-1; None without photographs.
        model: name and version of the weights.
        strangers: how alike different people's photographs are, to compare with.
        rows: one a yaw.
        back: photographs turned away and back, one row a yaw other than 0, see `cycle`.
        realism: distance to photographs.
        truth: results against true views, see `views`; empty without a list.
        groups: the figures by group of people, see `groups`; empty without a list.
        confidence: the fit to the second recogniser's verdicts; None without one.
    """

    faces: int
    refused: tuple[Refusal, ...]
    refused_share: float | None
    model: str
    strangers: Strangers
    rows: tuple[YawRow, ...]
    back: tuple[CycleRow, ...]
    realism: Realism
    truth: tuple[ViewRow, ...]
    groups: tuple[GroupFigures, ...]
    confidence: ConfidenceFit | None


@dataclass(frozen=True, slots=True)
class _Turns:
    """The pictures of one yaw by one method, with what was measured on them."""

    measurements: Measurements = field(default_factory=Measurements)
    pictures: list[RgbImage] = field(default_factory=list)


def prepare_each(
    photos: Iterable[Path], *, rotator: Rotator, size_px: int = EVALUATION_PX
) -> tuple[list[Subject], list[Refusal]]:
    """The subjects of portraits, one person each, and those portraits that cannot be used.

    Raises:
        WeightsError: a network is missing or corrupt.
    """
    subjects: list[Subject] = []
    refused: list[Refusal] = []
    for photo in photos:
        try:
            subjects.append(rotator.prepare(photo, size_px=size_px))
        except GoodsideError as error:
            if not concerns_one_photo(error):
                raise
            refused.append(Refusal.of(photo, error))
    return subjects, refused


def evaluate_rotation(
    subjects: Sequence[Subject],
    *,
    rotator: Rotator,
    yaws_deg: Sequence[float],
    refused: Sequence[Refusal] = (),
    second: SecondRecogniser | None = None,
    views: Path | None = None,
    labels: Path | None = None,
    size_px: int = EVALUATION_PX,
    clock: Callable[[], float] = time.perf_counter,
) -> RotationReport:
    """Turn every face to every yaw and measure the results.

    Args:
        subjects: people's portraits, as `prepare_each` gives them.
        rotator: what to measure; it prepared the subjects.
        yaws_deg: the yaws to turn to.
        refused: portraits that could not be used, as `prepare_each` gives them.
        second: a recogniser that training never saw, to measure identity a second time.
        views: a list of views of the same people at known angles, see `views`.
        labels: a list of groups of people, see `groups`.
        size_px: side of the results.
        clock: seconds, for the milliseconds of a turn.

    Raises:
        SettingsError: the list of views or of groups is missing or wrong.
    """
    known = read_views(views) if views is not None else []
    grouped = read_labels(labels) if labels is not None else {}
    gallery = Gallery(subjects, second=second, store=rotator.store)
    gauge = RealismGauge(
        [subject.picture(size_px=size_px) for subject in subjects], store=rotator.store
    )
    rows, realism, measured = [], [], []
    for yaw in yaws_deg:
        row, turns = _turn_each(gallery, rotator=rotator, yaw_deg=yaw, size_px=size_px, clock=clock)
        rows.append(row)
        measured.append(turns["network"].measurements)
        made = {name: one.pictures for name, one in turns.items()}
        realism.append((yaw, gauge.features_of(made)))
    yaws = [yaw for yaw in yaws_deg if yaw]
    back = [turn_back(gallery, rotator=rotator, yaw_deg=yaw, size_px=size_px) for yaw in yaws]
    return RotationReport(
        faces=len(subjects),
        refused=tuple(refused),
        refused_share=_share(len(refused), of=len(refused) + len(subjects)),
        model=rotator.card.identifier,
        strangers=gallery.strangers(),
        rows=tuple(rows),
        back=tuple(back),
        realism=gauge.report(realism),
        truth=tuple(
            compare_views(known, rotator=rotator, yaws_deg=yaws, size_px=size_px, second=second)
        ),
        groups=tuple(
            compare_groups(
                grouped,
                faces=[Path(subject.path or "").name for subject in subjects],
                refused=[Path(one.path).name for one in refused],
                measurements=measured,
            )
        ),
        confidence=_confidence(Measurements.joined(measured)),
    )


def _confidence(measured: Measurements) -> ConfidenceFit | None:
    """The fit to the second recogniser's verdicts; None without one."""
    if not measured.second_distance:
        return None
    same = [distance < SAME_PERSON for distance in measured.second_distance]
    return measure_confidence(measured.cosine, same, people=measured.index)


def _turn_each(
    gallery: Gallery,
    *,
    rotator: Rotator,
    yaw_deg: float,
    size_px: int,
    clock: Callable[[], float],
) -> tuple[YawRow, dict[str, _Turns]]:
    """The row of one yaw, and what it rests on."""
    variants: list[Variant] = ["draft", "unposed"] if rotator.drafts else ["unposed"]
    turns = {name: _Turns() for name in ("network", "warp", *variants)}
    spent_ms: list[float] = []
    for index, subject in enumerate(gallery.subjects):
        pose = asked_pose(yaw_deg, source=subject.face.pose)
        framed = subject.framed([pose])
        started = clock()
        painted = rotator.paint(framed, [pose], size_px=size_px)[0]
        spent_ms.append(1000 * (clock() - started))
        plain = rotator.warp(framed, pose, size_px=size_px)
        others = (
            rotator.paint(framed, [pose], size_px=size_px, variant=variant)[0]
            for variant in variants
        )
        for turn, picture in zip(turns.values(), (painted, plain, *others), strict=True):
            turn.pictures.append(picture)
            gallery.add(turn.measurements, picture, subject=framed, pose=pose, index=index)
    unturned = [abs(subject.face.pose.yaw_deg - yaw_deg) for subject in gallery.subjects]
    row = YawRow(
        yaw_deg=yaw_deg,
        network=turns["network"].measurements.summary(),
        ms=round(float(np.median(spent_ms)), 1) if spent_ms else None,
        warp=turns["warp"].measurements.summary(),
        draft=turns["draft"].measurements.summary() if rotator.drafts else None,
        unposed=turns["unposed"].measurements.summary(),
        photo=UnturnedFigures(mean(unturned)),
    )
    return row, turns


def _share(count: int, *, of: int) -> float | None:
    return round(count / of, 3) if of else None
