"""Photographs of a data set: found, decoded once into an array, with their prints."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.errors import ImageError, SettingsError
from goodside.images import atomic_write, check_output, find_photos, read_photo, resize
from goodside.images.similarity.duplicates import Prints, duplicates, take_prints
from goodside.types import RgbImage

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DecodedPhotos:
    """The photographs that could be read.

    Attributes:
        images: (K, S, S, 3) uint8 sRGB.
        rows: (K,) which of those asked for they are, rising.
        prints: of the same K.
    """

    images: RgbImage
    rows: NDArray[np.int64]
    prints: Prints


def photos_by_stem(folder: Path) -> dict[str, Path]:
    """Every photograph in a folder and its folders, by its name without suffix."""
    return {path.stem: path for path in find_photos([folder])}


def read_photos(paths: Sequence[Path], *, size_px: int, cache: Path | None = None) -> DecodedPhotos:
    """Decode photographs and squash them to a square; those missing or damaged are left out.

    Their number and one of them are logged.

    Args:
        paths: N files.
        size_px: side of the square.
        cache: an `.npy` file to write once and to map into memory from then on; an `.npz` of the
            same name beside it says which photographs it holds.

    Raises:
        SettingsError: not one of them can be read.
    """
    asked = hashlib.sha256("\n".join(map(str, [size_px, *paths])).encode()).hexdigest()
    if cache is not None and (kept := _cached(cache, asked=asked)) is not None:
        return kept
    rows: list[int] = []
    failures: list[ImageError] = []
    images = _empty((len(paths), size_px, size_px, 3), cache=cache)
    for row, path in enumerate(paths):
        try:
            photo = read_photo(path, fit_px=size_px)
        except ImageError as error:
            failures.append(error)
            continue
        images[len(rows)] = resize(photo.rgb, width_px=size_px, height_px=size_px, kernel="bicubic")
        rows.append(row)
    if not rows:
        example = f", {failures[0]} for one" if failures else ""
        raise SettingsError(
            f"of {len(paths)} photographs none can be read{example}",
            remedy="put the photographs into the data set's folder",
        )
    if failures:
        _log.warning(
            "%d of %d photographs cannot be read and are left out, %s for one",
            *(len(failures), len(paths), failures[0]),
        )
    images = images[: len(rows)]
    photos = DecodedPhotos(images, np.array(rows, dtype=np.int64), take_prints(images))
    if cache is not None:
        prints = photos.prints
        with atomic_write(cache.with_suffix(".npz"), overwrite=True) as stream:
            np.savez(
                stream,
                asked=np.array(asked),
                rows=photos.rows,
                hashes=prints.hashes,
                thumbnails=prints.thumbnails,
            )
    return photos


def with_near_duplicates(chosen: NDArray[np.bool_], prints: Prints) -> NDArray[np.bool_]:
    """The chosen photographs and every near-duplicate of them, direct or through others.

    Args:
        chosen: (N,) bool.
        prints: of the same N.
    """
    chosen, fresh = chosen.copy(), np.flatnonzero(chosen)
    while len(fresh):
        others = np.flatnonzero(~chosen)
        found = duplicates(prints.take(fresh), prints.take(others))
        fresh = others[np.unique(found.pairs[:, 1])]
        chosen[fresh] = True
    return chosen


def _cached(cache: Path, *, asked: str) -> DecodedPhotos | None:
    index = cache.with_suffix(".npz")
    if not (cache.exists() and index.exists()):
        return None
    with np.load(index) as kept:
        if str(kept["asked"]) != asked:
            return None
        rows, prints = kept["rows"], Prints(kept["hashes"], kept["thumbnails"])
    return DecodedPhotos(np.load(cache, mmap_mode="r")[: len(rows)], rows, prints)


def _empty(shape: tuple[int, ...], *, cache: Path | None) -> NDArray[Any]:
    """Space for the photographs, on disk where there is a cache: AVA's take 38 GB at 224 px."""
    if cache is None:
        return np.empty(shape, dtype=np.uint8)
    cache.parent.mkdir(parents=True, exist_ok=True)
    check_output(cache, overwrite=True)
    cache.unlink(missing_ok=True)
    cache.with_suffix(".npz").unlink(missing_ok=True)
    return np.lib.format.open_memmap(cache, mode="w+", dtype=np.uint8, shape=shape)
