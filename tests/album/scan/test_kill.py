"""Killed at any moment, a scan goes on and ends as if nothing had happened."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.album_kill import contents, kill, snapshot, start
from benchmarks.made import make_album
from goodside.album.catalog import open_catalog
from goodside.album.scan import scan
from tests.album.scan.made import EXAMPLES

PHOTOS = 14


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_album(tmp_path_factory.mktemp("kill") / "album", PHOTOS)
    shutil.copy(EXAMPLES / "faces" / "astronaut.jpg", folder / "day 0" / "IMG_00007.jpg")
    (folder / "broken.jpg").write_bytes(b"no picture")
    return folder


@pytest.fixture(scope="module")
def whole(album: Path, tmp_path_factory: pytest.TempPathFactory) -> object:
    with open_catalog(tmp_path_factory.mktemp("whole") / "catalog.db") as catalog:
        scan(catalog, [album], workers=0)
        return snapshot(catalog)


@pytest.mark.parametrize(("after", "workers"), [(1, 0), (5, 0), (14, 0), (6, 2)], ids=str)
def test_killed_and_resumed(
    album: Path, whole: object, tmp_path: Path, after: int, workers: int
) -> None:
    before = contents(album)
    child = start(album, tmp_path / "catalog.db", workers=workers, faces=True, batch=3)
    for line in child.stdout:
        if int(line) >= after:
            break
    time.sleep(random.Random(after).uniform(0, 0.05))  # anywhere between two photographs
    kill(child, workers_too=False)
    with open_catalog(tmp_path / "catalog.db") as catalog:
        catalog.check()
        done = scan(catalog, [album], workers=0)
        catalog.check()
        assert snapshot(catalog) == whole
    assert done.read >= PHOTOS - after - 2 - 2 * workers
    assert done.unchanged >= after - 3 - 2 * workers
    assert contents(album) == before


def test_every_command_that_writes_killed_and_given_again() -> None:
    """A short form of `benchmarks.album_steps`, in a process of its own that may fork."""
    portrait = EXAMPLES / "faces" / "astronaut.jpg"
    command = (sys.executable, "-m", "benchmarks.album_steps")
    done = subprocess.run(
        (*command, "--faces", str(portrait), "--kills", "9", "--quick"),
        cwd=EXAMPLES.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "9 of 9 kills ended in an equal catalog" in done.stdout
