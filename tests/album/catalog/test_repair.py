"""A damaged catalog is usable again, with every decision, and the damaged file beside it."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from goodside.album.catalog import (
    Entry,
    SetFlag,
    entries,
    forget,
    list_faces,
    list_files,
    list_photos,
    read_thumbnails,
    repair_catalog,
)
from goodside.cli import cli
from goodside.errors import CatalogError, GoodsideError
from tests.album.catalog.damaged import PHOTOS, change, exchange, opened, whole
from tests.album.catalog.made import NOW, key, sha

_THEN = datetime(2026, 11, 30, 8, 20)
_PAGE = 4096


def _decided(path: Path) -> list[Entry]:
    with opened(path) as catalog, catalog.read() as session:
        return entries(session)


def _flip(path: Path, at: int, bits: int = 0x41) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= bits
    path.write_bytes(content)


def test_a_sound_catalog_is_left_alone(tmp_path: Path) -> None:
    path = whole(tmp_path / "catalog.db")
    before = path.read_bytes()
    assert repair_catalog(path, now=_THEN).aside is None
    assert path.read_bytes() == before
    assert not list(tmp_path.glob("*damaged*"))


def test_a_computed_row_is_dropped_for_the_next_scan(tmp_path: Path) -> None:
    path = whole(tmp_path / "catalog.db")
    decided = _decided(path)
    change(path, "UPDATE assessment SET tags = '{' WHERE photo_id = 2")
    change(path, "UPDATE face SET points = x'00' WHERE id = 3")
    change(path, "UPDATE thumbnail SET jpeg = x'00' WHERE photo_id = 4")
    damaged = path.read_bytes()
    done = repair_catalog(path, now=_THEN)
    assert [(row.table, row.key) for row in done.lost] == [
        ("assessment", "2"), ("face", "3"), ("thumbnail", "4")
    ] or {row.table for row in done.lost} == {"assessment", "face", "thumbnail"}  # fmt: skip
    assert done.aside == tmp_path / "catalog.db.damaged-20261130-082000"
    assert done.aside.read_bytes() == damaged
    assert done.aside.stat().st_mode & 0o077 == path.stat().st_mode & 0o077 == 0
    assert _decided(path) == decided
    with opened(path) as catalog:
        catalog.check()
        with catalog.read() as session:
            due = [(f.measured_by and f.judged_by, f.faces_by) for f in list_files(session)]
            assert len(list_photos(session)) == PHOTOS
            assert len(list_faces(session)) == PHOTOS - 1
            assert set(read_thumbnails(session, range(9))) == {1, 2, 3}
    assert [(figures is None, faces is None) for figures, faces in due] == [
        (False, False), (True, False), (False, True), (True, False)
    ]  # fmt: skip


def test_one_wrong_byte_in_a_decision_is_mended(tmp_path: Path) -> None:
    path = whole(tmp_path / "catalog.db")
    decided = _decided(path)
    exchange(path, b'"stars": 4', b'"stars": 1')
    assert _decided(path) != decided, "a flipped byte may pass for a decision"
    done = repair_catalog(path, now=_THEN)
    assert [row.key for row in done.mended] == ["2"]
    assert (done.lost, done.entries_file) == ((), None)
    assert _decided(path) == decided


def test_a_decision_that_cannot_be_read_is_kept_aside(tmp_path: Path) -> None:
    path = whole(tmp_path / "catalog.db")
    decided = _decided(path)
    exchange(path, b'"stars": 4', b'\xff"tsrs": 4')
    done = repair_catalog(path, now=_THEN)
    assert [(row.table, row.key) for row in done.lost_entries] == [("journal", "2")]
    assert done.entries_file is not None
    assert done.entries_file.stat().st_mode & 0o077 == 0
    (left,) = map(json.loads, done.entries_file.read_text().splitlines())
    assert (left["number"], left["uid"], left["kind"]) == ("2", decided[1].uid, "rate")
    assert sha(0) in left["payload"]
    assert _decided(path) == [entry for entry in decided if entry.number != 2]


@pytest.mark.parametrize("page", [0, 1, None])
def test_whole_pages_may_be_gone(tmp_path: Path, page: int | None) -> None:
    """The header with the list of tables; any page; the one with the journal's end."""
    path = whole(tmp_path / "catalog.db")
    decided = _decided(path)
    content = bytearray(path.read_bytes())
    if page is None:
        page = content.index(b"Zo\\u00eb") // _PAGE
        content[page * _PAGE : page * _PAGE + 12] = bytes(12)  # its head; the cells are there
    else:
        content[page * _PAGE : (page + 1) * _PAGE] = b"\xa5" * _PAGE
    path.write_bytes(content)
    repair_catalog(path, now=_THEN)
    assert [(e.number, e.decision) for e in _decided(path)] == [
        (e.number, e.decision) for e in decided
    ]
    with opened(path) as catalog:
        catalog.check()
        catalog.decide(SetFlag(photos=(sha(0),), flag="pick"), at=NOW)


def test_what_is_no_catalog_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    with pytest.raises(CatalogError, match="no catalog"):
        repair_catalog(path, now=_THEN)
    path.write_text("Dear diary\n" * 1000)
    with pytest.raises(CatalogError, match="nothing in this file"):
        repair_catalog(path, now=_THEN)
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(CatalogError, match="nothing in this file"):
        repair_catalog(path, now=_THEN)
    assert path.read_bytes() == before
    assert [left.name for left in tmp_path.iterdir()] == ["catalog.db"]


def test_a_catalog_in_use_is_not_repaired(tmp_path: Path) -> None:
    path = whole(tmp_path / "catalog.db")
    exchange(path, b"Maker Model", b"Maker Modem")
    with opened(path) as catalog, catalog.write():
        pass
    with (
        opened(path) as catalog,
        catalog.write(),
        pytest.raises(CatalogError, match="another goodside is writing"),
    ):
        repair_catalog(path, now=_THEN)


def test_forgetting_removes_the_damaged_copy(tmp_path: Path) -> None:
    path = whole(tmp_path / "catalog.db")
    exchange(path, b'"stars": 4', b'\xff"tsrs": 4')
    repair_catalog(path, now=_THEN)
    assert len(list(tmp_path.glob("*damaged*"))) == 2
    with opened(path) as catalog:
        forget(catalog, key(1), at=NOW)
    assert not list(tmp_path.glob("*damaged*"))


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("GOODSIDE_CATALOG", str(whole(tmp_path / "catalog.db")))
    return lambda *told: CliRunner().invoke(cli, ["album", *told], catch_exceptions=False)


def test_commands_go_on_without_a_damaged_row_and_say_so(run: Run, tmp_path: Path) -> None:
    change(tmp_path / "catalog.db", "UPDATE assessment SET tags = '{' WHERE photo_id = 2")
    for told in (["find"], ["picks"], ["groups"], ["people", "list"], ["journal"]):
        done = run(*told)
        left_out = "left out: row 2 of assessment: tags cannot be read" in done.stderr
        assert (done.exit_code, left_out) == ((1, True) if told[0] != "people" else (0, False))
        assert done.stdout
    assert len(run("find").stdout.splitlines()) == PHOTOS


def test_verify_and_repair_on_the_command_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    assert "damage" in json.loads(run("verify", "--json").stdout)
    assert run("repair").output == f"{path}: sound, nothing to repair\n"
    exchange(path, b'"stars": 4', b'\xff"tsrs": 4')
    told = run("verify")
    assert told.exit_code == 1
    assert "row 2 of journal" in told.stderr
    assert json.loads(run("verify", "--json").stdout)["damage"][0]["table"] == "journal"
    done = run("repair")
    assert done.exit_code == 1
    assert "rebuilt with 4 decisions" in done.output
    assert "what is left of 1 that could not be read" in done.output
    assert run("repair", "--json").exit_code == 0
    assert len(run("journal").stdout.splitlines()) == 4


_COMMANDS = (
    ("find", "--format", "jsonl"), ("picks",), ("groups",), ("people", "list"), ("errors",),
    ("journal",), ("verify",), ("rate", "3", "/a/0.jpg"), ("undo",),
)  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_any_flipped_byte_gives_an_error_or_a_result_and_can_be_repaired(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = whole(tmp_path / "catalog.db")
    monkeypatch.setenv("GOODSIDE_CATALOG", str(path))
    decided = _decided(path)
    sound = path.read_bytes()
    rng = random.Random(seed)
    used = [at for at in range(len(sound)) if sound[at]] if seed % 3 else list(range(120))
    at, bits = rng.choice(used), rng.randrange(1, 256)
    _flip(path, at, bits)
    damaged = path.read_bytes()
    for told in _COMMANDS:
        path.write_bytes(damaged)
        with suppress(GoodsideError):
            CliRunner().invoke(cli, ["album", *told], catch_exceptions=False)
        for left in tmp_path.glob("catalog.db-*"):
            left.unlink()
    path.write_bytes(damaged)
    done = repair_catalog(path, now=_THEN)
    with opened(path) as catalog:
        catalog.check()
    kept = _decided(path)
    lost = [entry for entry in decided if entry.uid not in {one.uid for one in kept}]
    assert len(lost) <= len(done.lost_entries)
    assert [entry for entry in kept if entry not in decided] == []
