"""Average linkage under constraints: clusters are joined while their faces are similar enough.

The similarity of two clusters is the mean cosine of their faces, one from each: the product of the
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

_BLOCK_SIZE = 8_000_000
"""Cosines computed at a time: 32 MB."""


def link_faces(
    vectors: FloatArray,
    *,
    weights: FloatArray,
    photos: Sequence[int],
    must_link: Sequence[Sequence[int]],
    people: Sequence[int],
    cannot_link: Iterable[tuple[int, int]],
    threshold: float,
) -> list[list[int]]:
    """Join faces into clusters.

    Never joined are clusters that share a photo, that are two different people, or of which one
    holds a face that cannot be linked to the other's person. Equal input gives equal output; ties
    go to the cluster whose first face comes first.

    Args:
        vectors: (N, D) float32 unit vectors.
        weights: (N,) float32, positive: how much each face counts in the mean.
        photos: (N,) the photo each face is in.
        must_link: disjoint sets of faces that belong together from the start; others begin alone.
        people: the person of each of these sets, -1 for none; no person twice.
        cannot_link: (face, person) that must not come together.
        threshold: mean cosine down to which clusters are joined.

    Returns:
        Faces of every cluster, ascending; clusters by their first face.
    """
    state = _Clustering(
        vectors,
        weights=weights,
        photos=photos,
        must_link=must_link,
        people=people,
        cannot_link=cannot_link,
    )
    state.join_all(threshold)
    return state.clusters()


class _Clustering:
    """Clusters named by their first face, their vectors' sums, and who is nearest to whom."""

    def __init__(
        self,
        vectors: FloatArray,
        *,
        weights: FloatArray,
        photos: Sequence[int],
        must_link: Sequence[Sequence[int]],
        people: Sequence[int],
        cannot_link: Iterable[tuple[int, int]],
    ) -> None:
        count = len(vectors)
        self._sums = vectors * weights[:, None]
        self._sizes = weights.copy()
        self._members = {face: [face] for face in range(count)}
        self._photos = {face: {photo} for face, photo in enumerate(photos)}
        self._in_photo: defaultdict[int, set[int]] = defaultdict(set)
        for face, photo in enumerate(photos):
            self._in_photo[photo].add(face)
        self._person_of = dict.fromkeys(range(count), -1)
        self._cluster_of: dict[int, int] = {}
        self._cannot_link: defaultdict[int, set[int]] = defaultdict(set)
        self._excluded_from: defaultdict[int, set[int]] = defaultdict(set)
        for face, person in cannot_link:
            self._cannot_link[face].add(person)
            self._excluded_from[person].add(face)
        self._nearest = np.full(count, -1)
        self._nearest_cosine = np.full(count, -np.inf, np.float32)
        for part, person in zip(must_link, people, strict=True):
            first, *others = sorted(part)
            for other in others:
                self._join(first, other)
            if person >= 0:
                self._person_of[first] = person
                self._cluster_of[person] = first

    def clusters(self) -> list[list[int]]:
        return [sorted(self._members[cluster]) for cluster in sorted(self._members)]

    def join_all(self, threshold: float) -> None:
        """Join nearest neighbours until no two clusters reach the threshold."""
        live = np.array(sorted(self._members), np.intp)
        stale = live
        while len(stale):
            self._find_nearest(stale, among=live)
            live = live[self._nearest_cosine[live] >= threshold]
            pairs = self._mutual_pairs(live)
            for kept, gone in pairs:
                self._join(kept, gone)
            touched = np.array(pairs, np.intp).reshape(-1, 2)
            live = np.setdiff1d(live, touched[:, 1], assume_unique=True)
            stale = live[np.isin(live, touched[:, 0]) | np.isin(self._nearest[live], touched)]

    def _find_nearest(self, clusters: NDArray[np.intp], *, among: NDArray[np.intp]) -> None:
        """Find the nearest allowed neighbour of each cluster."""
        others = self._sums[among] / self._sizes[among, None]
        step = max(1, _BLOCK_SIZE // max(1, len(among)))
        for start in range(0, len(clusters), step):
            rows = clusters[start : start + step]
            cosines = (self._sums[rows] / self._sizes[rows, None]) @ others.T
            for index, cluster in enumerate(rows):
                forbidden = np.fromiter(self._forbidden_clusters(int(cluster)), np.intp)
                columns = np.searchsorted(among, forbidden)
                cosines[index, columns[among.take(columns, mode="clip") == forbidden]] = -np.inf
            nearest = cosines.argmax(axis=1)
            self._nearest[rows] = among[nearest]
            self._nearest_cosine[rows] = cosines[np.arange(len(rows)), nearest]

    def _mutual_pairs(self, live: NDArray[np.intp]) -> list[tuple[int, int]]:
        """Pairs that are each other's nearest; where rounding hides every one, the nearest pair."""
        pairs = [
            (int(one), int(other))
            for one, other in zip(live, self._nearest[live], strict=True)
            if one < other and self._nearest[other] == one
        ]
        if not pairs and len(live):
            one = int(live[self._nearest_cosine[live].argmax()])
            other = int(self._nearest[one])
            pairs = [(min(one, other), max(one, other))]
        return pairs

    def _forbidden_clusters(self, cluster: int) -> Iterator[int]:
        yield cluster
        for photo in self._photos[cluster]:
            yield from self._in_photo[photo]
        if (person := self._person_of[cluster]) >= 0:
            yield from self._cluster_of.values()
            yield from self._excluded_from.get(person, ())
        for person in self._cannot_link.get(cluster, ()):
            if person in self._cluster_of:
                yield self._cluster_of[person]

    def _join(self, kept: int, gone: int) -> None:
        self._sums[kept] += self._sums[gone]
        self._sizes[kept] += self._sizes[gone]
        self._members[kept] += self._members.pop(gone)
        photos = self._photos.pop(gone)
        self._photos[kept] |= photos
        for photo in photos:
            self._in_photo[photo].discard(gone)
            self._in_photo[photo].add(kept)
        if (person := self._person_of.pop(gone)) >= 0:
            self._person_of[kept] = person
            self._cluster_of[person] = kept
        for excluding in self._cannot_link.pop(gone, set()):
            self._cannot_link[kept].add(excluding)
            self._excluded_from[excluding].discard(gone)
            self._excluded_from[excluding].add(kept)
