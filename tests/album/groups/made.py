"""Made frames for the tests of grouping and picking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from goodside.album.catalog import PhotoFacts, PhotoRecord
from goodside.album.groups import ComparablePhoto
from goodside.images.similarity.phash import luminance, perceptual_hash
from goodside.types import FloatArray, RgbImage
from tests.images.made import textured

START = datetime(2026, 5, 4, 10, 0)


def frame(
    number: int,
    *,
    at_s: float | None = 0.0,
    rgb: RgbImage | None = None,
    vector: FloatArray | None = None,
    **facts: Any,
) -> ComparablePhoto:
    """A frame `at_s` seconds after the start; without a picture, one of its own."""
    rgb = textured(96, 64, seed=number) if rgb is None else rgb
    taken = None if at_s is None else START + timedelta(seconds=at_s)
    record = PhotoRecord(
        id=number,
        sha256=f"{number:064x}",
        paths=(Path(f"/album/IMG_{number:04}.JPG"),),
        facts=PhotoFacts(
            width=960,
            height=640,
            taken_at=taken,
            camera=facts.pop("camera", "C1"),
            phash=perceptual_hash(rgb),
            **facts,
        ),
        judged=None,
    )
    luma = np.asarray(luminance(rgb, side_px=64), dtype=np.float32)
    return ComparablePhoto(record, vector, luma)


class Given:
    """Shows frames that carry everything already."""

    def vectors(self, frames: Iterable[ComparablePhoto]) -> Iterator[ComparablePhoto]:
        return iter(frames)

    pictures = vectors


def landscape(seed: int, *, width: int = 400, height: int = 60) -> RgbImage:
    """A wide picture of soft blobs, to cut frames of a panorama from."""
    rng = np.random.default_rng(seed)
    coarse = rng.uniform(0, 255, (height // 10, width // 10))
    fine = np.kron(coarse, np.ones((10, 10)))
    return np.repeat(fine[..., None].astype(np.uint8), 3, axis=2)


def ids(groups: list[tuple[ComparablePhoto, ...]]) -> list[list[int]]:
    """The numbers of the frames in each group."""
    return [[each.photo.id for each in group] for group in groups]
