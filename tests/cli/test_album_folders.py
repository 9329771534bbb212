"""Folders, exclusions and unread pictures on the command line; and names that are no files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from goodside.album import scan as scanning
from goodside.cli import cli
from goodside.errors import GoodsideError
from tests.album.scan.made import photo
from tests.special_files import KINDS, put_special


@pytest.fixture
def album(tmp_path: Path) -> Path:
    folder = tmp_path / "album"
    (folder / "exports").mkdir(parents=True)
    for number in range(2):
        (folder / f"{number}.jpg").write_bytes(photo(number))
    (folder / "exports" / "e.jpg").write_bytes(photo(7))
    return folder


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    run = scanning.scan
    here = lambda *arguments, **options: run(*arguments, **options | {"workers": 0})  # noqa: E731
    monkeypatch.setattr(scanning, "scan", here)


def _run(tmp_path: Path, *arguments: object) -> Result:
    place = ("--catalog", tmp_path / "catalog.db")
    return CliRunner().invoke(cli, ["album", *map(str, (*arguments, *place))])


def _scan(tmp_path: Path, *arguments: object) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        _run(tmp_path, "scan", "--no-faces", "--json", *arguments).stdout
    )
    return told


def test_exclude_is_kept_listed_taken_back_and_undone(tmp_path: Path, album: Path) -> None:
    assert _scan(tmp_path, album, "--exclude", "exports/", "--exclude", "*.png")["read"] == 2
    assert _scan(tmp_path, album)["unchanged"] == 2
    told = _run(tmp_path, "folders")
    assert told.output == f"{album}: 2 photographs, without exports/, *.png\n"
    assert "exclude exports/, *.png from" in _run(tmp_path, "journal").output
    told = _run(tmp_path, "folders", album, "--include", "exports/", "--json")
    assert json.loads(told.stdout) == {
        "path": str(album),
        "photographs": 2,
        "excludes": ["*.png"],
        "is_there": True,
    }
    assert _scan(tmp_path)["read"] == 1
    assert _run(tmp_path, "undo").exit_code == 0
    told = _run(tmp_path, "scan", "--no-faces")
    assert "1 left out from now on" in told.output
    wrong = _run(tmp_path, "folders", album, "--include", "raw/")
    assert isinstance(wrong.exception, GoodsideError)
    assert "exports/, *.png" in str(wrong.exception)


def test_exclude_needs_a_folder(tmp_path: Path) -> None:
    for arguments in (("scan", "--exclude", "x"), ("folders", "--exclude", "x")):
        done = _run(tmp_path, *arguments)
        assert (done.exit_code, "DIR" in done.stderr) == (2, True)
    done = _run(tmp_path, "folders", tmp_path, "--remove", "--exclude", "x")
    assert (done.exit_code, "goes alone" in done.stderr) == (2, True)


def test_an_unplugged_folder_is_told_and_can_be_removed(tmp_path: Path, album: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "o.jpg").write_bytes(photo(9))
    assert _scan(tmp_path, album, other)["read"] == 4
    other.rename(tmp_path / "away")
    done = _run(tmp_path, "scan", "--no-faces")
    assert (done.exit_code, "3 unchanged" in done.stdout) == (1, True)
    assert f"{other}: there is no such folder now" in done.stderr
    assert "not there now" in _run(tmp_path, "folders").output
    done = _run(tmp_path, "folders", other, "--remove")
    assert done.output == f"{other}: no longer scanned; 1 photograph left\n"
    assert _run(tmp_path, "scan", "--no-faces").exit_code == 0


def test_pictures_that_are_not_read_are_named(tmp_path: Path, album: Path) -> None:
    for name in ("a.jxl", "b.jxl", "c.jxl", "d.mov"):
        (album / name).write_bytes(b"x")
    done = _run(tmp_path, "scan", album, "--no-faces")
    assert done.exit_code == 0
    assert "3 JPEG XL pictures not read (a.jxl, …): goodside does not read JPEG XL\n" in done.stdout
    assert "1 video not read (d.mov): goodside reads photographs\n" in done.stdout
    assert _scan(tmp_path)["not_read"] == {"JPEG XL": 3, "video": 1}


def test_a_folder_in_which_nothing_was_found_says_so(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "a.jxl").write_bytes(b"x")
    done = _run(tmp_path, "scan", empty, "--no-faces")
    assert f"{empty}: no photograph found that goodside reads\n1 JPEG XL picture" in done.stdout
    assert _scan(tmp_path)["empty"] == [str(empty)]


def test_many_files_that_want_one_extra_are_one_line(
    tmp_path: Path, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Path(__file__).parents[1] / "images" / "data" / "upright.heic"
    for number in range(3):
        (album / f"{number}.heic").write_bytes(data.read_bytes() + bytes([number]))
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    done = _run(tmp_path, "scan", album, "--no-faces")
    assert done.exit_code == 1
    assert done.stderr.count("goodside[heic]") == 1
    assert "3 photographs not read: HEIC files need an extra decoder" in done.stderr
    assert _run(tmp_path, "errors").stdout.count("goodside[heic]") == 3


@pytest.mark.parametrize("command", ["assess", "faces"])
def test_folders_of_other_commands(tmp_path: Path, album: Path, command: str) -> None:
    for name in ("a.psd", "@eaDir/0.jpg", "b.svg"):
        path = album / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    (album / ".goodsideignore").write_text("exports\n")
    done = CliRunner().invoke(cli, [command, "--json", str(album)])
    assert done.exit_code == 0, done.output
    assert len(done.stdout.splitlines()) == 2
    told = "goodside: 1 Photoshop picture not read (a.psd): goodside does not read Photoshop"
    assert told in done.stderr
    for path in album.glob("*.jpg"):
        path.unlink()
    done = CliRunner().invoke(cli, [command, str(album)])
    assert done.exit_code == 2
    assert "there is no photograph in the folders given; 1 Photoshop picture" in done.stderr


def test_sidecars_that_are_no_files(tmp_path: Path, album: Path) -> None:
    """In a process of their own, which can be ended if they hang."""
    for number, kind in enumerate(KINDS):
        (album / f"{number}.jpg").write_bytes(photo(number))
        put_special(album / f"{number}.jpg.xmp", kind)
    environment = {**os.environ, "GOODSIDE_CATALOG": str(tmp_path / "catalog.db")}
    for arguments in (["scan", str(album), "--no-faces", "--workers", "1"], ["sidecars"]):
        done = subprocess.run(
            [sys.executable, "-m", "goodside", "album", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr
        assert "Traceback" not in done.stderr
    for number in range(len(KINDS)):
        assert f"{number}.jpg.xmp" in done.stderr
        assert not (album / f"{number}.jpg.xmp").is_file()
