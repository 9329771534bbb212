"""Files that belong to another: the raw file of a RAW+JPEG pair, and XMP sidecars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from goodside.album.scan.walk import FoundFile

_CAMERA_SUFFIXES = (".jpg", ".jpeg", ".heic", ".heif", ".hif")
"""What cameras write beside a raw file, the likelier main file first."""


def find_mains(files: Iterable[FoundFile]) -> dict[Path, Path]:
    """Which file each sidecar and each raw file of a pair belongs to; others are left out.

    `IMG_1.CR3` belongs to `IMG_1.JPG`, `IMG_1.JPG.xmp` too; `IMG_1.xmp` belongs to what is called
    `IMG_1`, unless that may be several pictures. Upper and lower case count as equal.

    Args:
        files: of any number of folders.
    """
    mains: dict[Path, Path] = {}
    for together in _by_folder(files):
        pictures = [file for file in together if file.kind in ("photo", "raw")]
        named = {file.path.name.casefold(): file.path for file in pictures}
        alike: defaultdict[str, list[FoundFile]] = defaultdict(list)
        for file in pictures:
            alike[_stem(file.path)].append(file)
        for same in alike.values():
            mains |= _pair(same)
        for file in together:
            if file.kind == "sidecar":
                heads = [f.path for f in alike[_stem(file.path)] if f.path not in mains]
                only = heads[0] if len(heads) == 1 else None
                main = named.get(_stem(file.path), only)
                if main is not None:
                    mains[file.path] = main
    return mains


def sidecars_of(mains: Mapping[Path, Path]) -> dict[Path, tuple[Path, ...]]:
    """The sidecars of each picture, `IMG_1.JPG.xmp` before `IMG_1.xmp`."""
    found: defaultdict[Path, list[Path]] = defaultdict(list)
    for path, main in mains.items():
        if path.suffix.lower() == ".xmp":
            found[main].append(path)
    return {
        main: tuple(sorted(paths, key=lambda path: (-len(path.name), path)))
        for main, paths in found.items()
    }


def beside_of(
    files: Iterable[FoundFile], mains: Mapping[Path, Path]
) -> dict[Path, tuple[Path, ...]]:
    """What stands beside each picture: its sidecars, then Picasa's file of the folder.

    Args:
        files: of any number of folders.
        mains: of `find_mains`.
    """
    files = list(files)
    beside = sidecars_of(mains)
    picasa = {file.path.parent: file.path for file in files if file.kind == "picasa"}
    for file in files:
        if file.kind in ("photo", "raw") and file.path.parent in picasa:
            beside[file.path] = (*beside.get(file.path, ()), picasa[file.path.parent])
    return beside


def _by_folder(files: Iterable[FoundFile]) -> Iterable[list[FoundFile]]:
    folders: defaultdict[Path, list[FoundFile]] = defaultdict(list)
    for file in files:
        folders[file.path.parent].append(file)
    return folders.values()


def _pair(same: Sequence[FoundFile]) -> dict[Path, Path]:
    """Raw files of one name, each to the camera's picture of that name."""
    raws = [file.path for file in same if file.kind == "raw"]
    pictures = [
        file.path
        for suffix in _CAMERA_SUFFIXES
        for file in same
        if file.path.suffix.lower() == suffix
    ]
    return dict.fromkeys(raws, pictures[0]) if pictures else {}


def _stem(path: Path) -> str:
    return path.stem.casefold()
