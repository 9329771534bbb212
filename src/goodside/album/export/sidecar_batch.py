"""Sidecars of many photographs written at once, and noted as our own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from os.path import commonpath
from pathlib import Path

from goodside.album.album_photo import AlbumPhoto
from goodside.album.catalog import Catalog, list_folders, note_sidecars
from goodside.album.export.sidecars import SidecarOptions, write_sidecars
from goodside.errors import GoodsideError


@dataclass(frozen=True, slots=True)
class SidecarBatch:
    """What became of the sidecars of some photographs.

    Attributes:
        written: sidecars made or changed.
        unchanged: sidecars that said it all already.
        failed: photographs whose sidecar could not be written, and why.
        notes: photographs with what was left as it was in their sidecars, and why.
    """

    written: int
    unchanged: int
    failed: tuple[tuple[Path, GoodsideError], ...]
    notes: tuple[tuple[Path, str], ...]


def write_sidecar_batch(
    catalog: Catalog, shots: Sequence[AlbumPhoto], saying: SidecarOptions, *, at: datetime
) -> SidecarBatch:
    """Write sidecars and note them, so that the next scan takes them for ours.

    Args:
        catalog: open.
        shots: photographs of it.
        saying: how.
        at: now.

    Raises:
        CatalogError: it cannot be read or written.
    """
    written = unchanged = 0
    failed: list[tuple[Path, GoodsideError]] = []
    notes: list[tuple[Path, str]] = []
    ours: dict[Path, Path] = {}
    for path, outcome in write_sidecars(shots, catalog.decisions(), saying):
        if isinstance(outcome, GoodsideError):
            failed.append((path, outcome))
            continue
        for one in outcome:
            if one.changed:
                ours[one.path.absolute()] = path
            written += one.changed
            unchanged += not one.changed
            notes += [(path, note) for note in one.notes]
    with catalog.write() as session:
        note_sidecars(session, ours, at=at)
    return SidecarBatch(written, unchanged, tuple(failed), tuple(notes))


def sidecar_root(catalog: Catalog) -> Path | None:
    """The folder whose structure sidecars in a folder of their own repeat; None: there is none."""
    with catalog.read() as session:
        folders = list_folders(session)
    return Path(commonpath(folders)) if folders else None
