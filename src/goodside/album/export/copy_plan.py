"""What copying photographs to a folder will do, told before it is done."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """What `copy_photos` would do.

    Attributes:
        folder: where the photographs go.
        files: how many there are to copy.
        missing: files that are not there any more.
        size_bytes: of all that are there.
        free_bytes: on the disk of the folder; None: the system does not tell.
        makes_folder: the folder is not there yet.
        renamed: how many get a number, as their name is taken by another file or twice.
        can_link: all lie on the folder's file system, so that hard links do.
    """

    folder: Path
    files: int
    missing: tuple[Path, ...]
    size_bytes: int
    free_bytes: int | None
    makes_folder: bool
    renamed: int
    can_link: bool

    @property
    def fits(self) -> bool:
        """Whether copies have room."""
        return self.free_bytes is None or self.size_bytes < self.free_bytes


def plan_copies(photos: Sequence[Path], folder: Path) -> CopyPlan:
    """Look at photographs and at the folder they go to; nothing is changed.

    A photograph that lies in the folder already counts as renamed here; copying looks into it and
    leaves it.

    Args:
        photos: originals.
        folder: need not be there.
    """
    stats: list[os.stat_result] = []
    missing: list[Path] = []
    for photo in photos:
        try:
            stats.append(photo.stat())
        except OSError:
            missing.append(photo)
    gone = set(missing)
    names = Counter(photo.name for photo in photos if photo not in gone)
    taken = {name for name in names if os.path.lexists(folder / name)}
    standing = _standing(folder)
    device = standing.stat().st_dev
    return CopyPlan(
        folder=folder,
        files=len(stats),
        missing=tuple(missing),
        size_bytes=sum(one.st_size for one in stats),
        free_bytes=_free_bytes(standing),
        makes_folder=not folder.is_dir(),
        renamed=sum(count - 1 + (name in taken) for name, count in names.items()),
        can_link=all(one.st_dev == device for one in stats),
    )


def _standing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(one for one in (folder, *folder.parents) if one.is_dir())


def _free_bytes(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
