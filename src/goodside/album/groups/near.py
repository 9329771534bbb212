"""Near-duplicates: the same picture saved again, scaled, lightly cropped or corrected."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from goodside.album.groups.frame import Frame
from goodside.album.groups.partition import Partition
from goodside.images.duplicates import Prints, duplicates


def find_near_duplicates(frames: Sequence[Frame]) -> list[tuple[Frame, ...]]:
    """Groups of photographs that are each a near-duplicate of another one in the group.

    Args:
        frames: those without fingerprint or thumb are near-duplicates of none.
    """
    seen = [frame for frame in frames if frame.photo.facts.phash is not None]
    seen = [frame for frame in seen if frame.thumb is not None]
    if not seen:
        return []
    hashes = np.array([frame.photo.facts.phash for frame in seen], dtype=np.uint64)
    thumbs = np.stack([frame.thumb for frame in seen if frame.thumb is not None])
    partition = Partition(len(seen))
    for a, b in duplicates(Prints(hashes, thumbs)).pairs:
        partition.join(int(a), int(b))
    return [tuple(seen[index] for index in part) for part in partition.parts() if len(part) > 1]
