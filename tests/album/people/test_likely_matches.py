"""Whom somebody without a name may be."""

from __future__ import annotations

from dataclasses import replace

from goodside.album.catalog import FaceRecord, FaceRef
from goodside.album.people import LikenessTable, Person, find_likely_matches
from goodside.types import FloatArray
from tests.album.catalog.made import key
from tests.album.people.made import look, record

_FAR = 0.95


def _person(number: int, faces: list[FaceRecord], name: str | None = None) -> Person:
    return Person(key(number), name, tuple(faces), known=name is not None)


def _vectors(whose: dict[int, int], *, noise: float) -> dict[int, FloatArray]:
    return {face: look(person, face, noise=noise) for face, person in whose.items()}


def _album() -> tuple[list[Person], dict[int, FloatArray]]:
    """Ann and Bo with three faces each; 3 looks like Ann, 4 like Bo, 5 like nobody."""
    whose = {1: 0, 2: 0, 3: 0, 11: 1, 12: 1, 13: 1, 21: 0, 31: 1, 41: 7}
    people = [
        _person(1, [record(n) for n in (1, 2, 3)], "Ann"),
        _person(2, [record(n) for n in (11, 12, 13)], "Bo"),
        _person(3, [record(21)]),
        _person(4, [record(31)]),
        _person(5, [record(41)]),
    ]
    return people, _vectors(whose, noise=_FAR)


def test_each_is_asked_about_with_the_one_they_look_like() -> None:
    people, vectors = _album()
    found = find_likely_matches(LikenessTable.of(people, vectors), min_similarity=0.4)
    assert {who: matches[0].likely for who, matches in found.items()} == {
        key(3): key(1),
        key(4): key(2),
    }
    best = found[key(3)][0]
    assert 0.4 <= best.similarity < 1
    assert best.distance == 1 - best.similarity


def test_the_surest_question_comes_first_and_the_likeliest_answer() -> None:
    people, vectors = _album()
    found = find_likely_matches(LikenessTable.of(people, vectors), min_similarity=-1)
    firsts = [matches[0].similarity for matches in found.values()]
    assert firsts == sorted(firsts, reverse=True)
    for matches in found.values():
        assert len(matches) == 2  # only those with a name, as the others have a single face
        assert matches[0].similarity >= matches[1].similarity


def test_what_was_decided_is_not_asked_again() -> None:
    people, vectors = _album()
    ref = people[2].faces[0].ref
    found = find_likely_matches(
        LikenessTable.of(people, vectors, not_person={(ref, key(1))}), min_similarity=0.4
    )
    assert key(3) not in found
    assert key(4) in found


def test_two_people_of_one_photograph_are_two() -> None:
    people, vectors = _album()
    beside = record(21, photo=1, at=1)
    people[2] = _person(3, [beside])
    assert key(3) not in find_likely_matches(LikenessTable.of(people, vectors), min_similarity=0.4)


def test_without_names_the_smaller_may_be_the_larger() -> None:
    whose = {1: 0, 2: 0, 3: 0, 4: 0, 5: 0}
    people = [
        _person(1, [record(n) for n in (1, 2, 3)]),
        _person(2, [record(n) for n in (4, 5)]),
    ]
    found = find_likely_matches(LikenessTable.of(people, _vectors(whose, noise=_FAR)))
    assert {who: [one.likely for one in matches] for who, matches in found.items()} == {
        key(2): [key(1)]
    }


def test_nobody_and_faces_without_vectors() -> None:
    assert find_likely_matches(LikenessTable.of([], {})) == {}
    assert find_likely_matches(LikenessTable.of([_person(1, [record(1)])], {})) == {}
    stranger: tuple[FaceRef, str] = (record(99).ref, key(1))
    people, vectors = _album()
    assert find_likely_matches(LikenessTable.of(people, vectors, not_person={stranger}))


def test_the_nearest_people_come_first_and_whoever_is_kept_apart_is_left_out() -> None:
    people, vectors = _album()
    table = LikenessTable.of(people, vectors)
    nearest = table.nearest(key(3), 3)
    distances = [distance for _, distance in nearest]
    assert nearest[0][0].key == key(1)
    assert len(nearest) == 3
    assert distances == sorted(distances)
    assert all(0 <= distance <= 2 for distance in distances)
    assert table.nearest(key(99), 3) == []
    ref = people[2].faces[0].ref
    apart = LikenessTable.of(people, vectors, not_person={(ref, key(1))})
    assert key(1) not in [one.key for one, _ in apart.nearest(key(3), 4)]


def test_hidden_people_are_neither_asked_about_nor_an_answer() -> None:
    people, vectors = _album()
    people[0] = replace(people[0], hidden=True)
    people[3] = replace(people[3], hidden=True)
    table = LikenessTable.of(people, vectors)
    assert not find_likely_matches(table, min_similarity=0.4)
    assert key(1) not in [one.key for one, _ in table.nearest(key(3), 4)]
