"""`goodside album picks --to`, `find --out`, `sidecars`: what the album writes for others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from goodside.album.catalog import (
    Assigned,
    NamePerson,
    append,
    list_faces,
    list_photos,
    open_catalog,
    put_assignments,
    put_faces,
)
from goodside.cli import cli
from goodside.errors import CatalogError, OutputError
from goodside.images.sidecars.sidecar import write_sidecar
from goodside.images.xmp.content import SidecarContent
from tests.album.catalog.made import NOW, found, key
from tests.album.scan.made import photo, quick_scan


@pytest.fixture
def album(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three scanned photographs; two of one name, in two folders."""
    folder = tmp_path / "album"
    for number, name in enumerate(("a/1.jpg", "b/1.jpg", "b/2.jpg")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(photo(number))
    with open_catalog(tmp_path / "catalog.db") as catalog:
        quick_scan(catalog, folder)
    monkeypatch.setenv("GOODSIDE_CATALOG", str(tmp_path / "catalog.db"))
    monkeypatch.chdir(folder)
    return folder


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["album", *map(str, arguments)])


@pytest.mark.parametrize("link", [False, True])
def test_picks_go_to_a_folder(album: Path, tmp_path: Path, link: bool) -> None:
    for _ in range(2):
        done = _run("picks", "--to", tmp_path / "out", *(["--link"] if link else []), "--json")
        assert done.exit_code == 0, done.output
        assert len([json.loads(line) for line in done.stdout.splitlines()]) == 3
        assert done.stderr == f"{tmp_path / 'out'}: 3 photographs\n"
    there = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in there] == ["1-2.jpg", "1.jpg", "2.jpg"]
    originals = {path.read_bytes() for path in album.rglob("*.jpg")}
    assert {path.read_bytes() for path in there} == originals
    assert {path.stat().st_nlink for path in there} == {2 if link else 1}


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_a_table_is_not_replaced_unasked(album: Path, tmp_path: Path, suffix: str) -> None:
    table = tmp_path / f"table.{suffix}"
    assert _run("find", "--out", table).output == f"{table}: 3 photographs\n"
    before = table.read_bytes()
    assert str(album / "b" / "2.jpg").encode() in before
    assert isinstance(_run("find", "--limit", 1, "--out", table).exception, OutputError)
    assert table.read_bytes() == before
    assert _run("find", "--limit", 1, "--out", table, "--overwrite").exit_code == 0
    assert len(table.read_bytes()) < len(before)


@pytest.mark.parametrize("command", ["find", "picks"])
def test_people_are_meant_in_any_case_and_must_be_known(album: Path, command: str) -> None:
    with open_catalog(album.parent / "catalog.db") as catalog, catalog.write() as session:
        first, second, _ = list_photos(session)
        for number, photo_of in enumerate((first, second), start=1):
            put_faces(session, photo_of.id, [found(seed=number)], by="1", forgotten=())
        assigned = [
            Assigned(face.id, key(face.id), 0.9, confirmed=True) for face in list_faces(session)
        ]
        put_assignments(session, assigned)
        hers = next(face for face in list_faces(session) if face.photo_id == first.id)
        append(session, NamePerson(person=key(hers.id), name="Änn", faces=(hers.ref,)), at=NOW)
    told = _run(command, "--people", "änN")
    assert told.exit_code == 0, told.output
    names = [line for line in told.stdout.splitlines() if line.endswith(".jpg")]
    assert [str(first.paths[0]) in name for name in names] == [True]
    assert "no person is called 'Ann'" in str(_run(command, "--people", "Ann").exception)
    unnamed = next(one.person for one in assigned if one.person != key(hers.id))
    assert "has no name" in str(_run(command, "--people", unnamed).exception)


def test_sidecars_are_written_for_the_photographs_named(album: Path) -> None:
    assert _run("sidecars", "b/2.jpg").output.startswith("1 sidecar written, 0 said it already")
    assert _run("sidecars").output.startswith("2 sidecars written, 1 said it already")
    assert len(list(album.rglob("*.xmp"))) == 3


def test_a_photograph_that_nobody_scanned_gets_no_sidecar(album: Path) -> None:
    (album / "new.jpg").write_bytes(photo(9))
    for name in ("new.jpg", "nowhere.jpg"):
        done = _run("sidecars", "b/2.jpg", name)
        assert isinstance(done.exception, CatalogError)
        assert str(album / name) in str(done.exception)
    assert list(album.rglob("*.xmp")) == []


def test_ratings_are_read_from_sidecars_and_taken_back(album: Path) -> None:
    (written,) = write_sidecar(album / "b" / "2.jpg", SidecarContent(rating=4))
    text = written.path.read_text().replace("RatingWritten", "RatingOfAnother")
    written.path.write_text(text)
    told = _run("sidecars", "--read").output.splitlines()
    assert told[-1] == "1 decision noted; goodside album undo takes them back"
    assert _run("sidecars", "--read").output == "0 decisions noted\n"
    with open_catalog(album.parent / "catalog.db") as catalog:
        assert list(catalog.decisions().stars.values()) == [4]
