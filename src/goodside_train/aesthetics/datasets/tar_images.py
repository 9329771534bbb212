"""Photographs in tar files, decoded once into an array."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from goodside.errors import SettingsError
from goodside.images import atomic_write
from goodside.types import RgbImage

PATTERN = "images*.tar"
"""Names of the tar files in a data set's folder."""


def read_images(
    folder: Path, names: Sequence[str], *, size_px: int, cache: Path | None = None
) -> RgbImage:
    """Decode every photograph named in `names`.

    Args:
        folder: holds `images.tar`, or several `images-*.tar`.
        names: members to read, in the order wanted.
        size_px: pictures of another size are squashed to this one, with antialiasing.
        cache: an `.npy` file to write once and to map into memory from then on.

    Returns:
        (N, size_px, size_px, 3) uint8 sRGB.

    Raises:
        SettingsError: a photograph is in none of the shards, or a shard is damaged.
    """
    shape = (len(names), size_px, size_px, 3)
    if cache is not None and cache.exists():
        cached: RgbImage = np.load(cache, mmap_mode="r")
        if cached.shape == shape:
            return cached
    images: RgbImage = np.zeros(shape, dtype=np.uint8)
    place = {name: index for index, name in enumerate(names)}
    for shard in sorted(folder.glob(PATTERN)):
        try:
            with tarfile.open(shard) as archive:
                for member in archive:
                    index = place.pop(Path(member.name).name, None)
                    stream = archive.extractfile(member)
                    if index is not None and stream is not None:
                        images[index] = _decoded(stream.read(), size_px=size_px)
        except (OSError, tarfile.TarError) as error:
            raise SettingsError(
                f"the shard is damaged: {error}", path=shard, remedy="copy it again"
            ) from error
    if place:
        raise SettingsError(
            f"{len(place)} photographs are in none of the shards, {next(iter(place))} for one",
            path=folder,
        )
    if cache is not None:
        cache.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(cache, overwrite=True) as whole:
            np.save(whole, images)
    return images


def _decoded(data: bytes, *, size_px: int) -> RgbImage:
    with Image.open(io.BytesIO(data)) as opened:
        image = opened.convert("RGB")
    if image.size != (size_px, size_px):
        image = image.resize((size_px, size_px), Image.Resampling.BICUBIC)
    return np.asarray(image)
