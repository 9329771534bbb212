"""What a photograph is worth to a person who must choose."""

from __future__ import annotations

import math
from dataclasses import dataclass

from goodside.album.album_photo import AlbumPhoto
from goodside.album.catalog import FaceRecord, PhotoFacts

_UNJUDGED_SCORE = 5.0
_SHARPNESS_WEIGHT, _EYES_WEIGHT, _FACING_WEIGHT, _STAR_WEIGHT = 1.5, 1.2, 0.6, 1.0
_USUAL_TECHNICAL, _TECHNICAL_WEIGHT = 5.5, 0.4
_MIN_FACE_SHARE = 0.005
_MAX_EYES_YAW_DEG = 40.0
_MAX_DARK_SHARE, _MAX_BRIGHT_SHARE, _CLIPPED_COST = 0.15, 0.05, 4.0
_MIN_BRIGHTNESS, _MAX_BRIGHTNESS, _BRIGHTNESS_COST = 0.15, 0.8, 6.0


@dataclass(frozen=True, slots=True)
class Worth:
    """Points of the 1-10 scale, added up. Only `aesthetic` is always there; the rest corrects it.

    Attributes:
        aesthetic: the network's score, or that by the person's own taste where there is one.
        sharpness: of the faces, else of the picture; from -0.75 to 0.75.
        eyes: from -1.2 (all shut) to 0 (all open, or no face that shows them).
        facing: from -0.6 (all turned away) to 0.
        exposure: 0 or less, for clipped shadows and lights and for a dim or glaring whole.
        technical: of the technical quality, from -1.8 to 1.8; 0 where it was not measured.
        stars: what the person's own rating adds, from -3 to 2.
    """

    aesthetic: float
    sharpness: float = 0.0
    eyes: float = 0.0
    facing: float = 0.0
    exposure: float = 0.0
    stars: float = 0.0
    technical: float = 0.0

    @property
    def total(self) -> float:
        corrections = self.sharpness + self.eyes + self.facing + self.exposure + self.technical
        return self.aesthetic + corrections + self.stars


def compute_worth(shot: AlbumPhoto) -> Worth:
    """Add up what speaks for a photograph.

    The weights are a choice, not learnt: a score of a network differs by some tenths between two
    frames of one moment, shut eyes and missed focus are what people throw a frame away for.
    Technical quality counts gently: much of it is in the score already, and noise and compression
    are what neither the score nor the sharpness see.
    """
    facts, judged = shot.photo.facts, shot.photo.judged
    faces = _subjects(shot)
    general = _UNJUDGED_SCORE if judged is None else judged.aesthetic.score
    return Worth(
        aesthetic=general if shot.taste is None else shot.taste,
        sharpness=_SHARPNESS_WEIGHT * (_sharpness(faces, facts) - 0.5),
        eyes=_EYES_WEIGHT * (_eyes(faces) - 1),
        facing=_FACING_WEIGHT * (_facing(faces) - 1),
        exposure=_exposure(facts),
        technical=0.0 if shot.technical is None else technical_points(shot.technical),
        stars=0.0 if shot.stars is None else _STAR_WEIGHT * (shot.stars - 3),
    )


def technical_points(technical: float) -> float:
    """What technical quality is worth.

    Args:
        technical: 1-10.

    Returns:
        From -1.8 to 1.8.
    """
    return _TECHNICAL_WEIGHT * (technical - _USUAL_TECHNICAL)


def _subjects(shot: AlbumPhoto) -> list[tuple[FaceRecord, float]]:
    """Faces large enough to be looked at, each with its share of their area."""
    whole = (shot.photo.facts.width or 1) * (shot.photo.facts.height or 1)
    areas = [face.box.width * face.box.height for face in shot.faces]
    seen = [
        (face, area)
        for face, area in zip(shot.faces, areas, strict=True)
        if area >= _MIN_FACE_SHARE * whole
    ]
    total = sum(area for _, area in seen)
    return [(face, area / total) for face, area in seen]


def _sharpness(faces: list[tuple[FaceRecord, float]], facts: PhotoFacts) -> float:
    if faces:
        return sum(share * face.sharpness for face, share in faces)
    return 0.5 if facts.sharpness is None else facts.sharpness


def _eyes(faces: list[tuple[FaceRecord, float]]) -> float:
    """Mean of the faces that show their eyes; 1 where none does."""
    shown = [
        face.eyes_open
        for face, _ in faces
        if face.eyes_open is not None and abs(face.pose.yaw_deg) <= _MAX_EYES_YAW_DEG
    ]
    return sum(shown) / len(shown) if shown else 1.0


def _facing(faces: list[tuple[FaceRecord, float]]) -> float:
    if not faces:
        return 1.0
    return sum(share * math.cos(math.radians(face.pose.yaw_deg)) for face, share in faces)


def _exposure(facts: PhotoFacts) -> float:
    dark, bright = facts.clipped_dark or 0.0, facts.clipped_bright or 0.0
    lost = max(0.0, dark - _MAX_DARK_SHARE) + max(0.0, bright - _MAX_BRIGHT_SHARE)
    brightness = 0.5 if facts.brightness is None else facts.brightness
    off = max(0.0, _MIN_BRIGHTNESS - brightness) + max(0.0, brightness - _MAX_BRIGHTNESS)
    return -min(2.0, _CLIPPED_COST * lost + _BRIGHTNESS_COST * off)
