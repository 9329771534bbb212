"""Made people: unit vectors around a few directions, in photographs of one or several faces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from goodside.album.catalog import Assigned, Decisions, FaceRecord, FaceRef
from goodside.album.people import find_people
from goodside.types import Box, FloatArray, Pose
from tests.album.catalog.made import sha

_D = 32


def record(
    number: int,
    *,
    photo: object = None,
    at: int = 0,
    yaw_deg: float = 0.0,
    sharpness: float = 0.6,
    size_px: float = 100.0,
    person: str | None = None,
    quality: float | None = None,
) -> FaceRecord:
    """A face as the catalog gives it; by default alone in its photo."""
    content = sha(number if photo is None else photo)
    return FaceRecord(
        id=number,
        photo_id=int(content[:8], 16),
        ref=FaceRef(photo=content, box=(1000 * at, 1000, 1000 * at + 800, 2000)),
        box=Box(1.5 * size_px * at, 0, 1.5 * size_px * at + size_px, size_px),
        points=np.zeros((5, 2), np.float32),
        pose=Pose(yaw_deg, 0, 0),
        score=0.95,
        mesh_score=0.98,
        sharpness=sharpness,
        eyes_open=None,
        person=person,
        similarity=None,
        confirmed=False,
        quality=quality,
    )


def look(person: int, seed: int, *, noise: float = 0.5) -> FloatArray:
    """A picture of somebody; two of them have a cosine near 1 / (1 + noise²)."""
    centre = np.random.default_rng(1000 + person).normal(size=_D)
    drift = np.random.default_rng(seed).normal(size=_D)
    vector = centre / np.linalg.norm(centre) + noise * drift / np.linalg.norm(drift)
    unit: FloatArray = (vector / np.linalg.norm(vector)).astype(np.float32)
    return unit


def crowd(people: int, each: int) -> tuple[list[FaceRecord], dict[int, int]]:
    """`people` x `each` faces, one a photo, and whose each is (face's number to person)."""
    whose = {number: number % people for number in range(people * each)}
    return [record(number) for number in whose], whose


def looks(whose: dict[int, int], *, noise: float = 0.5) -> dict[int, FloatArray]:
    """A vector for each face."""
    return {number: look(person, number, noise=noise) for number, person in whose.items()}


def keys(
    faces: Sequence[FaceRecord], vectors: dict[int, FloatArray], decided: Decisions | None = None
) -> dict[int, str]:
    """Whose each face is."""
    return {one.face_id: one.person for one in find(faces, vectors, decided)}


def find(
    faces: Sequence[FaceRecord], vectors: dict[int, FloatArray], decided: Decisions | None = None
) -> list[Assigned]:
    return find_people(faces, vectors, decided or Decisions())
