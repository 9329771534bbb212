"""Photos: figures, thumbnails, assessments, and where they come from."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    Select,
    bindparam,
    delete,
    func,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from goodside.album.catalog.checksums import is_sound
from goodside.album.catalog.chronology import in_chronological_order
from goodside.album.catalog.columns import as_halves
from goodside.album.catalog.metadata import list_descriptions
from goodside.album.catalog.models import (
    AssessmentRow,
    Base,
    FileRow,
    PhotoRow,
    ThumbnailRow,
)
from goodside.album.catalog.readable_rows import note, readable
from goodside.album.catalog.records import (
    Description,
    NoteRecord,
    PhotoFacts,
    PhotoRecord,
    Source,
    StoredAssessment,
)
from goodside.album.catalog.upsert import put_row
from goodside.types import Aesthetic, FloatArray, HalfArray

_BATCH = 500
_TAKEN = (
    "orientation", "taken_at", "taken_offset_min", "camera", "lens", "exposure_s", "f_number",
    "iso", "bias_ev", "focal_mm", "latitude_deg", "longitude_deg",
)  # fmt: skip
_FACTS = tuple(field.name for field in fields(PhotoFacts))


_TABLES = Base.metadata.tables
_SET_FACTS = update(_TABLES["photo"]).where(_TABLES["photo"].c.id == bindparam("photo"))


def put_facts(
    session: Session,
    photo_id: int,
    facts: PhotoFacts,
    *,
    thumbnail: bytes | None,
    by: str,
    source: Source | None = None,
) -> None:
    """Store figures and thumbnail of a photo, in place of earlier ones.

    Args:
        session: of `Catalog.write`.
        photo_id: of `FileRecord.photo_id`.
        facts: all of them.
        thumbnail: a whole JPEG or WebP file.
        by: version of what measured.
        source: what tells an original from its copies; the size is that of the file.
    """
    values = {name: getattr(facts, name) for name in _FACTS}
    source = source or Source()
    values |= {"program": source.program, "spectrum": source.spectrum}
    session.execute(_SET_FACTS, {**values, "measured_by": by, "photo": photo_id})
    if thumbnail is None:
        session.execute(delete(ThumbnailRow).where(ThumbnailRow.photo_id == photo_id))
    else:
        session.execute(
            put_row(session, _TABLES["thumbnail"]), {"photo_id": photo_id, "jpeg": thumbnail}
        )


def put_taken_facts(session: Session, photo_id: int, facts: PhotoFacts) -> None:
    """Store what a photo's metadata say by now of when, where and with what it was taken.

    Args:
        session: of `Catalog.write`.
        photo_id: of `FileRecord.photo_id`.
        facts: whose measured figures do not matter.
    """
    values = {name: getattr(facts, name) for name in _TAKEN}
    session.execute(_SET_FACTS, {**values, "photo": photo_id})


def reset_figures(session: Session, photo_ids: Collection[int]) -> None:
    """Let photos be measured, and looked at for faces, again by the next scan."""
    for some in batched(photo_ids):
        session.execute(
            update(PhotoRow).where(PhotoRow.id.in_(some)).values(measured_by=None, faces_by=None)
        )


def put_judged(
    session: Session, photo_id: int, judged: StoredAssessment, *, embedding: FloatArray | None
) -> None:
    """Store an assessment, in place of an earlier one.

    Args:
        session: of `Catalog.write`.
        photo_id: of `FileRecord.photo_id`.
        judged: what the network says.
        embedding: (D,) float32, unit length.
    """
    aesthetic = judged.aesthetic
    values = {
        "photo_id": photo_id,
        "model": judged.model,
        "score": aesthetic.score,
        "std": aesthetic.std,
        "high_quality": aesthetic.high_quality,
        "percentile": aesthetic.percentile,
        "distribution": list(aesthetic.distribution),
        "tags": dict(judged.tags),
        "technical": judged.technical,
        "words": dict(judged.words),
        "attributes": dict(judged.attributes) or None,
        "embedding": embedding,
    }
    session.execute(put_row(session, _TABLES["assessment"]), values)


def photo_id(session: Session, sha256: str) -> int:
    """The row number of a content that `put_file` has named."""
    return session.scalars(
        select(PhotoRow.id).where(PhotoRow.sha256 == bytes.fromhex(sha256))
    ).one()


def photo_ids(session: Session) -> dict[str, int]:
    """sha256 (hexadecimal) of every content ever seen, to its row number."""
    return {sha.hex(): id_ for sha, id_ in session.execute(select(PhotoRow.sha256, PhotoRow.id))}


def list_cut_short(session: Session) -> list[NoteRecord]:
    """Photographs of which a part is missing, by path, with what is known of it."""
    query = (
        select(FileRow.id, FileRow.path, PhotoRow.notes)
        .join(PhotoRow, PhotoRow.id == FileRow.photo_id)
        .where(
            FileRow.missing_since.is_(None),
            FileRow.main_id.is_(None),
            PhotoRow.incomplete == true(),
        )
        .order_by(FileRow.path)
    )
    return [
        NoteRecord(path, f"{notes or 'cut short'} (read, but never picked)")
        for _, path, notes in readable(session, query)
    ]


def list_photos(session: Session, *, gone: bool = False) -> list[PhotoRecord]:
    """Photos of which a file is there, by the instant of capture, then by path.

    Args:
        session: of `Catalog.read`.
        gone: also those whose files are all missing; their `paths` are empty.
    """
    return in_chronological_order(_records(session, None, gone=gone))


def read_photos(session: Session, photo_ids: Collection[int]) -> list[PhotoRecord]:
    """Photos of these row numbers of which a file is there, in any order.

    Their `instant` is not known: it depends on all photos of the album.

    Args:
        session: of `Catalog.read`.
        photo_ids: any number of them.
    """
    return [record for some in batched(photo_ids) for record in _records(session, some)]


def _records(
    session: Session, photo_ids: Collection[int] | None, *, gone: bool = False
) -> list[PhotoRecord]:
    paths: dict[int, list[Path]] = {}
    held = select(FileRow.photo_id, FileRow.path, FileRow.main_id).where(
        FileRow.missing_since.is_(None), FileRow.role == "photo"
    )
    judgements = select(
        *(column for column in AssessmentRow.__table__.columns if column.key != "embedding")
    )
    columns = [getattr(PhotoRow, name) for name in _FACTS]
    photos = select(PhotoRow.id, PhotoRow.sha256, *columns)
    if photo_ids is not None:
        held = held.where(FileRow.photo_id.in_(photo_ids))
        judgements = judgements.where(AssessmentRow.photo_id.in_(photo_ids))
        photos = photos.where(PhotoRow.id.in_(photo_ids))
    # By the order of paths, or by `main_id`, SQLite would walk over all files to find a few.
    for photo_id, path, main_id in session.execute(held):
        if photo_id is not None and main_id is None:
            paths.setdefault(photo_id, []).append(path)
    for theirs in paths.values():
        theirs.sort(key=os.fsencode)
    judged = {
        row.photo_id: StoredAssessment(
            row.model,
            Aesthetic(
                row.score, row.std, tuple(row.distribution), row.high_quality, row.percentile
            ),
            _interned(row.tags),
            row.technical,
            _interned(row.words or {}),
            attributes=_interned(row.attributes or {}),
        )
        for row in readable(session, judgements)
    }
    described = list_descriptions(session, photo_ids=photo_ids)
    return [
        PhotoRecord(
            id=id_,
            sha256=sha256.hex(),
            paths=tuple(paths.get(id_, ())),
            facts=PhotoFacts(*values),
            judged=judged.get(id_),
            description=described.get(id_, Description()),
        )
        for id_, sha256, *values in readable(session, photos)
        if gone or id_ in paths
    ]


def _interned(chances: Mapping[str, float]) -> dict[str, float]:
    return {sys.intern(label): probability for label, probability in chances.items()}


def read_thumbnails(session: Session, photo_ids: Iterable[int]) -> dict[int, bytes]:
    """JPEG or WebP files of the photos that have one, as they were written."""
    query = select(ThumbnailRow.photo_id, ThumbnailRow.jpeg, is_sound(ThumbnailRow))
    found = {}
    for some in batched(photo_ids):
        for photo_id, jpeg, sound in session.execute(query.where(ThumbnailRow.photo_id.in_(some))):
            if sound is False or type(jpeg) is not bytes:
                note(session, "thumbnail", photo_id, "is not what was written")
            else:
                found[photo_id] = jpeg
    return found


def read_vectors(
    session: Session, photo_ids: Collection[int] | None = None
) -> tuple[NDArray[np.int64], HalfArray]:
    """Row numbers (N,) of the photos that have a vector, ascending, and the vectors as stored.

    Args:
        session: of `Catalog.read`.
        photo_ids: of these only, a few hundred at most; by default of all.

    Returns:
        (N,) and (N, D) float16, each row of unit length: 100,000 of 1280 take 256 MB. Compute with
        them in float32.
    """
    query = (
        select(AssessmentRow.photo_id, as_halves(AssessmentRow.embedding))
        .where(AssessmentRow.embedding.is_not(None))
        .order_by(AssessmentRow.photo_id)
    )
    if photo_ids is not None:
        query = query.where(AssessmentRow.photo_id.in_(photo_ids))
    return as_matrix(session, query)


def walk_vectors(
    session: Session, *, at_once: int = 4096
) -> Iterator[tuple[NDArray[np.int64], HalfArray]]:
    """All vectors of photos in portions of at most `at_once`, as `read_vectors` gives them."""
    query = (
        select(AssessmentRow.photo_id, as_halves(AssessmentRow.embedding))
        .where(AssessmentRow.embedding.is_not(None), AssessmentRow.photo_id > bindparam("after"))
        .order_by(AssessmentRow.photo_id)
        .limit(at_once)
    )
    last = -1
    while rows := session.execute(query, {"after": last}).all():
        first, last = rows[0][0], rows[-1][0]
        size = len(rows[0][1]) if type(rows[0][1]) is bytes else 1
        if size % 2 or any(type(blob) is not bytes or len(blob) != size for _, blob in rows):
            some = (AssessmentRow.photo_id >= first, AssessmentRow.photo_id <= last)
            yield as_matrix(session, query.params(after=-1).where(*some))
        else:
            flat = np.frombuffer(b"".join(blob for _, blob in rows), dtype="<f2")
            yield np.array([one for one, _ in rows], dtype=np.int64), flat.reshape(len(rows), -1)


def as_matrix(
    session: Session, query: Select[*tuple[Any, ...]]
) -> tuple[NDArray[np.int64], HalfArray]:
    """Row numbers (N,) and float16 blobs as (N, D); (0, 0) for no row.

    Vectors of another length than most are left out, and noted as damaged unless other weights
    gave them.
    """
    ids, blobs, sizes = list[int](), bytearray(), list[int]()
    for row_id, blob in readable(session, query):
        ids.append(row_id)
        blobs += blob
        sizes.append(len(blob))
    if len(set(sizes)) > 1 or any(size % 2 for size in sizes[:1]):
        ids, blobs = _of_one_size(session, query, ids, blobs, sizes)
    flat = np.frombuffer(blobs, dtype="<f2")
    return np.array(ids, dtype=np.int64), flat.reshape(len(ids), len(flat) // max(len(ids), 1))


def _of_one_size(
    session: Session,
    query: Select[*tuple[Any, ...]],
    ids: list[int],
    blobs: bytearray,
    sizes: list[int],
) -> tuple[list[int], bytearray]:
    """Those of the size that most have."""
    ((usual, _),) = Counter(size for size in sizes if size % 2 == 0).most_common(1) or [(0, 0)]
    kept, parts, at = list[int](), bytearray(), 0
    table = query.column_descriptions[0]["expr"].table.name
    by_others = _by_other_weights(session, ids, sizes, usual) if table == "assessment" else set()
    for row_id, size in zip(ids, sizes, strict=True):
        if usual and size == usual:
            kept.append(row_id)
            parts += blobs[at : at + size]
        elif row_id not in by_others:
            note(session, table, row_id, "its vector has another length")
        at += size
    return kept, parts


def _by_other_weights(
    session: Session, photo_ids: list[int], sizes: list[int], usual: int
) -> set[int]:
    """Photos with a vector of another size that other weights judged than the first usual one:
    an album whose weights were changed has both until it is scanned again.
    """
    first = next((one for one, size in zip(photo_ids, sizes, strict=True) if size == usual), None)
    model = session.scalar(select(AssessmentRow.model).where(AssessmentRow.photo_id == first))
    odd = [one for one, size in zip(photo_ids, sizes, strict=True) if size != usual]
    return {
        one
        for some in batched(odd)
        for one in session.scalars(
            select(AssessmentRow.photo_id).where(
                AssessmentRow.photo_id.in_(some), AssessmentRow.model != model
            )
        )
    }


def batched(photo_ids: Iterable[int]) -> Iterator[list[int]]:
    """Row numbers in portions for one query each."""
    left = iter(photo_ids)
    while some := list(islice(left, _BATCH)):
        yield some


def read_sources(session: Session, photo_ids: Iterable[int]) -> dict[int, Source]:
    """What tells originals from copies; photos of which no file is known are left out."""
    query = (
        select(PhotoRow.id, func.max(FileRow.size), PhotoRow.program, PhotoRow.spectrum)
        .join(FileRow, FileRow.photo_id == PhotoRow.id)
        .group_by(PhotoRow.id)
    )
    return {
        photo_id: Source(size_bytes, program, spectrum)
        for some in batched(photo_ids)
        for photo_id, size_bytes, program, spectrum in readable(
            session, query.where(PhotoRow.id.in_(some))
        )
    }
