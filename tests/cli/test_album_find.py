"""`goodside album find`, and whatever takes tags, names and folders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from goodside.album.catalog import (
    Group,
    NamePerson,
    SetTags,
    list_photos,
    open_catalog,
    put_groups,
)
from goodside.cli import cli
from goodside.errors import CatalogError, OutOfRange
from tests.album.catalog.made import key
from tests.album.labelled import make_album

_NAMES = ("a/10.jpg", "a/9.jpg", "b/1.jpg")


@pytest.fixture
def album(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_album(tmp_path).close()
    monkeypatch.setenv("GOODSIDE_CATALOG", str(tmp_path / "catalog.db"))
    monkeypatch.chdir(tmp_path / "album")
    return tmp_path / "album"


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["album", *map(str, arguments)])


def _names(*arguments: object) -> list[str]:
    done = _run("find", *arguments)
    assert done.exit_code == 0, (done.output, done.exception)
    return [Path(line.split("  ")[-1]).name for line in done.stdout.splitlines()]


@pytest.mark.parametrize("tag", ["still life", "stilllife", "Still Life"])
def test_tags_are_understood_as_they_are_shown(album: Path, tag: str) -> None:
    assert _names("--tag", tag) == ["10.jpg"]
    (line,) = _run("picks", "--tag", tag, "--json").stdout.splitlines()
    assert json.loads(line)["tags"] == ["still life"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["find", "--tag", "stil life"], "nearest is still life"),
        (["picks", "--tag", "stillife"], "nearest is still life"),
        (["find", "--tag", "plant"], "no photograph carries the tag 'plant'"),
        (["find", "--tag", "strandd"], "Zoë am Strand"),
        (["find", "--tag", "sea"], "there are only"),
        (["find", "--camera", "Cannon"], "no photograph was taken with 'Cannon'"),
        (["find", "--camera", "Cannon"], "nearest is Canon EOS R5"),
        (["find", "--camera", "Nikon"], "there are only Canon EOS R5"),
        (["find", "--label", "Redd"], "nearest is Red"),
        (["find", "--people", "Ana"], "nearest is Anna"),
        (["picks", "--people", "Ana"], "nearest is Anna"),
        (["people", "show", "annna"], "nearest is Anna"),
    ],
)
def test_what_nobody_carries_is_told_with_the_nearest(
    album: Path, arguments: list[str], told: str
) -> None:
    _name_somebody(album)
    done = _run(*arguments)
    assert isinstance(done.exception, OutOfRange)
    assert told in str(done.exception)
    assert done.stdout == ""


def _name_somebody(album: Path) -> None:
    from goodside.album.catalog import Assigned, list_faces, put_assignments, put_faces
    from tests.album.catalog.made import found

    with open_catalog(album.parent / "catalog.db") as catalog:
        with catalog.write() as session:
            put_faces(session, list_photos(session)[0].id, [found()], by="1", forgotten=())
            (face,) = list_faces(session)
            put_assignments(session, [Assigned(face.id, key(1), 0.9, confirmed=True)])
        catalog.decide(NamePerson(person=key(1), name="Anna", faces=(face.ref,)))


@pytest.mark.parametrize(
    ("arguments", "names", "words"),
    [
        (["--sort", "score"], ["9.jpg", "10.jpg", "1.jpg"], "highest score first"),
        (["--sort", "score", "--ascending"], ["1.jpg", "10.jpg", "9.jpg"], "lowest score first"),
        (["--sort", "percentile", "--limit", "1"], ["9.jpg"], "1 photograph"),
        (["--sort", "name"], ["1.jpg", "9.jpg", "10.jpg"], "file names from A to Z"),
        (["--sort", "name", "--descending"], ["10.jpg", "9.jpg", "1.jpg"],
         "file names from Z to A"),
        (["--sort", "stars"], ["1.jpg", "10.jpg", "9.jpg"], "most stars first"),
        ([], ["10.jpg", "9.jpg", "1.jpg"], "earliest first"),
    ],
)  # fmt: skip
def test_the_order_is_chosen_and_told(
    album: Path, arguments: list[str], names: list[str], words: str
) -> None:
    _run("rate", "3", "b/1.jpg")
    assert _names(*arguments) == names
    assert words in _run("find", *arguments).stderr


def test_picked_and_rejected_photographs_are_marked(album: Path) -> None:
    _run("reject", "b/1.jpg")
    _run("pick", "a/9.jpg")
    lines = _run("find").stdout.splitlines()
    decided = {Path(line.split()[1]).name: line.split()[2:] for line in lines}
    assert decided == {"1.jpg": ["(rejected)"], "9.jpg": ["(picked)"], "10.jpg": []}


def test_every_order_is_offered_and_likeness_needs_a_picture(album: Path) -> None:
    from goodside.album.search.order import SORT_KEYS

    for sort in SORT_KEYS:
        done = _run("find", "--sort", sort, "--format", "jsonl")
        assert done.exit_code == (2 if sort == "likeness" else 0), done.output
    assert "--like" in _run("find", "--sort", "likeness").output


def test_a_folder_means_every_photograph_below_it(album: Path) -> None:
    done = _run("pick", "a")
    assert done.stderr == "a: 2 photographs\n"
    assert done.stdout.startswith("noted as 1;")
    assert _run("reject", ".", "a/9.jpg").stderr == ".: 3 photographs\n"
    assert _run("rate", "4", "b", "b/1.jpg").stderr == "b: 1 photograph\n"
    _run("unmark", album / "b" / ".." / "a")
    _run("tag", "b", "a/9.jpg", "--add", "x")
    with open_catalog(album.parent / "catalog.db") as catalog:
        decided = catalog.decisions()
        with catalog.read() as session:
            of = {
                one.sha256: one.paths[0].relative_to(album).as_posix()
                for one in list_photos(session)
            }
    assert {of[one] for one in decided.flags} == {"b/1.jpg"}
    assert {of[one] for one in decided.stars} == {"b/1.jpg"}
    assert {of[one] for one in decided.tags} == {"b/1.jpg", "a/9.jpg"}
    assert len(_run("journal", "--json").stdout.splitlines()) == 5


def test_sidecars_of_a_folder_stay_in_it(album: Path) -> None:
    (album / "b" / "copy.jpg").write_bytes((album / "a" / "10.jpg").read_bytes())
    assert _run("scan", album, "--no-faces").exit_code == 0
    assert _run("sidecars", "a").stdout.startswith("2 sidecars written")
    assert sorted(path.name for path in (album / "b").iterdir()) == ["1.jpg", "copy.jpg"]


def test_a_folder_without_photographs_of_the_album_is_told(album: Path, tmp_path: Path) -> None:
    for command in (["pick"], ["sidecars"], ["rate", "1"]):
        done = _run(*command, tmp_path)
        assert done.exit_code == 0, done.output
        (tmp_path / "empty").mkdir(exist_ok=True)
        done = _run(*command, tmp_path / "empty")
        assert isinstance(done.exception, CatalogError)
        assert "scan it first" in str(done.exception)


def test_a_folder_that_is_unplugged_is_still_meant(album: Path) -> None:
    (album / "a").rename(album.parent / "away")
    assert _run("pick", "a").stderr == "a: 2 photographs\n"


def test_a_tag_that_is_there_is_added_in_its_spelling(album: Path) -> None:
    _run("tag", "b/1.jpg", "--add", "STILLLIFE", "--add", "wild cat", "--add", "wildCat")
    _run("tag", "a/9.jpg", "--remove", "ANIMAL|wildcat")
    with open_catalog(album.parent / "catalog.db") as catalog:
        from goodside.album.catalog import entries

        with catalog.read() as session:
            decided = [entry.decision for entry in entries(session)]
    added, removed = decided
    assert isinstance(added, SetTags)
    assert isinstance(removed, SetTags)
    assert added.add == ("still life", "Wild Cat")
    assert removed.remove == ("Animal|Wild Cat",)


@pytest.mark.parametrize(
    ("kind", "heading"), [("near_duplicate", "2 near-duplicates"), ("burst", "burst of 2")]
)
def test_groups_have_headings(album: Path, kind: str, heading: str) -> None:
    with open_catalog(album.parent / "catalog.db") as catalog, catalog.write() as session:
        ids = tuple(one.id for one in list_photos(session)[:2])
        put_groups(session, kind, [Group(kind, ids)])
    assert heading in _run("groups", "--kind", kind).stdout.splitlines()
