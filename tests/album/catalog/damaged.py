"""A small catalog with everything in it, and ways to damage it."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from goodside.album.catalog import (
    Catalog,
    Group,
    NamePerson,
    PhotoFacts,
    Rate,
    SetFlag,
    SetTags,
    StoredAssessment,
    open_catalog,
    photo_ids,
    put_assignments,
    put_faces,
    put_facts,
    put_groups,
    put_judged,
)
from goodside.album.catalog.checksums import register
from goodside.album.catalog.records import Assigned
from tests.album.catalog import made
from tests.album.catalog.made import NOW, aesthetic, face, key, sha, vector

PHOTOS = 4


@cache
def _content() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "catalog.db"
        with made.fresh(path) as catalog:
            _fill(catalog)
        return path.read_bytes()


def _fill(catalog: Catalog) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (48, 32), (90, 120, 30)).save(buffer, "JPEG")
    for number in range(PHOTOS):
        made.add(catalog, Path(f"/a/{number}.jpg"), number)
    with catalog.write() as session:
        ids = photo_ids(session)
        for number in range(PHOTOS):
            facts = PhotoFacts(width=1000, height=500, camera="Maker Model", sharpness=0.5)
            photo = ids[sha(number)]
            put_facts(session, photo, facts, thumbnail=buffer.getvalue(), by="figures 1")
            judged = StoredAssessment(
                "judge 1.0.0",
                aesthetic(5.5 + number),
                {"sea": 0.75, "dog": 0.25},
                technical=4.5 + number,
                words={"bridge": 0.9},
            )
            put_judged(session, photo, judged, embedding=vector(number, length=32))
            found = [made.found(0, seed=number, crop=buffer.getvalue())]
            put_faces(session, photo, found, by="faces 1", forgotten=())
        put_assignments(session, [Assigned(n + 1, key(1), 0.9, n == 0) for n in range(PHOTOS)])
        put_groups(session, "scene", [Group("scene", (ids[sha(0)], ids[sha(1)]))])
    catalog.decide(SetFlag(photos=(sha(1),), flag="pick"), at=NOW)
    catalog.decide(Rate(photos=(sha(0), sha(2)), stars=4), at=NOW)
    catalog.decide(SetTags(photos=(sha(3),), add=("Zoë",)), at=NOW)
    catalog.decide(NamePerson(person=key(1), name="Ann", faces=(face(0, 0),)), at=NOW)
    long = tuple(sha(number) for number in range(100))  # more than fits on a page
    catalog.decide(SetTags(photos=long, add=("sky",)), at=NOW)
    catalog.wipe()


def whole(path: Path) -> Path:
    """A sound catalog here."""
    path.write_bytes(_content())
    return path


def change(path: Path, statement: str) -> None:
    """Change rows as a flipped bit does: the checksums stay as they are."""
    with closing(sqlite3.connect(path)) as connection:
        register(connection)
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'")
        ]
        made_by = dict(
            connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        )
        for name in names:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(statement)
        for sql in made_by.values():
            connection.execute(sql)
        connection.commit()


def exchange(path: Path, old: bytes, new: bytes) -> None:
    """Change the first place in the file where these bytes stand."""
    content = path.read_bytes()
    assert old in content
    assert len(old) == len(new)
    path.write_bytes(content.replace(old, new, 1))


def opened(path: Path) -> Catalog:
    return open_catalog(path, create=False)
