"""What decisions amount to."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodside.album.catalog import (
    Decision,
    Decisions,
    FaceRef,
    ForgetPerson,
    HidePerson,
    KeepFrames,
    MergePeople,
    NamePerson,
    NotPerson,
    Rate,
    RejectFaces,
    ReplacePhoto,
    SeparatePhotos,
    SetFlag,
    SetFolder,
    SetTags,
    SplitPerson,
    Undo,
    check_label,
    fold,
    new_person_key,
)
from goodside.album.catalog.decisions import read_decision
from goodside.errors import CatalogError, OutOfRange
from goodside.types import Box
from tests.album.catalog import made
from tests.album.catalog.made import face, key, sha

_A, _B, _C = key(1), key(2), key(3)
_P, _Q = sha("p"), sha("q")
_F, _G, _H = face("p", 0), face("p", 1), face("q", 0)


def _fold(*decisions: Decision) -> Decisions:
    return fold((f"{number:032x}", decision) for number, decision in enumerate(decisions))


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ([SetFlag(photos=(_P, _Q), flag="pick")], {"flags": {_P: "pick", _Q: "pick"}}),
        (
            [SetFlag(photos=(_P, _Q), flag="pick"), SetFlag(photos=(_P,), flag="reject")],
            {"flags": {_P: "reject", _Q: "pick"}},
        ),
        ([SetFlag(photos=(_P,), flag="pick"), SetFlag(photos=(_P,), flag=None)], {}),
        ([Rate(photos=(_P,), stars=5), Rate(photos=(_P,), stars=0)], {"stars": {_P: 0}}),
        ([Rate(photos=(_P,), stars=5), Rate(photos=(_P,), stars=None)], {}),
        (
            [SetTags(photos=(_P,), add=("sea", "dog"), remove=("cat",))],
            {"tags": {_P: {"sea", "dog"}}, "tags_off": {_P: {"cat"}}},
        ),
        (
            [SetTags(photos=(_P,), remove=("sea",)), SetTags(photos=(_P,), add=("sea",))],
            {"tags": {_P: {"sea"}}},
        ),
        (
            [SetTags(photos=(_P,), add=("sea",)), SetTags(photos=(_P,), remove=("sea",))],
            {"tags_off": {_P: {"sea"}}},
        ),
        (
            [NamePerson(person=_A, name="Ann", faces=(_F,)), NamePerson(person=_A, name="Anna")],
            {"names": {_A: "Anna"}, "faces": {_F: _A}},
        ),
        (
            [NamePerson(person=_A, name="Ann", faces=(_F,)), NamePerson(person=_A, name=None)],
            {"names": {_A: "Ann"}, "faces": {_F: _A}},
        ),
        (
            [
                NamePerson(person=_A, name="Ann", faces=(_F,)),
                NamePerson(person=_B, name="Bo", faces=(_G,)),
                MergePeople(person=_A, into=_B, faces=(_F, _G, _H)),
            ],
            {"names": {_B: "Bo"}, "faces": {_F: _B, _G: _B, _H: _B}, "merged": {_A: _B}},
        ),
        (
            [
                NamePerson(person=_A, name="Ann", faces=(_F,)),
                MergePeople(person=_A, into=_B),
                MergePeople(person=_B, into=_C),
                NamePerson(person=_A, name=None, faces=(_G,)),
            ],
            {"names": {_C: "Ann"}, "faces": {_F: _C, _G: _C}, "merged": {_A: _C, _B: _C}},
        ),
        ([MergePeople(person=_A, into=_B), MergePeople(person=_B, into=_A)], {"merged": {_A: _B}}),
        (
            [NotPerson(person=_A, faces=(_G,)), MergePeople(person=_A, into=_B)],
            {"not_person": {(_G, _B)}, "merged": {_A: _B}},
        ),
        (
            [
                NamePerson(person=_A, name="Ann", faces=(_F, _G)),
                SplitPerson(person=_A, into=_B, faces=(_G,)),
            ],
            {"names": {_A: "Ann"}, "faces": {_F: _A, _G: _B}, "not_person": {(_G, _A)}},
        ),
        (
            [
                NamePerson(person=_A, name="Ann", faces=(_F,)),
                NotPerson(person=_A, faces=(_F,)),
                NotPerson(person=_B, faces=(_F,)),
                NamePerson(person=_B, name="Bo", faces=(_F,)),
            ],
            {"names": {_A: "Ann", _B: "Bo"}, "faces": {_F: _B}, "not_person": {(_F, _A)}},
        ),
        (
            [NamePerson(person=_A, name="Ann", faces=(_F,)), RejectFaces(faces=(_F, _G))],
            {"names": {_A: "Ann"}, "rejected_faces": {_F, _G}},
        ),
        (
            [RejectFaces(faces=(_F,)), NamePerson(person=_A, name="Ann", faces=(_F,))],
            {"names": {_A: "Ann"}, "faces": {_F: _A}},
        ),
        (
            [
                NamePerson(person=_A, name="Ann", faces=(_F, _G)),
                NotPerson(person=_A, faces=(_H,)),
                ForgetPerson(person=_A, faces=(_F,)),
                NamePerson(person=_B, name="Bo", faces=(_F, _H)),
            ],
            {"names": {_B: "Bo"}, "faces": {_H: _B}, "forgotten": {_F, _G}},
        ),
        (
            [
                SetFlag(photos=(_P,), flag="pick"),
                Rate(photos=(_P, _Q), stars=4),
                Rate(photos=(_Q,), stars=1),
                NamePerson(person=_A, name="Ann", faces=(_F,)),
                RejectFaces(faces=(_G,)),
                ReplacePhoto(old=_P, new=_Q),
            ],
            {
                "flags": {_P: "pick", _Q: "pick"},
                "stars": {_P: 4, _Q: 1},
                "names": {_A: "Ann"},
                "faces": {_F: _A, face("q", 0): _A},
                "rejected_faces": {_G, face("q", 1)},
            },
        ),
        (
            [NotPerson(person=_A, faces=(_H,)), NamePerson(person=_A, name="Ann", faces=(_F,)),
             ReplacePhoto(old=_P, new=_Q)],
            {"names": {_A: "Ann"}, "faces": {_F: _A}, "not_person": {(_H, _A)}},
        ),
        (
            [KeepFrames(photos=(_P, _Q)), KeepFrames(photos=(_P,), others=(_Q,))],
            {"kept": {_P}},
        ),
        ([KeepFrames(photos=(_P,)), KeepFrames(photos=(), others=(_P, _Q))], {}),
        (
            [SeparatePhotos(photos=(_P,), others=(_P, _Q)), KeepFrames(photos=(_P,)),
             ReplacePhoto(old=_P, new=sha("r"))],
            {
                "kept": {_P, sha("r")},
                "separated": {(_P, _Q), (_Q, _P), (sha("r"), _Q), (_Q, sha("r"))},
            },
        ),
        (
            [HidePerson(person=_A, hidden=True), HidePerson(person=_B, hidden=True),
             HidePerson(person=_B, hidden=False)],
            {"hidden": {_A}},
        ),
        (
            [HidePerson(person=_A, hidden=True), MergePeople(person=_A, into=_B)],
            {"merged": {_A: _B}},
        ),
        (
            [SetFolder.of(Path("/a"), faces=False), SetFolder.of(Path("/a/b"), faces=True)],
            {"folders": {Path("/a"): False, Path("/a/b"): True}},
        ),
    ],
)  # fmt: skip
def test_fold(decisions: list[Decision], expected: dict[str, Any]) -> None:
    total = _fold(*decisions)
    assert {name: value for name, value in asdict(total).items() if value} == expected


def test_an_undo_is_undone_by_an_undo() -> None:
    uids = [f"{number:032x}" for number in range(5)]
    pick, star = SetFlag(photos=(_P,), flag="pick"), Rate(photos=(_P,), stars=3)
    told: list[tuple[str, Decision]] = list(zip(uids, [pick, star], strict=False))
    told.append((uids[2], Undo(entry=uids[0])))
    assert fold(told) == Decisions(stars={_P: 3})
    told.append((uids[3], Undo(entry=uids[2])))
    assert fold(told) == Decisions(flags={_P: "pick"}, stars={_P: 3})
    told.append((uids[4], Undo(entry=uids[3])))
    assert fold(told) == Decisions(stars={_P: 3})


@given(st.lists(made.decisions, max_size=12))
def test_what_is_decided_never_contradicts_itself(told: list[Decision]) -> None:
    total = _fold(*told)
    assert not {(ref, person) for ref, person in total.faces.items()} & total.not_person
    assert not total.rejected_faces & total.faces.keys()
    assert not set(total.merged) & (set(total.merged.values()) | set(total.names))
    assert not set(total.merged) & {*total.faces.values(), *(p for _, p in total.not_person)}
    for photo, tags in total.tags.items():
        assert not tags & total.tags_off.get(photo, frozenset())


@given(st.lists(made.decisions, max_size=8), st.data())
def test_undoing_an_entry_is_as_if_it_had_never_been(told: list[Decision], data: Any) -> None:
    dropped = data.draw(st.sets(st.sampled_from(range(len(told))))) if told else set()
    undos = [Undo(entry=f"{number:032x}") for number in sorted(dropped)]
    kept = [decision for number, decision in enumerate(told) if number not in dropped]
    assert _fold(*told, *undos) == _fold(*kept)


@given(made.decisions)
def test_payloads_come_back_as_they_were(decision: Decision) -> None:
    payload = decision.model_dump(mode="json", exclude={"kind"})
    assert read_decision(decision.kind, payload) == decision


@pytest.mark.parametrize(
    ("kind", "payload", "complaint"),
    [
        ("flag", {"photos": ["abc"], "flag": "pick"}, "photos.0"),
        ("flag", {"photos": [_P], "flag": "maybe"}, "flag"),
        ("rate", {"photos": [_P], "stars": 6}, "stars"),
        ("name", {"person": _A, "name": " "}, "name"),
        ("name", {"person": _A, "name": "Ann", "vector": [1.0]}, "vector"),
        ("dance", {}, "dance"),
    ],
)
def test_a_wrong_payload_is_told(kind: str, payload: dict[str, Any], complaint: str) -> None:
    with pytest.raises(CatalogError, match=complaint):
        read_decision(kind, payload)


def test_boxes_stand_in_shares_of_the_picture() -> None:
    small = FaceRef.of(_P, Box(10, 20, 30, 40), width=100, height=200)
    large = FaceRef.of(_P, Box(40, 80, 120, 160), width=400, height=800)
    assert small == large == FaceRef(photo=_P, box=(1000, 1000, 3000, 2000))


@pytest.mark.parametrize(
    ("other", "overlap"),
    [
        ((0, 0, 100, 100), 1.0),
        ((50, 0, 150, 100), 1 / 3),
        ((100, 0, 200, 100), 0.0),
        ((25, 25, 75, 75), 0.25),
    ],
)
def test_overlap(other: tuple[int, int, int, int], overlap: float) -> None:
    one = FaceRef(photo=_P, box=(0, 0, 100, 100))
    assert one.overlap(FaceRef(photo=_P, box=other)) == pytest.approx(overlap)
    assert one.overlap(FaceRef(photo=_Q, box=other)) == 0


def test_decisions_move_to_the_faces_of_a_later_detector() -> None:
    shifted = FaceRef(photo=_P, box=(100, 1050, 900, 2050))
    total = _fold(
        NamePerson(person=_A, name="Ann", faces=(_F,)),
        NotPerson(person=_A, faces=(_G,)),
        RejectFaces(faces=(_H,)),
    )
    now = total.on([shifted, face("p", 1), face("q", 2)])
    assert now.faces == {shifted: _A}
    assert now.not_person == {(_G, _A)}
    assert now.rejected_faces == {_H}


def test_the_nearest_folder_says_whether_faces_are_looked_for() -> None:
    odd = Path(os.fsdecode(b"/a/caf\xe9"))
    total = _fold(
        SetFolder.of(Path("/a"), faces=False),
        SetFolder.of(Path("/a/b"), faces=True),
        SetFolder.of(odd, faces=True),
    )
    assert [
        total.looks_for_faces(Path(path))
        for path in ("/c/1.jpg", "/a/1.jpg", "/a/c/1.jpg", "/a/b/c/1.jpg", odd / "1.jpg")
    ] == [True, False, False, True, True]


def test_person_keys() -> None:
    assert _F.person_key() == face("p", 0).person_key() != _G.person_key()
    assert len({new_person_key() for _ in range(50)}) == 50
    NamePerson(person=new_person_key(), name="Ann")
    NamePerson(person=_F.person_key(), name="Ann")


def test_labels() -> None:
    assert check_label("  Zoë ") == "Zoë"
    for bad in ("", "  ", "x" * 201, os.fsdecode(b"caf\xe9")):
        with pytest.raises(OutOfRange, match="no name or tag"):
            check_label(bad)
