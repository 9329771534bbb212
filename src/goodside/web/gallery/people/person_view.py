"""Somebody as a person sees them: a card, and their faces at all poses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from goodside.album.catalog import FaceRecord
from goodside.album.people import Person

_UNMEASURED_QUALITY = 0.5
_CROPS_ON_CARD = 4
_EDGES_DEG = (-90.1, -60.0, -35.0, -12.0, 12.0, 35.0, 60.0, 90.1)


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Somebody in a list.

    Attributes:
        person: who.
        crops: row numbers of the faces that show them best; none for somebody without faces.
        photos: in how many photographs they are.
    """

    person: Person
    crops: tuple[int, ...]
    photos: int


@dataclass(frozen=True, slots=True)
class PoseBin:
    """The faces that look one way.

    Attributes:
        from_deg, to_deg: range of yaw; negative is toward the picture's left.
        best: the one that shows the person best; None: there is none.
        count: how many.
    """

    from_deg: float
    to_deg: float
    best: FaceRecord | None
    count: int


def card_of(person: Person) -> PersonCard:
    """A person's card; their best crops first."""
    ranked = sorted(person.faces, key=_plainness)
    crops = tuple(face.id for face in ranked[:_CROPS_ON_CARD])
    return PersonCard(person, crops, len({face.photo_id for face in person.faces}))


def bin_poses(faces: Sequence[FaceRecord]) -> list[PoseBin]:
    """Faces by where they look: left profile, …, frontal, …, right profile."""
    bins = []
    for low, high in pairwise(_EDGES_DEG):
        inside = [face for face in faces if low <= face.pose.yaw_deg < high]
        bins.append(PoseBin(low, high, min(inside, key=_flaws, default=None), len(inside)))
    return bins


def sort_by_pose(faces: Sequence[FaceRecord]) -> list[FaceRecord]:
    """From the left profile to the right."""
    return sorted(faces, key=lambda face: (face.pose.yaw_deg, face.id))


def _plainness(face: FaceRecord) -> float:
    """Lower for a face that shows better who it is: confirmed, sharp, sure, and to the camera."""
    facing = max(0.0, math.cos(math.radians(face.pose.yaw_deg)))
    bonus = 0.3 if face.confirmed else 0.0
    return -(facing * (1 - _flaws(face)) + bonus)


def _flaws(face: FaceRecord) -> float:
    """0 (none) to 1: how blurred, and how doubtful as a face."""
    quality = _UNMEASURED_QUALITY if face.quality is None else face.quality
    return 1 - (0.35 + 0.65 * min(1.0, face.sharpness)) * (0.4 + 0.6 * quality)
