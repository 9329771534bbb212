"""Names in the folder that a command writes into, which cannot meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path


def distinct_stems(photos: Sequence[Path]) -> Iterator[str]:
    """A stem of its own for every photograph, also where a disc ignores case."""
    taken: set[str] = set()
    for photo in photos:
        stem, number = photo.stem, 1
        while stem.casefold() in taken:
            number += 1
            stem = f"{photo.stem}-{number}"
        taken.add(stem.casefold())
        yield stem
