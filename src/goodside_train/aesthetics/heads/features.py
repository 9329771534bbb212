"""An encoder's features of many photographs: computed once, kept in portions, gone on with."""

from __future__ import annotations

import hashlib
import logging
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics import Assessor
from goodside.errors import ImageError, SettingsError
from goodside.images import Limits, atomic_write, make_folder, read_photos_guarded
from goodside.images.similarity.duplicates import Prints, take_prints
from goodside.types import FloatArray, RgbImage

PORTION = 512
"""Photographs in a file of the cache."""

_BATCH = 8
_log = logging.getLogger(__name__)
_Source = Callable[[], Path | bytes]


@dataclass(frozen=True, slots=True)
class EncodedPhotos:
    """The photographs that could be read.

    Attributes:
        features: (K, D) float32.
        rows: (K,) which of those asked for they are, rising.
        prints: of the same K, to find near-duplicates.
    """

    features: FloatArray
    rows: NDArray[np.int64]
    prints: Prints


def encode_photos(
    sources: Sequence[_Source],
    *,
    names: Sequence[str],
    assessor: Assessor,
    limits: Limits,
    cache: Path | None = None,
    on_progress: Callable[[int], None] = lambda _: None,
) -> EncodedPhotos:
    """Run an encoder over photographs; those missing or damaged are left out.

    Their number and one of them are logged.

    Args:
        sources: N calls that give a path or a file's bytes.
        names: of the same N; they and the encoder tell whether a portion of the cache still holds.
        assessor: with the encoder.
        limits: on a photograph.
        cache: folder that receives a file a portion; a run that was stopped goes on after the last
            one.
        on_progress: called with the number of photographs done.

    Raises:
        SettingsError: not one of them can be read.
        WeightsError: the encoder is missing or corrupt.
        OutputError: the cache cannot be written.
    """
    if cache is not None:
        make_folder(cache)
    portions, failures = [], list[ImageError]()
    for start in range(0, len(sources), PORTION):
        some = range(start, min(start + PORTION, len(sources)))
        file = None
        if cache is not None:
            asked = "\n".join([assessor.card.fingerprint, *(names[row] for row in some)])
            digest = hashlib.sha256(asked.encode("utf-8", "surrogateescape")).hexdigest()
            file = cache / f"features-{start:07d}-{digest[:12]}.npz"
        portion = None if file is None else _kept(file)
        if portion is None:
            portion = _encoded(
                [sources[row] for row in some], assessor=assessor, limits=limits, failures=failures
            )
            if file is not None:
                _keep(portion, file)
        portions.append(EncodedPhotos(portion.features, portion.rows + start, portion.prints))
        on_progress(some.stop)
    found = _joined(portions)
    if not len(found.rows):
        example = f", {failures[0]} for one" if failures else ""
        raise SettingsError(
            f"of {len(sources)} photographs none can be read{example}",
            remedy="name the folder that the photographs lie in",
        )
    if left := len(sources) - len(found.rows):
        example = f", {failures[0]} for one" if failures else ""
        _log.warning("%d of %d photographs are left out%s", left, len(sources), example)
    return found


def _encoded(
    sources: Sequence[_Source],
    *,
    assessor: Assessor,
    limits: Limits,
    failures: list[ImageError],
) -> EncodedPhotos:
    size = assessor.card.preprocessing
    reading = read_photos_guarded(
        (source() for source in sources),
        fit_px=2 * max(size.width_px, size.height_px),
        limits=limits,
    )
    rows: list[int] = []
    parts: list[FloatArray] = []
    prints: list[Prints] = []

    def readable() -> Iterator[RgbImage]:
        for row, (_, photo) in enumerate(reading):
            if isinstance(photo, ImageError):
                failures.append(photo)
            else:
                rows.append(row)
                yield photo.rgb

    waiting: list[RgbImage] = []

    def settle() -> None:
        parts.append(assessor.embed(waiting))
        prints.append(take_prints(waiting))
        waiting.clear()

    for rgb in readable():
        waiting.append(rgb)
        if len(waiting) == _BATCH:
            settle()
    if waiting:
        settle()
    graph = assessor.card.encoder
    width = 0 if graph is None else graph.features
    return EncodedPhotos(
        np.concatenate([np.zeros((0, width), np.float32), *parts]),
        np.array(rows, dtype=np.int64),
        _join_prints(prints),
    )


def _join_prints(parts: Sequence[Prints]) -> Prints:
    empty = take_prints([])
    return Prints(
        np.concatenate([empty.hashes, *(one.hashes for one in parts)]),
        np.concatenate([empty.thumbnails, *(one.thumbnails for one in parts)]),
    )


def _joined(portions: Sequence[EncodedPhotos]) -> EncodedPhotos:
    return EncodedPhotos(
        np.concatenate([one.features for one in portions]),
        np.concatenate([one.rows for one in portions]),
        _join_prints([one.prints for one in portions]),
    )


def _keep(portion: EncodedPhotos, file: Path) -> None:
    prints = portion.prints
    with atomic_write(file, overwrite=True) as stream:
        np.savez(
            stream,
            features=portion.features,
            rows=portion.rows,
            hashes=prints.hashes,
            thumbnails=prints.thumbnails,
        )


def _kept(file: Path) -> EncodedPhotos | None:
    """A portion of the cache; None where it is not there, or cannot be read."""
    try:
        with np.load(file) as kept:
            prints = Prints(kept["hashes"], kept["thumbnails"])
            return EncodedPhotos(kept["features"], kept["rows"], prints)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
