"""Faces: where they are, their vectors, and whose they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    Row,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from goodside.album.catalog.checksums import is_sound
from goodside.album.catalog.columns import as_halves
from goodside.album.catalog.decisions import FaceRef
from goodside.album.catalog.models import AssignmentRow, FaceRow, PhotoRow
from goodside.album.catalog.photos import as_matrix
from goodside.album.catalog.readable_rows import note, readable
from goodside.album.catalog.records import Assigned, FaceFacts, FaceRecord
from goodside.types import Box, FloatArray, Pose

Which = Literal["plain", "frontal", "fused"]
_SAME = 0.5


def put_faces(
    session: Session,
    photo_id: int,
    faces: Sequence[FaceFacts],
    *,
    by: str,
    forgotten: Collection[FaceRef],
) -> None:
    """Store the faces of a photo, in place of earlier ones; the forgotten are left out.

    Args:
        session: of `Catalog.write`.
        photo_id: of `FileRecord.photo_id`; its figures are stored already.
        faces: all that were found; none is an answer too.
        by: version of the face analysis.
        forgotten: `Decisions.forgotten`.
    """
    photo = session.get_one(PhotoRow, photo_id)
    here = [ref for ref in forgotten if ref.photo == photo.sha256.hex()]
    session.execute(delete(FaceRow).where(FaceRow.photo_id == photo_id))
    photo.faces_by = by
    for face in faces:
        ref = _ref(photo.sha256, face.box, photo.width, photo.height)
        if any(ref.overlap(gone) >= _SAME for gone in here):
            continue
        session.add(
            FaceRow(
                photo_id=photo_id,
                left=face.box.left,
                top=face.box.top,
                right=face.box.right,
                bottom=face.box.bottom,
                points=face.points,
                yaw_deg=face.pose.yaw_deg,
                pitch_deg=face.pose.pitch_deg,
                roll_deg=face.pose.roll_deg,
                pose_error=face.pose.error,
                score=face.score,
                mesh_score=face.mesh_score,
                sharpness=face.sharpness,
                eyes_open=face.eyes_open,
                embedding=face.embedding,
                frontal_embedding=face.frontal_embedding,
                fused_embedding=face.fused_embedding,
                crop=face.crop,
                quality=face.quality,
            )
        )
    session.flush()


def list_faces(
    session: Session,
    *,
    person: str | None = None,
    photo_ids: Collection[int] | None = None,
    face_ids: Collection[int] | None = None,
) -> list[FaceRecord]:
    """All faces by photo content and box: the same in every file order.

    Args:
        session: of `Catalog.read`.
        person: only those of one person.
        photo_ids: only those in these photos, a few hundred at most.
        face_ids: only these, likewise.
    """
    row = FaceRow
    query = (
        select(
            row.id, row.photo_id, PhotoRow.sha256, PhotoRow.width, PhotoRow.height,
            row.left, row.top, row.right, row.bottom, row.points,
            row.yaw_deg, row.pitch_deg, row.roll_deg, row.pose_error,
            row.score, row.mesh_score, row.sharpness, row.eyes_open, row.quality,
            AssignmentRow.person, AssignmentRow.similarity, AssignmentRow.confirmed,
        )
        .join(PhotoRow, PhotoRow.id == row.photo_id)
        .outerjoin(AssignmentRow, AssignmentRow.face_id == row.id)
        .order_by(PhotoRow.sha256, row.left, row.top, row.right, row.bottom)
    )  # fmt: skip
    if person is not None:
        query = query.where(AssignmentRow.person == person)
    if photo_ids is not None:
        query = query.where(row.photo_id.in_(photo_ids))
    if face_ids is not None:
        query = query.where(row.id.in_(face_ids))
    return list(readable(session, query, outer={"assignment"}, same={"assignment"}, build=_record))


def _record(face: Row[Any]) -> FaceRecord:
    box = Box(face.left, face.top, face.right, face.bottom)
    return FaceRecord(
        id=face.id,
        photo_id=face.photo_id,
        ref=_ref(face.sha256, box, face.width, face.height),
        box=box,
        points=face.points,
        pose=Pose(face.yaw_deg, face.pitch_deg, face.roll_deg, face.pose_error),
        score=face.score,
        mesh_score=face.mesh_score,
        sharpness=face.sharpness,
        eyes_open=face.eyes_open,
        person=face.person,
        similarity=face.similarity,
        confirmed=bool(face.confirmed),
        quality=face.quality,
    )


def read_face_vectors(
    session: Session, which: Which = "fused"
) -> tuple[NDArray[np.int64], FloatArray]:
    """Row numbers (N,) of the faces that have such a vector, ascending, and (N, D) float32.

    `fused` falls back to the plain one where there is no fused one.
    """
    plain, fused = FaceRow.embedding, FaceRow.fused_embedding
    column = {
        "plain": plain,
        "frontal": FaceRow.frontal_embedding,
        "fused": func.coalesce(fused, plain),
    }[which]
    query = select(FaceRow.id, as_halves(column)).where(column.is_not(None)).order_by(FaceRow.id)
    ids, halves = as_matrix(session, query)
    return ids, halves.astype(np.float32)


def put_frontal(
    session: Session, face_id: int, *, frontal: FloatArray | None, fused: FloatArray | None
) -> None:
    """Store the vectors that rotation adds; the plain one stays."""
    session.execute(
        update(FaceRow)
        .where(FaceRow.id == face_id)
        .values(frontal_embedding=frontal, fused_embedding=fused)
    )


def read_crops(session: Session, face_ids: Iterable[int]) -> dict[int, bytes]:
    """JPEG or WebP files of the faces that have one, as they were written."""
    query = select(FaceRow.crop, is_sound(FaceRow))
    found = {}
    for face_id in face_ids:
        row = session.execute(query.where(FaceRow.id == face_id)).first()
        if row is None or row[0] is None:
            continue
        crop, sound = row
        if sound is False or type(crop) is not bytes:
            note(session, "face", face_id, "is not what was written")
        else:
            found[face_id] = crop
    return found


def put_assignments(session: Session, assigned: Iterable[Assigned]) -> None:
    """Store whose face each is, in place of everything said before."""
    session.execute(delete(AssignmentRow))
    if rows := [asdict(one) for one in assigned]:
        session.execute(insert(AssignmentRow), rows)


def reset_faces(session: Session, photo_ids: Iterable[int]) -> None:
    """Delete the faces of photos and let the next scan look for them again, where it may."""
    for photo_id in photo_ids:
        session.execute(delete(FaceRow).where(FaceRow.photo_id == photo_id))
        session.execute(update(PhotoRow).where(PhotoRow.id == photo_id).values(faces_by=None))


def _ref(sha256: bytes, box: Box, width: int | None, height: int | None) -> FaceRef:
    return FaceRef.of(sha256.hex(), box, width=width or 1, height=height or 1)
