"""Near-duplicates: the same picture saved again, scaled, lightly cropped or corrected."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from goodside.album.groups.frame import Frame
from goodside.album.groups.partition import Partition
from goodside.images.duplicates import Prints, duplicates
from goodside.images.fingerprint import luminance
from goodside.types import FloatArray

_THUMB = 16


def find_near_duplicates(frames: Sequence[Frame]) -> list[tuple[Frame, ...]]:
    """Groups of photographs that are each a near-duplicate of another one in the group.

    Args:
        frames: those without fingerprint or thumbnail are near-duplicates of none.
    """
    seen = [frame for frame in frames if frame.photo.facts.phash is not None]
    seen = [frame for frame in seen if frame.luma is not None]
    hashes = np.array([frame.photo.facts.phash for frame in seen], dtype=np.uint64)
    small = [_thumb(frame.luma) for frame in seen if frame.luma is not None]
    prints = Prints(hashes, np.array(small, dtype=np.uint8).reshape(len(seen), _THUMB**2))
    partition = Partition(len(seen))
    for a, b in duplicates(prints).pairs:
        partition.join(int(a), int(b))
    return [tuple(seen[index] for index in part) for part in partition.parts() if len(part) > 1]


def _thumb(luma: FloatArray) -> NDArray[np.uint8]:
    """(256,) luminance of 16 x 16 cells, 0-255, as `take_prints` makes it."""
    gray = np.repeat(luma[..., None].round().astype(np.uint8), 3, axis=2)
    return luminance(gray, side_px=_THUMB).round().astype(np.uint8).ravel()
