"""People of a scanned album: seen, pointed at, named, taken apart, undone, forgotten."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from goodside.album.catalog import (
    Catalog,
    export_journal,
    list_faces,
    open_catalog,
    read_crops,
    read_face_vectors,
)
from goodside.album.people import (
    Turner,
    gather_evidence,
    list_people,
    select_face,
    select_person,
    turn_side_faces,
    update_people,
)
from goodside.album.scan import scan
from goodside.cli import cli
from goodside.errors import GoodsideError, OutOfRange
from goodside.rotation import Rotator
from tests.album.scan.made import EXAMPLES

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One photograph of an astronaut, and one that shows her twice."""
    folder = tmp_path_factory.mktemp("album")
    with Image.open(EXAMPLES / "faces" / "astronaut.jpg") as image:
        face = image.convert("RGB")
    face.thumbnail((400, 400))
    face.save(folder / "alone.jpg", quality=90)
    twice = Image.new("RGB", (2 * face.width, face.height))
    twice.paste(face, (0, 0))
    twice.paste(face.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (face.width, 0))
    twice.save(folder / "twice.jpg", quality=90)
    with open_catalog(folder / "catalog.db") as catalog:
        scan(catalog, [folder], workers=0)
        update_people(catalog)
        with catalog.read() as session:
            assert len(list_faces(session)) == 3
    return folder


@pytest.fixture
def catalog(scanned: Path, tmp_path: Path) -> Iterator[Catalog]:
    shutil.copy(scanned / "catalog.db", tmp_path / "catalog.db")
    with open_catalog(tmp_path / "catalog.db") as opened:
        yield opened


@pytest.fixture
def run(catalog: Catalog, scanned: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("GOODSIDE_CATALOG", str(catalog.path))
    monkeypatch.chdir(scanned)

    def invoke(*arguments: str | Path, code: int = 0) -> Result:
        done = CliRunner().invoke(cli, ["album", "people", *map(str, arguments)])
        assert done.exit_code == code, done.output
        return done

    return invoke


def _refused(*arguments: str) -> str:
    """What goodside says instead of doing it."""
    done = CliRunner().invoke(cli, ["album", "people", *arguments])
    assert isinstance(done.exception, GoodsideError)
    return str(done.exception)


def _sizes(catalog: Catalog) -> list[tuple[str | None, int]]:
    with catalog.read() as session:
        return [(one.name, len(one.faces)) for one in list_people(session)]


def test_she_is_one_person_but_not_twice_in_one_photograph(catalog: Catalog) -> None:
    assert _sizes(catalog) == [(None, 2), (None, 1)]


def test_grouping_again_changes_nothing(catalog: Catalog) -> None:
    with catalog.read() as session:
        before = [(face.ref, face.person) for face in list_faces(session)]
    update_people(catalog)
    with catalog.read() as session:
        assert [(face.ref, face.person) for face in list_faces(session)] == before


def test_naming_renaming_and_undoing(run: Run, catalog: Catalog) -> None:
    run("name", "alone.jpg#1", "Eileen")
    assert _sizes(catalog) == [("Eileen", 2), (None, 1)]
    run("name", "eileen", "Eileen C.")
    assert _sizes(catalog)[0] == ("Eileen C.", 2)
    undone = CliRunner().invoke(cli, ["album", "undo", "--count", "2"])
    assert undone.exit_code == 0
    assert _sizes(catalog) == [(None, 2), (None, 1)]


def test_merging_and_taking_apart_again(run: Run, catalog: Catalog) -> None:
    run("name", "alone.jpg#1", "Eileen")
    other = next(one for one in ("twice.jpg#1", "twice.jpg#2") if _name(catalog, one) is None)
    run("merge", other, "Eileen")
    assert _sizes(catalog) == [("Eileen", 3)]
    run("split", "Eileen", other, "--as", "Her image")
    assert _sizes(catalog) == [("Eileen", 2), ("Her image", 1)]
    assert _name(catalog, other) == "Her image"


def test_an_undone_merge_is_seen_at_once(run: Run, catalog: Catalog) -> None:
    hers = _key(catalog, "alone.jpg#1")
    other = next(one for one in ("twice.jpg#1", "twice.jpg#2") if _key(catalog, one) != hers)
    run("merge", other, "alone.jpg#1")
    assert _sizes(catalog) == [(None, 3)]
    undone = CliRunner().invoke(cli, ["album", "undo"])
    assert undone.exit_code == 0
    assert _sizes(catalog) == [(None, 2), (None, 1)]
    assert _key(catalog, other) != hers


def test_imported_decisions_are_seen_at_once(
    run: Run, catalog: Catalog, tmp_path: Path, scanned: Path
) -> None:
    run("reject", "alone.jpg#1")
    export_journal(catalog, tmp_path / "journal.jsonl")
    with open_catalog(shutil.copy(scanned / "catalog.db", tmp_path / "other.db")) as other:
        arguments = ["journal", "--import", tmp_path / "journal.jsonl", "--catalog", other.path]
        told = CliRunner().invoke(cli, ["album", *map(str, arguments)])
        assert told.output == "1 entry added\n"
        assert _sizes(other) == [(None, 1), (None, 1)]


def test_not_her_and_her_again(run: Run, catalog: Catalog) -> None:
    run("name", "alone.jpg#1", "Eileen")
    hers = next(one for one in ("twice.jpg#1", "twice.jpg#2") if _name(catalog, one) == "Eileen")
    run("not", "Eileen", hers)
    assert _name(catalog, hers) is None
    run("confirm", "Eileen", hers)
    assert _name(catalog, hers) == "Eileen"


def test_taking_a_face_from_somebody_nobody_named_keeps_the_others(
    run: Run, catalog: Catalog
) -> None:
    with catalog.read() as session:
        person = select_person(session, "alone.jpg#1").key
    hers = next(one for one in ("twice.jpg#1", "twice.jpg#2") if _key(catalog, one) == person)
    run("split", person[:6], hers)
    assert _key(catalog, "alone.jpg#1") == person
    assert _key(catalog, hers) != person
    with catalog.read() as session:
        left = len(select_person(session, person).faces)
    assert left == 2, "now that one face there is somebody else's, the other may be this person's"
    rest = [f"twice.jpg#{n}" for n in (1, 2) if f"twice.jpg#{n}" != hers]
    told = _refused("split", person[:6], "alone.jpg#1", *rest)
    assert "nothing would be left" in told


def test_rejected_faces_stay_out(run: Run, catalog: Catalog) -> None:
    run("reject", "twice.jpg#1", "twice.jpg#2")
    assert _sizes(catalog) == [(None, 1)]
    run("update")
    assert _sizes(catalog) == [(None, 1)]
    assert "nobody" in _refused("name", "twice.jpg#1", "X")


def test_names_are_not_given_twice(run: Run, catalog: Catalog) -> None:
    run("name", "alone.jpg#1", "Eileen")
    other = next(one for one in ("twice.jpg#1", "twice.jpg#2") if _name(catalog, one) is None)
    assert "somebody else is called Eileen" in _refused("name", other, "EILEEN")


def test_listing_and_showing(run: Run, catalog: Catalog, tmp_path: Path) -> None:
    run("name", "alone.jpg#1", "Eileen")
    lines = run().output.splitlines()
    assert lines[0].endswith("2  Eileen")
    assert lines[1] == "and 1 with a single face (--all)"
    assert len(run("list", "--all").output.splitlines()) == 2
    records = [json.loads(line) for line in run("list", "--json").output.splitlines()]
    assert [(one["name"], one["count"], one["known"]) for one in records] == [
        ("Eileen", 2, True),
        (None, 1, False),
    ]
    sheet = tmp_path / "eileen.png"
    shown = json.loads(run("show", "Eileen", "--sheet", sheet, "--json").output)
    assert [Path(face["path"]).name for face in shown["faces"]] in (
        ["alone.jpg", "twice.jpg"],
        ["twice.jpg", "alone.jpg"],
    )
    with Image.open(sheet) as picture:
        crops = np.asarray(picture)[44:204, 12:172]
    assert crops.std() > 20
    assert "confirmed" in run("show", "eileen").output


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ("Nobody", "no person is called 'Nobody'"),
        ("ffff", "no person is called 'ffff'"),
        ("alone.jpg#2", "face 2 of 1"),
        ("alone.jpg#0", "face 0 of 1"),
        ("other.jpg#1", "other.jpg"),
    ],
)
def test_pointing_at_what_is_not_there(run: Run, told: str, what: str) -> None:
    assert what in _refused("show", told)


def test_faces_are_counted_from_the_left(catalog: Catalog, scanned: Path) -> None:
    with catalog.read() as session:
        one, two = (select_face(session, f"{scanned}/twice.jpg#{n}") for n in (1, 2))
        assert one.box.right < two.box.left
        with pytest.raises(OutOfRange, match="no face"):
            select_face(session, f"{scanned}/twice.jpg")


def test_forgetting_leaves_nothing_in_the_file(run: Run, catalog: Catalog) -> None:
    run("name", "alone.jpg#1", "Eileen")
    with catalog.read() as session:
        person = select_person(session, "Eileen")
        ids, vectors = read_face_vectors(session, "plain")
        crops = read_crops(session, [face.id for face in person.faces])
    hers = {face.id for face in person.faces}
    secrets = [v.astype("<f2").tobytes() for i, v in zip(ids, vectors, strict=True) if i in hers]
    secrets += [crop[200:400] for crop in crops.values()]
    assert len(secrets) == 4
    assert all(secret in _bytes(catalog) for secret in secrets)
    assert "2 faces deleted" in run("forget", "Eileen", "--yes").output
    assert not any(secret in _bytes(catalog) for secret in [*secrets, b"Eileen"])
    assert _sizes(catalog) == [(None, 1)]


def test_forgetting_asks(run: Run, catalog: Catalog) -> None:
    run("forget", "alone.jpg#1", code=1)
    assert _sizes(catalog) == [(None, 2), (None, 1)]


def test_side_faces_are_turned_where_the_card_says_so(catalog: Catalog) -> None:
    rotator = Rotator()
    facts = {**rotator.card.facts, "fuse_yaw_deg": [0, 90]}
    rotator.card = rotator.card.model_copy(update={"facts": facts})
    with catalog.read() as session:
        _, plain = read_face_vectors(session, "plain")
    done = turn_side_faces(catalog, Turner(rotator))
    assert (done.turned, done.passed_over) == (3, 0)
    with catalog.read() as session:
        _, again = read_face_vectors(session, "plain")
        _, frontal = read_face_vectors(session, "frontal")
    assert np.array_equal(again, plain)
    alike = (plain * frontal).sum(axis=1)
    assert (alike > 0.7).all()
    assert (alike < 0.999).all()
    evidence = gather_evidence(catalog, Turner(rotator))
    assert evidence.verdict == "too few"
    facts["fuse_yaw_deg"] = None
    assert turn_side_faces(catalog, Turner(rotator)).fusion_range is None
    with catalog.read() as session:
        assert len(read_face_vectors(session, "frontal")[0]) == 0


def test_evidence_on_the_command_line(run: Run) -> None:
    told = run("--evidence").output
    assert told.startswith("Too few to tell whether rotation helps")
    assert json.loads(run("--evidence", "--json").output)["verdict"] == "too few"


def _name(catalog: Catalog, told: str) -> str | None:
    with catalog.read() as session:
        return select_person(session, told).name


def _key(catalog: Catalog, told: str) -> str:
    with catalog.read() as session:
        return select_person(session, told).key


def _bytes(catalog: Catalog) -> bytes:
    files = sorted(catalog.path.parent.glob(f"{catalog.path.name}*"))
    return b"".join(file.read_bytes() for file in files)
