"""Made contents, faces, people and decisions for the tests of the catalog."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import strategies as st

from goodside.album.catalog import (
    Catalog,
    Decision,
    ExcludeFiles,
    FaceFacts,
    FaceRef,
    FileStamp,
    HidePerson,
    KeepFrames,
    MergePeople,
    NamePerson,
    NotPerson,
    Rate,
    RejectFaces,
    ReplacePhoto,
    SeparatePhotos,
    SetFlag,
    SetFolder,
    SetTags,
    SplitPerson,
    add_folder,
    open_catalog,
    put_file,
)
from goodside.types import Aesthetic, Box, FloatArray, Pose
from tests.postgres.places import fresh_on_server

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@cache
def _empty() -> bytes:
    """A catalog's file as it is made, kept because making one is slow."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "catalog.db"
        open_catalog(path).close()
        return path.read_bytes()


def fresh(path: Path) -> Catalog:
    """An empty catalog here, or in its stead on a server: see `tests.postgres.places`."""
    if (catalog := fresh_on_server(path)) is not None:
        return catalog
    path.write_bytes(_empty())
    return open_catalog(path, create=False)


def sha(name: object) -> str:
    """The content called so."""
    return hashlib.sha256(str(name).encode()).hexdigest()


def key(number: int) -> str:
    """A person's key."""
    return f"{number:012x}"


def face(photo: object, at: int = 0) -> FaceRef:
    """A face of a content; different places do not overlap."""
    return FaceRef(photo=sha(photo), box=(1000 * at, 1000, 1000 * at + 800, 2000))


def vector(seed: int, *, length: int = 192) -> FloatArray:
    """A unit vector."""
    values = np.random.default_rng(seed).normal(size=length)
    return (values / np.linalg.norm(values)).astype(np.float32)


def found(at: int = 0, *, seed: int = 0, crop: bytes | None = None) -> FaceFacts:
    """The face `face(…, at)` as a scan finds it in a picture of 1000 x 500 pixels."""
    return FaceFacts(
        box=Box(100 * at, 50, 100 * at + 80, 100),
        points=np.arange(10, dtype=np.float32).reshape(5, 2),
        pose=Pose(10, -5, 2, 0.03),
        score=0.9,
        mesh_score=0.95,
        sharpness=0.4,
        eyes_open=0.8,
        embedding=vector(seed),
        crop=crop,
    )


def aesthetic(score: float = 6.0) -> Aesthetic:
    return Aesthetic(score, 1.2, (0.1,) * 10, 0.7, 80.0)


def add(
    catalog: Catalog, path: Path, content: object, *, size: int = 1, folder: Path | None = None
) -> int:
    """Record a file; its row number."""
    with catalog.write() as session:
        return put_file(
            session,
            path,
            folder_id=add_folder(session, folder or path.parent, at=NOW),
            stamp=FileStamp(size, 2, 3),
            sha256=None if content is None else sha(content),
            at=NOW,
        )


photos = st.lists(st.integers(0, 3).map(sha), min_size=1, max_size=2).map(tuple)
people = st.integers(0, 4).map(key)
faces = st.lists(st.builds(face, st.integers(0, 3), st.integers(0, 2)), max_size=3).map(tuple)
words = st.sampled_from(["Ann", "Bo", "sea", "née Zoë", "猫"])

decisions: st.SearchStrategy[Decision] = st.one_of(
    st.builds(SetFlag, photos=photos, flag=st.sampled_from(["pick", "reject", None])),
    st.builds(Rate, photos=photos, stars=st.none() | st.integers(0, 5)),
    st.builds(
        SetTags,
        photos=photos,
        add=st.lists(words, max_size=2).map(tuple),
        remove=st.lists(words, max_size=2).map(tuple),
    ),
    st.builds(NamePerson, person=people, name=st.none() | words, faces=faces),
    st.builds(MergePeople, person=people, into=people, faces=faces),
    st.builds(SplitPerson, person=people, into=people, faces=faces),
    st.builds(NotPerson, person=people, faces=faces),
    st.builds(RejectFaces, faces=faces),
    st.builds(KeepFrames, photos=photos, others=photos),
    st.builds(SeparatePhotos, photos=photos, others=photos),
    st.builds(HidePerson, person=people, hidden=st.booleans()),
    st.builds(ReplacePhoto, old=st.integers(0, 3).map(sha), new=st.integers(0, 3).map(sha)),
    st.builds(SetFolder.of, st.sampled_from([Path("/a"), Path("/a/b")]), faces=st.booleans()),
    st.builds(
        ExcludeFiles.of,
        st.sampled_from([Path("/a"), Path("/a/b")]),
        st.lists(st.sampled_from(["*.png", "exports/"]), max_size=2),
    ),
)
