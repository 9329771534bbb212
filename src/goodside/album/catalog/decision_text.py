"""A decision as a line of text, a phrase, with the names that a person knows."""

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
from goodside.phrase import count_phrase, phrase
from goodside.text import visible

Show = Callable[[str | Path], str]
"""Makes a name from outside safe for where it is shown."""


def _visible(text: str | Path) -> str:
    return visible(os.fspath(text))


def describe(
    decision: Decision,
    *,
    files: Mapping[str, str],
    names: Mapping[str, str],
    numbers: Mapping[str, int],
    shown: Show = _visible,
    keys: bool = True,
) -> str:
    """One line.

    Args:
        decision: what was decided.
        files: content to the name of a file that holds it.
        names: person's key to name.
        numbers: uid of an entry to its number.
        shown: applied to every name that comes from outside.
        keys: say the keys of people without a name, as commands take them; False: say that they
            have none, as a page does, in the words of its buttons.
    """

    def photo(content: str) -> str:
        return shown(files[content]) if content in files else f"{content[:12]}…"

    def person(key: str) -> str:
        if key in names:
            return shown(names[key])
        return phrase("person {key}", key=key) if keys else phrase("somebody not named yet")

    def entry(uid: str) -> str:
        return str(numbers.get(uid, f"{uid[:12]}…"))

    return _say(decision, _Names(photo, person, entry, shown, keys))


@dataclass(frozen=True, slots=True)
class _Names:
    """What contents, keys and uids are called; `shown` for all other text from outside.

    `keys`: people without a name are called by them.
    """

    photo: Callable[[str], str]
    person: Callable[[str], str]
    entry: Callable[[str], str]
    shown: Show
    keys: bool


@singledispatch
def _say(decision: Decision, _names: _Names) -> str:
    return decision.kind


@_say.register
def _flag(decision: SetFlag, names: _Names) -> str:
    photos = _list(decision.photos, names.photo)
    if decision.flag is None and not names.keys:
        return phrase("neither pick nor reject {photos}", photos=photos)
    if decision.flag is None:
        return phrase("unmark {photos}", photos=photos)
    if decision.flag == "pick":
        return phrase("pick {photos}", photos=photos)
    return phrase("reject {photos}", photos=photos)


@_say.register
def _rate(decision: Rate, names: _Names) -> str:
    stars: object = phrase("none") if decision.stars is None else decision.stars
    return phrase("rate {stars} {photos}", stars=stars, photos=_list(decision.photos, names.photo))


@_say.register
def _tags(decision: SetTags, names: _Names) -> str:
    added, removed = map(names.shown, decision.add), map(names.shown, decision.remove)
    changes = ", ".join([*(f"+{tag}" for tag in added), *(f"-{tag}" for tag in removed)])
    return phrase(
        "tag {changes} {photos}", changes=changes, photos=_list(decision.photos, names.photo)
    )


@_say.register
def _keep(decision: KeepFrames, names: _Names) -> str:
    if not decision.photos:
        others = _list(decision.others, names.photo)
        return phrase("keep what goodside chooses of {photos}", photos=others)
    return phrase("keep {photos} of its group", photos=_list(decision.photos, names.photo))


@_say.register
def _separate(decision: SeparatePhotos, names: _Names) -> str:
    return phrase(
        "separate {photos} from {others}",
        photos=_list(decision.photos, names.photo),
        others=_list(decision.others, names.photo),
    )


@_say.register
def _name(decision: NamePerson, names: _Names) -> str:
    name = names.shown(decision.name) if decision.name else names.person(decision.person)
    if not names.keys and not decision.name:
        return phrase("keep together as one person: {faces}", faces=_faces(decision.faces))
    if not names.keys and not decision.faces:
        return phrase("name {name}", name=name)
    return phrase("name {name}: {faces}", name=name, faces=_faces(decision.faces))


@_say.register
def _merge(decision: MergePeople, names: _Names) -> str:
    who, into = names.person(decision.person), names.person(decision.into)
    return phrase("merge {who} into {into}", who=who, into=into)


@_say.register
def _split(decision: SplitPerson, names: _Names) -> str:
    return phrase(
        "split {faces} of {who} off as {into}",
        faces=_faces(decision.faces),
        who=names.person(decision.person),
        into=names.person(decision.into),
    )


@_say.register
def _not_person(decision: NotPerson, names: _Names) -> str:
    who = names.person(decision.person)
    return phrase("not {who}: {faces}", who=who, faces=_faces(decision.faces))


@_say.register
def _reject_faces(decision: RejectFaces, names: _Names) -> str:
    if not names.keys:
        return phrase("no face of interest: {faces}", faces=_faces(decision.faces))
    return phrase("reject {faces}", faces=_faces(decision.faces))


@_say.register
def _hide(decision: HidePerson, names: _Names) -> str:
    who = names.person(decision.person)
    return phrase("hide {who}", who=who) if decision.hidden else phrase("show {who}", who=who)


@_say.register
def _forget(decision: ForgetPerson, names: _Names) -> str:
    faces = _faces(decision.faces)
    if not names.keys:
        return phrase("forget somebody: {faces}", faces=faces)
    return phrase("forget person {key}: {faces}", key=decision.person, faces=faces)


@_say.register
def _folder(decision: SetFolder, names: _Names) -> str:
    folder = names.shown(decision.folder)
    if decision.faces:
        return phrase("faces on in {folder}", folder=folder)
    return phrase("faces off in {folder}", folder=folder)


@_say.register
def _exclude(decision: ExcludeFiles, names: _Names) -> str:
    patterns = ", ".join(map(names.shown, decision.globs)) or phrase("nothing")
    folder = names.shown(decision.folder)
    return phrase("exclude {patterns} from {folder}", patterns=patterns, folder=folder)


@_say.register
def _replace(decision: ReplacePhoto, names: _Names) -> str:
    old = f"{decision.old[:12]}…"
    return phrase("scan: {old} became {new}", old=old, new=names.photo(decision.new))


@_say.register
def _undo(decision: Undo, names: _Names) -> str:
    return phrase("undo {entry}", entry=names.entry(decision.entry))


def _list(contents: tuple[str, ...], photo: Callable[[str], str]) -> str:
    shown = ", ".join(map(photo, contents[:3]))
    if len(contents) <= 3:
        return shown
    return count_phrase(
        "{photos} and {count} more", "{photos} and {count} more", len(contents) - 3, photos=shown
    )


def _faces(faces: tuple[object, ...]) -> str:
    return count_phrase("{count} face", "{count} faces", len(faces))
