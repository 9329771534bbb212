"""Faces looked for below a folder, or not."""

from __future__ import annotations

from pathlib import Path

from goodside.album.catalog import (
    Catalog,
    SetFolder,
    list_faces,
    list_photos,
    reset_faces,
)


def switch_faces(catalog: Catalog, folder: str | Path, *, on: bool) -> int:
    """Decide whether faces are looked for below a folder; off also deletes those found there.

    Faces stay of photographs that also lie where faces are looked for. The decision stands in the
    journal and can be undone; the next scan then looks again.

    Args:
        catalog: open.
        folder: the nearest decided folder above a file counts.
        on: look for faces.

    Returns:
        From how many photographs faces were deleted.

    Raises:
        CatalogError: the catalog cannot be written.
    """
    catalog.decide(SetFolder.of(Path(folder).absolute(), faces=on))
    if on:
        return 0
    decided = catalog.decisions()
    with catalog.write() as session:
        with_faces = {face.photo_id for face in list_faces(session)}
        off = [
            photo.id
            for photo in list_photos(session)
            if photo.id in with_faces and not any(map(decided.looks_for_faces, photo.paths))
        ]
        reset_faces(session, off)
    if off:
        catalog.wipe()
    return len(off)
