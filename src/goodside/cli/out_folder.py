"""The folder that a command writes into: made when missing, with names that cannot meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from goodside.errors import OutputError
from goodside.os_errors import explain


def make_folder(folder: Path, *, option: str) -> None:
    """Make a folder with its parents, if it is missing.

    Args:
        folder: which.
        option: the one that names it, for the remedy.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        told = explain(error, folder)
        raise OutputError(
            f"the folder cannot be made: {told.reason}",
            path=folder,
            remedy=f"{told.remedy}; {option} names another folder",
        ) from error


def distinct_stems(photos: Sequence[Path]) -> Iterator[str]:
    """A stem of its own for every photograph, also where a disc does not tell case apart."""
    taken: set[str] = set()
    for photo in photos:
        stem, number = photo.stem, 1
        while stem.casefold() in taken:
            number += 1
            stem = f"{photo.stem}-{number}"
        taken.add(stem.casefold())
        yield stem
