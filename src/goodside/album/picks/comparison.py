"""What a photograph shows more of than the others of its album, or of its kind in it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.explanation.qualities import (
    FIGURES,
    RATED,
    VIEWS,
    Quality,
    find_qualities,
    usual_percentile,
)
from goodside.album.album_photo import AlbumPhoto
from goodside.album.catalog import FaceRecord, PhotoFacts
from goodside.album.picks.reasons import AlbumScore, Reason, Shows, StandsOut
from goodside.images.features import Tones, VisualFeatures
from goodside.tags import tag_key

MIN_COMPARED = 8
"""Photographs that must be compared for the first of them to be worth a word."""
_MOST_COMPARED = 10_000
_MIN_FOR_PERCENT = 20
"""Photographs from which a percentage means something."""
_MIN_PERCENTILE = 80.0
_MIN_USUAL_PERCENTILE = 85.0
_MIN_SCORE_PERCENTILE = 50.0
_USUAL_BITS = 1.5
"""By how much less it counts to stand out from photographs in general than from the album."""
_PLAIN_BITS = 2.0
_MIN_RATING = 5.5
_MIN_SHARPNESS, _MIN_FACE_SHARPNESS = 0.6, 0.5
_MIN_FACE_SHARE = 0.005
_MIN_QUALITY = 0.25
_FACE_MARGIN = 1.0
"""Widths of a face around it in which the picture's detail may lie to be the face's."""
_NO_KINDS = frozenset(map(tag_key, ("something else", "others")))
_MEASURED = ("brightness", "contrast", "clipped_dark", "clipped_bright")

_Figures = NDArray[np.float64]
Rated = tuple[float, Reason]
"""A reason with its weight: bits of surprise, the logarithm of one in how many shows as much."""


def compared_places(count: int) -> range:
    """Which photographs of an album stand for it: all of 10,000, of more than that every second.

    Args:
        count: of the album.
    """
    return range(0, count, max(1, -(-count // _MOST_COMPARED)))


class AlbumComparison:
    """The figures of an album's photographs, sorted when they are first asked for.

    Args:
        shots: of the album, or those of them at `compared_places`.
        is_sample: they are not all; then none is said to be the first of the album.
    """

    def __init__(self, shots: Sequence[AlbumPhoto], *, is_sample: bool = False) -> None:
        self._is_sample = is_sample
        self._shots = [shot for shot in shots if shot.is_photograph]
        self._sorted: dict[tuple[Quality, str | None], _Figures] = {}

    def find(self, shot: AlbumPhoto) -> list[Rated]:
        """What a photograph of the album shows more of than most, the rarest first."""
        found: list[Rated] = []
        for quality, amount in _shown(shot):
            reason = self._best(shot, quality, amount)
            if reason is not None:
                found.append(reason)
        return sorted(found, key=lambda rated: -rated[0])

    @classmethod
    def of(cls, shots: Sequence[AlbumPhoto]) -> AlbumComparison:
        """Of all photographs of an album in order of capture, some of which stand for very many."""
        places = compared_places(len(shots))
        return cls([shots[place] for place in places], is_sample=len(places) < len(shots))

    @property
    def is_large(self) -> bool:
        """Whether there are enough photographs for the sharpest of them to be named."""
        return len(self._shots) >= MIN_COMPARED

    def find_score(self, shot: AlbumPhoto) -> list[Rated]:
        """Where its score stands in the album and among each of its kinds, the highest first."""
        judged = shot.photo.judged
        if judged is None or not shot.is_photograph:
            return []
        found: list[Rated] = []
        for kind in (*self._kinds(shot), None):
            scores = self._scores(kind)
            if len(scores) >= MIN_COMPARED:
                score, count = judged.aesthetic.score, len(scores)
                less = int(np.searchsorted(scores, score, side="left"))
                rank = count - int(np.searchsorted(scores, score, side="right")) + 1
                share = min(100.0, 100 * less / (count - 1))
                rank = max(rank, 2) if self._is_sample else rank
                if share < _MIN_SCORE_PERCENTILE:
                    continue
                found.append((math.log2(count / rank), AlbumScore(kind, count, rank, share)))
        return sorted(found, key=lambda rated: -rated[0])

    def _best(self, shot: AlbumPhoto, quality: Quality, amount: float) -> Rated | None:
        """The comparison in which it stands out most, of one quality."""
        if quality is Quality.LEVEL_HORIZON:
            return _PLAIN_BITS, Shows(quality)
        compared = [
            rated
            for kind in (*self._kinds(shot), None)
            if (rated := self._compared(quality, amount, kind)) is not None
        ]
        if compared:
            return max(compared, key=lambda rated: rated[0])
        return None if self._is_large(quality) else _usual(quality, amount)

    def _compared(self, quality: Quality, amount: float, kind: str | None) -> Rated | None:
        figures = self._figures(quality, kind)
        count = len(figures)
        if count < MIN_COMPARED:
            return None
        more = count - int(np.searchsorted(figures, amount, side="right"))
        less = int(np.searchsorted(figures, amount, side="left"))
        percentile = min(100.0, 100 * less / (count - 1))
        is_first = less == count - 1 and not self._is_sample
        if not is_first and (count < _MIN_FOR_PERCENT or percentile < _MIN_PERCENTILE):
            return None
        reason = StandsOut(
            quality,
            "album" if kind is None else "kind",
            kind,
            count,
            more + 1 if is_first or more else 2,
            percentile,
        )
        return math.log2(count / (more + 1)), reason

    def _is_large(self, quality: Quality) -> bool:
        """Whether the album itself tells what is usual of a quality in it."""
        return len(self._figures(quality, None)) >= _MIN_FOR_PERCENT

    def _figures(self, quality: Quality, kind: str | None) -> _Figures:
        key = (quality, None if kind is None else tag_key(kind))
        if key not in self._sorted:
            every = self._amounts(quality)
            chosen = every if kind is None else every[self._of_kind.get(tag_key(kind), [])]
            self._sorted[key] = np.sort(chosen[~np.isnan(chosen)])
        return self._sorted[key]

    def _amounts(self, quality: Quality) -> _Figures:
        """(N,) of all photographs; NaN where it is not measured."""
        if quality in FIGURES:
            name, sign = FIGURES[quality]
            figure = attrgetter(name)
            return sign * _array(figure(shot.photo.facts) for shot in self._shots)
        return _array(_other_amounts(shot).get(quality) for shot in self._shots)

    def _kinds(self, shot: AlbumPhoto) -> list[str]:
        return [tag for tag in sorted(shot.tags) if tag_key(tag) not in _NO_KINDS]

    def _scores(self, kind: str | None) -> _Figures:
        places = range(len(self._shots)) if kind is None else self._of_kind.get(tag_key(kind), [])
        judged = (self._shots[place].photo.judged for place in places)
        return np.sort([one.aesthetic.score for one in judged if one is not None])

    @cached_property
    def _of_kind(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, shot in enumerate(self._shots):
            for tag in shot.tags:
                found.setdefault(tag_key(tag), []).append(place)
        return found


def _array(values: Iterator[float | None]) -> _Figures:
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)


def _usual(quality: Quality, amount: float) -> Rated | None:
    """What is above most photographs in general, where the album is too small to compare."""
    percentile = usual_percentile(quality, amount)
    if percentile is None or percentile < _MIN_USUAL_PERCENTILE:
        return None
    reason = StandsOut(quality, "photographs", None, None, None, min(percentile, 99.0))
    return math.log2(100 / (101 - reason.percentile)) - _USUAL_BITS, reason


def _shown(shot: AlbumPhoto) -> Iterator[tuple[Quality, float]]:
    """What a photograph shows by itself, with amounts."""
    facts = shot.photo.facts
    faces = _faces(shot)
    tags = set(map(tag_key, shot.tags))
    if facts.brightness is not None:
        found = find_qualities(
            _features(facts),
            Tones(*(getattr(facts, name) or 0.0 for name in _MEASURED)),
            is_view=any(tag_key(view) in tags for view in VIEWS),
        )
        for quality, amount in found:
            if quality not in _OF_A_SUBJECT or not faces or _is_at_a_face(shot, faces):
                yield quality, amount
    for quality, amount in _other_amounts(shot).items():
        least = {
            Quality.SHARP: _MIN_SHARPNESS,
            Quality.SHARP_FACES: _MIN_FACE_SHARPNESS,
        }.get(quality, _MIN_RATING)
        if amount >= least:
            yield quality, amount


_OF_A_SUBJECT = frozenset(
    (
        Quality.CLEAR_SUBJECT,
        Quality.SOFT_BACKGROUND,
        Quality.DARKER_BACKGROUND,
        Quality.LIGHTER_BACKGROUND,
    )
)
"""Where there are faces these are said of them, or not at all."""


def _features(facts: PhotoFacts) -> VisualFeatures:
    return VisualFeatures(
        **{name: getattr(facts, name) for name in VisualFeatures.__dataclass_fields__}
    )


def _other_amounts(shot: AlbumPhoto) -> dict[Quality, float]:
    """Sharpness, of the faces where there are any, and the network's own figures."""
    found: dict[Quality, float] = {}
    faces = _faces(shot)
    if faces:
        found[Quality.SHARP_FACES] = min(sharpness for _, sharpness in faces)
    elif shot.photo.facts.sharpness is not None:
        found[Quality.SHARP] = shot.photo.facts.sharpness
    judged = shot.photo.judged
    if judged is not None:
        for quality in RATED:
            if quality.value in judged.attributes:
                found[quality] = judged.attributes[quality.value]
    return found


def _faces(shot: AlbumPhoto) -> list[tuple[tuple[float, float, float, float], float]]:
    """Faces large enough to be looked at: edges as shares of the picture, and sharpness."""
    width, height = shot.photo.facts.width or 1, shot.photo.facts.height or 1
    return [
        ((box.left / width, box.top / height, box.right / width, box.bottom / height), sharpness)
        for box, sharpness in (
            (face.box, face.sharpness) for face in shot.faces if is_of_a_person(face)
        )
        if box.width * box.height >= _MIN_FACE_SHARE * width * height
    ]


def is_of_a_person(face: FaceRecord) -> bool:
    """Whether a face is surely no animal's, as far as that was measured."""
    return face.quality is None or face.quality >= _MIN_QUALITY


def _is_at_a_face(
    shot: AlbumPhoto, faces: Sequence[tuple[tuple[float, float, float, float], float]]
) -> bool:
    """Whether the picture's detail lies at one of its faces, or the body below it."""
    x, y = shot.photo.facts.subject_x, shot.photo.facts.subject_y
    if x is None or y is None:
        return False
    for (left, top, right, bottom), _ in faces:
        wide, high = right - left, bottom - top
        is_beside = left - _FACE_MARGIN * wide <= x <= right + _FACE_MARGIN * wide
        if is_beside and top - _FACE_MARGIN * high <= y <= bottom + 2 * _FACE_MARGIN * high:
            return True
    return False
