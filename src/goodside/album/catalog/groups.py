"""Groups of photos, and what their members are to each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from goodside.album.catalog.models import GroupMemberRow, GroupRow
from goodside.album.catalog.readable_rows import readable
from goodside.album.catalog.records import Group, Relation


def put_groups(session: Session, kind: str, groups: Iterable[Group]) -> None:
    """Store the groups of one kind, in place of all earlier ones of that kind."""
    session.execute(delete(GroupRow).where(GroupRow.kind == kind))
    last = session.scalar(select(func.max(GroupRow.id))) or 0
    numbered = list(enumerate(groups, start=last + 1))
    rows = [{"id": number, "kind": kind} for number, _ in numbered]
    if members := [row for number, group in numbered for row in _members(number, group)]:
        session.execute(insert(GroupRow), rows)
        session.execute(insert(GroupMemberRow), members)


def list_groups(session: Session, *, kind: str | None = None) -> list[Group]:
    """All groups, or those of one kind, in the order in which they were stored."""
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
