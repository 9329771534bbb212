"""What looks like a photograph, found among all without keeping their features in memory."""

from __future__ import annotations

import heapq
from collections.abc import Collection

import numpy as np

from goodside.album.catalog import Session, nearest_photos, read_vectors, walk_vectors
from goodside.types import FloatArray

_MOST_ASKED = 400
"""Where so many of an index do not hold enough that are there, all are compared."""


def find_similar(
    session: Session, photo_id: int, n: int, *, there: Collection[int]
) -> list[tuple[int, float]]:
    """The photographs that look most like one.

    Args:
        session: of `Catalog.read`.
        photo_id: which one.
        n: at most.
        there: row numbers of those that may be found.

    Returns:
        Row numbers with the cosine of both features, the most alike first; nothing where the
        photograph has no features.
    """
    _, own = read_vectors(session, [photo_id])
    if not len(own):
        return []
    like = own[0].astype(np.float32)
    if (near := _by_index(session, photo_id, n, like=like, there=there)) is not None:
        return near
    best: list[tuple[float, int]] = []
    for ids, vectors in walk_vectors(session):
        if vectors.shape[1:] != like.shape:
            continue
        cosines = vectors.astype(np.float32) @ like
        for at in np.argsort(-cosines, kind="stable")[: n + 1].tolist():
            one = int(ids[at])
            if one != photo_id and one in there:
                best.append((float(cosines[at]), -one))
        best = heapq.nlargest(n, best)
    return [(-one, cosine) for cosine, one in best]


def _by_index(
    session: Session, photo_id: int, n: int, *, like: FloatArray, there: Collection[int]
) -> list[tuple[int, float]] | None:
    """By the catalog's index, where it has one: more are asked for until enough are there."""
    asked = n + 1
    while (found := nearest_photos(session, like, asked)) is not None:
        ids, cosines = found
        pairs = zip(ids.tolist(), cosines.tolist(), strict=True)
        best = [(one, cosine) for one, cosine in pairs if one != photo_id and one in there]
        if len(best) >= n:
            return best[:n]
        if asked >= _MOST_ASKED:
            break
        asked *= 4
    return None
