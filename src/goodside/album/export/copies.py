"""Photographs to a folder: copied, or hard-linked; nothing there is replaced, no link followed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from goodside.errors import OutputError
from goodside.images.writing.atomic import atomic_write, make_folder
from goodside.regular_file import open_regular


def copy_photos(photos: Iterable[Path], folder: Path, *, link: bool = False) -> list[Path]:
    """Put photographs into one folder under their own names.

    A name that is taken gets a number, unless the file there is this photograph already: then
    nothing is done, so that the same call twice makes no copies of copies.

    Args:
        photos: originals; they are only read.
        folder: made where it is missing.
        link: make hard links instead, which take no room but need the same file system. A link is
            the original: whoever changes it changes both.

    Returns:
        Where each photograph now lies, in their order.

    Raises:
        OutputError: the folder cannot be made, or a photograph cannot be put there.
    """
    make_folder(folder)
    return [_put(photo, folder, link=link) for photo in photos]


def _put(photo: Path, folder: Path, *, link: bool) -> Path:
    target, number = folder / photo.name, 1
    try:
        while os.path.lexists(target):
            if _same(photo, target):
                return target
            number += 1
            target = folder / f"{photo.stem}-{number}{photo.suffix}"
        if link:
            os.link(photo, target)
        else:
            _copy(photo, target)
    except OSError as error:
        raise OutputError(
            f"it cannot be put into {folder}: {error.strerror}",
            path=photo,
            remedy="copy instead of linking" if link else "check permissions and free space",
        ) from error
    return target


def _copy(photo: Path, target: Path) -> None:
    """Copy content and times; the name appears when the copy is whole."""
    with (
        open_regular(photo) as source,
        atomic_write(target, overwrite=False, below=target.parent) as stream,
    ):
        shutil.copyfileobj(source, stream)
        stream.flush()
        shutil.copystat(photo, stream.name)


def _same(photo: Path, target: Path) -> bool:
    """One file, or equal bytes; a link in the photograph's place is neither."""
    if target.is_symlink():
        return False
    if photo.samefile(target):
        return True
    if not target.is_file() or photo.stat().st_size != target.stat().st_size:
        return False
    with open_regular(photo) as a, open_regular(target) as b:
        while chunk := a.read(1 << 20):
            if chunk != b.read(1 << 20):
                return False
    return True
