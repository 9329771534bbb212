"""What was decided about the photographs of an album, in the same columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from goodside.album.album_photo import carried_words, decided_tags, kept_keywords
from goodside.album.browse.columns import AlbumColumns
from goodside.album.browse.incidence import Incidence
from goodside.album.catalog import Decisions, Description, FaceRecord, FaceRef
from goodside.album.people import apply_decisions
from goodside.album.tag_names import Vocabulary
from goodside.tags import tag_key
from goodside.text import folded

_FLAGS = {"pick": 1, "reject": 2}
_SILENT = Description()

ReadFaces = Callable[[Collection[int]], Sequence[FaceRecord]]
"""Reads the faces of photographs by row number."""


@dataclass(frozen=True)
class DecidedColumns:
    """One state of what was decided.

    Attributes:
        decisions: all of them.
        flags: (N,) int8, 0: none, 1: pick, 2: reject.
        stars: (N,) int8, 0-5; -1: not rated.
        kept: (N,) whether the person chose it of its group.
        vocabulary: how tags are spelt, those of other programs too.
        tags: keys of tags and keywords, whole and by the levels of hierarchies.
        people: keys of who is in each photograph.
        texts: title, description, keywords and people that the files of each photograph tell,
            folded, a line each; only those that have any.
        knows_people: `people` is up to date.
    """

    decisions: Decisions
    flags: NDArray[np.int8]
    stars: NDArray[np.int8]
    kept: NDArray[np.bool_]
    vocabulary: Vocabulary
    tags: Incidence
    people: Incidence
    texts: Mapping[int, str]
    knows_people: bool = True

    def without_people(self) -> DecidedColumns:
        """The same before it was looked at who is in the photographs."""
        return replace(self, knows_people=False)

    @cached_property
    def by_stars(self) -> NDArray[np.int64]:
        """(N,) places, the fewest stars first; those that are not rated last."""
        return np.argsort(np.where(self.stars < 0, 9, self.stars), kind="stable")

    @cached_property
    def by_stars_down(self) -> NDArray[np.int64]:
        """(N,) places, the most stars first; those that are not rated last."""
        return np.argsort(-self.stars, kind="stable")

    @cached_property
    def person_labels(self) -> Mapping[str, str]:
        """What people read for a key."""
        return {key: self.decisions.names.get(key, key) for key in self.people.values}


def decide_columns(
    columns: AlbumColumns,
    decisions: Decisions,
    *,
    read_faces: ReadFaces,
    before: DecidedColumns | None = None,
) -> DecidedColumns:
    """What decisions make of an album's columns.

    Args:
        columns: the album.
        decisions: all of them.
        read_faces: reads faces of photographs that decisions name.
        before: of the same `columns` and earlier decisions: what they share is taken over.
    """
    made = _opinions(columns, decisions)
    old = None if before is None else before.decisions
    if before is None or old is None or _tags_differ(old, decisions):
        vocabulary, tags, texts = _tag_columns(columns, decisions)
    else:
        vocabulary, tags, texts = before.vocabulary, before.tags, before.texts
    known = before is not None and before.knows_people
    if before is None or old is None or not known or _people_differ(old, decisions):
        people = _people(columns, decisions, read_faces=read_faces)
    else:
        people = before.people
    return replace(made, vocabulary=vocabulary, tags=tags, texts=texts, people=people)


def _opinions(columns: AlbumColumns, decisions: Decisions) -> DecidedColumns:
    row_of, count = columns.row_of_content, len(columns)
    flags, stars = np.zeros(count, np.int8), np.full(count, -1, np.int8)
    kept = np.zeros(count, bool)
    for content, flag in decisions.flags.items():
        if (row := row_of.get(content)) is not None:
            flags[row] = _FLAGS[flag]
    for content, given in decisions.stars.items():
        if (row := row_of.get(content)) is not None:
            stars[row] = given
    for content in decisions.kept:
        if (row := row_of.get(content)) is not None:
            kept[row] = True
    empty = Incidence.of(())
    return DecidedColumns(decisions, flags, stars, kept, Vocabulary(), empty, empty, {})


def _tags_differ(old: Decisions, new: Decisions) -> bool:
    return (old.tags, old.tags_off) != (new.tags, new.tags_off)


def _people_differ(old: Decisions, new: Decisions) -> bool:
    return (old.faces, old.not_person, old.rejected_faces, old.merged, old.names) != (
        new.faces, new.not_person, new.rejected_faces, new.merged, new.names,
    )  # fmt: skip


def _tag_columns(
    columns: AlbumColumns, decisions: Decisions
) -> tuple[Vocabulary, Incidence, Mapping[int, str]]:
    photos = columns.photos
    vocabulary = Vocabulary.of_labels(photos.labels, decisions)
    row_of, ids = columns.row_of, columns.row_of_content
    told = {row_of[one]: text for one, text in columns.descriptions.items() if one in row_of}
    special = {ids[one] for one in (*decisions.tags, *decisions.tags_off) if one in ids}
    special |= {row for row, one in told.items() if one.keywords}
    keys = tuple(map(tag_key, photos.labels))
    plain = _unique(Incidence(photos.label_rows, photos.label_codes, keys))
    seen: dict[int, list[str]] = {row: [] for row in special}
    hits = np.isin(photos.label_rows, np.fromiter(special, dtype=np.int32, count=len(special)))
    for row, code in zip(
        photos.label_rows[hits].tolist(), photos.label_codes[hits].tolist(), strict=True
    ):
        seen[row].append(photos.labels[code])
    pairs: dict[tuple[int, str], None] = {}
    texts: dict[int, str] = {}
    spelt = {
        tag_key(part): part
        for row in sorted(told)
        for word in told[row].keywords
        for part in (word, *word.split("|"))
    }
    for row in sorted(special | told.keys()):
        content, said = photos.contents[row], told.get(row, _SILENT)
        keywords = kept_keywords(said, decisions.tags_off.get(content, ()))
        if row in special:
            tags = decided_tags(seen[row], content, decisions, vocabulary)
            for word in carried_words((*sorted(tags), *keywords)):
                pairs[row, tag_key(word)] = None
                spelt.setdefault(tag_key(word), word)
        if words := [one for one in (said.title, said.description, *keywords, *said.people) if one]:
            texts[row] = "\n".join(map(folded, words))
    tags_of = plain.without(special).merged(Incidence.of(pairs))
    return Vocabulary({**spelt, **vocabulary.names}), tags_of, texts


def _unique(found: Incidence) -> Incidence:
    """The same where several labels may have one key."""
    if len(set(found.values)) == len(found.values):
        return found
    rows, codes = found.rows.tolist(), found.codes.tolist()
    return Incidence.of(
        dict.fromkeys((row, found.values[code]) for row, code in zip(rows, codes, strict=True))
    )


def _people(columns: AlbumColumns, decisions: Decisions, *, read_faces: ReadFaces) -> Incidence:
    row_of, contents = columns.row_of, columns.row_of_content
    named = {face.photo for face in _faces_of(decisions)}
    touched = {int(columns.photos.ids[contents[one]]) for one in named if one in contents}
    pairs: dict[tuple[int, str], None] = {}
    faces = columns.faces
    for photo_id, person in zip(faces.photo_ids.tolist(), faces.people, strict=True):
        row = row_of.get(photo_id)
        if person is not None and row is not None and photo_id not in touched:
            pairs[row, decisions.person(person)] = None
    if touched:
        for face in apply_decisions(read_faces(touched), decisions):
            if face.person is not None:
                pairs[row_of[face.photo_id], face.person] = None
    by_name: dict[str, list[str]] = {}
    for key, name in decisions.names.items():
        by_name.setdefault(folded(name), []).append(key)
    for photo_id, said in columns.descriptions.items():
        row = row_of.get(photo_id)
        for name in said.people if row is not None else ():
            for key in by_name.get(folded(name), ()):
                pairs[row, key] = None  # type: ignore[index]
    return Incidence.of(pairs)


def _faces_of(decisions: Decisions) -> Iterable[FaceRef]:
    yield from decisions.faces
    yield from decisions.rejected_faces
    for face, _ in decisions.not_person:
        yield face
