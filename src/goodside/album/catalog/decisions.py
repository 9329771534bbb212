"""What a person decides: the events that the journal holds; `projection` says what they amount to.

Photographs are named by the sha256 of their content, faces by content and box, people by a key, so
that decisions outlive rescans, moved files and rebuilt catalogs.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote_from_bytes, unquote_to_bytes
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from goodside.errors import CatalogError, OutOfRange
from goodside.text import has_hidden, without_hidden
from goodside.types import Box

_GRID = 10_000

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A content: 64 hexadecimal digits."""
PersonKey = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]
"""A person: 12 hexadecimal digits."""
_LABEL_LENGTH = 200
Label = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=_LABEL_LENGTH)
]
Glob = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Flag = Literal["pick", "reject"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FaceRef(_Value):
    """A face as the journal names it.

    Attributes:
        photo: sha256 of the content.
        box: left, top, right, bottom of the upright picture, in ten-thousandths of its width
            and height.
    """

    photo: Sha256
    box: tuple[int, int, int, int]

    @classmethod
    def of(cls, photo: str, box: Box, *, width: int, height: int) -> Self:
        """Name a face by its box in pixels of a picture of `width` x `height` pixels."""
        return cls(
            photo=photo,
            box=(
                round(box.left / width * _GRID),
                round(box.top / height * _GRID),
                round(box.right / width * _GRID),
                round(box.bottom / height * _GRID),
            ),
        )

    def overlap(self, other: FaceRef) -> float:
        """Intersection over union with another box of the same photo, 0-1; other photos: 0."""
        if self.photo != other.photo:
            return 0.0
        a, b = self.box, other.box
        across = max(0, min(a[2], b[2]) - max(a[0], b[0]))
        down = max(0, min(a[3], b[3]) - max(a[1], b[1]))
        shared = across * down
        both = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared
        return shared / both if both > 0 else float(self == other)

    def person_key(self) -> str:
        """A key for a person first met in this face: the same in every scan and file order."""
        return hashlib.sha256(f"{self.photo}{self.box}".encode()).hexdigest()[:12]


class SetFlag(_Value):
    """Pick or reject photos, or take that back (`flag` None)."""

    kind: Literal["flag"] = "flag"
    photos: tuple[Sha256, ...]
    flag: Flag | None


class Rate(_Value):
    """Give photos 1 to 5 stars, 0 for none wanted, or no rating (`stars` None)."""

    kind: Literal["rate"] = "rate"
    photos: tuple[Sha256, ...]
    stars: Annotated[int, Field(ge=0, le=5)] | None


class SetTags(_Value):
    """Add tags to photos and take tags away, also ones that the network gave."""

    kind: Literal["tags"] = "tags"
    photos: tuple[Sha256, ...]
    add: tuple[Label, ...] = ()
    remove: tuple[Label, ...] = ()


class KeepFrames(_Value):
    """Of photos that belong together, these are the ones to keep and the others are not.

    Without `photos`, goodside chooses again. Unlike `SetFlag` this says nothing of how the photos
    compare with the rest of the album.
    """

    kind: Literal["keep"] = "keep"
    photos: tuple[Sha256, ...]
    others: tuple[Sha256, ...] = ()


class SeparatePhotos(_Value):
    """These photos are no frames, copies or versions of the others, whatever they look like."""

    kind: Literal["separate"] = "separate"
    photos: tuple[Sha256, ...]
    others: tuple[Sha256, ...]


class NamePerson(_Value):
    """These faces are this person (for ever), who has this name (None: leave the name as it is)."""

    kind: Literal["name"] = "name"
    person: PersonKey
    name: Label | None
    faces: tuple[FaceRef, ...] = ()


class MergePeople(_Value):
    """`person` is the same human as `into`. `faces` are those of both at that moment."""

    kind: Literal["merge"] = "merge"
    person: PersonKey
    into: PersonKey
    faces: tuple[FaceRef, ...] = ()


class SplitPerson(_Value):
    """These faces are not `person` but somebody else, `into`."""

    kind: Literal["split"] = "split"
    person: PersonKey
    into: PersonKey
    faces: tuple[FaceRef, ...]


class NotPerson(_Value):
    """These faces are not this person, whoever else they are."""

    kind: Literal["not_person"] = "not_person"
    person: PersonKey
    faces: tuple[FaceRef, ...]


class RejectFaces(_Value):
    """These are no faces of interest: strangers, statues, mistakes. They stay rejected."""

    kind: Literal["reject_faces"] = "reject_faces"
    faces: tuple[FaceRef, ...]


class HidePerson(_Value):
    """Leave a person out of what is shown of people, or show them again."""

    kind: Literal["hide"] = "hide"
    person: PersonKey
    hidden: bool


class ForgetPerson(_Value):
    """Nothing about these faces may be computed again; made by `goodside.album.catalog.forget`."""

    kind: Literal["forget"] = "forget"
    person: PersonKey
    faces: tuple[FaceRef, ...]


class SetFolder(_Value):
    """Whether faces are looked for below a folder.

    `path` is absolute, its bytes quoted as in a URL: names in any encoding survive.
    """

    kind: Literal["folder"] = "folder"
    path: Annotated[str, StringConstraints(pattern=r"^[!-~]+$")]
    faces: bool

    @classmethod
    def of(cls, path: Path, *, faces: bool) -> Self:
        """Decide for an absolute path."""
        return cls(path=quote_from_bytes(os.fsencode(path)), faces=faces)

    @property
    def folder(self) -> Path:
        return Path(os.fsdecode(unquote_to_bytes(self.path)))


class ExcludeFiles(_Value):
    """All that is left out of a folder when it is scanned, in place of what was before.

    `path` is as in `SetFolder`; `globs` are patterns as in .gitignore.
    """

    kind: Literal["exclude"] = "exclude"
    path: Annotated[str, StringConstraints(pattern=r"^[!-~]+$")]
    globs: tuple[Glob, ...]

    @classmethod
    def of(cls, path: Path, globs: Iterable[str]) -> Self:
        """Decide for an absolute path.

        Raises:
            OutOfRange: a pattern is empty, longer than 1000 characters, or no text.
        """
        try:
            return cls(path=quote_from_bytes(os.fsencode(path)), globs=tuple(globs))
        except ValidationError as error:
            raise OutOfRange(
                f"{error.errors()[0]['input']!a} is no pattern of names",
                remedy="give 1 to 1000 characters, as in .gitignore",
            ) from error

    @property
    def folder(self) -> Path:
        return Path(os.fsdecode(unquote_to_bytes(self.path)))


class ReplacePhoto(_Value):
    """A file's content changed from `old` to `new`: decisions on the old hold for the new.

    The scan writes it, not a person; `undo` without a number passes over it.
    """

    kind: Literal["replace"] = "replace"
    old: Sha256
    new: Sha256


class Undo(_Value):
    """The entry of this uid does not count. Undoing an undo is a redo."""

    kind: Literal["undo"] = "undo"
    entry: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


Decision = (
    SetFlag
    | Rate
    | SetTags
    | KeepFrames
    | SeparatePhotos
    | NamePerson
    | MergePeople
    | SplitPerson
    | NotPerson
    | RejectFaces
    | HidePerson
    | ForgetPerson
    | SetFolder
    | ExcludeFiles
    | ReplacePhoto
    | Undo
)


def contents_of(decision: Decision) -> list[str]:
    """The photographs that a decision is about, each once; those of its faces too."""
    match decision:
        case SetFlag() | Rate() | SetTags():
            named: Iterable[str] = decision.photos
        case KeepFrames() | SeparatePhotos():
            named = (*decision.photos, *decision.others)
        case ReplacePhoto():
            named = (decision.old, decision.new)
        case HidePerson() | SetFolder() | ExcludeFiles() | Undo():
            named = ()
        case _:
            named = (face.photo for face in decision.faces)
    return list(dict.fromkeys(named))


_LABEL: TypeAdapter[str] = TypeAdapter(Label)
_ANY: TypeAdapter[Decision] = TypeAdapter(Annotated[Decision, Field(discriminator="kind")])


def read_decision(kind: str, payload: Mapping[str, Any]) -> Decision:
    """The decision of a journal entry.

    Raises:
        CatalogError: of an unknown kind, or its payload does not fit.
    """
    try:
        return _ANY.validate_python({**payload, "kind": kind}, strict=False)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or kind
        raise CatalogError(
            f"a journal entry of kind {kind!r} does not fit: {where}: {first['msg'].lower()}",
            remedy="it may come from a newer goodside; upgrade",
        ) from error


def new_person_key() -> str:
    """A key that no person has."""
    return uuid4().hex[:12]


def check_label(text: str, *, new: bool = True) -> str:
    """A name or tag as the journal takes it: without spaces around it, 1 to 200 characters.

    Args:
        text: as a person typed it.
        new: it is to be kept; else it only points at one that may be older than this check.

    Raises:
        OutOfRange: it is empty or longer; if new, it holds what cannot be seen or turns text round.
    """
    try:
        checked = _LABEL.validate_python(text)
    except ValidationError as error:
        raise OutOfRange(
            f"{text!a} is no name or tag", remedy="give 1 to 200 characters"
        ) from error
    if new and has_hidden(checked):
        raise OutOfRange(
            f"{checked!a} holds characters that cannot be seen",
            remedy=f"leave them out: {without_hidden(checked)!a}",
        )
    return checked


def clean_label(text: str) -> str | None:
    """A name or tag of another program without what cannot be seen; None if nothing is left."""
    return without_hidden(text)[:_LABEL_LENGTH].strip() or None
