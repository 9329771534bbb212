"""People brought up to date with faces and decisions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from goodside.album.catalog import (
    Catalog,
    Decisions,
    decisions,
    list_faces,
    put_assignments,
    read_face_vectors,
)
from goodside.album.people.clustering import ClusteringCriteria, find_people
from goodside.album.people.frontal_vectors import vectors_by_face


def update_people(catalog: Catalog, *, criteria: ClusteringCriteria | None = None) -> int:
    """Group all faces anew: new ones join the people known, and nobody is renamed.

    What was computed before has no part in it, so the result depends on faces and decisions only.

    Args:
        catalog: open.
        criteria: when faces are one person.

    Returns:
        How many people there are, those of a single face included.
    """
    with catalog.read() as session:
        faces, decided = list_faces(session), decisions(session)
        vectors = vectors_by_face(*read_face_vectors(session, "fused"))
    assigned = find_people(faces, vectors, decided, criteria=criteria)
    with catalog.write() as session:
        there = {face.id for face in list_faces(session)}  # a scan may have been at work
        put_assignments(session, [one for one in assigned if one.face_id in there])
    return len({one.person for one in assigned})


@contextmanager
def updating_people(catalog: Catalog) -> Iterator[None]:
    """Group the faces anew at the end if it was decided, or taken back, whose they are.

    Without that, an undone merge would be seen only after the next `update_people`.
    """
    before = _about_faces(catalog.decisions())
    yield
    if _about_faces(catalog.decisions()) != before:
        update_people(catalog)


def _about_faces(decided: Decisions) -> tuple[object, ...]:
    return (
        decided.faces,
        decided.not_person,
        decided.merged,
        decided.rejected_faces,
        decided.names.keys(),
    )
