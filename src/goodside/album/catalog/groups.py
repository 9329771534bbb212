"""Groups of photos, and what their members are to each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from goodside.album.catalog.journal import decisions
from goodside.album.catalog.models import GroupMemberRow, GroupRow, JournalRow, PhotoRow
from goodside.album.catalog.readable_rows import readable
from goodside.album.catalog.records import Group, Relation
from goodside.types import GROUP_KINDS


def put_groups(session: Session, kind: str, groups: Iterable[Group]) -> None:
    """Store the groups of one kind, in place of all earlier ones of that kind."""
    session.execute(delete(GroupRow).where(GroupRow.kind == kind))
    last = session.scalar(select(func.max(GroupRow.id))) or 0
    numbered = list(enumerate(groups, start=last + 1))
    rows = [{"id": number, "kind": kind} for number, _ in numbered]
    if members := [row for number, group in numbered for row in _members(number, group)]:
        session.execute(insert(GroupRow), rows)
        session.execute(insert(GroupMemberRow), members)


def list_groups(
    session: Session, *, kind: str | None = None, photo_ids: Collection[int] | None = None
) -> list[Group]:
    """All groups, or those of one kind, in the order in which they were stored.

    What was decided not to belong together is apart: see `SeparatePhotos`. A scene stays whole.

    Args:
        session: of `Catalog.read`.
        kind: only these.
        photo_ids: only those with one of these photos in them, a few hundred at most.
    """
    found = read_groups(session, kind=kind, photo_ids=photo_ids)
    apart = separated_photos(session)
    if not apart:
        return found
    parts = [part for group in found for part in separate(group, apart)]
    if photo_ids is None:
        return parts
    wanted = set(photo_ids)
    return [part for part in parts if not wanted.isdisjoint(part.photo_ids)]


def read_groups(
    session: Session, *, kind: str | None = None, photo_ids: Collection[int] | None = None
) -> list[Group]:
    """As they were computed, whatever was decided since."""
    member = GroupMemberRow
    query = (
        select(
            GroupRow.id,
            GroupRow.kind,
            *(member.photo_id, member.relation, member.of_position, member.why),
        )
        .join(member, member.group_id == GroupRow.id)
        .order_by(GroupRow.id, member.position)
    )
    if kind is not None:
        query = query.where(GroupRow.kind == kind)
    if photo_ids is not None:
        theirs = select(member.group_id).where(member.photo_id.in_(photo_ids))
        query = query.where(GroupRow.id.in_(theirs))
    found = []
    for (group_id, its_kind), rows in groupby(readable(session, query), lambda row: row[:2]):
        members = list(rows)
        ids = tuple(row.photo_id for row in members)
        relations = tuple(
            Relation(row.photo_id, row.relation, ids[row.of_position], row.why or "")
            for row in members
            if row.relation is not None and row.of_position in range(len(ids))
        )
        found.append(Group(its_kind, ids, id=group_id, relations=relations))
    return found


def separated_photos(session: Session) -> dict[int, frozenset[int]]:
    """By row number, the photos that a photo does not belong with."""
    if session.scalar(select(JournalRow.id).where(JournalRow.kind == "separate").limit(1)) is None:
        return {}
    pairs = decisions(session).separated
    contents = {bytes.fromhex(one) for pair in pairs for one in pair}
    known = session.execute(
        select(PhotoRow.sha256, PhotoRow.id).where(PhotoRow.sha256.in_(contents))
    )
    return resolve_pairs(pairs, {sha256.hex(): photo_id for sha256, photo_id in known})


def resolve_pairs(
    pairs: Iterable[tuple[str, str]], ids: Mapping[str, int]
) -> dict[int, frozenset[int]]:
    """`Decisions.separated` by row number.

    Args:
        pairs: of contents.
        ids: content to row number; what is missing is left out.
    """
    apart: dict[int, set[int]] = {}
    for one, other in pairs:
        if one in ids and other in ids:
            apart.setdefault(ids[one], set()).add(ids[other])
    return {photo_id: frozenset(others) for photo_id, others in apart.items()}


def separate(group: Group, apart: Mapping[int, frozenset[int]]) -> list[Group]:
    """The parts of a group in which nothing is that does not belong together.

    A part of one photo is no group, and a scene is never parted. The first part keeps the group's
    row number; the others get negative ones, which no stored group has.

    Args:
        group: as it was computed.
        apart: of `separated_photos`.
    """
    if group.kind == "scene" or apart.keys().isdisjoint(group.photo_ids):
        return [group]
    parts: list[list[int]] = []
    for photo_id in group.photo_ids:
        others = apart.get(photo_id, frozenset())
        part = next((part for part in parts if others.isdisjoint(part)), None)
        if part is None:
            parts.append([photo_id])
        else:
            part.append(photo_id)
    whole = [part for part in parts if len(part) > 1]
    return [
        Group(
            group.kind,
            tuple(part),
            id=_part_number(group, part) if index else group.id,
            relations=tuple(
                relation
                for relation in group.relations
                if relation.photo_id in part and relation.of_id in part
            ),
        )
        for index, part in enumerate(whole)
    ]


def _part_number(group: Group, part: Sequence[int]) -> int:
    """A photo is in one group of each kind: kind and first photo tell all parts apart."""
    return -(part[0] * len(GROUP_KINDS) + GROUP_KINDS.index(group.kind))


def _members(number: int, group: Group) -> Iterator[dict[str, Any]]:
    place = {photo_id: position for position, photo_id in enumerate(group.photo_ids)}
    related = {relation.photo_id: relation for relation in group.relations}
    for photo_id, position in place.items():
        one = related.get(photo_id)
        yield {
            "group_id": number,
            "position": position,
            "photo_id": photo_id,
            "relation": None if one is None else one.kind,
            "of_position": None if one is None else place[one.of_id],
            "why": None if one is None else one.why,
        }
