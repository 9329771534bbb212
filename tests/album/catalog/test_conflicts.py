"""What is decided on a state that another changed meanwhile: refused, or added up, never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from goodside.album.catalog import (
    Decision,
    ExcludeFiles,
    HidePerson,
    KeepFrames,
    MergePeople,
    NamePerson,
    NotPerson,
    Rate,
    RejectFaces,
    SetFlag,
    SetTags,
    SplitPerson,
    entries,
    open_catalog,
    undo,
)
from goodside.errors import StaleDecision
from tests.album.catalog.made import LATER, NOW, face, fresh, key, sha
from tests.postgres.places import place

pytestmark = pytest.mark.both_databases

_P, _Q = sha("p"), sha("q")


@pytest.mark.parametrize(
    ("theirs", "mine", "refused"),
    [
        (Rate(photos=(_P,), stars=2), Rate(photos=(_P, _Q), stars=5), True),
        (Rate(photos=(_P,), stars=2), Rate(photos=(_P,), stars=2), False),
        (Rate(photos=(_P,), stars=2), Rate(photos=(_Q,), stars=5), False),
        (Rate(photos=(_P,), stars=2), SetFlag(photos=(_P,), flag="pick"), False),
        (SetFlag(photos=(_P,), flag="reject"), SetFlag(photos=(_P,), flag="pick"), True),
        (SetTags(photos=(_P,), add=("sea",)), SetTags(photos=(_P,), add=("dog",)), False),
        (SetTags(photos=(_P,), add=("Sea",)), SetTags(photos=(_P,), remove=("sea",)), True),
        (NamePerson(person=key(1), name="Ann"), NamePerson(person=key(1), name="Bo"), True),
        (
            NamePerson(person=key(1), name="Ann", faces=(face("p"),)),
            NotPerson(person=key(1), faces=(face("p"),)),
            True,
        ),
        (
            SplitPerson(person=key(1), into=key(2), faces=(face("p"),)),
            RejectFaces(faces=(face("p"),)),
            True,
        ),
        (
            MergePeople(person=key(1), into=key(2)),
            MergePeople(person=key(1), into=key(3)),
            True,
        ),
        (HidePerson(person=key(1), hidden=True), HidePerson(person=key(1), hidden=True), False),
        (
            KeepFrames(photos=(_P,), others=(_Q,)),
            KeepFrames(photos=(_Q,), others=(_P,)),
            True,
        ),
        (ExcludeFiles.of(Path("/a"), ["*.png"]), ExcludeFiles.of(Path("/a"), []), True),
    ],
)
def test_what_another_decided_otherwise_since_is_refused(
    tmp_path: Path, theirs: Decision, mine: Decision, refused: bool
) -> None:
    path = tmp_path / "catalog.db"
    fresh(path).close()
    with (
        open_catalog(place(path), by="ann") as ann,
        open_catalog(place(path), by="bo") as bo,
    ):
        seen = ann.decide(SetFlag(photos=(sha("other"),), flag="pick"), at=NOW).number
        bo.decide(theirs, at=NOW)
        if refused:
            with pytest.raises(StaleDecision, match=rf"bo decided otherwise.*entry {seen + 1}"):
                ann.decide(mine, at=LATER, seen=seen)
        else:
            ann.decide(mine, at=LATER, seen=seen)
        with ann.read() as session:
            assert len(entries(session)) == 2 + (not refused)
        ann.decide(mine, at=LATER, seen=seen + 1)  # who has seen it may decide so all the same
        bo.decide(theirs, at=LATER)  # and who does not say what they saw always may
        with ann.read() as session:
            assert len(entries(session)) == 4 + (not refused)


def test_ones_own_earlier_word_is_no_conflict_and_an_undo_of_anothers_is(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    fresh(path).close()
    with (
        open_catalog(place(path), by="ann") as ann,
        open_catalog(place(path), by="bo") as bo,
    ):
        ann.decide(Rate(photos=(_P,), stars=1), at=NOW)
        ann.decide(Rate(photos=(_P,), stars=2), at=NOW, seen=0)
        seen = bo.decide(Rate(photos=(_P,), stars=3), at=NOW).number
        undo(bo, at=LATER)
        with pytest.raises(StaleDecision):
            ann.decide(Rate(photos=(_P,), stars=3), at=LATER, seen=seen)
