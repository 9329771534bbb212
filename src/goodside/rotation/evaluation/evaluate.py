"""How well faces are turned: identity, pose, landmarks, realism; the plain warp beside."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from goodside.aesthetics import Assessor
from goodside.errors import GoodsideError, concerns_one_photo
from goodside.rotation.confidence import measure_confidence
from goodside.rotation.evaluation.cycle import turn_back
from goodside.rotation.evaluation.groups import compare_groups, read_labels
from goodside.rotation.evaluation.measurements import Gallery, Marks, mean
from goodside.rotation.evaluation.realism import features, kernel_distance
from goodside.rotation.evaluation.second_recogniser import SAME_PERSON, Judge
from goodside.rotation.evaluation.views import compare_views, read_views
from goodside.rotation.request import asked_pose
from goodside.rotation.rotate import Rotator
from goodside.rotation.subject import Sitter
from goodside.runtime import WeightsStore
from goodside.types import FloatArray, Json, RgbImage

_STEEP_DEG = 45.0  # realism is told for yaws from here together


@dataclass(frozen=True, slots=True)
class _Turns:
    """The pictures of one yaw by one method, with what was measured on them."""

    marks: Marks = field(default_factory=Marks)
    pictures: list[RgbImage] = field(default_factory=list)


def evaluate_rotation(
    photos: Iterable[Path],
    *,
    rotator: Rotator,
    yaws_deg: Sequence[float],
    judge: Judge | None = None,
    views: Path | None = None,
    labels: Path | None = None,
    size_px: int = 256,
    clock: Callable[[], float] = time.perf_counter,
) -> Json:
    """Turn every face to every yaw and measure the results.

    Args:
        photos: portraits, one person each; a photograph that cannot be used counts as refused.
        rotator: what to measure.
        yaws_deg: the yaws to turn to.
        judge: a recogniser that training never saw, to measure identity a second time.
        views: a list of views of the same people at known angles, see `views`.
        labels: a list of groups of people, see `groups`.
        size_px: side of the results.
        clock: seconds, for the milliseconds of a turn (detection excluded).

    Returns:
        `faces`; `refused` (path and reason); `refused_share`; `strangers` (mean and 99th percentile
        of the cosines between different people's photographs); `rows`, one a yaw, with the warp's
        figures and those of the unturned `photo` beside; `back`, from every yaw home again, see
        `cycle`; `realism`; `truth`, see `views`; `groups`; `confidence`, with a judge, see
        `goodside.rotation.confidence`. Modules named alone are those of this room.

    Raises:
        SettingsError: the list of views or of groups is missing or wrong.
    """
    known = read_views(views) if views is not None else []
    grouped = read_labels(labels) if labels is not None else {}
    sitters, refused = _seated(photos, rotator=rotator, size_px=size_px)
    gallery = Gallery(sitters, judge=judge, store=rotator.store)
    gauge = _Gauge(gallery, size_px=size_px, store=rotator.store)
    rows, realism, marks = [], [], []
    for yaw in yaws_deg:
        row, turns = _turned(gallery, rotator=rotator, yaw_deg=yaw, size_px=size_px, clock=clock)
        rows.append(row)
        marks.append(turns["network"].marks)
        realism.append((yaw, gauge.look({name: one.pictures for name, one in turns.items()})))
    yaws = [yaw for yaw in yaws_deg if yaw]
    return {
        "faces": len(sitters),
        "refused": refused,
        "refused_share": _share(len(refused), of=len(refused) + len(sitters)),
        "model": rotator.card.identifier,
        "strangers": gallery.strangers(),
        "rows": rows,
        "back": [turn_back(gallery, rotator=rotator, yaw_deg=yaw, size_px=size_px) for yaw in yaws],
        "realism": gauge.report(realism),
        "truth": compare_views(known, rotator=rotator, yaws_deg=yaws, size_px=size_px),
        "groups": compare_groups(
            grouped,
            faces=[Path(sitter.path or "").name for sitter in sitters],
            refused=[Path(one["path"]).name for one in refused],
            marks=marks,
        ),
        "confidence": _confidence(Marks.joined(marks)),
    }


def _confidence(marks: Marks) -> Json | None:
    """The fit to the judge's verdicts; None without a judge."""
    if not marks.distance:
        return None
    same = [distance < SAME_PERSON for distance in marks.distance]
    return measure_confidence(marks.cosine, same, people=marks.index)


def _seated(
    photos: Iterable[Path], *, rotator: Rotator, size_px: int
) -> tuple[list[Sitter], list[Json]]:
    sitters: list[Sitter] = []
    refused: list[Json] = []
    for photo in photos:
        try:
            sitters.append(rotator.sit(photo, size_px=size_px))
        except GoodsideError as error:
            if not concerns_one_photo(error):
                raise
            refused.append({"path": str(photo), "kind": error.kind, "message": error.message})
    return sitters, refused


def _turned(
    gallery: Gallery,
    *,
    rotator: Rotator,
    yaw_deg: float,
    size_px: int,
    clock: Callable[[], float],
) -> tuple[Json, dict[str, _Turns]]:
    """The row of one yaw, and what it rests on."""
    turns = {"network": _Turns(), "warp": _Turns()}
    spent: list[float] = []
    for index, sitter in enumerate(gallery.sitters):
        pose = asked_pose(yaw_deg, source=sitter.face.pose)
        framed = sitter.framed([pose])
        started = clock()
        painted = rotator.paint(framed, [pose], size_px=size_px)[0]
        spent.append(1000 * (clock() - started))
        plain = rotator.warp(framed, pose, size_px=size_px)
        for turn, picture in zip(turns.values(), (painted, plain), strict=True):
            turn.pictures.append(picture)
            gallery.add(turn.marks, picture, sitter=framed, pose=pose, index=index)
    unturned = [abs(sitter.face.pose.yaw_deg - yaw_deg) for sitter in gallery.sitters]
    row = {
        "yaw": yaw_deg,
        **turns["network"].marks.summary(),
        "ms": round(float(np.median(spent)), 1) if spent else None,
        "warp": turns["warp"].marks.summary(),
        "photo": {"pose_error_deg": mean(unturned)},
    }
    return row, turns


class _Gauge:
    """Measures realism against the same people's photographs."""

    def __init__(self, gallery: Gallery, *, size_px: int, store: WeightsStore) -> None:
        self._assessor = Assessor(store=store)
        self._photos = self._features([s.picture(size_px=size_px) for s in gallery.sitters])

    def look(self, pictures: dict[str, list[RgbImage]]) -> dict[str, FloatArray]:
        return {name: self._features(some) for name, some in pictures.items()}

    def report(self, seen: Sequence[tuple[float, dict[str, FloatArray]]]) -> Json:
        """The distances of all steep yaws together and of every yaw alone."""
        steep = [(yaw, made) for yaw, made in seen if abs(yaw) >= _STEEP_DEG]
        return {
            "yaws": [yaw for yaw, _ in steep],
            **self._distances(steep),
            "by_yaw": [{"yaw": yaw, **self._distances([(yaw, made)])} for yaw, made in seen],
        }

    def _distances(self, seen: Sequence[tuple[float, dict[str, FloatArray]]]) -> Json:
        people = np.arange(len(self._photos))
        figures: Json = {}
        for key, name in (("kid", "network"), ("warp_kid", "warp")):
            found = None
            if seen:
                found = kernel_distance(
                    self._photos,
                    np.concatenate([made[name] for _, made in seen]),
                    real_people=people,
                    made_people=np.tile(people, len(seen)),
                )
            figures[key] = None if found is None else round(found, 5)
        return figures

    def _features(self, pictures: Sequence[RgbImage]) -> FloatArray:
        if not pictures:
            return np.zeros((0, 1), np.float32)
        return features(pictures, assessor=self._assessor)


def _share(count: int, *, of: int) -> float | None:
    return round(count / of, 3) if of else None
