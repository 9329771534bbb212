"""The people of an album, kept while nothing about them changes."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from goodside.album.browse.state import AlbumState
from goodside.album.catalog import Catalog, FaceColumns, FaceRecord, list_faces, read_face_vectors
from goodside.album.people import (
    LikelyMatch,
    LikenessTable,
    Person,
    find_likely_matches,
    group_by_person,
)
from goodside.album.people.frontal_vectors import vectors_by_face


class PeopleIndex:
    """Everybody, and who looks like whom; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faces: Sequence[FaceRecord] = ()
        self._faces_of: FaceColumns | None = None
        self._people: Sequence[Person] = ()
        self._people_of: AlbumState | None = None
        self._table: LikenessTable | None = None
        self._table_of: Sequence[Person] | None = None
        self._matches: Mapping[str, tuple[LikelyMatch, ...]] = {}
        self._matches_of: LikenessTable | None = None

    def people(self, catalog: Catalog, state: AlbumState) -> list[Person]:
        """Everybody: those with a name first, then by number of faces.

        Args:
            catalog: open.
            state: of the album.
        """
        with self._lock:
            self._read(catalog, state)
            return list(self._people)

    def nearest(
        self, catalog: Catalog, state: AlbumState, key: str, n: int
    ) -> list[tuple[Person, float]]:
        """Who somebody might be, with the distance; see `LikenessTable.nearest`.

        Args:
            catalog: open.
            state: of the album.
            key: whom it is about.
            n: how many at most.
        """
        with self._lock:
            table = self._likeness(catalog, state)
        return table.nearest(key, n)

    def likely_matches(
        self, catalog: Catalog, state: AlbumState
    ) -> Mapping[str, tuple[LikelyMatch, ...]]:
        """Whom each person without a name may be; see `find_likely_matches`.

        Args:
            catalog: open.
            state: of the album.
        """
        with self._lock:
            table = self._likeness(catalog, state)
            if self._matches_of is not table:
                self._matches, self._matches_of = find_likely_matches(table), table
            return self._matches

    def _likeness(self, catalog: Catalog, state: AlbumState) -> LikenessTable:
        self._read(catalog, state)
        if self._table is None or self._table_of is not self._people:
            with catalog.read() as session:
                vectors = vectors_by_face(*read_face_vectors(session, "fused"))
            decided = state.decisions.on(face.ref for face in self._faces)
            self._table = LikenessTable.of(self._people, vectors, not_person=decided.not_person)
            self._table_of = self._people
        return self._table

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
