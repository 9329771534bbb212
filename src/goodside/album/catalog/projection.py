"""The fold's running state: one method a kind of decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import singledispatchmethod
from pathlib import Path

from goodside.album.catalog.decisions import (
    Decision,
    Decisions,
    ExcludeFiles,
    FaceRef,
    Flag,
    ForgetPerson,
    MergePeople,
    NamePerson,
    NotPerson,
    Rate,
    RejectFaces,
    ReplacePhoto,
    SetFlag,
    SetFolder,
    SetTags,
    SplitPerson,
)
from goodside.tags import each_tag_once, tag_key


class Ledger:
    """Takes decisions in order; `total` is what they amount to so far."""

    def __init__(self) -> None:
        self._flags: dict[str, Flag] = {}
        self._stars: dict[str, int] = {}
        self._tags: dict[str, frozenset[str]] = {}
        self._tags_off: dict[str, frozenset[str]] = {}
        self._names: dict[str, str] = {}
        self._faces: dict[FaceRef, str] = {}
        self._theirs: defaultdict[str, set[FaceRef]] = defaultdict(set)
        self._denied: defaultdict[str, set[FaceRef]] = defaultdict(set)
        self._merged: dict[str, str] = {}
        self._rejected: set[FaceRef] = set()
        self._forgotten: set[FaceRef] = set()
        self._folders: dict[Path, bool] = {}
        self._excludes: dict[Path, tuple[str, ...]] = {}

    def total(self) -> Decisions:
        """A frozen copy."""
        return Decisions(
            flags=dict(self._flags),
            stars=dict(self._stars),
            tags={photo: tags for photo, tags in self._tags.items() if tags},
            tags_off={photo: tags for photo, tags in self._tags_off.items() if tags},
            names=dict(self._names),
            faces=dict(self._faces),
            not_person=frozenset(
                (face, person) for person, faces in self._denied.items() for face in faces
            ),
            merged={person: self._root(person) for person in self._merged},
            rejected_faces=frozenset(self._rejected),
            forgotten=frozenset(self._forgotten),
            folders=dict(self._folders),
            excludes={folder: globs for folder, globs in self._excludes.items() if globs},
        )

    @singledispatchmethod
    def add(self, decision: Decision) -> None:
        """Take one decision.

        Raises:
            TypeError: it is of no known kind; an `Undo` is resolved before.
        """
        raise TypeError(f"{type(decision).__name__} has no effect of its own")

    @add.register
    def _flag(self, decision: SetFlag) -> None:
        for photo in decision.photos:
            self._flags.pop(photo, None)
            if decision.flag is not None:
                self._flags[photo] = decision.flag

    @add.register
    def _rate(self, decision: Rate) -> None:
        for photo in decision.photos:
            self._stars.pop(photo, None)
            if decision.stars is not None:
                self._stars[photo] = decision.stars

    @add.register
    def _tag(self, decision: SetTags) -> None:
        add, remove = each_tag_once(decision.add), each_tag_once(decision.remove)
        off = {key: tag for key, tag in remove.items() if key not in add}
        for photo in decision.photos:
            self._tags[photo] = _tags_after(self._tags.get(photo), add=add, drop=off)
            self._tags_off[photo] = _tags_after(self._tags_off.get(photo), add=off, drop=add)

    @add.register
    def _name(self, decision: NamePerson) -> None:
        person = self._root(decision.person)
        if decision.name is not None:
            self._names[person] = decision.name
        self._confirm(decision.faces, person)

    @add.register
    def _merge(self, decision: MergePeople) -> None:
        person, into = self._root(decision.person), self._root(decision.into)
        if person != into:
            self._merged[person] = into
            self._confirm(self._theirs[person].copy(), into)
            self._denied[into] |= self._denied.pop(person, set())
            self._denied[into] -= self._theirs[into]
            if (name := self._names.pop(person, None)) is not None:
                self._names.setdefault(into, name)
        self._confirm(decision.faces, into)

    @add.register
    def _split(self, decision: SplitPerson) -> None:
        person, into = self._root(decision.person), self._root(decision.into)
        self._deny(decision.faces, person)
        self._confirm(decision.faces, into)

    @add.register
    def _not_person(self, decision: NotPerson) -> None:
        self._deny(decision.faces, self._root(decision.person))

    @add.register
    def _reject_faces(self, decision: RejectFaces) -> None:
        self._release(decision.faces)
        self._rejected |= set(decision.faces) - self._forgotten

    @add.register
    def _forget(self, decision: ForgetPerson) -> None:
        person = self._root(decision.person)
        gone = {*decision.faces, *self._theirs[person]}
        self._names.pop(person, None)
        self._denied.pop(person, None)
        self._release(gone)
        for faces in self._denied.values():
            faces.difference_update(gone)
        self._rejected -= gone
        self._forgotten |= gone

    @add.register
    def _folder(self, decision: SetFolder) -> None:
        self._folders[decision.folder] = decision.faces

    @add.register
    def _exclude(self, decision: ExcludeFiles) -> None:
        self._excludes[decision.folder] = decision.globs

    @add.register
    def _replace(self, decision: ReplacePhoto) -> None:
        """Copy; what was decided about the new one already stands."""
        old, new = decision.old, decision.new
        if old in self._flags:
            self._flags.setdefault(new, self._flags[old])
        if old in self._stars:
            self._stars.setdefault(new, self._stars[old])
        for tags in (self._tags, self._tags_off):
            if old in tags:
                tags.setdefault(new, tags[old])

        every = (self._rejected, self._forgotten, *self._denied.values())
        decided = {*self._faces, *(face for faces in every for face in faces)}
        for face, person in [(f, p) for f, p in self._faces.items() if f.photo == old]:
            self._confirm({_on(face, new)} - decided, person)
        for faces in every:
            faces.update({_on(face, new) for face in faces if face.photo == old} - decided)

    def _root(self, person: str) -> str:
        while person in self._merged:
            person = self._merged[person]
        return person

    def _confirm(self, faces: Iterable[FaceRef], person: str) -> None:
        for face in set(faces) - self._forgotten:
            self._release([face])
            self._faces[face] = person
            self._theirs[person].add(face)
            self._denied[person].discard(face)
            self._rejected.discard(face)

    def _deny(self, faces: Iterable[FaceRef], person: str) -> None:
        for face in set(faces) - self._forgotten:
            if self._faces.get(face) == person:
                self._release([face])
            self._denied[person].add(face)

    def _release(self, faces: Iterable[FaceRef]) -> None:
        for face in faces:
            if (person := self._faces.pop(face, None)) is not None:
                self._theirs[person].discard(face)


def _tags_after(
    tags: frozenset[str] | None, *, add: Mapping[str, str], drop: Mapping[str, str]
) -> frozenset[str]:
    """Tags in any spelling: without `drop`, and with `add` in place of what is the same tag."""
    kept = (tag for tag in tags or () if not (tag_key(tag) in add or tag_key(tag) in drop))
    return frozenset((*kept, *add.values()))


def _on(face: FaceRef, photo: str) -> FaceRef:
    return face.model_copy(update={"photo": photo})
