"""A photograph of the album: what was computed, grouped and decided about it, in one place."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from goodside.album.catalog import (
    Catalog,
    Decisions,
    FaceRecord,
    Group,
    PhotoRecord,
    Relation,
    list_faces,
    list_groups,
    list_photos,
    read_vectors,
)
from goodside.album.tag_names import Vocabulary
from goodside.tags import NOT_A_PHOTOGRAPH, tag_key
from goodside.text import folded
from goodside.types import HalfArray

_TAGGED = 0.5


@dataclass(frozen=True, slots=True)
class AlbumPhoto:
    """A photograph of the album with all that is known of it.

    Attributes:
        photo: as the catalog knows it.
        faces: found in it, without those of no interest.
        vector: (D,) float16, unit length, features of the aesthetic network; None: not assessed.
        groups: those it is in.
        flag: what the person said: `pick`, `reject` or None.
        stars: the person's, 0-5, or None.
        tags: the network's by their names, from a probability of one half, with the person's
            changes; one spelling of each in the whole album.
        people: names of the people in it, also of those whom others name without a face.
        keywords: of people and other programs, but for those that the person took away.
        relation: what it was made from, where it is a copy or an edited version.
    """

    photo: PhotoRecord
    faces: tuple[FaceRecord, ...] = ()
    vector: HalfArray | None = None
    groups: tuple[Group, ...] = ()
    flag: str | None = None
    stars: int | None = None
    tags: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    keywords: tuple[str, ...] = ()
    relation: Relation | None = None

    @property
    def name(self) -> str:
        """Of its first file, as text."""
        return os.fsencode(self.photo.paths[0].name).decode("utf-8", errors="replace")

    @property
    def is_photograph(self) -> bool:
        """Whether it is taken for a photograph, by the network or by the person."""
        return tag_key(NOT_A_PHOTOGRAPH) not in set(map(tag_key, self.tags))

    def carries(self, tag: str) -> bool:
        """Whether it has a tag or keyword: a whole one or a level of a hierarchy, however spelt."""
        return tag_key(tag) in {tag_key(word) for word in self.carried()}

    def carried(self) -> Iterator[str]:
        """Its tags, its keywords, and the levels of those that are hierarchies."""
        for word in (*self.tags, *self.keywords):
            yield word
            if "|" in word:
                yield from word.split("|")

    def shows(self, people: Iterable[str]) -> bool:
        """Whether all of them are in it; in whatever case and form their names are written."""
        wanted = set(map(folded, people))
        return not wanted or wanted <= set(map(folded, self.people))


def read_album_photos(catalog: Catalog) -> list[AlbumPhoto]:
    """Every photograph of a catalog that is there, in order of capture.

    Raises:
        CatalogError: the catalog is damaged or cannot be read.
    """
    decisions = catalog.decisions()
    with catalog.read() as session:
        photos, records = list_photos(session), list_faces(session)
        all_groups, (ids, vectors) = list_groups(session), read_vectors(session)
    decisions = decisions.on(face.ref for face in records)
    faces: dict[int, list[FaceRecord]] = {}
    for face in records:
        if face.ref not in decisions.rejected_faces:
            faces.setdefault(face.photo_id, []).append(face)
    groups: dict[int, list[Group]] = {}
    for group in all_groups:
        for photo_id in group.photo_ids:
            groups.setdefault(photo_id, []).append(group)
    relations = {
        relation.photo_id: relation for group in all_groups for relation in group.relations
    }
    vocabulary = Vocabulary.of(photos, decisions)
    row_of = {int(photo_id): row for row, photo_id in enumerate(ids)}
    return [
        AlbumPhoto(
            photo=photo,
            faces=tuple(faces.get(photo.id, ())),
            vector=vectors[row_of[photo.id]] if photo.id in row_of else None,
            groups=tuple(groups.get(photo.id, ())),
            flag=decisions.flags.get(photo.sha256),
            stars=decisions.stars.get(photo.sha256),
            tags=_tags(photo, decisions, vocabulary),
            people=_names(photo, faces.get(photo.id, ()), decisions),
            keywords=_keywords(photo, decisions),
            relation=relations.get(photo.id),
        )
        for photo in photos
    ]


def _names(photo: PhotoRecord, faces: Iterable[FaceRecord], decisions: Decisions) -> frozenset[str]:
    keys = {decisions.person(face.person) for face in faces if face.person is not None}
    names = {decisions.names[key] for key in keys if key in decisions.names}
    if photo.description.people:
        known = {folded(name): name for name in decisions.names.values()}
        names |= {known.get(folded(name), name) for name in photo.description.people}
    return frozenset(names)


def _keywords(photo: PhotoRecord, decisions: Decisions) -> tuple[str, ...]:
    off = set(map(tag_key, decisions.tags_off.get(photo.sha256, ())))
    return tuple(
        word
        for word in photo.description.keywords
        if off.isdisjoint({tag_key(word), tag_key(word.rpartition("|")[2])})
    )


def _tags(photo: PhotoRecord, decisions: Decisions, vocabulary: Vocabulary) -> frozenset[str]:
    given = {} if photo.judged is None else photo.judged.tags
    seen = {tag for tag, probability in given.items() if probability >= _TAGGED}
    seen |= decisions.tags.get(photo.sha256, frozenset())
    off = set(map(tag_key, decisions.tags_off.get(photo.sha256, ())))
    return frozenset(vocabulary.name(tag) for tag in seen if tag_key(tag) not in off)
