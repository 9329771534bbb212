"""The album's commands on a server give what they give on a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from goodside.album import scan as scanning
from goodside.album.catalog import default_catalog_path
from goodside.cli import cli
from tests.album.scan.made import EXAMPLES
from tests.postgres.places import Places, on_server

_NAMES = ("astronaut.jpg", "cat.jpg", "dahlia.jpg", "dahlia-compressed.jpg")


@pytest.fixture
def places(server: Places) -> Iterator[Places]:
    with on_server(server):
        yield server


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Scan without workers, and let nobody's own catalog be touched."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    run = scanning.scan

    def here(*arguments: Any, **options: Any) -> object:
        return run(*arguments, **options | {"workers": 0})

    monkeypatch.setattr(scanning, "scan", here)


def _run(catalog: str, *arguments: object, fails: bool = False, user: str = "ann") -> str:
    """What a command says, its error too."""
    runner = CliRunner(env={"GOODSIDE_CATALOG": catalog, "GOODSIDE_USER": user})
    done = runner.invoke(cli, ["album", *map(str, arguments)])
    error = "" if done.exception is None else str(done.exception)
    assert (done.exit_code != 0) == fails, f"{done.output}\n{error}"
    return f"{done.output}{error if fails else ''}"


def _lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def _story(catalog: str, photos: Path, out: Path) -> list[object]:
    """Scan, decide, find, undo; everything that the commands say of it but moments and uids."""
    said: list[object] = []
    report = _lines(_run(catalog, "scan", photos, "--json"))[0]
    said += [report["read"], report["failed"]]
    _run(catalog, "rate", 4, photos / "cat.jpg")
    _run(catalog, "tag", photos / "cat.jpg", "--add", "pet")
    _run(catalog, "reject", photos / "astronaut.jpg", user="bo")
    said += _lines(_run(catalog, "find", "--format", "jsonl"))
    said += _lines(_run(catalog, "find", "--tag", "pet", "--format", "jsonl"))
    said += _lines(_run(catalog, "find", "--like", photos / "cat.jpg", "--format", "jsonl"))
    said += _lines(_run(catalog, "picks", "--json"))
    said += _lines(_run(catalog, "groups", "--json"))
    said += _lines(_run(catalog, "people", "list", "--all", "--json"))
    _run(catalog, "people", "name", f"{photos / 'astronaut.jpg'}#1", "Eileen")
    said += _lines(_run(catalog, "people", "--json"))
    said.append(_run(catalog, "undo", 3, fails=True).replace(catalog, ""))
    _run(catalog, "undo", "--anyone", 3)
    _run(catalog, "undo", "--count", 2)
    journal = _lines(_run(catalog, "journal", "--json"))
    said += [
        {k: v for k, v in one.items() if k in ("number", "kind", "by", "undone")} for one in journal
    ]
    said.append(_lines(_run(catalog, "verify", "--json")))
    _run(catalog, "report", "-o", out)
    assert out.stat().st_size > 10_000
    _run(catalog, "people", "forget", f"{photos / 'astronaut.jpg'}#1", "--yes")
    said += _lines(_run(catalog, "people", "list", "--all", "--json"))
    said.append(_run(catalog, "scan", "--json").partition('"seconds"')[0])
    said.append(_run(catalog, "folders"))
    return said


def test_the_story_of_an_album_is_the_same(places: Places, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for name in _NAMES:
        (photos / name).write_bytes((EXAMPLES / "photos" / name).read_bytes())
    on_file = _story(str(tmp_path / "catalog.db"), photos, tmp_path / "file.html")
    there = _story(places.url(tmp_path / "x").secret_text, photos, tmp_path / "server.html")
    assert there == on_file
    assert not default_catalog_path().exists()


def test_no_command_shows_the_password(places: Places, tmp_path: Path) -> None:
    url = places.url(tmp_path / "x", filled=True)
    secret = url.secret_text.replace("goodside@", "goodside:s3cret@")  # asked for by no one here
    for arguments, fails in (
        (("folders",), False),
        (("verify", "--json"), False),
        (("repair",), True),
        (("find", "--camera", "none"), True),
        (("journal", "--json"), False),
    ):
        assert "s3cret" not in _run(secret, *arguments, fails=fails)
    away = "postgresql://ann:s3cret@127.0.0.1:9/x"
    assert "s3cret" not in _run(away, "folders", fails=True)
    assert "s3cret" not in _run("mysql://ann:s3cret@db/x", "folders", fails=True)
    done = CliRunner().invoke(cli, ["album", "folders", "--catalog", "mysql://a:s3cret@db/x"])
    assert done.exit_code == 2
    assert "s3cret" not in done.output
