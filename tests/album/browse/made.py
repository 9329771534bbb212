"""Made albums for the tests of browsing: every kind of knowledge, in a handful of photographs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st

from goodside.album.catalog import (
    Assigned,
    Catalog,
    Description,
    FileStamp,
    Group,
    PhotoFacts,
    Relation,
    StoredAssessment,
    add_folder,
    list_faces,
    put_assignments,
    put_description,
    put_faces,
    put_facts,
    put_file,
    put_groups,
    put_judged,
)
from goodside.album.catalog.photos import photo_id
from goodside.types import Aesthetic
from tests.album.catalog.made import NOW, found, key, sha, vector

ROOT = Path("/album")
FIRST = datetime(2024, 3, 1, 12)
_TAGS = ("plant", "nightScene", "stilllife", "portrait")
_SURE = ("sea", "plant", "musicalInstrument")
_WORDS = ("sea", "Places|Italy|Rome", "night scene", "Née Zoë")


_SILENT = Description()


@dataclass(frozen=True)
class MadePhoto:
    """What is known of a photograph.

    Attributes:
        content: which one, a small number.
        paths: below `ROOT`.
        minutes: after `FIRST` when it was taken; None: not known.
        offset_min: of its clock; None: not known.
        camera, score, tags, technical, words, description: as in the catalog.
        faces: person of each face; None: nobody's.
    """

    content: int
    paths: tuple[str, ...]
    minutes: int | None = None
    offset_min: int | None = None
    camera: str | None = None
    score: float | None = None
    tags: tuple[tuple[str, float], ...] = ()
    description: Description = _SILENT
    faces: tuple[int | None, ...] = ()
    technical: float | None = None
    words: tuple[str, ...] = ()


descriptions = st.builds(
    Description,
    title=st.none() | st.sampled_from(["At the SEA", "Rome"]),
    description=st.none() | st.just("two dogs"),
    keywords=st.lists(st.sampled_from(_WORDS), max_size=2, unique=True).map(tuple),
    people=st.lists(st.sampled_from(["Ann", "bo", "Cy"]), max_size=2, unique=True).map(tuple),
)


@st.composite
def photos(draw: st.DrawFn) -> list[MadePhoto]:
    """Albums of up to nine photographs."""
    count = draw(st.integers(0, 9))
    return [
        MadePhoto(
            content,
            draw(
                st.lists(
                    st.sampled_from([f"a/{content}.jpg", f"a/b/IMG {content}.jpg", f"B{content}"]),
                    min_size=1,
                    max_size=2,
                    unique=True,
                ).map(tuple)
            ),
            draw(st.none() | st.integers(0, 6).map(lambda n: n * 400)),
            draw(st.none() | st.sampled_from([-300, 0, 60])),
            draw(st.sampled_from([None, "Canon EOS 5D", "NIKON D850"])),
            draw(st.none() | st.sampled_from([2.5, 5.0, 5.0, 7.25])),
            tuple(
                (label, draw(st.sampled_from([0.2, 0.5, 0.9])))
                for label in draw(st.lists(st.sampled_from(_TAGS), max_size=2, unique=True))
            ),
            draw(descriptions),
            draw(st.lists(st.none() | st.integers(0, 3), max_size=2).map(tuple)),
            draw(st.none() | st.sampled_from([3.5, 6.0, 6.0])),
            tuple(draw(st.lists(st.sampled_from(_SURE), max_size=2, unique=True))),
        )
        for content in range(count)
    ]


def put_album(catalog: Catalog, made: Sequence[MadePhoto]) -> list[int]:
    """Write photographs into a catalog; their row numbers."""
    ids = []
    assigned: list[Assigned] = []
    with catalog.write() as session:
        folder = add_folder(session, ROOT, at=NOW)
        for photo in made:
            for path in photo.paths:
                file = put_file(
                    session,
                    ROOT / path,
                    folder_id=folder,
                    stamp=FileStamp(1, 2, 3),
                    sha256=sha(photo.content),
                    at=NOW,
                )
                put_description(session, file, photo.description, statement=None)
            row = photo_id(session, sha(photo.content))
            ids.append(row)
            taken = None
            if photo.minutes is not None:
                taken = FIRST + timedelta(minutes=photo.minutes)
            facts = PhotoFacts(
                width=1000,
                height=500,
                taken_at=taken,
                taken_offset_min=photo.offset_min,
                camera=photo.camera,
                sharpness=(photo.content * 37 % 10) / 10,
                brightness=0.5,
                contrast=0.2,
                clipped_dark=0.0,
                clipped_bright=0.0,
                colourfulness=40.0 + photo.content * 29 % 50,
                warmth=(photo.content * 17 % 10 - 4) / 10,
                focus_share=0.4 + (photo.content * 13 % 10) / 20,
                subject_x=0.5,
                subject_y=0.5,
                subject_light=0.0,
            )
            put_facts(session, row, facts, thumbnail=b"jpeg", by="made")
            if photo.score is not None:
                aesthetic = Aesthetic(photo.score, 1.0, (0.1,) * 10, 0.5, photo.score * 10)
                judged = StoredAssessment(
                    "made 1",
                    aesthetic,
                    dict(photo.tags),
                    technical=photo.technical,
                    words=dict.fromkeys(photo.words, 0.4),
                )
                put_judged(session, row, judged, embedding=vector(photo.content % 4, length=8))
            faces = [
                found(at, seed=1000 + photo.content if who is None else who)
                for at, who in enumerate(photo.faces)
            ]
            put_faces(session, row, faces, by="made", forgotten=())
            there = [face for face in list_faces(session) if face.photo_id == row]
            for face, who in zip(there, photo.faces, strict=True):
                if who is not None:
                    assigned.append(Assigned(face.id, key(who), 0.9, False))
        put_assignments(session, assigned)
    return ids


def put_series(catalog: Catalog, ids: Sequence[int]) -> None:
    """A burst of the first three, near-duplicates of the next three, and two scenes."""
    with catalog.write() as session:
        if len(ids) >= 3:
            put_groups(session, "burst", [Group("burst", tuple(ids[:3]))])
        if len(ids) >= 6:
            relations = (
                Relation(ids[4], "copy", ids[3], "smaller"),
                Relation(ids[5], "version", ids[3], "black and white"),
            )
            group = Group("near_duplicate", tuple(ids[3:6]), relations=relations)
            put_groups(session, "near_duplicate", [group])
        if len(ids) >= 4:
            put_groups(session, "scene", [Group("scene", tuple(ids[:4]))])
