"""RAW files and sidecars that belong to a photograph."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from goodside.album.catalog import (
    Catalog,
    list_photos,
    note_sidecars,
)
from goodside.images.sidecars.sidecar import write_sidecar
from goodside.images.xmp.content import SidecarContent
from tests.album.catalog.made import NOW
from tests.album.scan.made import files, quick_scan

_THEIRS = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="2"
  xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:DateTimeOriginal="2019-08-07T06:05:04"/>
</rdf:RDF></x:xmpmeta>"""


def test_pairs_and_sidecars(catalog: Catalog, album: Path) -> None:
    (album / "0.cr3").write_bytes(b"raw pixels")
    (album / "0.xmp").write_text("<x/>")
    (album / "1.jpg.xmp").write_text("<x/>")
    quick_scan(catalog, album)
    known = files(catalog)
    assert known["0.cr3"].main_id == known["0.xmp"].main_id == known["0.jpg"].id
    assert known["1.jpg.xmp"].main_id == known["1.jpg"].id
    assert (known["0.cr3"].measured_by, known["0.cr3"].sha256 is None) == (None, False)
    assert (known["0.xmp"].role, known["0.jpg"].role) == ("sidecar", "photo")
    assert quick_scan(catalog, album).unchanged == 4
    (album / "0.jpg").unlink()
    done = quick_scan(catalog, album)  # the raw file now stands for itself, and is none
    assert [failure.path.name for failure in done.failed] == ["0.cr3"]
    assert files(catalog)["0.cr3"].main_id is None


def test_a_sidecar_that_changed_is_heeded_and_the_photograph_not_read(
    catalog: Catalog, album: Path
) -> None:
    quick_scan(catalog, album)
    (album / "0.xmp").write_text(_THEIRS)
    done = quick_scan(catalog, album)
    assert (done.read, done.unchanged, done.sidecars, done.decisions_noted) == (0, 3, 1, 1)
    sha = str(files(catalog)["0.jpg"].sha256)
    assert catalog.decisions().stars == {sha: 2}
    with catalog.read() as session:
        taken = {one.sha256: one.facts.taken_at for one in list_photos(session)}
    assert taken[sha] == datetime(2019, 8, 7, 6, 5, 4)
    again = quick_scan(catalog, album)
    assert (again.sidecars, again.decisions_noted) == (0, 0)


def test_sidecars_of_ours_say_nothing_new(catalog: Catalog, album: Path) -> None:
    quick_scan(catalog, album)
    photo_path = album / "0.jpg"
    (said,) = write_sidecar(photo_path, SidecarContent(rating=2))
    with catalog.write() as session:
        note_sidecars(session, {said.path: photo_path, album.parent / "x.xmp": photo_path}, at=NOW)
    done = quick_scan(catalog, album)
    assert (done.sidecars, done.decisions_noted) == (0, 0)
    assert files(catalog)["0.jpg.xmp"].main_id == files(catalog)["0.jpg"].id
