"""What commands print cannot steer the terminal, whatever files, people and tags are called."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.table import Table

import goodside.cli
from goodside.album.catalog import (
    Assigned,
    NamePerson,
    SetTags,
    append,
    list_faces,
    list_photos,
    open_catalog,
    put_assignments,
    put_faces,
)
from goodside.cli import cli
from goodside.cli.output.terminal import echo, echo_data, echo_error, echo_json, print_table, shown
from goodside.errors import OutOfRange, UnreadableImage
from tests.album.catalog.made import NOW, found, key
from tests.album.scan.made import photo, quick_scan

_EVIL = "a\x1b]0;owned\a\x1b[2J\n\u202egpj\u2066\u200b\x9b.jpg"
_BAD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066\u2067]")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _terminal(monkeypatch: pytest.MonkeyPatch) -> _Terminal:
    """Standard output that claims to be one; made in the test, after pytest's own."""
    stream = _Terminal()
    monkeypatch.setattr(sys, "stdout", stream)
    return stream


@pytest.fixture
def album(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three photographs: one with a hostile name, tag and camera, one of a person named in Arabic,
    one that cannot be read.
    """
    folder = tmp_path / "album"
    folder.mkdir()
    (folder / _EVIL).write_bytes(photo(1))
    (folder / "2.jpg").write_bytes(photo(2))
    (folder / f"x{_EVIL}").write_bytes(b"\xff\xd8\xff broken")
    with open_catalog(tmp_path / "catalog.db") as catalog:
        quick_scan(catalog, folder)
        with catalog.write() as session:
            first, second = list_photos(session)
            for number, one in enumerate((first, second)):
                put_faces(session, one.id, [found(seed=number)], by="1", forgotten=())
            faces = list_faces(session)
            put_assignments(
                session, [Assigned(face.id, key(face.id), 0.9, confirmed=True) for face in faces]
            )
            for face, name in zip(faces, ("محمد", f"Eve{_EVIL}"), strict=True):
                append(
                    session,
                    NamePerson(person=key(face.id), name=name, faces=(face.ref,)),
                    at=NOW,
                )
            append(session, SetTags(photos=(first.sha256,), add=(f"tag{_EVIL}",)), at=NOW)
    monkeypatch.setenv("GOODSIDE_CATALOG", str(tmp_path / "catalog.db"))
    return folder


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


@pytest.mark.parametrize(
    "words",
    [
        "album find",
        "album find --tag nothing",
        "album picks",
        "album groups",
        "album errors",
        "album journal",
        "album people",
        "album people show محمد",
        "album verify",
        "album sidecars",
        "album undo",
        "album scan --no-faces --workers 1 --retry",
    ],
)
def test_no_command_passes_anything_on(album: Path, words: str) -> None:
    result = _run(*words.split())
    assert not _BAD.search(result.stdout + result.stderr), ascii(result.output)
    assert "\ngpj" not in result.output


def test_names_are_still_told(album: Path) -> None:
    assert "\\x1b]0;owned\\x07\\x1b[2J\\n\\u202egpj" in _run("album", "find").stdout
    assert "Eve" in _run("album", "people").stdout


@pytest.mark.parametrize(
    "words",
    ["find --format jsonl", "picks", "groups", "errors", "journal", "people", "verify"],
)
def test_json_is_exact_and_harmless_all_the_same(album: Path, words: str) -> None:
    command, *rest = words.split()
    result = _run("album", command, *(rest or ["--json"]))
    assert not _BAD.search(result.stdout)
    told = [json.loads(line) for line in result.stdout.splitlines()]
    if command not in ("groups", "verify"):  # which have nothing to say of it
        assert any(_EVIL in text for one in told for text in _texts(one))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def test_failures_and_photographs_given_by_name(album: Path) -> None:
    for command in (["assess"], ["faces"], ["album", "pick"], ["album", "journal", "--import"]):
        result = _run(*command, str(album / f"none{_EVIL}"))
        told = result.stdout + result.stderr
        if result.exception and not isinstance(result.exception, SystemExit):
            continue  # an error of ours: `main` prints it, see below
        assert result.exit_code
        assert not _BAD.search(told), ascii(told)


def test_errors_of_usage_are_harmless() -> None:
    for words in (
        [f"no{_EVIL}"],
        ["album", "find", "--like", f"/none/{_EVIL}"],
        ["album", "people", "show", "--no\x1b[2J"],
        ["model", "no\x1b[2J"],
        ["rotate", "a.jpg", "--sweep", "\x1b[2J"],
    ):
        result = _run(*words)
        assert result.exit_code == 2
        assert result.stderr
        assert not _BAD.search(result.stderr), ascii(result.stderr)


def test_errors_of_main_are_one_harmless_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["goodside", "album", "errors", "--catalog", f"/none/{_EVIL}"])
    with pytest.raises(SystemExit):
        goodside.cli.main()
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert not _BAD.search(told)


def test_a_name_from_the_right_turns_nothing_round(
    album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = _terminal(monkeypatch)
    cli.main(["album", "people"], standalone_mode=False)
    cli.main(["album", "journal"], standalone_mode=False)
    told = terminal.getvalue()
    assert told.count("\u2068محمد\u2069") == 2
    assert "name \u2068محمد\u2069: 1 face" in told
    assert "\u2068" not in _run("album", "people").stdout  # a pipe gets the name alone


def test_a_table_on_a_terminal_is_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _terminal(monkeypatch)
    echo_data(f"a,{_EVIL}\r\n".encode())
    assert not _BAD.search(terminal.getvalue().replace("\r\n", "\n"))


def test_the_net_below_the_names(capsys: pytest.CaptureFixture[str]) -> None:
    echo(f"forgotten {_EVIL}\nnext")
    echo_error(UnreadableImage(f"why\n{_EVIL}", path=f"/{_EVIL}", remedy=_EVIL))
    echo_error(f"plain\n{_EVIL}")
    echo_json({"a": _EVIL})
    told = capsys.readouterr()
    assert told.out.count("\n") == 4  # one was in the name: `shown` is what writes it out
    assert told.err.count("\n") == 2
    assert not _BAD.search(told.out + told.err)
    assert shown(Path(_EVIL)) == shown(_EVIL)


def test_names_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("photograph")
    for name in ("[/b].jpg", "[red]a.jpg", ":smile:.jpg", _EVIL):
        table.add_row(shown(name))
    print_table(table)
    told = capsys.readouterr().out
    assert "[/b].jpg" in told
    assert "[red]a.jpg" in told
    assert ":smile:" in told
    assert not _BAD.search(told)


@pytest.mark.parametrize("text", [_EVIL, "A\x1bnn", "Ann\u202e", "A\u200bnn", "An\nn"])
def test_names_and_tags_that_cannot_be_seen_are_refused(album: Path, text: str) -> None:
    for words in (
        ["album", "people", "name", "محمد", text],
        ["album", "tag", str(album / "2.jpg"), "--add", text],
    ):
        result = _run(*words)
        assert isinstance(result.exception, OutOfRange), result.output
        assert "cannot be seen" in str(result.exception)
        assert not _BAD.search(str(result.exception))
    old = _run("album", "tag", str(album / "2.jpg"), "--remove", f"tag{_EVIL}")
    assert old.exit_code == 0


def test_only_one_module_prints() -> None:
    folder = Path(goodside.cli.__file__).parent
    printing = re.compile(
        r"click\.(echo|secho|style)|(?<![\w.])print\(|Console\(|sys\.std\w+\.write"
    )
    for path in folder.rglob("*.py"):
        if path.name not in ("terminal.py", "progress.py", "streams.py"):
            assert not printing.search(path.read_text(encoding="utf-8")), path


def test_names_that_are_no_utf_8_go_through_everything(tmp_path: Path) -> None:
    name = os.fsencode(str(tmp_path)) + b"/caf\xe9.jpg"
    Path(os.fsdecode(name)).write_bytes(photo(1))
    result = _run("faces", os.fsdecode(name), "--json")
    assert result.exit_code == 0, result.output
    assert os.fsencode(json.loads(result.stdout)["path"]) == name
    assert "caf\ufffd.jpg: no face" in _run("faces", os.fsdecode(name)).stdout
