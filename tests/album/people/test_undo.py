"""As many undos as commands give the first state back, people's members included."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from goodside.album.catalog import (
    Catalog,
    Decision,
    FaceRecord,
    Rate,
    ReplacePhoto,
    append,
    entries,
    export_journal,
    import_journal,
    list_faces,
    open_catalog,
    photo_ids,
    put_faces,
    undo,
)
from goodside.album.people import (
    Person,
    apply_decisions,
    confirm_faces,
    list_people,
    mark_not_person,
    merge_people,
    name_person,
    reject_faces,
    split_person,
    update_people,
    updating_people,
)
from goodside.errors import OutOfRange
from tests.album.catalog import made
from tests.album.catalog.made import LATER, NOW, sha
from tests.album.people.made import look

_ALBUM = ((0,), (0,), (0, 1), (1,), (1, 2), (2,), (0, 2))
"""Who is in each photograph, from the left."""


@cache
def _album() -> bytes:
    """The file of a catalog with faces of three people whom nobody named."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalog.db"
        with made.fresh(path) as catalog:
            for number, people in enumerate(_ALBUM):
                made.add(catalog, Path(f"/a/{number}.jpg"), number)
                with catalog.write() as session:
                    found = [
                        replace(
                            made.found(at),
                            sharpness=0.6,
                            embedding=look(person, 10 * number + at),
                        )
                        for at, person in enumerate(people)
                    ]
                    photo = photo_ids(session)[sha(number)]
                    put_faces(session, photo, found, by="1", forgotten=())
            update_people(catalog)
            catalog.wipe()
        return path.read_bytes()


def album(folder: str | Path) -> Catalog:
    path = Path(folder) / "catalog.db"
    path.write_bytes(_album())
    return open_catalog(path, create=False)


def people(catalog: Catalog) -> list[Person]:
    with catalog.read() as session:
        return list_people(session)


def state(catalog: Catalog) -> object:
    """Everything decided, and who everybody is."""
    told = [
        (
            one.key,
            one.name,
            one.known,
            [(face.ref, face.confirmed, face.similarity) for face in one.faces],
        )
        for one in people(catalog)
    ]
    return catalog.decisions(), told


def test_a_split_is_undone_as_a_whole(tmp_path: Path) -> None:
    with album(tmp_path) as catalog:
        before = state(catalog)
        whole = max(people(catalog), key=lambda one: len(one.faces))
        with updating_people(catalog):
            _, noted = split_person(catalog, whole, whole.faces[:1], name="Ann")
        assert len(noted) == 3
        with updating_people(catalog):
            undone = undo(catalog, at=LATER)
        assert [entry.number for entry in undone] == [3, 2, 1]
        assert state(catalog) == before


def test_one_number_of_a_split_takes_all_of_it_back_and_forth(tmp_path: Path) -> None:
    with album(tmp_path) as catalog:
        before = state(catalog)
        whole = max(people(catalog), key=lambda one: len(one.faces))
        with updating_people(catalog):
            split_person(catalog, whole, whole.faces[:1])
        after = state(catalog)
        with updating_people(catalog):
            undo(catalog, [2], at=LATER)
        assert state(catalog) == before
        with updating_people(catalog):
            undo(catalog, [4], at=LATER)
        assert state(catalog) == after


class Commands(RuleBasedStateMachine):
    """Any commands, and now and then an undo, which must give the state before the command."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.catalog = album(self.folder.name)
        self.before: list[object] = []
        self.patch = pytest.MonkeyPatch()  # the same keys in every run, so that failures shrink
        numbers = count(2**20)
        self.patch.setattr(
            "goodside.album.people.commands.new_person_key", lambda: made.key(next(numbers))
        )

    def teardown(self) -> None:
        self.patch.undo()
        for _ in list(self.before):
            self.take_back()
        self.catalog.close()
        self.folder.cleanup()

    def _give(self, command: Callable[[], object]) -> None:
        """Run a command; what it refuses, it must leave as it was."""
        before = state(self.catalog)
        with self.catalog.read() as session:
            had = len(entries(session))
        try:
            with updating_people(self.catalog):
                command()
        except OutOfRange:
            assert state(self.catalog) == before
            return
        with self.catalog.read() as session:
            if len(entries(session)) > had:
                self.before.append(before)

    def _decide(self, *decisions: Decision) -> None:
        with self.catalog.write() as session:
            for decision in decisions:
                append(session, decision, at=NOW)

    def _somebody(self, data: Any) -> Person:
        chosen: Person = data.draw(st.sampled_from(people(self.catalog)))
        return chosen

    def _faces(self, data: Any) -> list[FaceRecord]:
        with self.catalog.read() as session:
            every = apply_decisions(list_faces(session), self.catalog.decisions())
        chosen: list[FaceRecord] = data.draw(
            st.lists(st.sampled_from(every), min_size=1, max_size=2, unique_by=lambda f: f.id)
        )
        return chosen

    @rule(decision=made.decisions.filter(lambda one: not isinstance(one, ReplacePhoto)))
    def decide(self, decision: Decision) -> None:
        self._give(lambda: self.catalog.decide(decision, at=NOW))

    @rule(stars=st.lists(st.integers(0, 5), min_size=1, max_size=3))
    def take_over_ratings(self, stars: Sequence[int]) -> None:
        rated = [Rate(photos=(sha(at),), stars=each) for at, each in enumerate(stars)]
        self._give(lambda: self._decide(*rated))

    @rule(data=st.data(), name=made.words)
    def name(self, data: Any, name: str) -> None:
        person = self._somebody(data)
        self._give(lambda: name_person(self.catalog, person, name))

    @rule(data=st.data())
    def confirm(self, data: Any) -> None:
        person, faces = self._somebody(data), self._faces(data)
        self._give(lambda: confirm_faces(self.catalog, person, faces))

    @rule(data=st.data())
    def merge(self, data: Any) -> None:
        person, into = self._somebody(data), self._somebody(data)
        self._give(lambda: merge_people(self.catalog, person, into))

    @rule(data=st.data(), name=st.none() | made.words)
    def split(self, data: Any, name: str | None) -> None:
        person = self._somebody(data)
        some = person.faces[: data.draw(st.integers(0, max(0, len(person.faces) - 1)))]
        self._give(lambda: split_person(self.catalog, person, some, name=name))

    @rule(data=st.data())
    def deny(self, data: Any) -> None:
        person, faces = self._somebody(data), self._faces(data)
        self._give(lambda: mark_not_person(self.catalog, person, faces))

    @rule(data=st.data())
    def reject(self, data: Any) -> None:
        faces = self._faces(data)
        self._give(lambda: reject_faces(self.catalog, faces))

    @rule(data=st.data())
    def bring_another_journal(self, data: Any) -> None:
        """One that began as a copy of this one, or somewhere else, and holds undos of its own."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "journal.jsonl"
            with made.fresh(Path(folder) / "other.db") as other:
                if data.draw(st.booleans()):
                    export_journal(self.catalog, file)
                    import_journal(other, file)
                for decision in data.draw(st.lists(made.decisions, max_size=3)):
                    other.decide(decision, at=NOW)
                with other.read() as session:
                    numbers = [entry.number for entry in entries(session) if not entry.undone]
                if numbers and data.draw(st.booleans()):
                    undo(other, [data.draw(st.sampled_from(numbers))], at=LATER)
                export_journal(other, file, overwrite=True)
            with self.catalog.read() as session:
                empty = not entries(session)
            if empty:  # there, it is a journal brought back: its commands are undone one by one
                self._decide(Rate(photos=(sha(0),), stars=1))
                undo(self.catalog, at=NOW)
            self._give(lambda: import_journal(self.catalog, file))

    @precondition(lambda self: self.before)
    @rule()
    def take_back(self) -> None:
        with updating_people(self.catalog):
            undo(self.catalog, at=LATER)
        assert state(self.catalog) == self.before.pop()


Commands.TestCase.settings = settings(max_examples=10, stateful_step_count=10, deadline=None)
TestCommands = Commands.TestCase
