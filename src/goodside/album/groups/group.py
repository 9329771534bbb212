"""All groups of an album, and the catalog's."""

from __future__ import annotations

from collections.abc import Sequence

from goodside.album.catalog import GROUP_KINDS, Catalog, Group, list_photos, put_groups
from goodside.album.groups.frame import Frame
from goodside.album.groups.near import find_near_duplicates
from goodside.album.groups.runs import find_runs
from goodside.album.groups.scenes import find_scenes
from goodside.album.groups.sight import Sight, Stored


def find_groups(frames: Sequence[Frame], *, sight: Sight) -> list[Group]:
    """Every group of every kind; a photograph is in one of each kind at most.

    Args:
        frames: in order of capture.
        sight: shows what does not follow from their facts.
    """
    every = {
        "near_duplicate": find_near_duplicates(frames, sight=sight),
        **find_runs(frames, sight=sight),
        "scene": find_scenes(frames),
    }
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
        frames = [Frame(photo) for photo in list_photos(session)]
        groups = find_groups(frames, sight=Stored(session))
    with catalog.write() as session:
        for kind in GROUP_KINDS:
            put_groups(session, kind, [group for group in groups if group.kind == kind])
    return groups
