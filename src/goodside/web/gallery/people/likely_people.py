"""Questions of who somebody might be, computed once for a state of the album."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from goodside.album.catalog import decisions, read_face_vectors
from goodside.album.people import LikelyMatch, Person, find_likely_matches
from goodside.album.people.frontal_vectors import vectors_by_face
from goodside.web.gallery.people.person_view import PersonCard, card_of
from goodside.web.site import Site

_CROPS_OF_QUESTION = 6


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody whom a person may be, and how far apart the two look: one less the cosine."""

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


@dataclass
class LikelyPeople:
    """Keeps what was found for the present version of the index; threads may share it."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _version: str = ""
    _found: dict[str, tuple[LikelyMatch, ...]] = field(default_factory=dict)

    def matches(self, site: Site) -> dict[str, tuple[LikelyMatch, ...]]:
        """By key of who is asked about; the surest questions first."""
        with self._lock:
            if self._version != site.index.version:
                version = site.index.version
                people = [one for one in site.index.people() if not one.hidden]
                with site.album.opened() as catalog, catalog.read() as session:
                    vectors = vectors_by_face(*read_face_vectors(session, "fused"))
                    decided = decisions(session)
                decided = decided.on(face.ref for one in people for face in one.faces)
                self._found = find_likely_matches(people, vectors, not_person=decided.not_person)
                self._version = version
            return self._found

    def questions(self, site: Site, *, most: int) -> tuple[list[Question], int]:
        """The surest questions, at most so many, and how many there are."""
        found = self.matches(site)
        people = {one.key: one for one in site.index.people()}
        asked = [_question(people, matches) for matches in list(found.values())[:most]]
        return [one for one in asked if one is not None], len(found)

    def answers(self, site: Site, key: str) -> list[Answer]:
        """Whom somebody without a name may be."""
        people = {one.key: one for one in site.index.people()}
        matches = self.matches(site).get(key, ())
        return [
            Answer(card_of(people[one.likely]), one.distance)
            for one in matches
            if one.likely in people
        ]

    def who_may_be(self, site: Site, key: str, *, most: int) -> list[Answer]:
        """People without a name who may be somebody, the nearest first."""
        people = {one.key: one for one in site.index.people()}
        near = [
            Answer(card_of(people[one.person]), one.distance)
            for matches in self.matches(site).values()
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
