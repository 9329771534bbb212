"""The journal: append, undo, redo, export, import."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from goodside.album.catalog import (
    Catalog,
    Decision,
    Decisions,
    NamePerson,
    Rate,
    ReplacePhoto,
    SetFlag,
    Undo,
    entries,
    export_journal,
    fold,
    import_journal,
    open_catalog,
    undo,
)
from goodside.errors import CatalogError, OutOfRange, OutputError
from tests.album.catalog import made
from tests.album.catalog.made import LATER, NOW, face, key, sha

pytestmark = pytest.mark.both_databases

_P, _Q = sha("p"), sha("q")


@pytest.fixture
def catalog(tmp_path: Path) -> Any:
    with made.fresh(tmp_path / "catalog.db") as opened:
        yield opened


def _journal(catalog: Catalog) -> list[tuple[int, Decision, bool]]:
    with catalog.read() as session:
        return [(entry.number, entry.decision, entry.undone) for entry in entries(session)]


class Journal(RuleBasedStateMachine):
    """A journal in a file against a list in memory, whose undos are read by their definition."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "catalog.db"
        self.catalog = made.fresh(self.path)
        self.told: list[tuple[str, Decision]] = []

    def teardown(self) -> None:
        self.catalog.close()
        self.folder.cleanup()

    def _stands(self, number: int) -> bool:
        uid = self.told[number][0]
        return not any(
            isinstance(decision, Undo) and decision.entry == uid and self._stands(later)
            for later, (_, decision) in enumerate(self.told)
            if later > number
        )

    def _expected(self) -> Decisions:
        return fold(
            (uid, decision)
            for number, (uid, decision) in enumerate(self.told)
            if self._stands(number) and not isinstance(decision, Undo)
        )

    def _learn(self) -> None:
        with self.catalog.read() as session:
            self.told = [(entry.uid, entry.decision) for entry in entries(session)]

    @rule(decision=made.decisions)
    def decide(self, decision: Decision) -> None:
        entry = self.catalog.decide(decision, at=NOW)
        self.told.append((entry.uid, decision))
        assert entry.number == len(self.told)

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def undo_one(self, data: Any) -> None:
        number = data.draw(st.integers(0, len(self.told) - 1))
        before = len(self.told)
        if self._stands(number):
            undo(self.catalog, [number + 1], at=LATER)
            uid = self.told[number][0]
            self._learn()
            assert self.told[-1][1] == Undo(entry=uid)
            assert len(self.told) == before + 1
        else:
            with pytest.raises(OutOfRange, match="undone already"):
                undo(self.catalog, [number + 1], at=LATER)

    @rule(count=st.integers(1, 3))
    def undo_newest(self, count: int) -> None:
        newest = [
            (uid, decision)
            for number, (uid, decision) in reversed(list(enumerate(self.told)))
            if self._stands(number) and not isinstance(decision, Undo | ReplacePhoto)
        ][:count]
        if newest:
            undone = undo(self.catalog, count=count, at=LATER)
            assert [(entry.uid, entry.decision) for entry in undone] == newest
            self._learn()
        else:
            with pytest.raises(OutOfRange, match="nothing to undo"):
                undo(self.catalog, count=count, at=LATER)

    @rule()
    def reopen(self) -> None:
        self.catalog.close()
        self.catalog = open_catalog(self.path, create=False)

    @rule()
    def carry_elsewhere(self) -> None:
        file = Path(self.folder.name) / "journal.jsonl"
        assert export_journal(self.catalog, file, overwrite=True) == len(self.told)
        assert import_journal(self.catalog, file) == 0
        with made.fresh(Path(self.folder.name) / "other.db") as other:
            import_journal(other, file)
            assert other.decisions() == self._expected()
            assert import_journal(other, file) == 0
        for left in Path(self.folder.name).glob("other.db*"):
            left.unlink()

    @invariant()
    def holds_what_was_decided(self) -> None:
        assert self.catalog.decisions() == self._expected()


Journal.TestCase.settings = settings(max_examples=6, stateful_step_count=12, deadline=None)
TestJournal = Journal.TestCase


def test_undo_goes_back_step_by_step_and_forward_again(catalog: Catalog) -> None:
    for stars in (1, 2, 3):
        catalog.decide(Rate(photos=(_P,), stars=stars), at=NOW)
    for left in (2, 1):
        undo(catalog, at=LATER)
        assert catalog.decisions().stars == {_P: left}
    undo(catalog, at=LATER)
    assert catalog.decisions() == Decisions()
    with pytest.raises(OutOfRange, match="nothing to undo"):
        undo(catalog, at=LATER)
    undo(catalog, [6], at=LATER)
    assert catalog.decisions().stars == {_P: 1}
    with pytest.raises(OutOfRange, match="no entry 99"):
        undo(catalog, [1, 99], at=LATER)
    assert len(_journal(catalog)) == 7


def test_undo_passes_over_what_a_scan_noted(catalog: Catalog) -> None:
    catalog.decide(SetFlag(photos=(_P,), flag="pick"), at=NOW)
    catalog.decide(ReplacePhoto(old=_P, new=_Q), at=NOW)
    (entry,) = undo(catalog, at=LATER)
    assert entry.number == 1
    assert catalog.decisions() == Decisions()


@pytest.mark.parametrize("change", ["DELETE FROM journal", "UPDATE journal SET kind = 'rate'"])
def test_the_journal_is_only_added_to(catalog: Catalog, change: str) -> None:
    catalog.decide(SetFlag(photos=(_P,), flag="pick"), at=NOW)
    with pytest.raises(IntegrityError, match="only added to"), catalog.write() as session:
        session.execute(text(change))
    assert catalog.decisions().flags == {_P: "pick"}


def test_import_adds_only_what_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    with made.fresh(tmp_path / "a.db") as one, made.fresh(tmp_path / "b.db") as two:
        one.decide(NamePerson(person=key(1), name="Zoë", faces=(face("p"),)), at=NOW)
        export_journal(one, file)
        two.decide(SetFlag(photos=(_Q,), flag="pick"), at=NOW)
        assert import_journal(two, file) == 1
        one.decide(NamePerson(person=key(1), name="Zoe"), at=LATER)
        export_journal(one, file, overwrite=True)
        assert import_journal(two, file) == 1
        assert two.decisions().names == {key(1): "Zoe"}
        assert two.decisions().flags == {_Q: "pick"}
        with two.read() as session:
            assert [entry.at for entry in entries(session)] == [NOW, NOW, LATER]


def test_a_journal_that_took_another_in_can_be_carried_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    with made.fresh(tmp_path / "a.db") as one, made.fresh(tmp_path / "b.db") as two:
        one.decide(Rate(photos=(_P,), stars=3), at=NOW)
        export_journal(one, file)
        two.decide(SetFlag(photos=(_Q,), flag="pick"), at=NOW)
        import_journal(two, file)
        export_journal(two, file, overwrite=True)
        expected = two.decisions()
        undo(two, at=LATER)
        undone = two.decisions()
    with made.fresh(tmp_path / "c.db") as three:
        assert import_journal(three, file) == 2
        assert three.decisions() == expected
        undo(three, at=LATER)
        assert three.decisions() == undone == Decisions(flags={_Q: "pick"})


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        '{"uid": "1", "at": "2026-03-01T12:00:00+00:00", "kind": "rate", "payload": {}}',
        json.dumps(
            {"uid": "0" * 32, "at": "2026-03-01T12:00:00", "kind": "folder",
             "payload": {"path": "/a", "faces": True}}
        ),
        json.dumps(
            {"uid": "0" * 32, "at": "2026-03-01T12:00:00+00:00", "kind": "rate",
             "payload": {"photos": [_P], "stars": 9}}
        ),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named_and_nothing_is_imported(
    catalog: Catalog, tmp_path: Path, line: str
) -> None:
    good = {
        "uid": "1" * 32,
        "at": "2026-03-01T12:00:00+00:00",
        "kind": "rate",
        "payload": {"photos": [_P], "stars": 1},
    }
    file = tmp_path / "journal.jsonl"
    file.write_text(f"{json.dumps(good)}\n\n{line}\n", encoding="utf-8")
    with pytest.raises(CatalogError, match=r"journal\.jsonl: line 3 "):
        import_journal(catalog, file)
    assert _journal(catalog) == []


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_what_cannot_be_read_is_not_imported(
    catalog: Catalog, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "journal.jsonl"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CatalogError, match="cannot be read"):
        import_journal(catalog, file)


def test_export_replaces_nothing_unasked_and_is_private(catalog: Catalog, tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="exists"):
        export_journal(catalog, file)
    assert file.read_text(encoding="utf-8") == "mine"
    export_journal(catalog, file, overwrite=True)
    assert file.read_bytes() == b""
    assert file.stat().st_mode & 0o077 == 0
    assert [left.name for left in tmp_path.iterdir() if left.name.endswith(".part")] == []
    with pytest.raises(OutputError, match="cannot be written"):
        export_journal(catalog, tmp_path / "none" / "journal.jsonl")
