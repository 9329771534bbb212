from __future__ import annotations

import json
import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from goodside.album import scan as scanning
from goodside.album.catalog import open_catalog, read_face_vectors
from goodside.cli import cli
from goodside.engines import Engines
from goodside.rotation import Rotator
from tests.album.scan.made import EXAMPLES, photo


@pytest.fixture
def album(tmp_path: Path) -> Path:
    folder = tmp_path / "album"
    folder.mkdir()
    for number in range(2):
        (folder / f"{number}.jpg").write_bytes(photo(number))
    return folder


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Scan without workers: what they do is tested elsewhere."""
    monkeypatch.chdir(tmp_path)
    run = scanning.scan

    def here(*arguments: Any, **options: Any) -> object:
        return run(*arguments, **options | {"workers": 0})

    monkeypatch.setattr(scanning, "scan", here)


def _run(tmp_path: Path, *arguments: object) -> Result:
    place = ("--catalog", tmp_path / "catalog.db")
    return CliRunner().invoke(cli, ["album", *map(str, (*arguments, *place))])


def test_scan_tells_what_it_did(tmp_path: Path, album: Path) -> None:
    done = _run(tmp_path, album, "--no-faces")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("2 photographs read in ")
    assert "album.html: 2 picks" in done.output
    assert (tmp_path / "album.html").read_text(encoding="utf-8").count("<figure") == 3
    done = _run(tmp_path, "scan", "--no-faces")
    assert done.output.endswith("2 unchanged\n")


@pytest.mark.parametrize(("gate", "turned"), [([0, 90], 1), (None, 0)])
def test_side_faces_are_turned_where_the_card_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gate: list[int] | None, turned: int
) -> None:
    def made(_: Engines) -> Rotator:
        rotator = Rotator()
        facts = {**rotator.card.facts, "fuse_yaw_deg": gate}
        rotator.card = rotator.card.model_copy(update={"facts": facts})
        return rotator

    monkeypatch.setattr(Engines, "rotator", made)
    done = _run(tmp_path, EXAMPLES / "faces")
    assert done.exit_code == 0, done.output
    with open_catalog(tmp_path / "catalog.db") as catalog, catalog.read() as session:
        assert len(read_face_vectors(session, "plain")[0]) == 1
        assert len(read_face_vectors(session, "frontal")[0]) == turned


def test_raw_files_of_pairs_are_no_photographs_more(tmp_path: Path, album: Path) -> None:
    (album / "0.cr3").write_bytes(b"raw pixels")
    done = _run(tmp_path, "scan", album, "--no-faces")
    assert done.output.startswith("2 photographs (and 1 raw of the same shots) read in ")


def test_an_album_without_errors_says_so(tmp_path: Path, album: Path) -> None:
    _run(tmp_path, "scan", album, "--no-faces")
    done = _run(tmp_path, "errors")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "no errors\n")


def test_photographs_cut_short_are_listed_with_the_errors(tmp_path: Path, album: Path) -> None:
    (album / "cut.jpg").write_bytes((album / "0.jpg").read_bytes()[:-200])
    _run(tmp_path, "scan", album, "--no-faces")
    told = _run(tmp_path, "errors").stdout
    assert told.startswith(f"{album / 'cut.jpg'}: ")
    assert "never picked" in told


def test_failures_are_told_listed_and_tried_again(tmp_path: Path, album: Path) -> None:
    (album / os.fsdecode(b"caf\xe9.jpg")).write_bytes(b"no picture")
    done = _run(tmp_path, "scan", album, "--no-faces")
    assert done.exit_code == 1
    assert "2 photographs read" in done.stdout
    assert "1 failed" in done.stdout
    assert "it is no photograph" in done.stderr
    assert "it is no photograph" in _run(tmp_path, "errors").stdout
    done = _run(tmp_path, "scan", album, "--no-faces")
    assert (done.exit_code, "not tried again" in done.stdout) == (0, True)
    done = _run(tmp_path, "scan", album, "--no-faces", "--retry", "--json")
    record = json.loads(done.stdout)
    assert (done.exit_code, record["unchanged"], record["stopped"]) == (1, 2, False)
    assert record["failed"][0]["error"]["kind"] == "UnreadableImage"
    (failure,) = map(json.loads, _run(tmp_path, "errors", "--json").stdout.splitlines())
    assert failure["attempts"] == 2


def test_ctrl_c_keeps_what_is_done(
    tmp_path: Path, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert threading.current_thread() is threading.main_thread()
    run = scanning.scan

    def interrupted(*arguments: Any, **options: Any) -> object:
        press = lambda at: os.kill(os.getpid(), signal.SIGINT) if at.done == 1 else None  # noqa: E731
        return run(*arguments, **options | {"on_progress": press})

    monkeypatch.setattr(scanning, "scan", interrupted)
    before = signal.getsignal(signal.SIGINT)
    done = _run(tmp_path, "scan", album, "--no-faces")
    assert done.exit_code == 130
    assert "1 photograph read" in done.stdout
    assert "the same command goes on" in done.stdout
    assert signal.getsignal(signal.SIGINT) is before
    monkeypatch.setattr(scanning, "scan", run)
    done = _run(tmp_path, "scan", album, "--no-faces")
    assert (done.exit_code, "1 photograph read" in done.stdout) == (0, True)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    done = _run(tmp_path, "scan", tmp_path / "nowhere")
    assert "no such folder" in str(done.exception)


def test_nothing_was_ever_scanned(tmp_path: Path) -> None:
    done = _run(tmp_path, "scan")
    assert "there is no catalog" in str(done.exception)


def test_faces_off_is_a_decision_that_can_be_undone(tmp_path: Path, album: Path) -> None:
    done = _run(tmp_path, "faces", "off", album)
    assert done.output == f"faces off in {album}\n"
    assert "faces off" in _run(tmp_path, "journal").output
    assert _run(tmp_path, "undo").exit_code == 0


def test_a_report_shows_only_the_folders_asked_for(tmp_path: Path, album: Path) -> None:
    _run(tmp_path, "scan", album, "--no-faces")
    out = tmp_path / "new" / "report.html"
    told = _run(tmp_path, "report", album, "--title", "A <walk>", "-n", "1", "--out", out)
    assert told.output.startswith(f"{out}: 1 pick, ")
    assert "<h1>A &lt;walk&gt;</h1>" in out.read_text(encoding="utf-8")
    empty = out.with_name("empty.html")
    _run(tmp_path, "report", tmp_path / "elsewhere", "--out", empty)
    assert "There is no photograph in the album" in empty.read_text(encoding="utf-8")
    refused = _run(tmp_path, "report", tmp_path / "elsewhere", "--out", out)
    assert "no photograph" in str(refused.exception)
    assert "A &lt;walk&gt;" in out.read_text(encoding="utf-8")
    out.write_text("mine", encoding="utf-8")
    assert "did not make" in str(_run(tmp_path, "report", "--out", out).exception)
