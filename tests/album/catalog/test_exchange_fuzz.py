"""Whatever a file of journal entries holds: it is taken whole, or refused with its line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from goodside.album.catalog import (
    Decision,
    MergePeople,
    NamePerson,
    NotPerson,
    Rate,
    RejectFaces,
    ReplacePhoto,
    SetFlag,
    SetFolder,
    SetTags,
    SplitPerson,
    Undo,
    export_journal,
    import_journal,
    open_catalog,
)
from goodside.album.catalog.decisions import FaceRef, ForgetPerson
from goodside.cli import cli
from goodside.errors import CatalogError
from tests.fuzz import fuzzed

_A, _B, _P = "a" * 64, "b" * 64, "0123456789ab"
_FACE = FaceRef(photo=_A, box=(1, 2, 300, 400))
_DECISIONS: list[Decision] = [
    SetFlag(photos=(_A, _B), flag="pick"),
    Rate(photos=(_A,), stars=3),
    SetTags(photos=(_A,), add=("sea",), remove=("land",)),
    NamePerson(person=_P, name="Ann", faces=(_FACE,)),
    MergePeople(person=_P, into="b" * 12),
    SplitPerson(person=_P, into="c" * 12, faces=(_FACE,)),
    NotPerson(person=_P, faces=(_FACE,)),
    RejectFaces(faces=(_FACE,)),
    ForgetPerson(person=_P, faces=(_FACE,)),
    SetFolder.of(Path("/album/caf\udce9"), faces=False),
    ReplacePhoto(old=_A, new=_B),
    Undo(entry="1" * 32),
]
_LINES = [
    {
        "uid": f"{number:032x}",
        "at": "2026-03-01T12:00:00+00:00",
        "kind": decision.kind,
        "payload": decision.model_dump(mode="json", exclude={"kind"}),
    }
    for number, decision in enumerate(_DECISIONS)
]
_ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(max_size=4),
    st.sampled_from(
        [
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "2026-03-01",
            "\ud800",
            "\x00",
            "\u202e",
            "a" * 300,
            "/" * 5000,
            10**400,
            [],
            {},
            [[[]]],
            _A,
            _P,
            "-0",
            1e308,
            "%00",
            "%",
        ]
    ),
)


@st.composite
def _changed(draw: st.DrawFn) -> str:
    """A line of a journal, one value or key of which is another."""
    line: dict[str, Any] = json.loads(json.dumps(draw(st.sampled_from(_LINES))))
    place: Any = line if draw(st.booleans()) else line["payload"]
    key = draw(st.sampled_from(sorted(place)))
    while isinstance(place[key], list) and place[key] and draw(st.booleans()):
        place, key = place[key], draw(st.integers(0, len(place[key]) - 1))
        if isinstance(place[key], dict):
            place, key = place[key], draw(st.sampled_from(sorted(place[key])))
    if isinstance(place, dict) and draw(st.integers(0, 9)) == 0:
        place[draw(st.text(max_size=5))] = draw(_ODD)
    else:
        place[key] = draw(_ODD)
    return json.dumps(line, ensure_ascii=draw(st.booleans()))


@st.composite
def _torn(draw: st.DrawFn) -> bytes:
    """Lines of which some bytes are others."""
    lines = draw(st.lists(st.sampled_from(_LINES), min_size=1, max_size=3))
    data = bytearray("".join(f"{json.dumps(line)}\n" for line in lines).encode())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data) - 1))
        data[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
    return bytes(data)


_FILES = st.one_of(
    st.binary(max_size=60),
    _torn(),
    st.lists(st.one_of(_changed(), st.sampled_from(_LINES).map(json.dumps)), max_size=4).map(
        lambda lines: "\n".join(lines).encode("utf-8", "surrogatepass")
    ),
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "catalog.db"
    open_catalog(path).close()
    return path


def _line(**changed: Any) -> bytes:
    return json.dumps(_LINES[1] | changed).encode()


@fuzzed(40)
@example(b'{"a":' * 100_000)
@example(_line()[:-2] + b', "x": ' + b"[" * 100_000)
@example(_line(payload={"photos": [_A], "stars": 0}).replace(b"0}", b"9" * 5000 + b"}"))
@example(_line(at="0001-01-01T00:00:00+14:00"))
@example(_line(at="9999-12-31T23:59:59-14:00"))
@example(_line(at=-1e300))
@example(_line(at=10**15))
@given(_FILES)
def test_a_journal_is_taken_whole_or_refused_with_its_line(empty: Path, data: bytes) -> None:
    folder = empty.with_name("work")
    folder.mkdir(exist_ok=True)
    file, database = folder / "journal.jsonl", folder / "catalog.db"
    file.write_bytes(data)
    shutil.copy(empty, database)
    with open_catalog(database) as catalog:
        count, refusal = 0, None
        try:
            count = import_journal(catalog, file)
        except CatalogError as error:
            refusal = error
        if refusal is not None:
            assert refusal.path == str(file)
            assert "line " in refusal.message
        catalog.decisions()
        assert export_journal(catalog, folder / "again.jsonl", overwrite=True) == count
    if count:
        shutil.copy(empty, folder / "other.db")
        with open_catalog(folder / "other.db") as other:
            assert import_journal(other, folder / "again.jsonl") == count
            assert export_journal(other, folder / "theirs.jsonl", overwrite=True) == count
        assert (folder / "theirs.jsonl").read_bytes() == (folder / "again.jsonl").read_bytes()
    listed = CliRunner().invoke(cli, ["album", "journal", "--catalog", str(database)])
    assert listed.exit_code == 0, listed.exception
    assert len(listed.stdout.splitlines()) == count


def test_every_kind_of_decision_comes_back(empty: Path, tmp_path: Path) -> None:
    file, again = tmp_path / "journal.jsonl", tmp_path / "again.jsonl"
    lines = [line for line in _LINES if line["kind"] != "forget"]  # which erases others' names
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="ascii")
    shutil.copy(empty, tmp_path / "catalog.db")
    with open_catalog(tmp_path / "catalog.db") as catalog:
        assert import_journal(catalog, file) == len(lines)
        assert export_journal(catalog, again) == len(lines)
        assert catalog.decisions().folders == {Path("/album/caf\udce9"): False}
    returned = [json.loads(line) for line in again.read_bytes().splitlines()]
    for line in returned:
        assert line.pop("step") == line.pop("command")  # where the file names none, each alone
    assert returned == lines
