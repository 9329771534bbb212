"""The file: made, opened, refused, migrated, shared, killed."""

from __future__ import annotations

import importlib
import shutil
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from goodside.album.catalog import (
    Catalog,
    Decisions,
    Rate,
    SetFlag,
    StoredAssessment,
    append,
    default_catalog_path,
    list_photos,
    open_catalog,
)
from goodside.album.catalog.migrate import HEAD, SCRIPTS
from goodside.album.catalog.models import Base
from goodside.album.catalog.sqlite_database import _APPLICATION
from goodside.errors import CatalogError, OutOfRange, OutputError
from goodside.types import Aesthetic
from tests.album.catalog.made import NOW, add, fresh, sha
from tests.postgres.places import place
from tests.special_files import put_special

_P = sha("p")
_PICK = SetFlag(photos=(_P,), flag="pick")
_NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = "{head}"


def upgrade() -> None:
    with op.batch_alter_table("photo", recreate="{recreate}") as photo:
        photo.add_column(sa.Column("mood", sa.String()))
    {then}
"""
_JUDGED_AT_0010 = (
    f"INSERT INTO photo (id, sha256, first_seen) VALUES (1, x'{_P}', '2024-01-01 00:00:00')",
    "INSERT INTO assessment (photo_id, model, score, std, high_quality, percentile, distribution,"
    """ tags) VALUES (1, 'judge 1.0.0', 6.0, 1.0, 0.7, 80.0, '[0.5, 0.5]', '{"sea": 0.75}')""",
)


def _later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, then: str = "pass", rebuild: bool = True
) -> None:
    """As if this goodside had one migration more, which rebuilds the table of photos."""
    scripts = tmp_path / "migrations 100%"
    shutil.copytree(SCRIPTS, scripts)
    (scripts / "versions" / "9001_next.py").write_text(
        _NEXT.format(head=HEAD, then=then, recreate="always" if rebuild else "auto"),
        encoding="utf-8",
    )
    monkeypatch.setattr("goodside.album.catalog.migrate.SCRIPTS", scripts)
    monkeypatch.setattr("goodside.album.catalog.migrate.HEAD", "9001")


def test_a_new_catalog_is_made_with_its_folder_and_private(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "catalog.db"
    with open_catalog(path) as catalog:
        assert catalog.decisions() == Decisions()
        catalog.check()
        with catalog.read() as session:
            connection = session.connection()
            settings = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "foreign_keys", "secure_delete", "synchronous")
            }
    assert settings == {
        "journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1, "synchronous": 2
    }  # fmt: skip
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_what_others_could_read_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    fresh(path).close()
    copies = [tmp_path / f"catalog.db{end}" for end in (".before-0002", ".damaged-20260101-000000")]
    other = tmp_path / "catalog.db.txt"
    for each in (path, *copies, other):
        each.touch()
        each.chmod(0o644)
    with open_catalog(path) as catalog:
        catalog.decide(_PICK, at=NOW)
        beside = [tmp_path / f"catalog.db{end}" for end in ("-wal", "-shm")]
        assert [each.stat().st_mode & 0o777 for each in (path, *beside, *copies)] == [0o600] * 5
    assert other.stat().st_mode & 0o777 == 0o644, "nothing but the catalog's own files"


def test_the_folder_of_a_persons_own_catalog_becomes_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = default_catalog_path().parent
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    open_catalog().close()
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.both_databases
def test_the_migrations_make_what_the_models_say(tmp_path: Path) -> None:
    location = place(tmp_path / "catalog.db")
    if not isinstance(location, Path):
        importlib.import_module("pgvector.sqlalchemy")  # tells SQLAlchemy of `halfvec`
    with open_catalog(location) as catalog, catalog.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        found = session.connection().exec_driver_sql("SELECT version_num FROM alembic_version")
        assert found.scalar() == HEAD


def test_the_migrations_stand_in_one_line_and_end_at_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    found = list(ScriptDirectory.from_config(config).walk_revisions())  # raises where it forks
    numbers = [script.revision for script in found]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] == HEAD
    assert found[-1].down_revision is None
    files = sorted(path.name[:4] for path in (SCRIPTS / "versions").glob("[0-9]*.py"))
    assert files == numbers[::-1]


def test_an_older_catalog_is_copied_then_migrated_and_keeps_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "catalog.db"
    with open_catalog(path) as catalog:
        add(catalog, Path("/a/1.jpg"), "p")
        catalog.decide(_PICK, at=NOW)
    _later(tmp_path, monkeypatch)
    with open_catalog(path) as catalog:
        catalog.check()
        assert catalog.decisions().flags == {_P: "pick"}
        with catalog.read() as session:
            row = session.connection().exec_driver_sql("SELECT photo_id, mood FROM file, photo")
            assert row.one() == (1, None)
    copy = tmp_path / "catalog.db.before-9001"
    assert copy.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(copy)) as old:
        assert old.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
        assert old.execute("SELECT count(*) FROM journal").fetchone() == (1,)


def test_what_an_older_goodside_judged_has_no_technical_quality_and_no_words(
    tmp_path: Path,
) -> None:
    path = tmp_path / "catalog.db"
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with create_engine(f"sqlite:///{path}").begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0010")
        for statement in (f"PRAGMA application_id = {_APPLICATION}", *_JUDGED_AT_0010):
            connection.exec_driver_sql(statement)
    with open_catalog(path) as catalog:
        catalog.check()
        with catalog.read() as session:
            (photo,) = list_photos(session, gone=True)
    assert photo.judged == StoredAssessment(
        "judge 1.0.0", Aesthetic(6.0, 1.0, (0.5, 0.5), 0.7, 80.0), {"sea": 0.75}
    )
    assert (tmp_path / f"catalog.db.before-{HEAD}").is_file()


def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "catalog.db"
    with open_catalog(path) as catalog:
        catalog.decide(_PICK, at=NOW)
    with monkeypatch.context() as patch:
        _later(tmp_path, patch, then="op.execute('SELECT absent')")
        with pytest.raises(CatalogError, match="no such column"):
            open_catalog(path)
    with open_catalog(path) as catalog:
        catalog.check()
        assert catalog.decisions().flags == {_P: "pick"}


@pytest.mark.both_databases
def test_a_newer_catalog_is_refused_and_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "catalog.db"
    location = place(path)
    with monkeypatch.context() as patch:
        _later(tmp_path, patch, rebuild=isinstance(location, Path))
        open_catalog(location).close()
    before = path.read_bytes() if isinstance(location, Path) else b""
    with pytest.raises(CatalogError, match=r"newer goodside \(revision 9001.*upgrade"):
        open_catalog(location)
    if isinstance(location, Path):
        assert path.read_bytes() == before


def _other_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda path: path.write_text("Dear diary\n" * 100, encoding="utf-8"), "not a database"),
        (_other_program, "another program"),
        (Path.mkdir, "unable to open"),
    ],
)
def test_what_is_no_catalog_is_refused_and_left_alone(
    tmp_path: Path, spoil: object, complaint: str
) -> None:
    path = tmp_path / "catalog.db"
    assert callable(spoil)
    spoil(path)
    before = None if path.is_dir() else path.read_bytes()
    with pytest.raises(CatalogError, match=complaint):
        open_catalog(path)
    assert (None if path.is_dir() else path.read_bytes()) == before


def _journal_of_another(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 200)


@pytest.mark.parametrize(
    "spoil",
    [lambda path: path.write_bytes(b"\xff\xd8\xff" * 99), _other_program, _journal_of_another],
)
def test_a_file_that_is_no_catalog_keeps_its_permissions(tmp_path: Path, spoil: object) -> None:
    path = tmp_path / "catalog.db"
    assert callable(spoil)
    spoil(path)
    path.chmod(0o644)
    with pytest.raises(CatalogError):
        open_catalog(path)
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_missing_catalog_is_made_only_if_asked(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"no catalog.*scan"):
        open_catalog(tmp_path / "catalog.db", create=False)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be made"):
        open_catalog(tmp_path / "file" / "catalog.db")


def test_a_damaged_catalog_is_told(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    with fresh(path) as catalog:
        for number in range(60):
            add(catalog, Path(f"/a/{number}.jpg"), number)
    content = bytearray(path.read_bytes())
    for at in range(3 * 4096, len(content), 4096):
        content[at : at + 400] = b"\xff" * 400
    path.write_bytes(content)
    with pytest.raises(CatalogError, match=r"damaged|malformed"), open_catalog(path) as catalog:
        catalog.check()


def test_the_default_lies_in_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tmp_path in default_catalog_path().parents
    open_catalog().close()
    assert default_catalog_path().is_file()


@pytest.mark.both_databases
def test_an_exception_takes_everything_back(tmp_path: Path) -> None:
    with fresh(tmp_path / "catalog.db") as catalog:
        with suppress(OutOfRange), catalog.write() as session:
            append(session, _PICK, at=NOW)
            raise OutOfRange("halfway")
        assert catalog.decisions() == Decisions()


@pytest.mark.both_databases
def test_a_reader_sees_one_state_while_another_writes(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    with fresh(path) as reader, open_catalog(place(path)) as writer:
        writer.decide(_PICK, at=NOW)
        with reader.read() as session:
            count = "SELECT count(*) FROM journal"
            assert session.connection().exec_driver_sql(count).scalar() == 1
            writer.decide(Rate(photos=(_P,), stars=3), at=NOW)
            assert session.connection().exec_driver_sql(count).scalar() == 1
        assert reader.decisions().stars == {_P: 3}


@pytest.mark.both_databases
def test_a_second_writer_waits_and_then_says_so(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    with (
        fresh(path) as one,
        Catalog(place(path), patience_s=0.05) as two,
        one.write(),
        pytest.raises(CatalogError, match="another goodside is writing"),
    ):
        two.decide(_PICK, at=NOW)


@pytest.mark.both_databases
def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    location = place(tmp_path / "catalog.db")
    start = threading.Barrier(8)

    def work(worker: int) -> None:
        start.wait()
        with open_catalog(location) as catalog:
            for number in range(5):
                catalog.decide(Rate(photos=(sha((worker, number)),), stars=worker % 6), at=NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    with open_catalog(location) as catalog:
        catalog.check()
        assert len(catalog.decisions().stars) == 40


_KILLED = """
import os, sys
from datetime import UTC, datetime
from goodside.album.catalog import Rate, append, open_catalog
with open_catalog(sys.argv[1]).write() as session:
    session.connection().exec_driver_sql("PRAGMA cache_size = 5")
    for number in range(200):
        append(session, Rate(photos=("0" * 64,) * 20, stars=1), at=datetime.now(UTC))
    print("in the middle", flush=True)
    os._exit(9)
"""


def test_a_process_killed_in_the_middle_leaves_the_state_before(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    with fresh(path) as catalog:
        add(catalog, Path("/a/kept.jpg"), "kept")
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(path)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (9, "in the middle\n"), done.stderr
    assert path.with_name("catalog.db-wal").stat().st_size > 100_000
    with open_catalog(path) as catalog:
        catalog.check()
        assert catalog.decisions() == Decisions()
        with catalog.read() as session:
            count = session.connection().exec_driver_sql("SELECT count(*) FROM file").scalar()
        assert count == 1
        catalog.decide(_PICK, at=NOW)


def test_opening_costs_no_alembic(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    open_catalog(path).close()
    program = (
        "import sys; from goodside.album.catalog import open_catalog; "
        f"open_catalog({str(path)!r}).close(); assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@pytest.mark.parametrize("kind", ["pipe", "device", "link to a pipe"])
def test_what_is_no_regular_file_is_no_catalog(kind: str, tmp_path: Path) -> None:
    put_special(tmp_path / "catalog.db", kind)
    with pytest.raises(CatalogError, match="it is a pipe or a device"):
        Catalog(tmp_path / "catalog.db")
