"""The people of an album, kept while nothing about them changes."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from goodside.album.browse.state import AlbumState
from goodside.album.catalog import Catalog, FaceColumns, FaceRecord, list_faces, read_face_vectors
from goodside.album.people import Person, group_by_person
from goodside.types import FloatArray


class PeopleIndex:
    """Everybody, and who is like whom; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faces: Sequence[FaceRecord] = ()
        self._faces_of: FaceColumns | None = None
        self._people: Sequence[Person] = ()
        self._people_of: AlbumState | None = None
        self._means: tuple[Sequence[Person], FloatArray] = ((), np.zeros((0, 0), np.float32))
        self._means_of: Sequence[Person] | None = None

    def people(self, catalog: Catalog, state: AlbumState) -> list[Person]:
        """Everybody: those with a name first, then by number of faces.

        Args:
            catalog: open.
            state: of the album.
        """
        with self._lock:
            self._read(catalog, state)
            return list(self._people)

    def suggest(
        self, catalog: Catalog, state: AlbumState, key: str, n: int
    ) -> list[tuple[Person, float]]:
        """Who somebody might be, the nearest first.

        Args:
            catalog: open.
            state: of the album.
            key: whom it is about.
            n: at most.

        Returns:
            Others with their distance: one minus the cosine of both people's mean vectors, 0-2.
            Nobody who was in the same photograph, as far as is known.
        """
        with self._lock:
            self._read(catalog, state)
            if self._means_of is not self._people:
                self._means, self._means_of = _mean_vectors(catalog, self._people), self._people
            people, matrix = self._means
        place = next((at for at, one in enumerate(people) if one.key == key), None)
        if place is None:
            return []
        photos = {face.photo_id for face in people[place].faces}
        cosines = matrix @ matrix[place]
        found: list[tuple[Person, float]] = []
        for at in np.argsort(-cosines, kind="stable").tolist():
            other = people[at]
            together = any(face.photo_id in photos for face in other.faces)
            if at == place or together or other.hidden:
                continue
            found.append((other, float(1 - cosines[at])))
            if len(found) >= n:
                break
        return found

    def _read(self, catalog: Catalog, state: AlbumState) -> None:
        known = self._people_of
        if self._faces_of is not state.columns.faces:
            with catalog.read() as session:
                self._faces = list_faces(session)
            self._faces_of = state.columns.faces
            known = None
        if known is None or known.decisions is not state.decisions:
            self._people = group_by_person(self._faces, state.decisions)
        self._people_of = state


def _mean_vectors(
    catalog: Catalog, people: Sequence[Person]
) -> tuple[Sequence[Person], FloatArray]:
    """People who have a face with a vector, and (P, D) the direction of each one's mean."""
    with catalog.read() as session:
        ids, vectors = read_face_vectors(session, "fused")
    row_of = {face_id: row for row, face_id in enumerate(ids.tolist())}
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors = vectors / np.maximum(lengths, 1e-9)
    found, means = [], []
    for one in people:
        rows = [row_of[face.id] for face in one.faces if face.id in row_of]
        if rows:
            total = vectors[rows].sum(axis=0)
            found.append(one)
            means.append(total / max(float(np.linalg.norm(total)), 1e-9))
    matrix = np.stack(means) if means else np.zeros((0, 0), np.float32)
    return found, matrix.astype(np.float32)
