"""Where the XMP sidecars of a photograph stand."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from goodside.errors import OutputError, SidecarError
from goodside.images.decoding.sniff import PHOTO_SUFFIXES, RAW_SUFFIXES

SidecarStyle = Literal["adobe", "ext", "both"]
"""`adobe`: IMG_1.xmp. `ext`: IMG_1.JPG.xmp. `both`: the two of them."""

_SUFFIX = ".xmp"
_CAMERA_SUFFIXES = frozenset(".jpg .jpeg .heic .heif .hif".split())
"""What cameras write beside a raw file."""


def sidecar_paths(
    photo: Path, *, style: SidecarStyle, folder: Path | None = None, root: Path | None = None
) -> tuple[Path, ...]:
    """Name a photograph's sidecars.

    Args:
        photo: the original.
        style: how they are named.
        folder: they stand in this folder, in the same tree of folders as the originals, instead
            of beside the originals.
        root: the folder of originals whose tree is mirrored; needed with `folder`.

    Raises:
        OutputError: with `folder`, the photograph is not under `root`.
        SidecarError: IMG_1.xmp would have to stand for several pictures that are no raw file and
            its camera's own picture.
    """
    home = photo.parent if folder is None else _mirrored(photo, folder=folder, root=root)
    names = []
    if style in ("ext", "both"):
        names.append(photo.name)
    if style in ("adobe", "both"):
        others = [other.name for other in _sharing(photo) if not _is_pair(photo, other)]
        if others:
            raise SidecarError(
                f"{photo.stem}{_SUFFIX} would stand for {', '.join(others)} as well",
                path=photo,
                remedy="name sidecars in the style 'ext'",
            )
        names.append(photo.stem)
    return tuple(dict.fromkeys(_existing(home, name) or home / (name + _SUFFIX) for name in names))


def find_sidecars(
    photo: Path, *, folder: Path | None = None, root: Path | None = None
) -> tuple[Path, ...]:
    """The sidecars that a photograph has, of either style, IMG_1.JPG.xmp before IMG_1.xmp.

    Raises:
        OutputError: with `folder`, the photograph is not under `root`.
    """
    home = photo.parent if folder is None else _mirrored(photo, folder=folder, root=root)
    found = [_existing(home, photo.name)]
    shared = _existing(home, photo.stem)
    if shared and all(_is_pair(photo, other) for other in _sharing(photo)):
        found.append(shared)
    return tuple(dict.fromkeys(path for path in found if path is not None))


def _mirrored(photo: Path, *, folder: Path, root: Path | None) -> Path:
    try:
        return folder / photo.parent.relative_to(photo.parent if root is None else root)
    except ValueError as error:
        raise OutputError(
            f"it is not in {root}, so its place in {folder} is not known",
            path=photo,
            remedy="name the folder that holds the photographs",
        ) from error


def _existing(home: Path, name: str) -> Path | None:
    candidates = (home / (name + suffix) for suffix in (_SUFFIX, _SUFFIX.upper()))
    return next((path for path in candidates if _is_file(path)), None)


def _is_file(path: Path) -> bool:
    """Whether a file can be seen there; a name that is too long names none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _sharing(photo: Path) -> list[Path]:
    """Other photographs in the folder with the same name but for the suffix."""
    suffixes = sorted(PHOTO_SUFFIXES | RAW_SUFFIXES)
    candidates = (
        photo.with_name(photo.stem + spelled)
        for suffix in suffixes
        for spelled in (suffix, suffix.upper())
    )
    found: list[Path] = []
    for other in candidates:
        if _is_file(other) and not any(other.samefile(known) for known in (photo, *found)):
            found.append(other)
    return found


def _is_pair(one: Path, other: Path) -> bool:
    """Whether two pictures of one name are a raw file and the camera's own picture of it."""
    suffixes = {one.suffix.lower(), other.suffix.lower()}
    return bool(suffixes & RAW_SUFFIXES) and bool(suffixes & _CAMERA_SUFFIXES)
