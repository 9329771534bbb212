"""What an index knows at one moment, and how it is brought up to date."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from goodside.album.album_photo import TAGGED
from goodside.album.browse.columns import AlbumColumns
from goodside.album.browse.decided_columns import DecidedColumns, decide_columns
from goodside.album.browse.reading import DecidedFaces
from goodside.album.catalog import (
    Catalog,
    Decisions,
    Entry,
    FaceRecord,
    batched,
    list_descriptions,
    list_faces,
    list_folders,
    read_face_columns,
    read_photo_columns,
)

_COMPUTED = ("folder", "file", "photo", "assessment", "file_metadata")
_OF_FACES = ("face", "assignment")
_FILE = "file itself"
"""Under what name `ChangeWatch` tells which file it is."""


@dataclass(frozen=True)
class AlbumState:
    """One state of an album; it never changes.

    Attributes:
        number: of the state, from 1.
        versions: how often each table of the catalog had been changed.
        columns: what was computed.
        decided: what was decided.
        entries: of the journal, oldest first.
        faces: decisions about faces.
    """

    number: int
    versions: Mapping[str, int]
    columns: AlbumColumns
    decided: DecidedColumns
    entries: Sequence[Entry]
    faces: DecidedFaces = field(repr=False)

    @property
    def decisions(self) -> Decisions:
        """All that was decided."""
        return self.decided.decisions


def changed_tables(before: Mapping[str, int], now: Mapping[str, int]) -> set[str]:
    """Names of the tables that were changed between two looks."""
    return {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}


def is_recomputed(changed: Collection[str]) -> bool:
    """Whether photographs, or what was computed of them, changed: not only faces or decisions."""
    return not {*_COMPUTED, _FILE}.isdisjoint(changed)


def make_state(
    catalog: Catalog,
    before: AlbumState | None,
    *,
    versions: Mapping[str, int],
    decisions: Decisions,
    entries: Sequence[Entry],
    columns: AlbumColumns,
) -> AlbumState:
    """The state that follows; what did not change is taken over.

    Args:
        catalog: open.
        before: the last state; None: this is the first.
        versions: those that the new state stands for.
        decisions, entries: of the journal as it is.
        columns: what was computed; those of `before` where it did not change.
    """
    shared = None
    if before is not None and before.columns is columns:
        shared = before.decided
        changed = changed_tables(before.versions, versions)
        if not changed.isdisjoint(_OF_FACES):
            with catalog.read() as session:
                columns = columns.with_faces(read_face_columns(session))
            shared = shared.without_people()
    same = before is not None and before.decisions is decisions
    return AlbumState(
        1 if before is None else before.number + 1,
        versions,
        columns,
        decide_columns(
            columns, decisions, read_faces=lambda ids: _read_faces(catalog, ids), before=shared
        ),
        entries,
        before.faces if before is not None and same else DecidedFaces(decisions),
    )


def read_columns(catalog: Catalog) -> AlbumColumns:
    """All that was computed of the photographs, read anew.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    with catalog.read() as session:
        return AlbumColumns.of(
            read_photo_columns(session, min_share=TAGGED),
            read_face_columns(session),
            list_descriptions(session, telling=True),
            roots=list_folders(session),
        )


def keep_versions(before: Mapping[str, int], now: Mapping[str, int]) -> dict[str, int]:
    """What a state stands for that took all changes but those of what was computed of photographs.

    Args:
        before: of the state whose columns it has.
        now: of the catalog.
    """
    kept = {name: before.get(name, -1) for name in (*_COMPUTED, _FILE)}
    return {**now, **kept}


def _read_faces(catalog: Catalog, photo_ids: Collection[int]) -> list[FaceRecord]:
    with catalog.read() as session:
        return [face for some in batched(photo_ids) for face in list_faces(session, photo_ids=some)]
