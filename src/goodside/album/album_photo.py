"""A photograph of the album: what was computed, grouped and decided about it, in one place."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from goodside.album.catalog import (
    Catalog,
    Decisions,
    Description,
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
from goodside.tags import NOT_A_PHOTOGRAPH, display_name, tag_key
from goodside.text import folded
from goodside.types import HalfArray

TAGGED = 0.5
"""Probability from which a label of the network is a tag of a photograph."""


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
        tags: the network's kinds of picture by their names, from a probability of one half, and
            the words that it is sure of, with the person's changes; one spelling of each in the
            whole album.
        people: names of the people in it, also of those whom others name without a face.
        keywords: of people and other programs, but for those that the person took away.
        relation: what it was made from, where it is a copy or an edited version.
        kept: the person chose it of what it belongs with.
        taste: 1-10, its score by the person's own taste; None: not asked for, or not known.
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
    kept: bool = False
    taste: float | None = None

    @property
    def name(self) -> str:
        """Of its first file, as text."""
        return os.fsencode(self.photo.paths[0].name).decode("utf-8", errors="replace")

    @property
    def is_photograph(self) -> bool:
        """Whether it is taken for a photograph, by the network or by the person."""
        return tag_key(NOT_A_PHOTOGRAPH) not in set(map(tag_key, self.tags))

    @property
    def percentile(self) -> float | None:
        """Of its score, 0-100; None: not assessed, or not a photograph."""
        judged = self.photo.judged
        return judged.aesthetic.percentile if judged is not None and self.is_photograph else None

    @property
    def technical(self) -> float | None:
        """Its technical quality, 1-10; None: not measured."""
        return None if self.photo.judged is None else self.photo.judged.technical

    @property
    def words(self) -> list[str]:
        """The names of the words that the network is sure of, the likeliest first."""
        words = {} if self.photo.judged is None else self.photo.judged.words
        return [display_name(word) for word in sorted(words, key=lambda one: (-words[one], one))]

    def carries(self, tag: str) -> bool:
        """Whether it has a tag or keyword: a whole one or a level of a hierarchy, however spelt."""
        return tag_key(tag) in {tag_key(word) for word in self.carried()}

    def carried(self) -> Iterator[str]:
        """Its tags, its keywords, and the levels of those that are hierarchies."""
        return carried_words((*self.tags, *self.keywords))

    def shows(self, people: Iterable[str]) -> bool:
        """Whether all of them are in it; in whatever case and form their names are written."""
        wanted = set(map(folded, people))
        return not wanted or wanted <= set(map(folded, self.people))


@dataclass(frozen=True, slots=True)
class AlbumContext:
    """What the photographs of an album share.

    Attributes:
        decisions: with every face exchanged for the present one; see `Decisions.on`.
        vocabulary: how tags are spelt.
    """

    decisions: Decisions
    vocabulary: Vocabulary


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
    row_of = {int(photo_id): row for row, photo_id in enumerate(ids)}
    return gather_photos(
        photos,
        faces=records,
        groups=all_groups,
        vectors={photo_id: vectors[row] for photo_id, row in row_of.items()},
        context=AlbumContext(decisions, Vocabulary.of(photos, decisions)),
    )


def gather_photos(
    photos: Sequence[PhotoRecord],
    *,
    faces: Iterable[FaceRecord],
    groups: Iterable[Group],
    vectors: Mapping[int, HalfArray],
    context: AlbumContext,
) -> list[AlbumPhoto]:
    """Photographs with all that is known of them, in their order.

    Args:
        photos: some of an album.
        faces: those in them, at least.
        groups: those that they are in, at least.
        vectors: by row number; a photo without one has none.
        context: of the album.
    """
    decisions = context.decisions
    faces_in: dict[int, list[FaceRecord]] = {}
    for face in faces:
        if face.ref not in decisions.rejected_faces:
            faces_in.setdefault(face.photo_id, []).append(face)
    groups_of: dict[int, list[Group]] = {}
    relations: dict[int, Relation] = {}
    for group in groups:
        for photo_id in group.photo_ids:
            groups_of.setdefault(photo_id, []).append(group)
        relations |= {relation.photo_id: relation for relation in group.relations}
    return [
        AlbumPhoto(
            photo=photo,
            faces=tuple(faces_in.get(photo.id, ())),
            vector=vectors.get(photo.id),
            groups=tuple(groups_of.get(photo.id, ())),
            flag=decisions.flags.get(photo.sha256),
            stars=decisions.stars.get(photo.sha256),
            tags=_tags(photo, decisions, context.vocabulary),
            people=_names(photo, faces_in.get(photo.id, ()), decisions),
            keywords=kept_keywords(photo.description, decisions.tags_off.get(photo.sha256, ())),
            relation=relations.get(photo.id),
            kept=photo.sha256 in decisions.kept,
        )
        for photo in photos
    ]


def carried_words(words: Iterable[str]) -> Iterator[str]:
    """Tags and keywords, and the levels of those that are hierarchies."""
    for word in words:
        yield word
        if "|" in word:
            yield from word.split("|")


def kept_keywords(description: Description, off: Iterable[str]) -> tuple[str, ...]:
    """Keywords but for those that the person took away, whole or by their last level."""
    gone = set(map(tag_key, off))
    return tuple(
        word
        for word in description.keywords
        if gone.isdisjoint({tag_key(word), tag_key(word.rpartition("|")[2])})
    )


def _names(photo: PhotoRecord, faces: Iterable[FaceRecord], decisions: Decisions) -> frozenset[str]:
    keys = {decisions.person(face.person) for face in faces if face.person is not None}
    names = {decisions.names[key] for key in keys if key in decisions.names}
    if photo.description.people:
        known = {folded(name): name for name in decisions.names.values()}
        names |= {known.get(folded(name), name) for name in photo.description.people}
    return frozenset(names)


def _tags(photo: PhotoRecord, decisions: Decisions, vocabulary: Vocabulary) -> frozenset[str]:
    judged = photo.judged
    seen = [] if judged is None else [tag for tag, p in judged.tags.items() if p >= TAGGED]
    seen += () if judged is None else judged.words
    return decided_tags(seen, photo.sha256, decisions, vocabulary)


def decided_tags(
    seen: Iterable[str], content: str, decisions: Decisions, vocabulary: Vocabulary
) -> frozenset[str]:
    """Labels and words of the network by their names, with the person's changes.

    Args:
        seen: labels and words that the network gives a photograph.
        content: sha256 of it.
        decisions, vocabulary: of the album.
    """
    every = {*seen, *decisions.tags.get(content, ())}
    off = set(map(tag_key, decisions.tags_off.get(content, ())))
    return frozenset(vocabulary.name(tag) for tag in every if tag_key(tag) not in off)
