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
from goodside.album.groups.comparable_photo import ComparablePhoto
from goodside.album.groups.crops import join_crops
from goodside.album.groups.features import FeatureSource, StoredFeatures
from goodside.album.groups.near_duplicates import find_near_duplicates
from goodside.album.groups.relations import find_relations
from goodside.album.groups.scenes import find_scenes
from goodside.album.groups.sequences import find_sequences

NearDuplicates = Sequence[tuple[ComparablePhoto, ...]]


class RelationFinder(Protocol):
    """Finds how near-duplicates are related to each other."""

    def join(self, groups: NearDuplicates, frames: Sequence[ComparablePhoto]) -> NearDuplicates:
        """The groups with the crops of what is in them."""

    def relations(self, members: Sequence[ComparablePhoto]) -> tuple[Relation, ...]:
        """Which members of a group are copies or versions of which others."""


def find_groups(
    frames: Sequence[ComparablePhoto],
    *,
    features: FeatureSource,
    relation_finder: RelationFinder | None = None,
) -> list[Group]:
    """Every group of every kind; a photograph is in one of each kind at most.

    Copies and edited versions are no frames of a burst, bracket or panorama.

    Args:
        frames: in order of capture.
        features: reads vectors and thumbnails of the photographs that need them.
        relation_finder: finds copies and versions among near-duplicates; None: there are no
            relations, and no crops are added.
    """
    near: NearDuplicates = find_near_duplicates(frames, features=features)
    if relation_finder is not None:
        near = relation_finder.join(near, frames)
    alike = [
        Group(
            "near_duplicate",
            _ids(members),
            relations=() if relation_finder is None else relation_finder.relations(members),
        )
        for members in near
    ]
    made = {relation.photo_id for group in alike for relation in group.relations}
    shots = [frame for frame in frames if frame.photo.id not in made]
    others = {**find_sequences(shots, features=features), "scene": find_scenes(frames)}
    return alike + [
        Group(kind, _ids(members)) for kind, groups in others.items() for members in groups
    ]


def regroup(catalog: Catalog) -> list[Group]:
    """Compute the groups of a catalog anew and store them.

    Raises:
        CatalogError: the catalog is damaged or in use.
    """
    with catalog.read() as session:
        frames = [ComparablePhoto(photo) for photo in list_photos(session)]
        groups = find_groups(
            frames, features=StoredFeatures(session), relation_finder=_StoredRelations(session)
        )
    with catalog.write() as session:
        for kind in GROUP_KINDS:
            put_groups(session, kind, [group for group in groups if group.kind == kind])
    return groups


class _StoredRelations:
    """Finds relations by a catalog's thumbnails and by what it knows of its files."""

    def __init__(self, session: Session) -> None:
        self._session, self._read_thumbnail = session, StoredFeatures(session).small

    def join(self, groups: NearDuplicates, frames: Sequence[ComparablePhoto]) -> NearDuplicates:
        return join_crops(groups, frames, read_thumbnail=self._read_thumbnail)

    def relations(self, members: Sequence[ComparablePhoto]) -> tuple[Relation, ...]:
        sources = read_sources(self._session, _ids(members))
        return find_relations(members, sources=sources, read_thumbnail=self._read_thumbnail)


def _ids(members: Sequence[ComparablePhoto]) -> tuple[int, ...]:
    return tuple(frame.photo.id for frame in members)
