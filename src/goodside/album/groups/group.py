"""All groups of an album, and the catalog's."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from PIL import Image

from goodside.album.catalog import (
    GROUP_KINDS,
    Catalog,
    Group,
    PhotoRecord,
    Session,
    list_photos,
    put_groups,
    read_thumbnails,
    read_vectors,
)
from goodside.album.groups.frame import Frame
from goodside.album.groups.near import find_near_duplicates
from goodside.album.groups.runs import Run, chains, find_runs
from goodside.album.groups.scenes import find_scenes
from goodside.types import FloatArray

_LUMA_PX = 96
_BATCH = 200


def find_groups(frames: Iterable[Frame]) -> list[Group]:
    """Every group of every kind; a photograph is in one of each kind at most.

    Args:
        frames: in order of capture. They may be made one after the other: of those that are not
            part of one sequence in time only little is kept.
    """
    runs: dict[str, list[Run]] = {}
    kept = list[Frame]()
    for chain in chains(frames):
        for kind, found in find_runs(chain).items():
            runs.setdefault(kind, []).extend(tuple(each.bare for each in run) for run in found)
        kept += [frame.bare for frame in chain]
    every = {"near_duplicate": find_near_duplicates(kept), **runs, "scene": find_scenes(kept)}
    return [
        Group(kind, tuple(frame.photo.id for frame in members))
        for kind, groups in every.items()
        for members in groups
    ]


def regroup(catalog: Catalog) -> list[Group]:
    """Compute the groups of a catalog anew and store them.

    Raises:
        CatalogError: the catalog is damaged or in use.
    """
    with catalog.read() as session:
        groups = find_groups(_frames(session, list_photos(session)))
    with catalog.write() as session:
        for kind in GROUP_KINDS:
            put_groups(session, kind, [group for group in groups if group.kind == kind])
    return groups


def _frames(session: Session, photos: Sequence[PhotoRecord]) -> Iterator[Frame]:
    for start in range(0, len(photos), _BATCH):
        some = photos[start : start + _BATCH]
        ids = [photo.id for photo in some]
        pictures = read_thumbnails(session, ids)
        numbers, halves = read_vectors(session, ids)
        vectors = dict(zip(numbers.tolist(), halves.astype(np.float32), strict=True))
        for photo in some:
            jpeg = pictures.get(photo.id)
            luma = None if jpeg is None else _luma(jpeg)
            yield Frame.of(photo, vector=vectors.get(photo.id), luma=luma)


def _luma(jpeg: bytes) -> FloatArray:
    with Image.open(io.BytesIO(jpeg)) as image:
        image.draft("L", (_LUMA_PX, _LUMA_PX))
        image.thumbnail((_LUMA_PX, _LUMA_PX))
        return np.asarray(image.convert("L"), dtype=np.float32)
