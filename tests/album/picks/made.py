"""Made photographs that may be picked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from goodside.album.album_photo import AlbumPhoto
from goodside.album.catalog import FaceRecord, FaceRef, StoredAssessment
from goodside.types import Aesthetic, Box, Pose
from tests.album.groups.made import frame


def shot(
    number: int,
    score: float = 6.0,
    *,
    at_s: float | None = 0.0,
    faces: tuple[FaceRecord, ...] = (),
    percentile: float = 50.0,
    facts: dict[str, Any] | None = None,
    technical: float | None = None,
    words: dict[str, float] | None = None,
    **fields: Any,
) -> AlbumPhoto:
    """A photograph that may be picked."""
    photo = frame(number, at_s=at_s, **(facts or {})).photo
    aesthetic = Aesthetic(score, 1.0, (0.1,) * 10, 0.5, percentile)
    judged = StoredAssessment("judge 1.0.0", aesthetic, {}, technical=technical, words=words or {})
    return AlbumPhoto(replace(photo, judged=judged), faces, **fields)


def face(
    *, sharpness: float = 0.5, eyes: float | None = 1.0, yaw: float = 0.0, side: float = 200.0
) -> FaceRecord:
    """A face in the middle of a picture of 960 x 640 pixels."""
    box = Box(300, 200, 300 + side, 200 + side)
    return FaceRecord(
        id=1,
        photo_id=1,
        ref=FaceRef.of("0" * 64, box, width=960, height=640),
        box=box,
        points=np.zeros((5, 2), dtype=np.float32),
        pose=Pose(yaw, 0, 0, 0),
        score=0.9,
        mesh_score=0.9,
        sharpness=sharpness,
        eyes_open=eyes,
        person=None,
        similarity=None,
        confirmed=False,
    )
