"""All groups of an album, and the catalog's."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from goodside.album.catalog import (
    GROUP_KINDS,
    Catalog,
    Group,
    PhotoRecord,
    list_photos,
    put_groups,
    read_thumbnails,
    read_vectors,
)
from goodside.album.groups.frame import Frame
from goodside.album.groups.near import find_near_duplicates
from goodside.album.groups.runs import find_runs
from goodside.album.groups.scenes import find_scenes
from goodside.types import FloatArray

_LUMA_PX = 96


def find_groups(frames: Sequence[Frame]) -> list[Group]:
    """Every group of every kind; a photograph is in one of each kind at most.

    Args:
        frames: in order of capture.
    """
    found = {
        "near_duplicate": find_near_duplicates(frames),
        **find_runs(frames),
        "scene": find_scenes(frames),
    }
    return [
        Group(kind, tuple(frame.photo.id for frame in members))
        for kind, groups in found.items()
        for members in groups
    ]


def regroup(catalog: Catalog) -> list[Group]:
    """Compute the groups of a catalog anew and store them.

    Raises:
        CatalogError: the catalog is damaged or in use.
    """
    with catalog.read() as session:
        photos = list_photos(session)
        ids, vectors = read_vectors(session)
        place = {int(photo_id): row for row, photo_id in enumerate(ids)}
        frames = []
        for photo in photos:
            jpeg = read_thumbnails(session, [photo.id]).get(photo.id)
            row = place.get(photo.id)
            frames.append(_frame(photo, jpeg, None if row is None else vectors[row]))
    groups = find_groups(frames)
    with catalog.write() as session:
        for kind in GROUP_KINDS:
            put_groups(session, kind, [group for group in groups if group.kind == kind])
    return groups


def _frame(photo: PhotoRecord, jpeg: bytes | None, vector: FloatArray | None) -> Frame:
    if jpeg is None:
        return Frame(photo, vector)
    with Image.open(io.BytesIO(jpeg)) as image:
        image.draft("L", (_LUMA_PX, _LUMA_PX))
        image.thumbnail((_LUMA_PX, _LUMA_PX))
        luma = np.asarray(image.convert("L"), dtype=np.float32)
    return Frame(photo, vector, luma)
