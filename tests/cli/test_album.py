"""`goodside album`: marks, ratings, tags, journal, undo, verify."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from goodside.album.catalog import (
    Decision,
    FileStamp,
    ForgetPerson,
    HidePerson,
    KeepFrames,
    MergePeople,
    NamePerson,
    NotPerson,
    RejectFaces,
    ReplacePhoto,
    SeparatePhotos,
    SetFolder,
    SplitPerson,
    Undo,
    add_folder,
    open_catalog,
    put_file,
)
from goodside.album.catalog.decision_text import describe
from goodside.cli import cli
from goodside.errors import CatalogError, GoodsideError, OutOfRange
from tests.album.catalog.made import NOW, face, fresh, key, sha

_NAMES = (b"1.jpg", b"2.jpg", b"caf\xe9.jpg")

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three scanned photographs."""
    photos = tmp_path / "photos"
    photos.mkdir()
    with fresh(tmp_path / "catalog.db") as catalog:
        for name in _NAMES:
            path = photos / os.fsdecode(name)
            path.write_bytes(name * 100)
            with catalog.write() as session:
                put_file(
                    session,
                    path,
                    folder_id=add_folder(session, photos, at=NOW),
                    stamp=FileStamp(1, 2, 3),
                    sha256=hashlib.sha256(name * 100).hexdigest(),
                    at=NOW,
                )
    return photos


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("GOODSIDE_CATALOG", str(folder.parent / "catalog.db"))

    def invoke(*arguments: str | Path) -> Result:
        told = ["album", *map(str, arguments)]
        return CliRunner().invoke(cli, told, catch_exceptions=False)

    return invoke


def _flags(folder: Path) -> dict[str, str]:
    names = {hashlib.sha256(name * 100).hexdigest(): name.decode("latin-1") for name in _NAMES}
    with open_catalog(folder.parent / "catalog.db") as catalog:
        return {names[content]: flag for content, flag in catalog.decisions().flags.items()}


def test_pick_reject_unmark_and_back(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = folder / "1.jpg", folder / "2.jpg"
    assert run("pick", one, two).output == "noted as 1; goodside album undo takes it back\n"
    monkeypatch.chdir(folder)
    run("reject", "2.jpg", os.fsdecode(_NAMES[2]))
    assert _flags(folder) == {"1.jpg": "pick", "2.jpg": "reject", "café.jpg": "reject"}
    run("unmark", one)
    assert _flags(folder) == {"2.jpg": "reject", "café.jpg": "reject"}
    assert run("undo").output.startswith("undone:     3  ")
    assert run("undo").output.rstrip().endswith("reject 2.jpg, caf�.jpg")
    assert _flags(folder) == {"1.jpg": "pick", "2.jpg": "pick"}
    run("undo", "5")
    assert _flags(folder)["2.jpg"] == "reject"
    run("undo", "--count", "2")
    assert _flags(folder) == {}


def test_rate_and_tag(run: Run, folder: Path) -> None:
    run("rate", "5", folder / "1.jpg", folder / "2.jpg")
    run("rate", "none", folder / "2.jpg")
    run("tag", folder / "1.jpg", "--add", " sea ", "--add", "Zoë", "--remove", "dog")
    with open_catalog(folder.parent / "catalog.db") as catalog:
        decided = catalog.decisions()
    content = hashlib.sha256(_NAMES[0] * 100).hexdigest()
    assert decided.stars == {content: 5}
    assert decided.tags == {content: {"sea", "Zoë"}}
    assert decided.tags_off == {content: {"dog"}}
    lines = run("journal").output.splitlines()
    assert [line.split(maxsplit=3)[3] for line in lines] == [
        "rate 5 1.jpg, 2.jpg", "rate none 2.jpg", "tag +sea, +Zoë, -dog 1.jpg"
    ]  # fmt: skip


def test_the_journal_goes_to_a_file_and_back(run: Run, folder: Path, tmp_path: Path) -> None:
    run("pick", folder / "1.jpg")
    run("rate", "3", folder / "1.jpg")
    run("undo")
    records = [json.loads(line) for line in run("journal", "--json").output.splitlines()]
    assert [(r["number"], r["kind"], r["undone"]) for r in records] == [
        (1, "flag", False), (2, "rate", True), (3, "undo", False)
    ]  # fmt: skip
    file = tmp_path / "journal.jsonl"
    assert run("journal", "--export", file).output == f"{file}: 3 entries\n"
    other = tmp_path / "made" / "other.db"
    arguments = ("journal", "--import", file, "--catalog", other)
    assert run(*arguments).output == "3 entries added\n"
    assert run(*arguments).output == "0 entries added\n"
    again = run("journal", "--json", "--catalog", other).output
    assert [json.loads(line) for line in again.splitlines()] == records


def test_verify_in_words_json_and_exit_code(run: Run, folder: Path) -> None:
    good = run("verify")
    assert (good.exit_code, good.output) == (
        0, "3 originals: all are bit for bit what they were\n"
    )  # fmt: skip
    (folder / "1.jpg").write_bytes(b"0.jpg" * 100)
    (folder / "2.jpg").unlink()
    (folder / "new.jpg").touch()
    (folder / os.fsdecode(_NAMES[2])).rename(folder / "moved.jpg")
    bad = run("verify")
    assert bad.exit_code == 1
    assert bad.output.splitlines() == [
        f"changed     {folder}/1.jpg",
        f"missing     {folder}/2.jpg",
        f"moved       {folder}/caf�.jpg to {folder}/moved.jpg",
        f"new         {folder}/new.jpg",
        "3 originals: 2 are not what they were",
    ]
    told = json.loads(run("verify", "--json").output)
    assert (told["sound"], told["same"], told["changed"]) == (False, 0, [f"{folder}/1.jpg"])
    assert [os.fsencode(move["from"]) for move in told["moved"]] == [
        os.fsencode(folder) + b"/caf\xe9.jpg"
    ]
    assert run("verify", "--accept").exit_code == 0
    assert run("verify").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "error", "complaint"),
    [
        (["pick", "unknown.jpg"], CatalogError, r"unknown\.jpg: .*scan its folder first"),
        (["undo"], OutOfRange, "nothing to undo"),
        (["undo", "7"], OutOfRange, "no entry 7"),
        (["tag", "1.jpg", "--add", " "], OutOfRange, "no name or tag"),
        (["journal", "--import", "none.jsonl"], CatalogError, "cannot be read"),
        (["verify", "--catalog", "none.db"], CatalogError, "no catalog"),
    ],
)
def test_what_is_wrong_is_told(
    run: Run, arguments: list[str], error: type[GoodsideError], complaint: str
) -> None:
    with pytest.raises(error, match=complaint):
        run(*arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ["tag", "1.jpg"],
        ["rate", "6", "1.jpg"],
        ["pick"],
        ["undo", "1", "--count", "2"],
        ["journal", "--export", "a", "--import", "b"],
    ],
)
def test_wrong_usage_ends_with_two(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


_F, _G = face("p", 0), face("p", 1)


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (NamePerson(person=key(1), name="Ann", faces=(_F,)), "name Ann: 1 face"),
        (NamePerson(person=key(1), name=None, faces=(_F, _G)), "name Anna: 2 faces"),
        (MergePeople(person=key(2), into=key(1)), "merge person 000000000002 into Anna"),
        (SplitPerson(person=key(1), into=key(2), faces=(_F,)),
         "split 1 face of Anna off as person 000000000002"),
        (NotPerson(person=key(1), faces=(_F,)), "not Anna: 1 face"),
        (RejectFaces(faces=(_F, _G)), "reject 2 faces"),
        (ForgetPerson(person=key(1), faces=()), "forget person 000000000001: 0 faces"),
        (SetFolder.of(Path("/a b"), faces=False), "faces off in /a b"),
        (KeepFrames(photos=(sha("p"),), others=(sha("q"),)), "keep 1.jpg of its group"),
        (KeepFrames(photos=(), others=(sha("p"),)), "keep what goodside chooses of 1.jpg"),
        (SeparatePhotos(photos=(sha("p"),), others=(sha("q"),)),
         f"separate 1.jpg from {sha('q')[:12]}…"),
        (HidePerson(person=key(1), hidden=True), "hide Anna"),
        (HidePerson(person=key(1), hidden=False), "show Anna"),
        (ReplacePhoto(old=sha("q"), new=sha("p")), f"scan: {sha('q')[:12]}… became 1.jpg"),
        (Undo(entry="1" * 32), "undo 4"),
        (Undo(entry="2" * 32), "undo 222222222222…"),
    ],
)  # fmt: skip
def test_decisions_in_words(decision: Decision, words: str) -> None:
    told = describe(
        decision, files={sha("p"): "1.jpg"}, names={key(1): "Anna"}, numbers={"1" * 32: 4}
    )
    assert told == words
