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
from goodside.rotation.evaluation.measurements import Gallery, Marks, mean
from goodside.rotation.generator.blend import sharpened, to_bytes
from goodside.rotation.generator.painter import plain_turn
from goodside.rotation.geometry.layers import draft
from goodside.rotation.geometry.warp import warp_to
from goodside.rotation.rotate import Rotator
from goodside.rotation.subject import Subject, subject_from_portrait
from goodside.types import FloatArray, Json, Pose, RgbImage

Way = Callable[[Subject, Pose], RgbImage]


@dataclass(frozen=True, slots=True)
class _Returns:
    """What came back from one yaw by one method."""

    marks: Marks = field(default_factory=Marks)
    l1: list[float] = field(default_factory=list)

    def summary(self) -> Json:
        return {
            "l1": mean(self.l1),
            "embedder_cosine": mean(self.marks.cosine),
            "judge_distance": mean(self.marks.distance),
        }


def turn_back(gallery: Gallery, *, rotator: Rotator, yaw_deg: float, size_px: int) -> Json:
    """Bring every subject's photograph back from a yaw.

    Args:
        gallery: the photographs' people.
        rotator: what to measure.
        yaw_deg: where the mesh turns the photograph before.
        size_px: side of the results.

    Returns:
        `yaw`, `n`, and for the network, `warp` and `mirrored` each: `l1`, the mean absolute
        difference to the photograph on the 0-255 scale, `embedder_cosine`, `judge_distance`.
    """
    ways: dict[str, Way] = {
        "network": lambda subject, home: rotator.paint(subject, [home], size_px=size_px)[0],
        "warp": lambda subject, home: rotator.warp(subject, home, size_px=size_px),
        "mirrored": lambda subject, home: mirror_fill(subject, home, size_px=size_px),
    }
    returns = {name: _Returns() for name in ways}
    for index, subject in enumerate(gallery.subjects):
        home = subject.head.pose
        away = turned_away(subject, yaw_deg, matting=rotator.matting)
        try:
            pictures = {name: way(away, home) for name, way in ways.items()}
        except (ImageError, FaceError, OutOfRange):
            continue  # the photograph's own pose is beyond the weights' range
        truth = subject.picture(size_px=size_px).astype(np.float32)
        for name, picture in pictures.items():
            returns[name].l1.append(float(np.abs(picture - truth).mean()))
            gallery.add(returns[name].marks, picture, subject=subject, pose=home, index=index)
    figures = {name: one.summary() for name, one in returns.items()}
    count = len(returns["network"].l1)
    return {"yaw": yaw_deg, "n": count, **figures.pop("network"), **figures}


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
