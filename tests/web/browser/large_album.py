"""An album of many made photographs, written into the catalog without scanning anything."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from goodside.album.album import Album
from goodside.album.catalog import (
    FileStamp,
    PhotoFacts,
    StoredAssessment,
    add_folder,
    put_facts,
    put_file,
    put_judged,
)
from goodside.album.catalog.photos import photo_id
from goodside.types import Aesthetic

_FIRST = datetime(2022, 3, 4, 8, 0, 0)
_SHAPES = ((1500, 1000), (1000, 1500), (1500, 1125), (1600, 900), (1200, 1200), (2400, 800))
_CAMERAS = ("Canon EOS R5", "Fujifilm X-T4", "Nikon Z 6")
_TAGS = ("plant", "building", "animal", "nightScene")


def make_large_album(catalog: Path, *, photos: int) -> None:
    """Write a catalog of so many photographs, whose files do not exist.

    Some fourteen are of one day, their names `IMG_00001.jpg` and so on, their scores run from 3
    to 9 and round again.
    """
    thumbnails = [_thumbnail(width, height) for width, height in _SHAPES]
    random = np.random.default_rng(3)
    with Album(catalog).opened(create=True) as opened, opened.write() as session:
        now = datetime.now(UTC)
        folders = [add_folder(session, Path(f"/made/{name}"), at=now) for name in ("a", "b")]
        for number in range(photos):
            side = number % len(folders)
            path = Path(f"/made/{'ab'[side]}/IMG_{number + 1:05d}.jpg")
            digest = hashlib.sha256(str(path).encode()).hexdigest()
            stamp = FileStamp(1000 + number, number, number)
            put_file(session, path, folder_id=folders[side], stamp=stamp, sha256=digest, at=now)
            row = photo_id(session, digest)
            shape = int(random.integers(len(_SHAPES)))
            facts = PhotoFacts(
                width=_SHAPES[shape][0],
                height=_SHAPES[shape][1],
                taken_at=_FIRST + number * timedelta(minutes=100),
                camera=_CAMERAS[number % len(_CAMERAS)],
                sharpness=0.6,
            )
            put_facts(session, row, facts, thumbnail=thumbnails[shape], by="made")
            put_judged(
                session, row, _assessment(3 + 6 * (number % 61) / 60, number), embedding=None
            )


def _assessment(score: float, number: int) -> StoredAssessment:
    values = np.arange(1, 11)
    shares = np.exp(-((values - score) ** 2) / 3)
    shares /= shares.sum()
    aesthetic = Aesthetic(
        score=score,
        std=1.2,
        distribution=tuple(map(float, shares)),
        high_quality=score / 10,
        percentile=10 * score,
    )
    return StoredAssessment("judge 1.0.0", aesthetic, {_TAGS[number % len(_TAGS)]: 0.9})


def _thumbnail(width: int, height: int) -> bytes:
    stream = BytesIO()
    shrunk = (width // 6, height // 6)
    Image.effect_noise(shrunk, 60).convert("RGB").save(stream, "JPEG", quality=70)
    return stream.getvalue()
