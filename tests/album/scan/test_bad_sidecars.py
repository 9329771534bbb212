"""Sidecars that cannot be used are listed with the reason, and tried again when they change."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from goodside.album.catalog import Catalog, list_failures
from goodside.cli import cli
from goodside.images.xmp.tree import MAX_BYTES
from tests.album.scan.made import quick_scan

_GOOD = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>'
)
_BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><a>&b;</a>'
_BAD = {
    "damaged": (b"<x:xmpmeta", "well-formed"),
    "empty": (b"", "well-formed"),
    "no XMP": (b"<html></html>", "holds no XMP"),
    "binary": (bytes(range(256)), "well-formed"),
    "hostile": (_BOMB, "document type"),
    "deep": (b"<a>" * 500, "nested"),
    "oversize": (b"<a>" + b" " * MAX_BYTES + b"</a>", "the limit is"),
}


@pytest.mark.parametrize(("data", "reason"), _BAD.values(), ids=_BAD)
def test_a_bad_sidecar_is_listed(catalog: Catalog, album: Path, data: bytes, reason: str) -> None:
    (album / "1.jpg.xmp").write_bytes(data)
    done = quick_scan(catalog, album)
    (failure,) = done.failed
    assert (failure.path.name, failure.kind) == ("1.jpg.xmp", "SidecarError")
    assert reason in failure.message
    assert (done.read, done.notes) == (3, ())
    again = quick_scan(catalog, album)
    assert (again.failed, again.passed_over) == ((), 1)
    assert len(quick_scan(catalog, album, retry=True).failed) == 1
    (album / "1.jpg.xmp").write_bytes(data + b" ")
    changed = quick_scan(catalog, album)
    assert (len(changed.failed), changed.read, changed.unchanged) == (1, 0, 3)
    (album / "1.jpg.xmp").write_bytes(_GOOD)
    assert quick_scan(catalog, album).failed == ()
    with catalog.read() as session:
        assert list_failures(session) == []


def test_a_sidecar_that_is_no_file_is_told(catalog: Catalog, album: Path) -> None:
    os.mkfifo(album / "1.jpg.xmp")
    (failure,) = quick_scan(catalog, album).failed
    assert failure.path.name == "1.jpg.xmp"


def test_a_bad_sidecar_of_nobody_or_of_a_bad_photograph(catalog: Catalog, album: Path) -> None:
    (album / "alone.xmp").write_bytes(b"<a")
    (album / "2.jpg").write_bytes(b"no picture")
    (album / "2.jpg.xmp").write_bytes(b"<a")
    names = [failure.path.name for failure in quick_scan(catalog, album).failed]
    assert names == ["2.jpg", "2.jpg.xmp", "alone.xmp"]


def test_a_damaged_picasa_file_is_told(catalog: Catalog, album: Path) -> None:
    (album / ".picasa.ini").write_bytes(b"\xff\xfe\x00garbage")
    (failure,) = quick_scan(catalog, album).failed
    assert failure.path.name == ".picasa.ini"


def _run(tmp_path: Path, *arguments: object) -> Result:
    told = ["album", *map(str, arguments), "--catalog", str(tmp_path / "catalog.db")]
    return CliRunner().invoke(cli, told)


def _records(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


def test_commands_tell_them(tmp_path: Path, album: Path) -> None:
    (album / "1.jpg.xmp").write_bytes(_BOMB)
    scanned = _run(tmp_path, "scan", album, "--no-faces", "--workers", 1, "--json")
    assert scanned.exit_code == 1
    (failed,) = json.loads(scanned.stdout)["failed"]
    assert failed["path"] == str(album / "1.jpg.xmp")
    assert failed["error"]["kind"] == "SidecarError"
    (listed,) = _records(_run(tmp_path, "errors", "--json").stdout)
    assert listed["error"] == failed["error"]
    read = _run(tmp_path, "sidecars", "--read")
    assert read.exit_code == 1
    assert f"{album / '1.jpg.xmp'}: it has a document type" in read.stderr
