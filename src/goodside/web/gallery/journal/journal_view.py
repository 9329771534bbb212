"""The journal as a person reads it: what was decided together, newest first."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Literal, get_args

from markupsafe import Markup

from goodside.album.browse import AlbumIndex
from goodside.album.catalog import Decision, Entry, FaceRef, Undo, contents_of
from goodside.album.catalog.decision_text import describe
from goodside.text import isolated, visible
from goodside.web.texts import translated

Topic = Literal["flags", "stars", "tags", "groups", "people", "folders", "scans", "undos"]
TOPICS: tuple[Topic, ...] = get_args(Topic)
_TOPIC_OF: Mapping[str, Topic] = {
    "flag": "flags",
    "rate": "stars",
    "tags": "tags",
    "keep": "groups",
    "separate": "groups",
    "name": "people",
    "merge": "people",
    "split": "people",
    "not_person": "people",
    "reject_faces": "people",
    "hide": "people",
    "forget": "people",
    "folder": "folders",
    "exclude": "folders",
    "replace": "scans",
    "undo": "undos",
}
_PICTURES = 6
_LOOKED_UP = 12
"""Of one decision: the others are only counted."""
_SAME = 0.5


@dataclass(frozen=True, slots=True)
class JournalStep:
    """Entries that only make sense together.

    Attributes:
        number: of the first of them; what takes the step back.
        numbers: of all.
        topic: what it is about.
        at: when it was decided, by this computer's clock.
        lines: what was decided, in words; safe to show.
        undone: it does not count any more.
        taken_back: when it was, where it does not count; None: it counts.
        redo: number of the undo whose undoing lets it count again; None: there is none.
        forgets: it deleted what undoing does not bring back.
        photos: row numbers of photographs that it is about, some of them.
        faces: row numbers of faces, likewise.
        more: how many more there are of either.
    """

    number: int
    numbers: tuple[int, ...]
    topic: Topic
    at: datetime
    lines: tuple[Markup, ...]
    undone: bool
    taken_back: datetime | None
    redo: int | None
    forgets: bool
    photos: tuple[int, ...]
    faces: tuple[int, ...]
    more: int


def steps_of(entries: Sequence[Entry]) -> list[tuple[Entry, ...]]:
    """Entries, oldest first, put together by their steps; the newest step first."""
    steps: dict[str, list[Entry]] = {}
    for entry in entries:
        steps.setdefault(entry.step, []).append(entry)
    newest_first = sorted(steps.values(), key=lambda step: -step[-1].number)
    return [tuple(step) for step in newest_first]


def is_shown(step: Sequence[Entry], every: Mapping[str, Entry]) -> bool:
    """Whether a step stands by itself: an undo is told of at what it takes back.

    Args:
        step: one of `steps_of`.
        every: the whole journal, by uid.
    """
    return any(
        not isinstance(entry.decision, Undo) or entry.decision.entry not in every for entry in step
    )


def is_taken_back(step: Sequence[Entry]) -> bool:
    """Whether nothing of a step counts any more."""
    return all(entry.undone for entry in step)


def topic_of(step: Sequence[Entry]) -> Topic:
    """What a step is about: its first entry says it."""
    return _TOPIC_OF.get(step[0].decision.kind, "scans")


def topics_of(step: Sequence[Entry]) -> set[Topic]:
    """Under which topics a step is found: its own, and what is taken back."""
    found = {topic_of(step)}
    return found | {"undos"} if is_taken_back(step) else found


def view_steps(
    steps: Sequence[Sequence[Entry]], *, index: AlbumIndex, every: Sequence[Entry]
) -> list[JournalStep]:
    """Lay steps out, in the names that people know.

    Args:
        steps: some of `steps_of`.
        index: up to date.
        every: the whole journal.
    """
    by_uid = {entry.uid: entry for entry in every}
    undoing = {
        entry.decision.entry: entry
        for entry in every
        if isinstance(entry.decision, Undo) and not entry.undone
    }
    meant = [[_original(entry, by_uid) for entry in step] for step in steps]
    named = [entry for step in (*steps, *meant) for entry in step]
    ids = index.ids_of({one for entry in named for one in contents_of(entry.decision)[:_LOOKED_UP]})
    files = {
        shot.photo.sha256: os.fsencode(shot.photo.paths[0].name).decode("utf-8", errors="replace")
        for shot in index.photos(sorted(ids.values()))
    }
    names = {key: name for key, name in index.names().items() if name is not None}
    numbers = {entry.uid: entry.number for entry in every}
    crops = _crops(index, [ref for step in meant for e in step for ref in _refs(e)[:_LOOKED_UP]])

    def words(decision: Decision) -> Markup:
        said = describe(
            decision, files=files, names=names, numbers=numbers, shown=_shown, keys=False
        )
        return Markup.escape(translated(said))

    made = []
    for step, about in zip(steps, meant, strict=True):
        refs = list(dict.fromkeys(ref for entry in about for ref in _refs(entry)))
        contents = list(dict.fromkeys(one for e in about for one in contents_of(e.decision)))
        faces = list(dict.fromkeys(crops[ref] for ref in refs if ref in crops))[:_PICTURES]
        photos = [ids[one] for one in contents if one in ids][:_PICTURES] if not faces else []
        undo = next((undoing[e.uid] for e in step if e.undone and e.uid in undoing), None)
        all_of_them = len(refs) if faces else len(contents)
        made.append(
            JournalStep(
                number=step[0].number,
                numbers=tuple(entry.number for entry in step),
                topic=topic_of(step),
                at=step[0].at.astimezone(),
                lines=tuple(words(entry.decision) for entry in about),
                undone=is_taken_back(step),
                taken_back=undo.at.astimezone() if undo else None,
                redo=undo.number if undo else None,
                forgets=any(entry.decision.kind == "forget" for entry in about),
                photos=tuple(photos),
                faces=tuple(faces),
                more=all_of_them - len(faces) - len(photos) if faces or photos else 0,
            )
        )
    return made


def by_day(steps: Sequence[JournalStep]) -> list[tuple[date, list[JournalStep]]]:
    """Steps under the days on which they were decided."""
    return [(day, list(some)) for day, some in groupby(steps, key=lambda step: step.at.date())]


def _original(entry: Entry, by_uid: Mapping[str, Entry]) -> Entry:
    """What an undo, or an undo of an undo, is about in the end."""
    while isinstance(entry.decision, Undo) and entry.decision.entry in by_uid:
        entry = by_uid[entry.decision.entry]
    return entry


def _refs(entry: Entry) -> tuple[FaceRef, ...]:
    return getattr(entry.decision, "faces", ()) if entry.decision.kind != "folder" else ()


def _crops(index: AlbumIndex, wanted: Iterable[FaceRef]) -> dict[FaceRef, int]:
    """Row numbers of faces that are somebody's now."""
    refs = set(wanted)
    photos = {ref.photo for ref in refs}
    there: dict[str, list[tuple[FaceRef, int]]] = {}
    for person in index.people():
        for face in person.faces:
            if face.ref.photo in photos:
                there.setdefault(face.ref.photo, []).append((face.ref, face.id))
    found = {}
    for ref in refs:
        near = max(there.get(ref.photo, ()), key=lambda one: ref.overlap(one[0]), default=None)
        if near is not None and ref.overlap(near[0]) >= _SAME:
            found[ref] = near[1]
    return found


def _shown(text: str | Path) -> str:
    return isolated(visible(os.fspath(text)))
