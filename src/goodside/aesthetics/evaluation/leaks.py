"""Leaks: photographs of one set that are in another as well, so that a test on it is void."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal

import numpy as np

from goodside.aesthetics.evaluation.rated_photos import locate, read_rows
from goodside.errors import ImageError, SettingsError, UnreadableImage, reason_of
from goodside.images import Limits, find_photos, read_photos_guarded
from goodside.images.guard import memory_guard
from goodside.images.similarity.duplicates import ALIKE, Prints, duplicates, take_prints
from goodside.images.similarity.phash import NEAR
from goodside.regular_file import open_regular
from goodside.types import Json

_DECODED_PX = 64


@dataclass(frozen=True, slots=True)
class Print:
    """What is kept of one file.

    Attributes:
        path: the file.
        digest: SHA-256 of its bytes.
        prints: of its picture.
    """

    path: Path
    digest: str
    prints: Prints


@dataclass(frozen=True, slots=True)
class Leak:
    """Two files that show the same picture.

    Attributes:
        between: names of the sets that they are in.
        photos: the files, in that order.
        kind: `copy` for equal bytes, else `near`.
        bits: of the fingerprints that differ, 0-64.
        likeness: correlation of the thumbnails, up to 1.
    """

    between: tuple[str, str]
    photos: tuple[Path, Path]
    kind: Literal["copy", "near"]
    bits: int
    likeness: float

    def as_json(self) -> Json:
        """The same as plain values."""
        return {
            "between": list(self.between),
            "photos": [str(path) for path in self.photos],
            "kind": self.kind,
            "bits": self.bits,
            "likeness": round(self.likeness, 3),
        }


def sets_of_folders(train: Path, test: Path) -> dict[str, list[Path]]:
    """The photographs of two folders; one that is in both, as a file, counts for the second.

    Raises:
        UnreadableImage: a folder cannot be read.
        SettingsError: nothing is left in one of them to compare.
    """
    tested = list(find_photos([test]))
    known = {path.resolve() for path in tested}
    trained = [path for path in find_photos([train]) if path.resolve() not in known]
    for folder, found in ((train, trained), (test, tested)):
        if not found:
            raise SettingsError(
                "the folder holds no photograph to compare",
                path=folder,
                remedy="name two folders of photographs, one to train and one to test on",
            )
    return {"train": trained, "test": tested}


def sets_of_table(table: Path, *, folder: Path) -> dict[str, list[Path]]:
    """The photographs of a folder by the column `split` of a table; rows without one are left out.

    Args:
        table: CSV with the columns `image` and `split`.
        folder: where the images lie, searched with everything in it.

    Raises:
        SettingsError: the table cannot be read, or names fewer than two sets.
    """
    rows = read_rows(table, needed=("image", "split"))
    names = [(row["image"] or "").strip() for row in rows]
    sets: dict[str, list[Path]] = {}
    for row, path in zip(rows, locate(names, folder), strict=True):
        if split := (row["split"] or "").strip():
            sets.setdefault(split, []).append(path)
    if len(sets) < 2:
        raise SettingsError(
            f"the column split names {len(sets)} set of photographs",
            path=table,
            remedy="write train, validation or test into each row",
        )
    return sets


def print_each(
    paths: Sequence[Path], *, limits: Limits | None = None
) -> Iterator[Print | ImageError]:
    """Print files one by one, in their order; a file that cannot be used gives its error."""
    for path, photo in read_photos_guarded(paths, fit_px=_DECODED_PX, limits=limits):
        if isinstance(photo, ImageError):
            yield photo
            continue
        try:
            with memory_guard(path):
                prints = take_prints([photo.rgb])
            with open_regular(path) as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except ImageError as error:
            yield error
            continue
        except OSError as error:
            yield UnreadableImage(
                f"it went away while it was read: {reason_of(error)}",
                path=path,
                remedy="check the disc, then do this again",
            )
            continue
        yield Print(path, digest, prints)


def find_leaks(
    sets: dict[str, list[Print]], *, within: int = NEAR, alike: float = ALIKE
) -> list[Leak]:
    """Every pair of photographs from different sets that show the same picture, copies first.

    Args:
        sets: two sets or more, by name.
        within: most bits in which fingerprints may differ.
        alike: least correlation of thumbnails.
    """
    leaks = [
        leak
        for names in combinations(sets, 2)
        for leak in _between(names, sets[names[0]], sets[names[1]], within=within, alike=alike)
    ]
    return sorted(leaks, key=lambda leak: (leak.kind != "copy", leak.bits, -leak.likeness))


def _between(
    names: tuple[str, str], first: list[Print], second: list[Print], *, within: int, alike: float
) -> Iterator[Leak]:
    places: dict[str, list[int]] = {}
    for index, one in enumerate(first):
        places.setdefault(one.digest, []).append(index)
    copies = {(i, j) for j, one in enumerate(second) for i in places.get(one.digest, ())}
    for i, j in sorted(copies):
        yield Leak(names, (first[i].path, second[j].path), "copy", 0, 1.0)
    found = duplicates(_joined(first), _joined(second), within=within, alike=alike)
    for (i, j), bits, likeness in zip(
        found.pairs.tolist(), found.bits.tolist(), found.likeness.tolist(), strict=True
    ):
        if (i, j) not in copies:
            yield Leak(names, (first[i].path, second[j].path), "near", bits, likeness)


def _joined(prints: list[Print]) -> Prints:
    nothing = take_prints([])
    every = [nothing, *(one.prints for one in prints)]
    return Prints(
        np.concatenate([one.hashes for one in every]),
        np.concatenate([one.thumbnails for one in every]),
    )
