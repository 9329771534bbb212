"""A decision as a line of text, with the names that a person knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import singledispatch

from goodside.album.catalog import (
    Decision,
    ExcludeFiles,
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
    Undo,
)
from goodside.cli.output.terminal import shown

_FLAGS = {"pick": "pick", "reject": "reject", None: "unmark"}


def describe(
    decision: Decision,
    *,
    files: Mapping[str, str],
    names: Mapping[str, str],
    numbers: Mapping[str, int],
) -> str:
    """One line.

    Args:
        decision: what was decided.
        files: content to the name of a file that holds it.
        names: person's key to name.
        numbers: uid of an entry to its number.
    """

    def photo(content: str) -> str:
        return shown(files[content]) if content in files else f"{content[:12]}…"

    def person(key: str) -> str:
        return shown(names[key]) if key in names else f"person {key}"

    def entry(uid: str) -> str:
        return str(numbers.get(uid, f"{uid[:12]}…"))

    return _say(decision, photo, person, entry)


_Say = Callable[[str], str]


@singledispatch
def _say(decision: Decision, _photo: _Say, _person: _Say, _entry: _Say) -> str:
    return decision.kind


@_say.register
def _flag(decision: SetFlag, photo: _Say, _person: _Say, _entry: _Say) -> str:
    return f"{_FLAGS[decision.flag]} {_list(decision.photos, photo)}"


@_say.register
def _rate(decision: Rate, photo: _Say, _person: _Say, _entry: _Say) -> str:
    stars = "none" if decision.stars is None else decision.stars
    return f"rate {stars} {_list(decision.photos, photo)}"


@_say.register
def _tags(decision: SetTags, photo: _Say, _person: _Say, _entry: _Say) -> str:
    added, removed = map(shown, decision.add), map(shown, decision.remove)
    changes = [*(f"+{tag}" for tag in added), *(f"-{tag}" for tag in removed)]
    return f"tag {', '.join(changes)} {_list(decision.photos, photo)}"


@_say.register
def _name(decision: NamePerson, _photo: _Say, person: _Say, _entry: _Say) -> str:
    name = shown(decision.name) if decision.name else person(decision.person)
    return f"name {name}: {_faces(decision.faces)}"


@_say.register
def _merge(decision: MergePeople, _photo: _Say, person: _Say, _entry: _Say) -> str:
    return f"merge {person(decision.person)} into {person(decision.into)}"


@_say.register
def _split(decision: SplitPerson, _photo: _Say, person: _Say, _entry: _Say) -> str:
    faces = f"{_faces(decision.faces)} of {person(decision.person)}"
    return f"split {faces} off as {person(decision.into)}"


@_say.register
def _not_person(decision: NotPerson, _photo: _Say, person: _Say, _entry: _Say) -> str:
    return f"not {person(decision.person)}: {_faces(decision.faces)}"


@_say.register
def _reject_faces(decision: RejectFaces, _photo: _Say, _person: _Say, _entry: _Say) -> str:
    return f"reject {_faces(decision.faces)}"


@_say.register
def _forget(decision: ForgetPerson, _photo: _Say, _person: _Say, _entry: _Say) -> str:
    return f"forget person {decision.person}: {_faces(decision.faces)}"


@_say.register
def _folder(decision: SetFolder, _photo: _Say, _person: _Say, _entry: _Say) -> str:
    state = "on" if decision.faces else "off"
    return f"faces {state} in {shown(decision.folder)}"


@_say.register
def _exclude(decision: ExcludeFiles, _photo: _Say, _person: _Say, _entry: _Say) -> str:
    patterns = ", ".join(decision.globs) or "nothing"
    return f"exclude {patterns} from {decision.folder}"


@_say.register
def _replace(decision: ReplacePhoto, photo: _Say, _person: _Say, _entry: _Say) -> str:
    return f"scan: {decision.old[:12]}… became {photo(decision.new)}"


@_say.register
def _undo(decision: Undo, _photo: _Say, _person: _Say, entry: _Say) -> str:
    return f"undo {entry(decision.entry)}"


def _list(contents: tuple[str, ...], photo: _Say) -> str:
    more = f" and {len(contents) - 3} more" if len(contents) > 3 else ""
    return ", ".join(map(photo, contents[:3])) + more


def _faces(faces: tuple[object, ...]) -> str:
    return "1 face" if len(faces) == 1 else f"{len(faces)} faces"
