"""XMP sidecars: read, merged with what other programs wrote, and written whole or not at all.

An original is never opened for writing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from goodside.errors import ImageError, OutputError, SidecarError
from goodside.images.embedded.header import read_header
from goodside.images.sidecars.names import SidecarStyle, sidecar_paths
from goodside.images.sidecars.sidecar_bytes import read_sidecar_bytes
from goodside.images.writing.atomic import atomic_write, make_folder
from goodside.images.xmp.content import (
    RATING,
    SidecarContent,
    content_of,
    merge_content,
)
from goodside.images.xmp.edit import append, edit_items, find, home, new_document, set_text
from goodside.images.xmp.other_programs import CARRIED, SUBJECT, merge_keywords
from goodside.images.xmp.regions import REGIONS, ImageFrame
from goodside.images.xmp.tree import Document, parse, serialise
from goodside.images.xmp.values import properties, texts, xmp_properties
from goodside.os_errors import refusal


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged sidecar, and what was left as it was and why."""

    data: bytes
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one sidecar.

    Attributes:
        path: the sidecar.
        changed: False where it said all this already, or there was nothing to say; it was then
            neither touched nor made.
        notes: what was left as it was, and why.
    """

    path: Path
    changed: bool
    notes: tuple[str, ...] = ()


def read_sidecar(
    path: str | Path, *, frame: ImageFrame | None = None, others_only: bool = False
) -> SidecarContent:
    """Read a sidecar.

    Args:
        path: the sidecar.
        frame: the photograph's stored size and orientation; without it `faces` is None.
        others_only: leave out what goodside wrote.

    Raises:
        SidecarError: it cannot be opened, or is no XMP.
    """
    data = read_sidecar_bytes(Path(path))
    try:
        return content_of(xmp_properties(parse(data)), frame=frame, others_only=others_only)
    except SidecarError as error:
        raise SidecarError(error.message, path=path, remedy=error.remedy) from error


def merge_sidecar(
    existing: bytes | None, content: SidecarContent, *, frame: ImageFrame | None = None
) -> Merged:
    """Merge content into a sidecar.

    Everything that is there and not ours stays: other properties, other people's tags, ratings and
    regions, comments, prefixes, order. Merging the same content again changes nothing.

    Args:
        existing: the sidecar as it is; None makes a new one.
        content: what is to be said.
        frame: the photograph's stored size and orientation; needed where `content.faces` is given.

    Raises:
        SidecarError: `existing` is no XMP.
        OutOfRange: a rating outside -1 to 5.
        ValueError: faces without a frame.
    """
    document = new_document() if existing is None else parse(existing)
    notes = merge_content(document, content, frame=frame)
    return Merged(serialise(document), notes)


def write_sidecar(
    photo: str | Path,
    content: SidecarContent,
    *,
    style: SidecarStyle = "ext",
    folder: Path | None = None,
    root: Path | None = None,
    frame: ImageFrame | None = None,
) -> tuple[Written, ...]:
    """Write a photograph's sidecar, or its two with the style `both`.

    A new sidecar starts with the tags, title, rating and regions that the photograph carries,
    because programs that find a sidecar let it stand in for them. A sidecar appears under its name
    only when it is complete, and only if it says something new.

    Args:
        photo: the original; it is only read.
        content: what is to be said.
        style, folder, root: where the sidecar stands, see `sidecar_paths`.
        frame: the photograph's stored size and orientation; needed where `content.faces` is given.

    Raises:
        SidecarError: the sidecar that is there is damaged, or the name would stand for several
            photographs.
        OutputError: it cannot be written, the photograph is not under `root`, or a link stands in
            the way below `folder`.
        OutOfRange: a rating outside -1 to 5.
        ValueError: faces without a frame.
    """
    paths = sidecar_paths(Path(photo), style=style, folder=folder, root=root)
    return tuple(_write(Path(photo), path, content, frame=frame, below=folder) for path in paths)


def _write(
    photo: Path,
    path: Path,
    content: SidecarContent,
    *,
    frame: ImageFrame | None,
    below: Path | None,
) -> Written:
    if below is not None and path.is_symlink():
        raise OutputError(
            f"a link stands there, which may lead out of {below}", path=path, remedy="remove it"
        )
    try:
        is_there = path.exists()
    except OSError as error:  # a name that is too long
        raise refusal("it cannot be written", error, path) from error
    existing = read_sidecar_bytes(path) if is_there else None
    try:
        document = new_document() if existing is None else parse(existing)
        if existing is None or content.rating is not None:
            _carry(photo, document, is_new=existing is None)
        before = serialise(document)
        notes = merge_content(document, content, frame=frame)
    except SidecarError as error:
        raise SidecarError(error.message, path=path, remedy=error.remedy) from error
    data = serialise(document)
    if data == before:
        return Written(path, changed=False, notes=notes)
    if below is not None:
        make_folder(below)
    with atomic_write(path, overwrite=True, below=below, replaces_sidecar=True) as stream:
        stream.write(data)
    return Written(path, changed=True, notes=notes)


def _carry(photo: Path, document: Document, *, is_new: bool) -> None:
    """Repeat what the photograph says: its rating, and in a new sidecar words and regions."""
    try:
        header = read_header(photo)
        carried = None if header.xmp is None else parse(header.xmp)
    except (ImageError, SidecarError):
        return
    if is_new and carried is not None:
        for name in (*CARRIED, REGIONS):
            element = find(carried, name)
            if element is not None:
                append(document, home(document), element)
    if is_new:
        there = texts(properties(document), SUBJECT)
        edit_items(
            document,
            SUBJECT,
            remove_items=(),
            add_items=[word for word in merge_keywords((), header.keywords) if word not in there],
        )
    rating = None if carried is None else content_of(properties(carried)).rating
    rating = rating or header.stars
    if rating and content_of(properties(document)).rating is None:
        set_text(document, RATING, str(rating))
