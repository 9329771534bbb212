"""What only a catalog on a server has: its refusals, an index, restarts, a schema of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from goodside.album.catalog import (
    Catalog,
    PhotoFacts,
    Rate,
    StoredAssessment,
    nearest_photos,
    open_catalog,
    photo_ids,
    prepare_search,
    put_facts,
    put_judged,
    read_photos,
    repair_catalog,
)
from goodside.database_url import DatabaseUrl, with_database, with_parameter
from goodside.errors import CatalogError, SettingsError
from tests.album.catalog.made import NOW, add, aesthetic, fresh, sha, vector
from tests.postgres.places import Places, on_server


@pytest.fixture
def places(server: Places) -> Iterator[Places]:
    with on_server(server):
        yield server


def _say(url: DatabaseUrl, sql: str) -> None:
    import psycopg

    with psycopg.connect(url.secret_text.replace("+psycopg", ""), autocommit=True) as session:
        session.execute(sql)  # type: ignore[arg-type, unused-ignore]


def test_a_missing_database_and_a_server_that_is_away_are_told(places: Places) -> None:
    with pytest.raises(CatalogError, match=r"no such database.*createdb absent"):
        open_catalog(with_database(places.server, "absent"))
    away = "postgresql://ann:s3cret@127.0.0.1:9/x"
    with pytest.raises(CatalogError, match="cannot be reached") as told:
        open_catalog(away)
    assert "s3cret" not in str(told.value)
    assert "s3cret" not in str(told.value.__cause__)


def test_an_empty_database_is_filled_only_if_asked(places: Places, tmp_path: Path) -> None:
    url = places.url(tmp_path / "empty")
    with pytest.raises(CatalogError, match=r"there is no catalog.*scan"):
        open_catalog(url, create=False)
    open_catalog(url).close()
    open_catalog(url.secret_text, create=False).close()


@pytest.mark.parametrize("table", ["photo", "alembic_version"])
def test_a_database_of_another_program_is_left_alone(
    places: Places, tmp_path: Path, table: str
) -> None:
    url = places.url(tmp_path / "other")
    _say(url, f"CREATE TABLE {table} (version_num text)")
    with pytest.raises(CatalogError, match="another program"):
        open_catalog(url)


def test_it_may_have_a_schema_of_its_own(places: Places, tmp_path: Path) -> None:
    url = places.url(tmp_path / "shared")
    for name in ("one", "two"):
        _say(url, f"CREATE SCHEMA {name}")
        with open_catalog(with_parameter(url, options=f"-csearch_path={name},public")) as catalog:
            catalog.decide(Rate(photos=(sha(name),), stars=3), at=NOW)
            catalog.check()
            assert catalog.decisions().stars == {sha(name): 3}


def test_a_user_who_may_not_switch_pgvector_on_is_told(places: Places, tmp_path: Path) -> None:
    url = places.url(tmp_path / "bare")
    _say(url, "DROP ROLE IF EXISTS guest")
    _say(url, "CREATE ROLE guest LOGIN")
    _say(url, "GRANT ALL ON SCHEMA public TO guest")
    guest = DatabaseUrl(url.secret_text.replace("goodside@", "guest@"))
    with pytest.raises(CatalogError, match=r"may not do it.*CREATE EXTENSION vector"):
        open_catalog(guest)
    _say(url, "CREATE EXTENSION vector")
    open_catalog(guest).close()


def test_connections_that_the_server_ended_are_made_anew(places: Places, tmp_path: Path) -> None:
    with fresh(tmp_path / "catalog.db") as catalog:
        watch = catalog.watch_changes()
        before = watch.look()
        _say(
            places.server,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'goodside'",
        )
        catalog.decide(Rate(photos=(sha("p"),), stars=3), at=NOW)
        assert watch.look()["journal"] == before["journal"] + 1
        watch.close()


def test_what_is_of_files_alone_says_so(places: Places, tmp_path: Path) -> None:
    with fresh(tmp_path / "catalog.db") as catalog:
        with pytest.raises(CatalogError, match=r"is no file.*pg_restore"):
            repair_catalog(catalog.location, now=NOW)
        with pytest.raises(CatalogError, match="is no file"):
            _ = catalog.path


def test_without_the_driver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    module = "goodside.album.catalog.postgres_database.find_spec"
    monkeypatch.setattr(module, lambda name: None if name == "psycopg" else object())
    with pytest.raises(SettingsError, match=r"psycopg.*goodside\[postgres\]"):
        open_catalog("postgresql://localhost/x")


def test_texts_with_zeros_and_large_numbers_are_stored(places: Places, tmp_path: Path) -> None:
    with fresh(tmp_path / "catalog.db") as catalog:
        add(catalog, Path("/a/1.jpg"), "p", size=2**40)
        with catalog.write() as session:
            photo = photo_ids(session)[sha("p")]
            facts = PhotoFacts(width=10, height=10, camera="Made\0Up", iso=2**33)
            put_facts(session, photo, facts, thumbnail=None, by="1")
        with catalog.read() as session:
            (found,) = read_photos(session, [photo])
        assert (found.facts.camera, found.facts.iso) == ("Made\ufffdUp", 2**33)


def _judge(catalog: Catalog, count: int, *, length: int) -> dict[int, int]:
    """Photographs with features `vector(number)`; row numbers by number."""
    numbers = {}
    for number in range(count):
        add(catalog, Path(f"/a/{number}.jpg"), number)
    with catalog.write() as session:
        ids = photo_ids(session)
        for number in range(count):
            numbers[number] = ids[sha(number)]
            judged = StoredAssessment("judge 1", aesthetic(), {})
            put_judged(session, numbers[number], judged, embedding=vector(number, length=length))
    return numbers


@pytest.mark.parametrize("length", [192, 1280])
def test_likeness_is_found_by_an_index(places: Places, tmp_path: Path, length: int) -> None:
    with fresh(tmp_path / "catalog.db") as catalog:
        numbers = _judge(catalog, 60, length=length)
        like = vector(7, length=length)
        with catalog.read() as session:
            assert nearest_photos(session, like, 5) is None, "there is no index yet"
        for _ in range(2):
            with catalog.write() as session:
                prepare_search(session)
        with catalog.read() as session:
            found = nearest_photos(session, like, 5)
            plan = session.connection().exec_driver_sql(
                "SELECT indexdef FROM pg_indexes WHERE tablename = 'assessment'"
            )
            assert any("hnsw" in one for one in plan.scalars())
        assert found is not None
        ids, cosines = found
        halves = np.stack([vector(n, length=length).astype(np.float16) for n in numbers])
        exact = halves.astype(np.float32) @ like.astype(np.float16).astype(np.float32)
        order = np.argsort(-exact)[:5]
        assert ids.tolist() == [numbers[int(at)] for at in order]
        assert np.allclose(cosines, exact[order], atol=1e-3)
        with catalog.read() as session:
            assert nearest_photos(session, vector(1, length=64), 5) is None, "another model's"


def test_features_of_another_length_are_taken_beside_an_index(
    places: Places, tmp_path: Path
) -> None:
    with fresh(tmp_path / "catalog.db") as catalog:
        numbers = _judge(catalog, 10, length=192)
        with catalog.write() as session:
            prepare_search(session)
        with catalog.write() as session:
            judged = StoredAssessment("judge 2", aesthetic(), {})
            put_judged(session, numbers[9], judged, embedding=vector(0, length=64))
            prepare_search(session)
        with catalog.read() as session:
            found = nearest_photos(session, vector(0, length=64), 3)
        assert found is not None
        assert found[0].tolist() == [numbers[9]]
