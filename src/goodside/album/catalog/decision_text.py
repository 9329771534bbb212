"""A decision as a line of text, with the names that a person knows."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import singledispatch
from pathlib import Path

from goodside.album.catalog.decisions import (
    Decision,
    ExcludeFiles,
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
from goodside.text import visible

Show = Callable[[str | Path], str]
"""Makes a name from outside safe for where it is shown."""

_FLAGS = {"pick": "pick", "reject": "reject", None: "unmark"}


def _visible(text: str | Path) -> str:
    return visible(os.fspath(text))


def describe(
    decision: Decision,
    *,
    files: Mapping[str, str],
    names: Mapping[str, str],
    numbers: Mapping[str, int],
    shown: Show = _visible,
) -> str:
    """One line.

    Args:
        decision: what was decided.
        files: content to the name of a file that holds it.
        names: person's key to name.
        numbers: uid of an entry to its number.
        shown: applied to every name that comes from outside.
    """

    def photo(content: str) -> str:
        return shown(files[content]) if content in files else f"{content[:12]}…"

    def person(key: str) -> str:
        return shown(names[key]) if key in names else f"person {key}"

    def entry(uid: str) -> str:
        return str(numbers.get(uid, f"{uid[:12]}…"))

    return _say(decision, _Names(photo, person, entry, shown))


@dataclass(frozen=True, slots=True)
class _Names:
    """What contents, keys and uids are called; `shown` for all other text from outside."""

    photo: Callable[[str], str]
    person: Callable[[str], str]
    entry: Callable[[str], str]
    shown: Show


@singledispatch
def _say(decision: Decision, _names: _Names) -> str:
    return decision.kind


@_say.register
def _flag(decision: SetFlag, names: _Names) -> str:
    return f"{_FLAGS[decision.flag]} {_list(decision.photos, names.photo)}"


@_say.register
def _rate(decision: Rate, names: _Names) -> str:
    stars = "none" if decision.stars is None else decision.stars
    return f"rate {stars} {_list(decision.photos, names.photo)}"


@_say.register
def _tags(decision: SetTags, names: _Names) -> str:
    added, removed = map(names.shown, decision.add), map(names.shown, decision.remove)
    changes = [*(f"+{tag}" for tag in added), *(f"-{tag}" for tag in removed)]
    return f"tag {', '.join(changes)} {_list(decision.photos, names.photo)}"


@_say.register
def _keep(decision: KeepFrames, names: _Names) -> str:
    if not decision.photos:
        return f"keep what goodside chooses of {_list(decision.others, names.photo)}"
    return f"keep {_list(decision.photos, names.photo)} of its group"


@_say.register
def _separate(decision: SeparatePhotos, names: _Names) -> str:
    apart = _list(decision.photos, names.photo)
    return f"separate {apart} from {_list(decision.others, names.photo)}"


@_say.register
def _name(decision: NamePerson, names: _Names) -> str:
    name = names.shown(decision.name) if decision.name else names.person(decision.person)
    return f"name {name}: {_faces(decision.faces)}"


@_say.register
def _merge(decision: MergePeople, names: _Names) -> str:
    return f"merge {names.person(decision.person)} into {names.person(decision.into)}"


@_say.register
def _split(decision: SplitPerson, names: _Names) -> str:
    faces = f"{_faces(decision.faces)} of {names.person(decision.person)}"
    return f"split {faces} off as {names.person(decision.into)}"


@_say.register
def _not_person(decision: NotPerson, names: _Names) -> str:
    return f"not {names.person(decision.person)}: {_faces(decision.faces)}"


@_say.register
def _reject_faces(decision: RejectFaces, _names: _Names) -> str:
    return f"reject {_faces(decision.faces)}"


@_say.register
def _hide(decision: HidePerson, names: _Names) -> str:
    return f"{'hide' if decision.hidden else 'show'} {names.person(decision.person)}"


@_say.register
def _forget(decision: ForgetPerson, _names: _Names) -> str:
    return f"forget person {decision.person}: {_faces(decision.faces)}"


@_say.register
def _folder(decision: SetFolder, names: _Names) -> str:
    state = "on" if decision.faces else "off"
    return f"faces {state} in {names.shown(decision.folder)}"


@_say.register
def _exclude(decision: ExcludeFiles, names: _Names) -> str:
    patterns = ", ".join(map(names.shown, decision.globs)) or "nothing"
    return f"exclude {patterns} from {names.shown(decision.folder)}"


@_say.register
def _replace(decision: ReplacePhoto, names: _Names) -> str:
    return f"scan: {decision.old[:12]}… became {names.photo(decision.new)}"


@_say.register
def _undo(decision: Undo, names: _Names) -> str:
    return f"undo {names.entry(decision.entry)}"


def _list(contents: tuple[str, ...], photo: Callable[[str], str]) -> str:
    more = f" and {len(contents) - 3} more" if len(contents) > 3 else ""
    return ", ".join(map(photo, contents[:3])) + more


def _faces(faces: tuple[object, ...]) -> str:
    return "1 face" if len(faces) == 1 else f"{len(faces)} faces"
