"""Albums judged anew, as by weights that say more of their photographs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from goodside.album.catalog import Catalog, list_photos, put_judged, read_vectors


def judge_anew(
    catalog: Catalog, said: Mapping[str, tuple[float | None, Mapping[str, float]]]
) -> None:
    """Store technical quality and words of photographs that were judged before.

    Args:
        catalog: open.
        said: both, by the names of files.
    """
    with catalog.read() as session:
        photos = {one.paths[0].name: one for one in list_photos(session)}
        ids, vectors = read_vectors(session)
    row_of = {photo_id: row for row, photo_id in enumerate(ids.tolist())}
    with catalog.write() as session:
        for name, (technical, words) in said.items():
            photo = photos[name]
            assert photo.judged is not None
            vector = None if photo.id not in row_of else vectors[row_of[photo.id]].astype("f4")
            judged = replace(photo.judged, technical=technical, words=words)
            put_judged(session, photo.id, judged, embedding=vector)
