"""What the decisions of a journal amount to: a fold with one method a kind of decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import singledispatchmethod
from pathlib import Path

from goodside.album.catalog.decisions import (
    Decision,
    ExcludeFiles,
    FaceRef,
    Flag,
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
)
from goodside.tags import each_tag_once, tag_key


@dataclass(frozen=True, slots=True)
class Decisions:
    """Everything decided and not undone. People's keys are those after all merges.

    Attributes:
        flags: content to `pick` or `reject`.
        stars: content to 0-5.
        tags: content to tags that a person gave.
        tags_off: content to tags that a person took away.
        names: person to name.
        faces: face to the person it is for ever.
        not_person: (face, person) pairs that never go together.
        merged: person to the person it became part of.
        rejected_faces: faces of no interest.
        forgotten: faces that must not be analysed.
        folders: folder to whether faces are looked for below it.
        excludes: folder to patterns of what is left out of it.
        kept: contents that are to be kept of what they belong with.
        separated: pairs of contents that do not belong together, each in both orders.
        hidden: people who are not shown.
    """

    flags: Mapping[str, Flag] = field(default_factory=dict)
    stars: Mapping[str, int] = field(default_factory=dict)
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tags_off: Mapping[str, frozenset[str]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    faces: Mapping[FaceRef, str] = field(default_factory=dict)
    not_person: frozenset[tuple[FaceRef, str]] = frozenset()
    merged: Mapping[str, str] = field(default_factory=dict)
    rejected_faces: frozenset[FaceRef] = frozenset()
    forgotten: frozenset[FaceRef] = frozenset()
    folders: Mapping[Path, bool] = field(default_factory=dict)
    excludes: Mapping[Path, tuple[str, ...]] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    separated: frozenset[tuple[str, str]] = frozenset()
    hidden: frozenset[str] = frozenset()

    def person(self, key: str) -> str:
        """The person whom `key` names after all merges."""
        return self.merged.get(key, key)

    def on(self, faces: Iterable[FaceRef]) -> Decisions:
        """The same, with every face exchanged for the present one that it overlaps by half or more.

        Faces of which none is present keep their own reference.

        Args:
            faces: those in the catalog.
        """
        there: dict[str, list[FaceRef]] = {}
        for face in faces:
            there.setdefault(face.photo, []).append(face)

        def now(face: FaceRef) -> FaceRef:
            near = max(there.get(face.photo, ()), key=face.overlap, default=face)
            return near if face.overlap(near) >= 0.5 else face

        return replace(
            self,
            faces={now(face): person for face, person in self.faces.items()},
            not_person=frozenset((now(face), person) for face, person in self.not_person),
            rejected_faces=frozenset(map(now, self.rejected_faces)),
            forgotten=frozenset(map(now, self.forgotten)),
        )

    def looks_for_faces(self, path: Path) -> bool:
        """Whether faces are looked for in a file: the nearest folder with a decision says it."""
        return next((self.folders[at] for at in path.parents if at in self.folders), True)


def fold(entries: Iterable[tuple[str, Decision]]) -> Decisions:
    """What the entries, (uid, decision) in journal order, amount to.

    Later entries win over earlier ones; entries that an effective `Undo` names do not count.
    """
    listed = list(entries)
    effective = effective_uids(listed)
    projection = Projection()
    for uid, decision in listed:
        if uid in effective and not isinstance(decision, Undo):
            projection.add(decision)
    return projection.state()


def effective_uids(entries: list[tuple[str, Decision]]) -> set[str]:
    """Uids of entries that no effective `Undo` names; an undo takes back earlier entries only."""
    undone: set[str] = set()
    effective: set[str] = set()
    for uid, decision in reversed(entries):
        if uid in undone:
            continue
        effective.add(uid)
        if isinstance(decision, Undo):
            undone.add(decision.entry)
    return effective


class Projection:
    """The running state of the fold: takes decisions in order; `state` is the result so far."""

    def __init__(self) -> None:
        self._flags: dict[str, Flag] = {}
        self._stars: dict[str, int] = {}
        self._tags: dict[str, frozenset[str]] = {}
        self._tags_off: dict[str, frozenset[str]] = {}
        self._names: dict[str, str] = {}
        self._faces: dict[FaceRef, str] = {}
        self._faces_of: defaultdict[str, set[FaceRef]] = defaultdict(set)
        self._not_faces_of: defaultdict[str, set[FaceRef]] = defaultdict(set)
        self._merged: dict[str, str] = {}
        self._rejected: set[FaceRef] = set()
        self._forgotten: set[FaceRef] = set()
        self._folders: dict[Path, bool] = {}
        self._excludes: dict[Path, tuple[str, ...]] = {}
        self._kept: set[str] = set()
        self._separated: set[tuple[str, str]] = set()
        self._hidden: set[str] = set()

    def state(self) -> Decisions:
        """A frozen copy."""
        return Decisions(
            flags=dict(self._flags),
            stars=dict(self._stars),
            tags={photo: tags for photo, tags in self._tags.items() if tags},
            tags_off={photo: tags for photo, tags in self._tags_off.items() if tags},
            names=dict(self._names),
            faces=dict(self._faces),
            not_person=frozenset(
                (face, person) for person, faces in self._not_faces_of.items() for face in faces
            ),
            merged={person: self._survivor(person) for person in self._merged},
            rejected_faces=frozenset(self._rejected),
            forgotten=frozenset(self._forgotten),
            folders=dict(self._folders),
            excludes={folder: globs for folder, globs in self._excludes.items() if globs},
            kept=frozenset(self._kept),
            separated=frozenset(self._separated),
            hidden=frozenset(self._hidden),
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
    def _keep(self, decision: KeepFrames) -> None:
        self._kept.difference_update(decision.others)
        self._kept.update(decision.photos)

    @add.register
    def _separate(self, decision: SeparatePhotos) -> None:
        for photo in decision.photos:
            for other in set(decision.others) - {photo}:
                self._separated |= {(photo, other), (other, photo)}

    @add.register
    def _name(self, decision: NamePerson) -> None:
        person = self._survivor(decision.person)
        if decision.name is not None:
            self._names[person] = decision.name
        self._confirm(decision.faces, person)

    @add.register
    def _merge(self, decision: MergePeople) -> None:
        person, into = self._survivor(decision.person), self._survivor(decision.into)
        if person != into:
            self._merged[person] = into
            self._confirm(self._faces_of[person].copy(), into)
            self._not_faces_of[into] |= self._not_faces_of.pop(person, set())
            self._not_faces_of[into] -= self._faces_of[into]
            self._hidden.discard(person)
            if (name := self._names.pop(person, None)) is not None:
                self._names.setdefault(into, name)
        self._confirm(decision.faces, into)

    @add.register
    def _split(self, decision: SplitPerson) -> None:
        person, into = self._survivor(decision.person), self._survivor(decision.into)
        self._not_theirs(decision.faces, person)
        self._confirm(decision.faces, into)

    @add.register
    def _not_person(self, decision: NotPerson) -> None:
        self._not_theirs(decision.faces, self._survivor(decision.person))

    @add.register
    def _reject_faces(self, decision: RejectFaces) -> None:
        self._release(decision.faces)
        self._rejected |= set(decision.faces) - self._forgotten

    @add.register
    def _hide(self, decision: HidePerson) -> None:
        person = self._survivor(decision.person)
        self._hidden.discard(person)
        if decision.hidden:
            self._hidden.add(person)

    @add.register
    def _forget(self, decision: ForgetPerson) -> None:
        person = self._survivor(decision.person)
        gone = {*decision.faces, *self._faces_of[person]}
        self._names.pop(person, None)
        self._hidden.discard(person)
        self._not_faces_of.pop(person, None)
        self._release(gone)
        for faces in self._not_faces_of.values():
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

        if old in self._kept:
            self._kept.add(new)
        for _, other in [pair for pair in self._separated if pair[0] == old]:
            self._separated |= {(new, other), (other, new)}

        every = (self._rejected, self._forgotten, *self._not_faces_of.values())
        decided = {*self._faces, *(face for faces in every for face in faces)}
        for face, person in [(f, p) for f, p in self._faces.items() if f.photo == old]:
            self._confirm({_on(face, new)} - decided, person)
        for faces in every:
            faces.update({_on(face, new) for face in faces if face.photo == old} - decided)

    def _survivor(self, person: str) -> str:
        while person in self._merged:
            person = self._merged[person]
        return person

    def _confirm(self, faces: Iterable[FaceRef], person: str) -> None:
        for face in set(faces) - self._forgotten:
            self._release([face])
            self._faces[face] = person
            self._faces_of[person].add(face)
            self._not_faces_of[person].discard(face)
            self._rejected.discard(face)

    def _not_theirs(self, faces: Iterable[FaceRef], person: str) -> None:
        for face in set(faces) - self._forgotten:
            if self._faces.get(face) == person:
                self._release([face])
            self._not_faces_of[person].add(face)

    def _release(self, faces: Iterable[FaceRef]) -> None:
        for face in faces:
            if (person := self._faces.pop(face, None)) is not None:
                self._faces_of[person].discard(face)


def _tags_after(
    tags: frozenset[str] | None, *, add: Mapping[str, str], drop: Mapping[str, str]
) -> frozenset[str]:
    """Tags in any spelling: without `drop`, and with `add` in place of what is the same tag."""
    kept = (tag for tag in tags or () if not (tag_key(tag) in add or tag_key(tag) in drop))
    return frozenset((*kept, *add.values()))


def _on(face: FaceRef, photo: str) -> FaceRef:
    return face.model_copy(update={"photo": photo})
