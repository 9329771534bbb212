"""Groups that decisions part, as they are read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from goodside.album.catalog import Group, Relation, SeparatePhotos, list_groups, put_groups, undo
from goodside.album.catalog.groups import separate
from tests.album.browse.made import MadePhoto, put_album
from tests.album.catalog.made import NOW, fresh, sha

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize(
    ("kind", "apart", "parts"),
    [
        ("burst", {}, [(1, 2, 3, 4)]),
        ("burst", {2: {1, 3, 4}, 1: {2}, 3: {2}, 4: {2}}, [(1, 3, 4)]),
        ("burst", {1: {3, 4}, 2: {3, 4}, 3: {1, 2}, 4: {1, 2}}, [(1, 2), (3, 4)]),
        ("burst", {n: {1, 2, 3, 4} - {n} for n in range(1, 5)}, []),
        ("scene", {2: {1, 3, 4}, 1: {2}, 3: {2}, 4: {2}}, [(1, 2, 3, 4)]),
    ],
)
def test_a_group_falls_into_parts_without_what_does_not_belong_together(
    kind: str, apart: dict[int, set[int]], parts: list[tuple[int, ...]]
) -> None:
    group = Group(kind, (1, 2, 3, 4), id=7, relations=(Relation(2, "copy", 1, "smaller"),))
    found = separate(group, {one: frozenset(others) for one, others in apart.items()})
    assert [part.photo_ids for part in found] == parts
    assert len({part.id for part in found}) == len(found)
    assert all(part.id == 7 or part.id < 0 for part in found)
    for part in found:
        assert bool(part.relations) == ({1, 2} <= set(part.photo_ids))


def test_groups_are_parted_at_once_and_joined_by_an_undo(tmp_path: Path) -> None:
    with fresh(tmp_path / "catalog.db") as catalog:
        ids = put_album(catalog, [MadePhoto(n, (f"{n}.jpg",)) for n in range(3)])
        with catalog.write() as session:
            put_groups(session, "burst", [Group("burst", tuple(ids))])
        catalog.decide(SeparatePhotos(photos=(sha(0),), others=(sha(1), sha(2))), at=NOW)
        with catalog.read() as session:
            assert [one.photo_ids for one in list_groups(session)] == [(ids[1], ids[2])]
            assert list_groups(session, photo_ids=[ids[0]]) == []
        undo(catalog, at=datetime.now(UTC))
        with catalog.read() as session:
            assert [one.photo_ids for one in list_groups(session, kind="burst")] == [tuple(ids)]
