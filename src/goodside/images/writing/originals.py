"""What no result may ever replace: photographs, videos, sidecars and databases of others.

A picture of goodside's own is known by what it says of itself (EXIF's `Software`, or a comment),
not by its name.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from PIL import Image

from goodside.errors import OutputError
from goodside.images.decoding.sniff import (
    HEAD_BYTES,
    PHOTO_SUFFIXES,
    PILLOW_FORMATS,
    RAW_SUFFIXES,
    describe,
    name_unread,
    sniff,
)
from goodside.images.guard import pillow_guard
from goodside.version import __version__

SOFTWARE, PROCESSING_SOFTWARE = 0x0131, 0x000B
"""EXIF's tags for the program that made a picture."""

_GENERATOR = "goodside "
_PROGRAM = "Software: "  # begins a line of a comment
_SNIFFED_BYTES = 4096
_COMMENT_BYTES = 1_000_000  # an MP4 of ours has its metadata before its frames
_MAX_PIXELS = 1e9  # nothing is decoded here
_VIDEO_SUFFIXES = frozenset(".mp4 .mov .m4v .avi .mts .m2ts .mpg .mpeg .3gp .mkv .webm".split())
_TEXTS = ("text", "a web page")
_XMP = (b"<?xpacket", b"adobe:ns:meta/", b"http://www.w3.org/1999/02/22-rdf-syntax-ns#")


def generator() -> str:
    """The program as files of its making name it: `goodside 1.2.3`."""
    return f"{_GENERATOR}{__version__}"


def check_output(
    path: str | Path, *, overwrite: bool = False, replaces_sidecar: bool = False
) -> None:
    """Say before the work whether a result may be written to a file.

    A link is replaced, never followed; it must not lead to anything precious all the same.

    Args:
        path: the file.
        overwrite: whether a file that is there may be replaced; an original may not.
        replaces_sidecar: the result is an XMP sidecar, so that another may be replaced.

    Raises:
        OutputError: it is a folder or a device; it exists and `overwrite` is off; or it is a
            photograph, video, sidecar or database that goodside did not make.
    """
    path = Path(path)
    if not os.path.lexists(path):
        return
    try:
        mode = path.stat().st_mode
    except OSError:  # a link that leads nowhere
        mode = None
    if mode is not None and stat.S_ISDIR(mode):
        raise OutputError("it is a folder", path=path, remedy="name a file")
    if not overwrite:
        raise OutputError(
            "the file exists", path=path, remedy="name another file, or replace it with --overwrite"
        )
    if mode is None:
        return
    if not stat.S_ISREG(mode):
        raise OutputError("it is no regular file", path=path, remedy="name another file")
    what = original_kind(path)
    if what is not None and not (replaces_sidecar and what == "an XMP sidecar"):
        raise OutputError(
            f"this would replace {what}",
            path=path,
            remedy="name another file; what goodside did not make is never replaced",
        )


def original_kind(path: Path) -> str | None:
    """What a regular file is, if it is precious: `a photograph`, `a database`; else None.

    Pictures that goodside made, empty files, and text are not. A file that cannot be read is.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(_SNIFFED_BYTES)
    except OSError:
        return "a file that cannot be read"
    if not head:
        return None
    suffix = path.suffix.lower()
    kind = sniff(head[:HEAD_BYTES], suffix=suffix)
    if kind == "BMP" and head[6:10] != bytes(4):  # text that begins with BM
        kind = None
    if kind in PILLOW_FORMATS and _is_our_picture(path, kind):
        return None
    if kind is None and head[4:8] == b"ftyp" and _is_our_video(path):
        return None
    return "a photograph" if kind is not None else _other_kind(head, suffix=suffix)


def _other_kind(head: bytes, *, suffix: str) -> str | None:
    """What a file is that is no photograph decoded here."""
    if head.startswith(b"SQLite format 3\x00"):
        return "a database"
    plain = head.replace(b"\x00", b"")  # UTF-16 as if it were ASCII
    if suffix == ".xmp" or any(mark in plain for mark in _XMP):
        return "an XMP sidecar"
    what = describe(head[:HEAD_BYTES])
    is_text = what.startswith(_TEXTS)
    unread = name_unread(head[:HEAD_BYTES], suffix="" if is_text else suffix)
    if unread == "video" or (suffix in _VIDEO_SUFFIXES and not is_text):
        return "a video"
    if b"<svg" in plain or suffix in RAW_SUFFIXES or suffix == ".svg":
        return "a photograph"
    if unread is not None:
        return "a picture"
    return "a photograph" if suffix in PHOTO_SUFFIXES and not is_text else None


def _is_our_picture(path: Path, kind: str) -> bool:
    try:
        with (
            path.open("rb") as stream,
            pillow_guard(max_pixels=_MAX_PIXELS),
            Image.open(stream, formats=[kind]) as image,
        ):
            said = _programs(image, kind)
    except Exception:  # Pillow's readers raise whatever a damaged byte led them to
        return False
    return any(program.startswith(_GENERATOR) for program in said)


def _programs(image: Image.Image, kind: str) -> list[str]:
    """The programs that a picture names as its makers."""
    if kind == "GIF":
        lines = image.info.get("comment", b"").decode(errors="replace").splitlines()
        return [line.removeprefix(_PROGRAM) for line in lines if line.startswith(_PROGRAM)]
    if kind == "PNG":  # its EXIF may stand behind its pixels
        return [str(image.info.get(name, "")) for name in ("Software", "ProcessingSoftware")]
    exif = image.getexif()
    return [str(exif.get(tag, "")) for tag in (SOFTWARE, PROCESSING_SOFTWARE)]


def _is_our_video(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return f"{_PROGRAM}{_GENERATOR}".encode() in stream.read(_COMMENT_BYTES)
    except OSError:
        return False
