"""All groups of an album, and the catalog's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from goodside.album.catalog import (
    GROUP_KINDS,
    Catalog,
    Group,
    Relation,
    Session,
    list_photos,
    put_groups,
    read_sources,
)
from goodside.album.groups.crops import join_crops
from goodside.album.groups.features import Sight, Stored
from goodside.album.groups.frame import Frame
from goodside.album.groups.near_duplicates import find_near_duplicates
from goodside.album.groups.relations import find_relations
from goodside.album.groups.scenes import find_scenes
from goodside.album.groups.sequences import find_runs

Near = Sequence[tuple[Frame, ...]]


class Relate(Protocol):
    """Says what near-duplicates are to each other."""

    def join(self, groups: Near, frames: Sequence[Frame]) -> Near:
        """The groups with the crops of what is in them."""

    def relations(self, members: Sequence[Frame]) -> tuple[Relation, ...]:
        """Which members of a group are copies or versions of which others."""


def find_groups(
    frames: Sequence[Frame], *, sight: Sight, relate: Relate | None = None
) -> list[Group]:
    """Every group of every kind; a photograph is in one of each kind at most.

    Copies and edited versions are no frames of a burst, bracket or panorama.

    Args:
        frames: in order of capture.
        sight: shows what does not follow from their facts.
        relate: tells copies and versions from other shots; without it, nothing is told from
            anything.
    """
    near: Near = find_near_duplicates(frames, sight=sight)
    if relate is not None:
        near = relate.join(near, frames)
    alike = [
        Group(
            "near_duplicate",
            _ids(members),
            relations=() if relate is None else relate.relations(members),
        )
        for members in near
    ]
    made = {relation.photo_id for group in alike for relation in group.relations}
    shots = [frame for frame in frames if frame.photo.id not in made]
    others = {**find_runs(shots, sight=sight), "scene": find_scenes(frames)}
    return alike + [
        Group(kind, _ids(members)) for kind, groups in others.items() for members in groups
    ]


def regroup(catalog: Catalog) -> list[Group]:
    """Compute the groups of a catalog anew and store them.

    Raises:
        CatalogError: the catalog is damaged or in use.
    """
    with catalog.read() as session:
        frames = [Frame(photo) for photo in list_photos(session)]
        groups = find_groups(frames, sight=Stored(session), relate=_Looking(session))
    with catalog.write() as session:
        for kind in GROUP_KINDS:
            put_groups(session, kind, [group for group in groups if group.kind == kind])
    return groups


class _Looking:
    """Compares a catalog's thumbnails and what it knows of its files."""

    def __init__(self, session: Session) -> None:
        self._session, self._see = session, Stored(session).small

    def join(self, groups: Near, frames: Sequence[Frame]) -> Near:
        return join_crops(groups, frames, see=self._see)

    def relations(self, members: Sequence[Frame]) -> tuple[Relation, ...]:
        sources = read_sources(self._session, _ids(members))
        return find_relations(members, sources=sources, see=self._see)


def _ids(members: Sequence[Frame]) -> tuple[int, ...]:
    return tuple(frame.photo.id for frame in members)
