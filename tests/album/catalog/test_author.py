"""Who decides, and that an undo takes back one's own."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from goodside.album.catalog import (
    Catalog,
    Rate,
    SetFlag,
    append,
    entries,
    export_journal,
    import_journal,
    open_catalog,
    redo,
    undo,
)
from goodside.album.catalog.author import name_author
from goodside.errors import OutOfRange
from tests.album.catalog.made import LATER, NOW, fresh, sha
from tests.postgres.places import place

pytestmark = pytest.mark.both_databases

_P = sha("p")


@contextmanager
def _people(tmp_path: Path) -> Iterator[tuple[Catalog, Catalog]]:
    """Ann and Bo, each with the same catalog open."""
    path = tmp_path / "catalog.db"
    fresh(path).close()
    with ExitStack() as stack:
        ann, bo = (
            stack.enter_context(open_catalog(place(path), create=False, by=name))
            for name in ("ann", "bo")
        )
        yield ann, bo


def test_entries_say_who_decided(tmp_path: Path) -> None:
    with _people(tmp_path) as (ann, bo):
        first = ann.decide(Rate(photos=(_P,), stars=1), at=NOW)
        second = bo.decide(Rate(photos=(_P,), stars=2), at=NOW)
        assert (first.by, second.by) == ("ann", "bo")
        with ann.read() as session:
            assert [entry.by for entry in entries(session)] == ["ann", "bo"]


def test_by_default_it_is_the_user_of_the_system(tmp_path: Path) -> None:
    with fresh(tmp_path / "catalog.db") as catalog:
        assert catalog.by == getpass.getuser()
    assert name_author("  Ann\tExample\x1b[31m ") == "Ann Example [31m"
    assert len(name_author("n" * 500)) == 100


def test_undo_takes_back_ones_own(tmp_path: Path) -> None:
    with _people(tmp_path) as (ann, bo):
        ann.decide(Rate(photos=(_P,), stars=1), at=NOW)
        bo.decide(Rate(photos=(_P,), stars=2), at=NOW)
        assert [entry.by for entry in undo(ann, at=LATER)] == ["ann"]
        assert bo.decisions().stars == {_P: 2}
        with pytest.raises(OutOfRange, match=r"nothing of yours.*--anyone.*bo"):
            undo(ann, at=LATER)
        with pytest.raises(OutOfRange, match=r"entry 2 is a decision of bo"):
            undo(ann, [2], at=LATER)
        assert [entry.by for entry in undo(ann, [2], at=LATER, anyone=True)] == ["bo"]
        assert ann.decisions().stars == {}


def test_redo_takes_back_ones_own_undo_whatever_others_decided_since(tmp_path: Path) -> None:
    with _people(tmp_path) as (ann, bo):
        ann.decide(Rate(photos=(_P,), stars=1), at=NOW)
        undo(ann, at=LATER)
        bo.decide(SetFlag(photos=(_P,), flag="pick"), at=LATER)
        with pytest.raises(OutOfRange, match="nothing to redo"):
            redo(bo, at=LATER)
        assert len(redo(ann, at=LATER)) == 1
        assert ann.decisions().stars == {_P: 1}
        assert ann.decisions().flags == {_P: "pick"}


def test_what_nobodys_name_stands_at_is_everybodys(tmp_path: Path) -> None:
    with _people(tmp_path) as (ann, bo):
        with ann.write() as session:
            append(session, Rate(photos=(_P,), stars=1), at=NOW, by="")
        assert [entry.by for entry in undo(bo, at=LATER)] == [""]


def test_a_journal_carries_names_along(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    with _people(tmp_path) as (ann, bo), fresh(tmp_path / "other.db") as other:
        ann.decide(Rate(photos=(_P,), stars=1), at=NOW)
        with bo.write() as session:
            append(session, Rate(photos=(_P,), stars=3), at=NOW, by="")
        export_journal(bo, file)
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        assert [line.get("by") for line in lines] == ["ann", None]
        assert import_journal(other, file) == 2
        with other.read() as session:
            assert [entry.by for entry in entries(session)] == ["ann", ""]


def test_an_authors_name_cannot_be_changed_afterwards(tmp_path: Path) -> None:
    with fresh(tmp_path / "catalog.db") as catalog:
        catalog.decide(Rate(photos=(_P,), stars=1), at=NOW)
        for change in ("UPDATE journal SET \"by\" = 'bo'", "DELETE FROM journal"):
            with pytest.raises(Exception, match="only added to"), catalog.write() as session:
                session.connection().exec_driver_sql(change)
