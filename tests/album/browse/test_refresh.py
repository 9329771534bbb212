"""An index that stays up to date: at once, in the background, and while faces are grouped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from goodside.album.album import Album
from goodside.album.browse import AlbumIndex, BrowseQuery
from goodside.album.browse import index as indexing
from goodside.album.catalog import Catalog, ChangeWatch, SetFlag, open_catalog
from goodside.album.catalog.postgres_watch import ServerWatch
from goodside.album.people import name_person
from tests.album.browse.made import MadePhoto, put_album
from tests.album.catalog.made import NOW, fresh, sha

pytestmark = pytest.mark.both_databases


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """Of another process, as it were: three photographs with a face each."""
    with fresh(tmp_path / "catalog.db") as catalog:
        put_album(catalog, [MadePhoto(n, (f"{n}.jpg",), n, faces=(0,)) for n in range(3)])
        yield catalog


@pytest.fixture
def album(catalog: Catalog) -> Iterator[Album]:
    with Album(catalog.location) as album, album.opened():
        yield album


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(300):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never held")


def test_nothing_is_made_anew_where_nothing_changed(album: Album) -> None:
    index = AlbumIndex(album)
    version = index.version
    index.refresh()
    assert index.version == version
    index.close()


def test_a_decision_leaves_what_was_computed_alone(album: Album, catalog: Catalog) -> None:
    index = AlbumIndex(album)
    columns = index._state.columns
    catalog.decide(SetFlag(photos=(sha(1),), flag="pick"), at=NOW)
    index.refresh()
    assert index._state.columns is columns
    assert len(index.select(BrowseQuery(flag="pick"))) == 1
    index.close()


def test_a_large_album_is_read_in_the_background_and_decisions_count_at_once(
    album: Album, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "_AT_ONCE_S", -1.0)
    index = AlbumIndex(album)
    put_album(catalog, [MadePhoto(7, ("7.jpg",), 90)])
    catalog.decide(SetFlag(photos=(sha(0),), flag="reject"), at=NOW)
    index.refresh()
    assert len(index.select(BrowseQuery(flag="reject"))) == 1
    _until(lambda: len(index.select(BrowseQuery())) == 4)
    put_album(catalog, [MadePhoto(8, ("8.jpg",), 95)])
    index.invalidate()
    assert len(index.select(BrowseQuery())) == 5
    index.refresh()
    assert len(index.select(BrowseQuery(flag="reject"))) == 1
    index.close()


def test_many_faces_are_grouped_later_and_decisions_about_them_count_at_once(
    album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "_FEW_FACES", 0)
    monkeypatch.setattr(indexing, "_SETTLE_AFTER_S", 0.1)
    index = AlbumIndex(album)
    (person,) = index.people()
    with album.opened() as catalog:
        name_person(catalog, person, "Ann")
    index.refresh()
    index.settle_people()
    assert [(one.name, len(one.faces)) for one in index.people()] == [("Ann", 3)]
    assert len(index.select(BrowseQuery(people=(person.key,)))) == 3

    def is_settled() -> bool:
        with open_catalog(album.location) as other, other.read() as session:
            from goodside.album.catalog import list_faces

            return all(face.confirmed for face in list_faces(session))

    _until(is_settled)
    index.refresh()
    assert all(face.confirmed for face in index.people()[0].faces)
    index.close()


def test_closing_does_not_wait_for_the_rest_between_two_readings(
    album: Album, catalog: Catalog
) -> None:
    index = AlbumIndex(album)
    index._load_s, index._reloaded_at = 3600.0, time.monotonic()
    put_album(catalog, [MadePhoto(7, ("7.jpg",), 7)])
    index.refresh()
    assert index._reload is not None
    assert index._reload.is_alive()
    index.close()
    assert not index._reload.is_alive()
    assert isinstance(index._watch, ChangeWatch | ServerWatch)
    assert index._watch._connection is None
