"""All photographs of a catalog in columns: read quickly, a value a photograph and no objects."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from goodside.album.catalog.models import (
    AssessmentRow,
    AssignmentRow,
    FaceRow,
    FileRow,
    PhotoRow,
)
from goodside.album.catalog.readable_rows import readable

_FIRST_US, _LAST_US = (
    int(np.datetime64(moment, "us").astype(np.int64)) for moment in (datetime.min, datetime.max)
)
NO_TIME = np.iinfo(np.int64).min
"""`NaT` as a number."""


@dataclass(frozen=True, slots=True)
class PhotoColumns:
    """The photographs of which a file is there, by the instant of capture, then by path.

    Attributes:
        ids: (N,) row numbers.
        contents: sha256 of each.
        sizes: (N, 2) width and height, px; 0: not known.
        taken: (N,) datetime64[us], by the camera's clock; NaT: not known.
        instants: (N,) datetime64[us], in UTC as `PhotoRecord.instant`; NaT: not known.
        cameras: names, or None.
        scores: (N,) float64, 1-10; NaN: not assessed.
        percentiles: (N,) float64, 0-100; NaN: not assessed.
        technicals: (N,) float64 technical quality, 1-10; NaN: not measured.
        paths: of the files that hold each, as text, the first by name first.
        labels: labels and words of the network that have a place in `label_rows`.
        label_rows: (E,) place of a photograph, for each label that it was given.
        label_codes: (E,) place in `labels`.
    """

    ids: NDArray[np.int64]
    contents: tuple[str, ...]
    sizes: NDArray[np.int32]
    taken: NDArray[np.datetime64]
    instants: NDArray[np.datetime64]
    cameras: tuple[str | None, ...]
    scores: NDArray[np.float64]
    percentiles: NDArray[np.float64]
    technicals: NDArray[np.float64]
    paths: tuple[tuple[str, ...], ...]
    labels: tuple[str, ...]
    label_rows: NDArray[np.int32]
    label_codes: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class FaceColumns:
    """All faces of a catalog.

    Attributes:
        ids: (F,) row numbers.
        photo_ids: (F,) of the photos they are in.
        people: key of whose face each is, as computed; None: nobody's.
    """

    ids: NDArray[np.int64]
    photo_ids: NDArray[np.int64]
    people: tuple[str | None, ...]


def read_photo_columns(session: Session, *, min_share: float) -> PhotoColumns:
    """Read all photographs.

    Args:
        session: of `Catalog.read`.
        min_share: probability from which a label of the network is told; a word always is.
    """
    paths: dict[int, list[str]] = {}
    held = (
        select(FileRow.photo_id, FileRow.path)
        .where(FileRow.missing_since.is_(None), FileRow.role == "photo")
        .where(FileRow.main_id.is_(None), FileRow.photo_id.is_not(None))
        .order_by(FileRow.path)
    )
    for photo_id, path in _raw(session, held):
        if type(path) is bytes:
            paths.setdefault(photo_id, []).append(os.fsdecode(path))
    photo = PhotoRow
    query = select(
        photo.id, photo.sha256, photo.width, photo.height, photo.taken_at,
        photo.taken_offset_min, photo.camera,
    )  # fmt: skip
    rows = [
        row
        for row in _raw(session, query)
        if row[0] in paths and type(row[1]) is bytes and (row[6] is None or type(row[6]) is str)
    ]
    taken = _moments([row[4] for row in rows])
    offsets = [row[5] if type(row[5]) is int else None for row in rows]
    instants = _instants(taken, offsets)
    order = sorted(
        range(len(rows)),
        key=lambda at: (instants[at] == NO_TIME, instants[at], paths[rows[at][0]][0]),
    )
    rows = [rows[at] for at in order]
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    return _with_assessments(
        session,
        ids,
        min_share=min_share,
        contents=tuple(row[1].hex() for row in rows),
        sizes=np.array(
            [[_whole(row[2]), _whole(row[3])] for row in rows], dtype=np.int32
        ).reshape(-1, 2),
        taken=_as_times(taken[order]),
        instants=_as_times(instants[order]),
        cameras=tuple(row[6] for row in rows),
        paths=tuple(tuple(paths[row[0]]) for row in rows),
    )  # fmt: skip


def read_face_columns(session: Session) -> FaceColumns:
    """Read whose faces are in which photographs, as computed."""
    query = (
        select(FaceRow.id, FaceRow.photo_id, AssignmentRow.person)
        .outerjoin(AssignmentRow, AssignmentRow.face_id == FaceRow.id)
        .order_by(FaceRow.id)
    )
    rows = list(readable(session, query, outer={"assignment"}, same={"assignment"}))
    return FaceColumns(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=np.int64),
        tuple(row[2] for row in rows),
    )


def _with_assessments(
    session: Session, ids: NDArray[np.int64], *, min_share: float, **columns: Any
) -> PhotoColumns:
    place = {photo_id: at for at, photo_id in enumerate(ids.tolist())}
    scores, percentiles, technicals = np.full((3, len(ids)), np.nan)
    codes: dict[str, int] = {}
    rows, given = list[int](), list[int]()
    query = select(
        AssessmentRow.photo_id, AssessmentRow.score, AssessmentRow.percentile,
        AssessmentRow.technical, AssessmentRow.tags, AssessmentRow.words,
    )  # fmt: skip
    for photo_id, score, percentile, technical, tags, words in readable(session, query):
        at = place.get(photo_id)
        if at is None:
            continue
        scores[at], percentiles[at] = score, percentile
        technicals[at] = np.nan if technical is None else technical
        sure = words or {}
        for label, share in {**tags, **sure}.items():
            code = codes.setdefault(label, len(codes))
            if share >= min_share or label in sure:
                rows.append(at)
                given.append(code)
    return PhotoColumns(
        ids=ids,
        scores=scores,
        percentiles=percentiles,
        technicals=technicals,
        labels=tuple(codes),
        label_rows=np.array(rows, dtype=np.int32),
        label_codes=np.array(given, dtype=np.int32),
        **columns,
    )


def _raw(session: Session, query: Any) -> list[tuple[Any, ...]]:
    """Rows as the driver gives them, without the types of the columns."""
    compiled = query.compile(session.connection(), compile_kwargs={"literal_binds": True})
    return session.connection().exec_driver_sql(str(compiled)).fetchall()  # type: ignore[return-value]


def _moments(texts: Sequence[object]) -> NDArray[np.int64]:
    """Microseconds since 1970; `NO_TIME` for none, and for what is no time."""
    found = np.full(len(texts), NO_TIME, dtype=np.int64)
    known = [
        (at, text) for at, text in enumerate(texts) if text and isinstance(text, str | datetime)
    ]
    try:
        moments = np.array([text for _, text in known], dtype="datetime64[us]")
        found[[at for at, _ in known]] = moments.astype(np.int64)
    except ValueError:
        for at, text in known:
            try:
                found[at] = np.datetime64(_as_datetime(text), "us").astype(np.int64)
            except ValueError:
                continue
    return found


def _as_datetime(said: str | datetime) -> datetime:
    return said if isinstance(said, datetime) else datetime.fromisoformat(said)


def _instants(taken: NDArray[np.int64], offsets: Sequence[int | None]) -> NDArray[np.int64]:
    """In UTC; `in_chronological_order` in columns."""
    there = taken != NO_TIME
    minutes = np.array([0 if one is None else one for one in offsets], dtype=np.int64)
    given = np.array([one is not None for one in offsets], dtype=bool)
    sure = np.flatnonzero(there & given)
    if len(sure):
        sure = sure[np.lexsort((minutes[sure], taken[sure]))]
        clocks = taken[sure]
        lost = np.flatnonzero(there & ~given)
        after = np.searchsorted(clocks, taken[lost], side="right")
        low, high = np.maximum(after - 1, 0), np.minimum(after, len(sure) - 1)
        nearer = np.abs(clocks[high] - taken[lost]) < np.abs(clocks[low] - taken[lost])
        minutes[lost] = minutes[sure[np.where(nearer, high, low)]]
    instants = taken - minutes * 60_000_000
    outside = (instants < _FIRST_US) | (instants > _LAST_US)
    instants = np.where(outside, taken, instants)
    return np.where(there, instants, NO_TIME)


def _as_times(microseconds: NDArray[np.int64]) -> NDArray[np.datetime64]:
    return microseconds.astype("datetime64[us]")


def _whole(value: object) -> int:
    return value if type(value) is int and 0 <= value < 2**31 else 0
