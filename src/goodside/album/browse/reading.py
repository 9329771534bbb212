"""Photographs of an album read one by one, with all that is known of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np

from goodside.album.album_photo import AlbumContext, AlbumPhoto, gather_photos
from goodside.album.browse.columns import AlbumColumns
from goodside.album.browse.decided_columns import DecidedColumns
from goodside.album.catalog import (
    Decisions,
    FaceRecord,
    FaceRef,
    Session,
    batched,
    list_faces,
    list_groups,
    read_photos,
    read_vectors,
)
from goodside.album.people import apply_decisions
from goodside.types import HalfArray


@dataclass(frozen=True)
class DecidedFaces:
    """What was decided about faces, by the photograph that they are in.

    Attributes:
        decisions: all of them.
    """

    decisions: Decisions
    _faces: Mapping[str, list[tuple[FaceRef, str]]] = field(init=False)
    _not: Mapping[str, list[tuple[FaceRef, str]]] = field(init=False)
    _rejected: Mapping[str, list[FaceRef]] = field(init=False)

    def __post_init__(self) -> None:
        faces: dict[str, list[tuple[FaceRef, str]]] = {}
        denied: dict[str, list[tuple[FaceRef, str]]] = {}
        rejected: dict[str, list[FaceRef]] = {}
        for face, person in self.decisions.faces.items():
            faces.setdefault(face.photo, []).append((face, person))
        for face, person in self.decisions.not_person:
            denied.setdefault(face.photo, []).append((face, person))
        for face in self.decisions.rejected_faces:
            rejected.setdefault(face.photo, []).append(face)
        for name, value in (("_faces", faces), ("_not", denied), ("_rejected", rejected)):
            object.__setattr__(self, name, value)

    def about(self, contents: Iterable[str]) -> Decisions:
        """The decisions, of those about faces only what concerns some photographs."""
        some = list(dict.fromkeys(contents))
        return replace(
            self.decisions,
            faces={face: who for one in some for face, who in self._faces.get(one, ())},
            not_person=frozenset(pair for one in some for pair in self._not.get(one, ())),
            rejected_faces=frozenset(face for one in some for face in self._rejected.get(one, ())),
            forgotten=frozenset(),
        )


def read_photos_of(
    session: Session,
    ids: Sequence[int],
    *,
    columns: AlbumColumns,
    decided: DecidedColumns,
    faces: DecidedFaces,
    vectors: bool = False,
) -> list[AlbumPhoto]:
    """Photographs by row number, in that order; those that are gone are left out.

    Args:
        session: of `Catalog.read`.
        ids: of the catalog.
        columns, decided: the state of the album.
        faces: decisions about faces of the same state.
        vectors: read their features too.
    """
    wanted = [one for one in dict.fromkeys(ids) if one in columns.row_of]
    found: dict[int, AlbumPhoto] = {}
    for some in batched(wanted):
        photos = [
            replace(photo, instant=_instant(columns, photo.id))
            for photo in read_photos(session, some)
        ]
        there = list_faces(session, photo_ids=some)
        about = faces.about(photo.sha256 for photo in photos).on(face.ref for face in there)
        found |= {
            shot.photo.id: shot
            for shot in gather_photos(
                photos,
                faces=there,
                groups=list_groups(session, photo_ids=some),
                vectors=_vectors(session, some) if vectors else {},
                context=AlbumContext(about, decided.vocabulary),
            )
        }
    return [found[one] for one in wanted if one in found]


def read_decided_faces(
    session: Session,
    faces: DecidedFaces,
    *,
    face_ids: Collection[int] | None = None,
    photo_ids: Collection[int] | None = None,
) -> list[FaceRecord]:
    """Faces by row number, or those in photographs, with decisions applied.

    Args:
        session: of `Catalog.read`.
        faces: decisions about faces.
        face_ids: of the faces.
        photo_ids: of the photographs, where no faces are named.
    """
    found: list[FaceRecord] = []
    if face_ids is not None:
        for some in batched(face_ids):
            found += list_faces(session, face_ids=some)
    else:
        for some in batched(photo_ids or ()):
            found += list_faces(session, photo_ids=some)
    return apply_decisions(found, faces.about(face.ref.photo for face in found))


def _vectors(session: Session, ids: Collection[int]) -> dict[int, HalfArray]:
    rows, matrix = read_vectors(session, ids)
    return dict(zip(rows.tolist(), matrix, strict=True))


def _instant(columns: AlbumColumns, photo_id: int) -> datetime | None:
    moment = columns.photos.instants[columns.row_of[photo_id]]
    if np.isnat(moment):
        return None
    found: datetime = moment.astype(datetime)
    return found.replace(tzinfo=UTC)
