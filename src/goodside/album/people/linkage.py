"""Average linkage under constraints: clusters joined while their faces are alike enough.

The likeness of two clusters is the mean cosine of their faces, one from each: the product of the
sums of their weighted unit vectors over that of the sums of their weights. Every round joins all
pairs that are each other's nearest allowed neighbour. Because a joined cluster is never nearer to a
third one than the nearer of its parts was (and what was forbidden stays so), this gives the tree of
the usual algorithm that joins one nearest pair at a time (Murtagh, 1983), and a cluster has to look
for its neighbour again only if that one was joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from goodside.types import FloatArray

_BLOCK = 8_000_000
"""Likenesses computed at a time: 32 MB."""


def link(
    vectors: FloatArray,
    *,
    weights: FloatArray,
    photos: Sequence[int],
    parts: Sequence[Sequence[int]],
    persons: Sequence[int],
    denied: Iterable[tuple[int, int]],
    threshold: float,
) -> list[list[int]]:
    """Join faces into clusters.

    Never joined are clusters that share a photo, that are two different persons, or of which one
    holds a face that is denied to the other's person. Equal input gives equal output; ties go to
    the cluster whose least face comes first.

    Args:
        vectors: (N, D) float32 unit vectors.
        weights: (N,) float32, positive: how much each face counts in the mean.
        photos: (N,) the photo each face is in.
        parts: disjoint sets of faces that belong together from the start; others begin alone.
        persons: the person of each part, -1 for none; different parts, different persons.
        denied: (face, person) that must not come together.
        threshold: mean cosine down to which clusters are joined.

    Returns:
        Faces of every cluster, ascending; clusters by their least face.
    """
    state = _State(
        vectors, weights=weights, photos=photos, parts=parts, persons=persons, denied=denied
    )
    state.join_all(threshold)
    return state.clusters()


class _State:
    """Clusters named by their least face, their vectors' sums, and who is nearest to whom."""

    def __init__(
        self,
        vectors: FloatArray,
        *,
        weights: FloatArray,
        photos: Sequence[int],
        parts: Sequence[Sequence[int]],
        persons: Sequence[int],
        denied: Iterable[tuple[int, int]],
    ) -> None:
        count = len(vectors)
        self._sums = vectors * weights[:, None]
        self._sizes = weights.copy()
        self._members = {face: [face] for face in range(count)}
        self._photos = {face: {photo} for face, photo in enumerate(photos)}
        self._in_photo: defaultdict[int, set[int]] = defaultdict(set)
        for face, photo in enumerate(photos):
            self._in_photo[photo].add(face)
        self._person = dict.fromkeys(range(count), -1)
        self._place: dict[int, int] = {}
        self._denied: defaultdict[int, set[int]] = defaultdict(set)
        self._deniers: defaultdict[int, set[int]] = defaultdict(set)
        for face, person in denied:
            self._denied[face].add(person)
            self._deniers[person].add(face)
        self._best = np.full(count, -1)
        self._score = np.full(count, -np.inf, np.float32)
        for part, person in zip(parts, persons, strict=True):
            first, *others = sorted(part)
            for other in others:
                self._join(first, other)
            if person >= 0:
                self._person[first] = person
                self._place[person] = first

    def clusters(self) -> list[list[int]]:
        return [sorted(self._members[cluster]) for cluster in sorted(self._members)]

    def join_all(self, threshold: float) -> None:
        """Join nearest neighbours until none is at least so alike."""
        live = np.array(sorted(self._members), np.intp)
        stale = live
        while len(stale):
            self._look(stale, among=live)
            live = live[self._score[live] >= threshold]
            pairs = self._mutual(live)
            for kept, gone in pairs:
                self._join(kept, gone)
            touched = np.array(pairs, np.intp).reshape(-1, 2)
            live = np.setdiff1d(live, touched[:, 1], assume_unique=True)
            stale = live[np.isin(live, touched[:, 0]) | np.isin(self._best[live], touched)]

    def _look(self, clusters: NDArray[np.intp], *, among: NDArray[np.intp]) -> None:
        """Find the nearest allowed neighbour of each cluster."""
        others = self._sums[among] / self._sizes[among, None]
        step = max(1, _BLOCK // max(1, len(among)))
        for start in range(0, len(clusters), step):
            rows = clusters[start : start + step]
            alike = (self._sums[rows] / self._sizes[rows, None]) @ others.T
            for index, cluster in enumerate(rows):
                never = np.fromiter(self._forbidden(int(cluster)), np.intp)
                columns = np.searchsorted(among, never)
                alike[index, columns[among.take(columns, mode="clip") == never]] = -np.inf
            nearest = alike.argmax(axis=1)
            self._best[rows] = among[nearest]
            self._score[rows] = alike[np.arange(len(rows)), nearest]

    def _mutual(self, live: NDArray[np.intp]) -> list[tuple[int, int]]:
        """Pairs that are each other's nearest; where rounding hides every one, the nearest pair."""
        pairs = [
            (int(one), int(other))
            for one, other in zip(live, self._best[live], strict=True)
            if one < other and self._best[other] == one
        ]
        if not pairs and len(live):
            one = int(live[self._score[live].argmax()])
            other = int(self._best[one])
            pairs = [(min(one, other), max(one, other))]
        return pairs

    def _forbidden(self, cluster: int) -> Iterator[int]:
        yield cluster
        for photo in self._photos[cluster]:
            yield from self._in_photo[photo]
        if (person := self._person[cluster]) >= 0:
            yield from self._place.values()
            yield from self._deniers.get(person, ())
        for person in self._denied.get(cluster, ()):
            if person in self._place:
                yield self._place[person]

    def _join(self, kept: int, gone: int) -> None:
        self._sums[kept] += self._sums[gone]
        self._sizes[kept] += self._sizes[gone]
        self._members[kept] += self._members.pop(gone)
        photos = self._photos.pop(gone)
        self._photos[kept] |= photos
        for photo in photos:
            self._in_photo[photo].discard(gone)
            self._in_photo[photo].add(kept)
        if (person := self._person.pop(gone)) >= 0:
            self._person[kept] = person
            self._place[person] = kept
        for denied in self._denied.pop(gone, set()):
            self._denied[kept].add(denied)
            self._deniers[denied].discard(gone)
            self._deniers[denied].add(kept)
