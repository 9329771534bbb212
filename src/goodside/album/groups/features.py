"""Reads the features and thumbnails that grouping compares, a few photographs at a time."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Protocol

import numpy as np
from PIL import Image

from goodside.album.catalog import Session, read_thumbnails, read_vectors
from goodside.album.groups.comparable_photo import ComparablePhoto
from goodside.types import FloatArray, RgbImage

_LUMA_PX = 96
_SMALL_PX = 240
_BATCH = 200


class FeatureSource(Protocol):
    """Adds to photographs what is needed to compare them; they come back in the same order."""

    def vectors(self, frames: Iterable[ComparablePhoto]) -> Iterator[ComparablePhoto]:
        """With `vector`, where there is one."""

    def pictures(self, frames: Iterable[ComparablePhoto]) -> Iterator[ComparablePhoto]:
        """With `luma`, where there is a thumbnail."""


class StoredFeatures:
    """A catalog's vectors and thumbnails, read and unpacked only for those that are asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def vectors(self, frames: Iterable[ComparablePhoto]) -> Iterator[ComparablePhoto]:
        for some in _batches(frames):
            ids, halves = read_vectors(self._session, [frame.photo.id for frame in some])
            rows = dict(zip(ids.tolist(), halves.astype(np.float32), strict=True))
            yield from (replace(frame, vector=rows.get(frame.photo.id)) for frame in some)

    def pictures(self, frames: Iterable[ComparablePhoto]) -> Iterator[ComparablePhoto]:
        for some in _batches(frames):
            jpegs = read_thumbnails(self._session, [frame.photo.id for frame in some])
            for frame in some:
                jpeg = jpegs.get(frame.photo.id)
                yield frame if jpeg is None else replace(frame, luma=_luma(jpeg))

    def small(self, photo_id: int) -> RgbImage | None:
        """(H, W, 3) uint8, about 240 pixels on the longer side; None without a thumbnail."""
        jpeg = read_thumbnails(self._session, [photo_id]).get(photo_id)
        if jpeg is None:
            return None
        with Image.open(io.BytesIO(jpeg)) as image:
            image.draft("RGB", (_SMALL_PX, _SMALL_PX))
            return np.asarray(image.convert("RGB"))


def _batches(frames: Iterable[ComparablePhoto]) -> Iterator[list[ComparablePhoto]]:
    left = iter(frames)
    while some := list(islice(left, _BATCH)):
        yield some


def _luma(jpeg: bytes) -> FloatArray:
    with Image.open(io.BytesIO(jpeg)) as image:
        image.draft("L", (_LUMA_PX, _LUMA_PX))
        image.thumbnail((_LUMA_PX, _LUMA_PX))
        return np.asarray(image.convert("L"), dtype=np.float32)
