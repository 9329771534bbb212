"""There and back: a photograph turned away by its mesh, turned home, and compared with itself.

The way out is the draft's, without the network, so what it hides or stretches is known to be lost;
the way back is the network's, beside the plain warp's and the warp whose gaps the face's mirror
half fills.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from goodside.errors import FaceError, ImageError, OutOfRange
from goodside.face import Crop, PersonMatte, five_points
from goodside.rotation.evaluation.measurements import Gallery, Measurements, mean
from goodside.rotation.evaluation.report import INLINE, key
from goodside.rotation.generator.blend import sharpened, to_bytes
from goodside.rotation.generator.painter import plain_turn
from goodside.rotation.geometry.layers import draft
from goodside.rotation.geometry.warp import warp_to
from goodside.rotation.rotate import Rotator
from goodside.rotation.subject import Subject, subject_from_portrait
from goodside.types import FloatArray, Pose, RgbImage

Method = Callable[[Subject, Pose], RgbImage]


@dataclass(frozen=True, slots=True)
class CycleFigures:
    """How near one method comes to the photographs again; None where nothing came back.

    Attributes:
        l1: mean absolute difference to the photograph, over the whole picture, 0-255.
        cosine: of our recogniser's vectors.
        second_distance: of the second recogniser's.
    """

    l1: float | None
    cosine: float | None = field(metadata=key("embedder_cosine"))
    second_distance: float | None = field(metadata=key("judge_distance"))


@dataclass(frozen=True, slots=True)
class CycleRow:
    """Photographs turned to one yaw by their mesh, and back by each method.

    Attributes:
        yaw_deg: where they were turned to.
        count: pictures that came back.
        network, warp: the two methods.
        mirrored: the warp whose gaps the face's mirror half fills.
    """

    yaw_deg: float = field(metadata=key("yaw"))
    count: int = field(metadata=key("n"))
    network: CycleFigures = field(metadata=INLINE)
    warp: CycleFigures
    mirrored: CycleFigures


@dataclass(frozen=True, slots=True)
class _Returns:
    """What came back from one yaw by one method."""

    measurements: Measurements = field(default_factory=Measurements)
    l1: list[float] = field(default_factory=list)

    def figures(self) -> CycleFigures:
        return CycleFigures(
            l1=mean(self.l1),
            cosine=mean(self.measurements.cosine),
            second_distance=mean(self.measurements.second_distance),
        )


def turn_back(gallery: Gallery, *, rotator: Rotator, yaw_deg: float, size_px: int) -> CycleRow:
    """Bring every subject's photograph back from a yaw.

    Args:
        gallery: the photographs' people.
        rotator: what to measure.
        yaw_deg: where the mesh turns the photograph before.
        size_px: side of the results.
    """
    methods: dict[str, Method] = {
        "network": lambda subject, home: rotator.paint(subject, [home], size_px=size_px)[0],
        "warp": lambda subject, home: rotator.warp(subject, home, size_px=size_px),
        "mirrored": lambda subject, home: mirror_fill(subject, home, size_px=size_px),
    }
    returns = {name: _Returns() for name in methods}
    for index, subject in enumerate(gallery.subjects):
        home = subject.head.pose
        away = turned_away(subject, yaw_deg, matting=rotator.matting)
        try:
            pictures = {name: method(away, home) for name, method in methods.items()}
        except (ImageError, FaceError, OutOfRange):
            continue  # the photograph's own pose is beyond the weights' range
        truth = subject.picture(size_px=size_px).astype(np.float32)
        for name, picture in pictures.items():
            returns[name].l1.append(float(np.abs(picture - truth).mean()))
            gallery.add(
                returns[name].measurements, picture, subject=subject, pose=home, index=index
            )
    figures = {name: one.figures() for name, one in returns.items()}
    return CycleRow(yaw_deg, len(returns["network"].l1), **figures)


def turned_away(subject: Subject, yaw_deg: float, *, matting: PersonMatte) -> Subject:
    """The subject as if the photograph were what its mesh makes of it at a yaw."""
    side = len(subject.portrait)
    pose = replace(subject.head.pose, yaw_deg=yaw_deg)
    plan = warp_to(subject.head, pose, size_px=side)
    portrait = to_bytes(draft(subject.layers, plan).warped)
    frame = Crop((side - 1) / 2, (side - 1) / 2, side, 0.0)
    points: FloatArray = five_points(subject.head.landmarks(pose)) * side - 0.5
    return subject_from_portrait(
        portrait,
        replace(subject.head, pose=pose, frame=frame),
        face=replace(subject.face, points=points, pose=pose),
        matting=matting,
        embedding=subject.embedding,
        window=subject.window,
        path=subject.path,
    )


def mirror_fill(subject: Subject, pose: Pose, *, size_px: int) -> RgbImage:
    """The plain warp with the face's mirror half where the photograph hides a place."""
    plan, read = plain_turn(subject, pose, size_px=size_px)
    warped, mirrored = read(plan.grid), read(plan.mirrored)
    borrowed = ((1 - plan.confidence) * plan.mirrored_confidence * plan.face)[..., None]
    filled = warped + borrowed * (mirrored - warped)
    return sharpened(to_bytes(filled), stretch=plan.stretch)
