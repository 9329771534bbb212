"""Whose face is whose: the same in every order, by every decision, and without renaming anyone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodside.album.catalog import (
    Decision,
    Decisions,
    FaceRecord,
    FaceRef,
    MergePeople,
    NamePerson,
    NotPerson,
    RejectFaces,
    SplitPerson,
    fold,
)
from goodside.album.people import ClusteringCriteria
from goodside.types import FloatArray, Pose
from tests.album.catalog.made import key
from tests.album.people.made import crowd, find, keys, look, looks, record

_ANN, _BO = key(1), key(2)


def _decided(*decisions: Decision) -> Decisions:
    return fold((f"{number:032x}", decision) for number, decision in enumerate(decisions))


def _groups(told: dict[int, str]) -> set[frozenset[int]]:
    return {frozenset(face for face in told if told[face] == one) for one in told.values()}


def test_everybody_is_found() -> None:
    faces, whose = crowd(4, 6)
    told = keys(faces, looks(whose))
    assert _groups(told) == {frozenset(range(person, 24, 4)) for person in range(4)}


def test_a_person_nobody_named_has_the_key_of_the_first_face() -> None:
    faces, whose = crowd(1, 5)
    least = min(faces, key=lambda face: (face.ref.photo, face.ref.box))
    assert set(keys(faces, looks(whose)).values()) == {least.ref.person_key()}


@settings(max_examples=15, deadline=None)
@given(data=st.data(), noise=st.floats(0.3, 1.5))
def test_order_and_row_numbers_do_not_matter(data: st.DataObject, noise: float) -> None:
    faces, whose = crowd(4, 5)
    vectors = looks(whose, noise=noise)
    order = data.draw(st.permutations(range(20)))
    named = _decided(NamePerson(person=_ANN, name="Ann", faces=(faces[3].ref, faces[7].ref)))
    told = keys(faces, vectors, named)
    moved = [replace(faces[old], id=100 + new) for new, old in enumerate(order)]
    again = keys(moved, {100 + new: vectors[old] for new, old in enumerate(order)}, named)
    assert {order[number - 100]: person for number, person in again.items()} == told


@st.composite
def _histories(draw: st.DrawFn) -> list[Decision]:
    """Decisions about the 18 faces of `_album`."""
    refs = [face.ref for face in _album()]
    some = st.lists(st.sampled_from(refs), min_size=1, max_size=3).map(tuple)
    person = st.sampled_from([_ANN, _BO, key(3), *(ref.person_key() for ref in refs[:3])])
    one = st.one_of(
        st.builds(NamePerson, person=person, name=st.sampled_from(["Ann", "Bo"]), faces=some),
        st.builds(MergePeople, person=person, into=person, faces=some),
        st.builds(SplitPerson, person=person, into=person, faces=some),
        st.builds(NotPerson, person=person, faces=some),
        st.builds(RejectFaces, faces=some),
    )
    return draw(st.lists(one, max_size=6))


def _album() -> list[FaceRecord]:
    """Six photos of three faces each; some look aside."""
    return [
        record(number, photo=number // 3, at=number % 3, yaw_deg=70.0 * (number % 5 == 0))
        for number in range(18)
    ]


@settings(max_examples=30, deadline=None)
@given(history=_histories(), noise=st.floats(0.2, 2.0))
def test_decisions_are_never_broken(history: list[Decision], noise: float) -> None:
    faces, decided = _album(), _decided(*history)
    vectors = {face.id: look(face.id % 3, face.id, noise=noise) for face in faces}
    told = keys(faces, vectors, decided)
    for face in faces:
        person = told.get(face.id)
        if face.ref in decided.faces:
            assert person == decided.faces[face.ref]
        elif face.ref in decided.rejected_faces:
            assert person is None
        else:
            assert (face.ref, person) not in decided.not_person
    free = [face for face in faces if face.ref not in decided.faces and face.id in told]
    for face in free:
        others = [one for one in faces if one.photo_id == face.photo_id and one != face]
        assert told[face.id] not in {told.get(other.id) for other in others}


@settings(max_examples=10, deadline=None)
@given(more=st.sets(st.integers(12, 31)), noise=st.floats(0.3, 1.2))
def test_new_photos_rename_nobody(more: set[int], noise: float) -> None:
    faces, whose = crowd(4, 8)
    vectors = looks(whose, noise=noise)
    first = keys(faces[:12], vectors)
    named = _decided(
        *(
            NamePerson(
                person=person,
                name=f"P {person}",
                faces=tuple(face.ref for face in faces[:12] if first[face.id] == person),
            )
            for person in set(first.values())
        )
    )
    told = keys([face for face in faces if face.id < 12 or face.id in more], vectors, named)
    assert {face: told[face] for face in first} == first


def test_new_photos_join_the_people_known() -> None:
    faces, whose = crowd(3, 8)
    vectors = looks(whose)
    first = keys(faces[:9], vectors)
    named = _decided(
        NamePerson(
            person=first[0],
            name="Ann",
            faces=tuple(face.ref for face in faces[:9] if first[face.id] == first[0]),
        )
    )
    told = keys(faces, vectors, named)
    assert {face for face in told if told[face] == first[0]} == {f for f in whose if whose[f] == 0}


def test_two_faces_of_one_photo_are_two_people() -> None:
    faces = [record(0, photo="p", at=0), record(1, photo="p", at=1), record(2)]
    vectors = {number: look(0, number, noise=0.2) for number in range(3)}
    told = keys(faces, vectors)
    assert told[0] != told[1]
    assert told[2] in {told[0], told[1]}


def test_a_person_may_say_that_two_faces_of_one_photo_are_one() -> None:
    faces = [record(0, photo="mirror", at=0), record(1, photo="mirror", at=1)]
    decided = _decided(NamePerson(person=_ANN, name="Ann", faces=tuple(f.ref for f in faces)))
    assert keys(faces, {0: look(0, 0), 1: look(0, 1)}, decided) == {0: _ANN, 1: _ANN}


@pytest.mark.parametrize(
    "flaw",
    [{"yaw_deg": 70.0}, {"sharpness": 0.01}, {"size_px": 20.0}, {"quality": 0.1}],
)
def test_poor_faces_join_but_found_nobody(flaw: dict[str, float]) -> None:
    faces, whose = crowd(2, 4)
    poor = [record(50, **flaw), record(51, **flaw), record(52, **flaw)]  # type: ignore[arg-type]
    vectors = looks(whose) | {50: look(0, 50), 51: look(9, 51), 52: look(9, 52)}
    told = keys([*faces, *poor], vectors)
    assert told[50] == told[0]
    assert 51 not in told
    assert 52 not in told


def _at_cosine(cosine: float) -> FloatArray:
    """A unit vector at this cosine to the first axis."""
    vector = np.zeros(8, np.float32)
    vector[:2] = cosine, np.sqrt(1 - cosine**2)
    return vector


@pytest.mark.parametrize(("cosine", "people"), [(0.54, 2), (0.56, 1)])
def test_good_faces_are_one_person_from_a_mean_cosine_of_55_hundredths(
    cosine: float, people: int
) -> None:
    told = keys([record(0), record(1)], {0: _at_cosine(1.0), 1: _at_cosine(cosine)})
    assert len(set(told.values())) == people


@pytest.mark.parametrize(("cosine", "joins"), [(0.49, False), (0.51, True)])
def test_poor_faces_join_from_a_cosine_of_one_half(cosine: float, joins: bool) -> None:
    faces = [record(0), record(1, sharpness=0.01)]
    assert (1 in keys(faces, {0: _at_cosine(1.0), 1: _at_cosine(cosine)})) == joins


@pytest.mark.parametrize(
    ("face", "is_good"),
    [
        (record(0, yaw_deg=-50.0), True),
        (record(0, yaw_deg=-50.5), False),
        (record(0, sharpness=0.1), True),
        (record(0, sharpness=0.09), False),
        (record(0, size_px=40.0), True),
        (record(0, size_px=39.0), False),
        (replace(record(0), score=0.61, mesh_score=1.0), True),
        (replace(record(0), score=0.76, mesh_score=0.76), False),
        (record(0, quality=0.25), True),
        (record(0, quality=0.24), False),
    ],
)
def test_how_good_a_face_must_be_to_found_a_person(face: FaceRecord, is_good: bool) -> None:
    assert ClusteringCriteria().is_good(face) == is_good


def test_a_name_on_a_poor_face_finds_the_others() -> None:
    faces = [replace(record(0), pose=Pose(80, 0, 0)), record(1), record(2)]
    decided = _decided(NamePerson(person=_ANN, name="Ann", faces=(faces[0].ref,)))
    told = find(faces, {number: look(0, number, noise=0.3) for number in range(3)}, decided)
    assert {one.person for one in told} == {_ANN}
    assert [one.confirmed for one in sorted(told, key=lambda one: one.face_id)] == [1, 0, 0]


def test_not_a_person_whom_nobody_named() -> None:
    faces, whose = crowd(1, 4)
    least, *_, other = sorted(faces, key=lambda face: face.ref.photo)
    person = least.ref.person_key()
    told = keys(faces, looks(whose), _decided(NotPerson(person=person, faces=(other.ref,))))
    assert told[least.id] == person
    assert told[other.id] != person


def test_a_key_that_means_somebody_is_not_given_again() -> None:
    faces = [record(0), record(1)]
    own = faces[0].ref.person_key()
    decided = _decided(
        NamePerson(person=own, name="Ann", faces=(faces[1].ref,)),
        NotPerson(person=own, faces=(faces[0].ref,)),
    )
    told = keys(faces, {0: look(0, 0), 1: look(0, 1)}, decided)
    assert told[1] == own
    assert told[0] != own


def test_faces_of_another_scan_keep_their_person() -> None:
    faces = [record(0), record(1)]
    box = faces[0].ref.box
    before = FaceRef(photo=faces[0].ref.photo, box=(box[0] + 50, box[1], box[2] + 50, box[3]))
    decided = _decided(NamePerson(person=_ANN, name="Ann", faces=(before,)))
    assert keys(faces, {0: look(0, 0), 1: look(5, 1)}, decided)[0] == _ANN


def test_nobody_is_found_among_no_faces() -> None:
    assert find([], {}) == []
