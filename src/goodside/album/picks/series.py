"""Series: photographs of one moment or view, of which one is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from goodside.album.album_photo import AlbumPhoto
from goodside.album.catalog import Group
from goodside.album.groups.disjoint_sets import DisjointSets
from goodside.types import SERIES_KINDS

KEPT_WHOLE = ("bracket", "panorama")
"""Groups that are one picture only together; a pick of one brings the others along."""

MIXED = "series"
"""What groups that share photographs are together, where none of them holds them all."""


@dataclass(frozen=True, slots=True)
class Series:
    """Photographs that groups hold together: a burst and the copies of its frames, say.

    Attributes:
        kind: of the group that holds them all, else `MIXED`.
        shots: two at least, in the order they were given.
    """

    kind: str
    shots: tuple[AlbumPhoto, ...]


def find_series(shots: Sequence[AlbumPhoto]) -> list[Series]:
    """Join what bursts, brackets, panoramas and near-duplicates have in common.

    An edited version is a picture of its own: it stays apart, with its own copies.

    Args:
        shots: in order of capture; what their groups hold besides is left out.

    Returns:
        By first capture; a photograph is in one series at most.
    """
    place = {shot.photo.id: index for index, shot in enumerate(shots)}
    disjoint = DisjointSets(len(shots))
    groups = {id(group): group for shot in shots for group in _groups(shot)}
    for group in groups.values():
        for part in _taken_as_one(group):
            there = [place[photo_id] for photo_id in part if photo_id in place]
            for index in there[1:]:
                disjoint.union(there[0], index)
    found = (tuple(shots[index] for index in part) for part in disjoint.sets() if len(part) > 1)
    return [Series(_kind(members), members) for members in found]


def _taken_as_one(group: Group) -> list[list[int]]:
    """The members without the edited versions, then each version; all with their copies."""
    relations = {relation.photo_id: relation for relation in group.relations}
    parts: dict[int | None, list[int]] = {}
    for photo_id in group.photo_ids:
        top = photo_id
        while (relation := relations.get(top)) is not None and relation.kind == "copy":
            top = relation.of_id
        parts.setdefault(top if top in relations else None, []).append(photo_id)
    return list(parts.values())


def _kind(members: Sequence[AlbumPhoto]) -> str:
    """The kind of a group that is in all of them."""
    shared = set.intersection(*({group.id for group in _groups(shot)} for shot in members))
    kinds = {group.kind for group in _groups(members[0]) if group.id in shared}
    return min(kinds, key=SERIES_KINDS.index, default=MIXED)


def _groups(shot: AlbumPhoto) -> list[Group]:
    return [group for group in shot.groups if group.kind in SERIES_KINDS]
