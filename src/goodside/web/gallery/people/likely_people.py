"""Questions of who somebody might be, with the answers to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from goodside.album.browse import AlbumIndex
from goodside.album.people import LikelyMatch, Person
from goodside.web.gallery.people.person_view import PersonCard, card_of

_CROPS_OF_QUESTION = 6


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody whom a person may be, and how far apart the two look: one minus the cosine."""

    card: PersonCard
    distance: float


@dataclass(frozen=True, slots=True)
class Question:
    """Somebody without a name, and who it may be.

    Attributes:
        card: who is asked about.
        faces: row numbers of their faces.
        shown: of those to be looked at.
        answers: the likeliest first.
    """

    card: PersonCard
    faces: tuple[int, ...]
    shown: tuple[int, ...]
    answers: tuple[Answer, ...]


def list_questions(index: AlbumIndex, *, most: int) -> tuple[list[Question], int]:
    """The surest questions, at most so many, and how many there are.

    Args:
        index: of the album.
        most: how many are wanted.
    """
    found = index.likely_matches()
    people = {one.key: one for one in index.people()}
    asked = [_question(people, matches) for matches in islice(found.values(), most)]
    return [one for one in asked if one is not None], len(found)


def list_answers(index: AlbumIndex, key: str) -> list[Answer]:
    """Whom somebody without a name may be, the likeliest first."""
    people = {one.key: one for one in index.people()}
    return [
        Answer(card_of(people[one.likely]), one.distance)
        for one in index.likely_matches().get(key, ())
        if one.likely in people
    ]


def list_unnamed_matches(index: AlbumIndex, key: str, *, most: int) -> list[Answer]:
    """People without a name who may be somebody, the nearest first.

    Args:
        index: of the album.
        key: whom they may be.
        most: how many are wanted.
    """
    people = {one.key: one for one in index.people()}
    near = [
        Answer(card_of(people[one.person]), one.distance)
        for matches in index.likely_matches().values()
        for one in matches
        if one.likely == key and one.person in people
    ]
    return sorted(near, key=lambda one: one.distance)[:most]


def _question(people: dict[str, Person], matches: tuple[LikelyMatch, ...]) -> Question | None:
    person = people.get(matches[0].person)
    answers = [
        Answer(card_of(people[one.likely]), one.distance) for one in matches if one.likely in people
    ]
    if person is None or not answers:
        return None
    faces = tuple(face.id for face in person.faces)
    return Question(card_of(person), faces, faces[:_CROPS_OF_QUESTION], tuple(answers))
