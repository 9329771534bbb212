"""Keywords, titles, labels, names and offsets that other programs wrote, found in an album."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from PIL.ExifTags import GPS, Base

from goodside.album.album_photo import AlbumPhoto, read_album_photos
from goodside.album.catalog import Catalog, NamePerson, PhotoRecord, SetTags, forget, list_photos
from goodside.album.export.sidecars import SidecarOptions, write_sidecars
from goodside.album.export.table import encode_table
from goodside.album.groups import regroup
from goodside.album.search.query import Query, find
from goodside.cli import cli
from goodside.images.metadata.photo_metadata import read_metadata
from tests.album.catalog.made import NOW
from tests.album.scan.made import photo, quick_scan
from tests.images.made import encode, textured
from tests.images.tags import exif_block, ratio, xmp_packet

pytestmark = pytest.mark.both_databases

_TOLD = xmp_packet(
    'xmp:Label="Red" xmlns:lr="http://ns.adobe.com/lightroom/1.0/" '
    'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"',
    """<dc:subject><rdf:Bag><rdf:li>Beach</rdf:li><rdf:li>Cat</rdf:li></rdf:Bag></dc:subject>
    <lr:hierarchicalSubject><rdf:Bag><rdf:li>Animal|Cat</rdf:li></rdf:Bag>
    </lr:hierarchicalSubject>
    <dc:title><rdf:Alt><rdf:li xml:lang="x-default">A day out</rdf:li></rdf:Alt></dc:title>
    <dc:description><rdf:Alt><rdf:li xml:lang="x-default">By the sea</rdf:li></rdf:Alt>
    </dc:description>
    <Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Anna</rdf:li></rdf:Bag>
    </Iptc4xmpExt:PersonInImage>""",
)


def _shot(catalog: Catalog, name: str = "0.jpg") -> AlbumPhoto:
    (one,) = [shot for shot in read_album_photos(catalog) if shot.photo.paths[0].name == name]
    return one


@pytest.mark.parametrize("place", ["0.jpg.xmp", "0.xmp", "embedded"])
def test_they_are_found(place: str, catalog: Catalog, album: Path) -> None:
    if place == "embedded":
        (album / "0.jpg").write_bytes(photo(0, xmp=_TOLD))
    else:
        (album / place).write_bytes(_TOLD)
    quick_scan(catalog, album)
    shot = _shot(catalog)
    assert shot.keywords == ("Animal|Cat", "Beach")
    assert shot.people == {"Anna"}
    said = shot.photo.description
    assert (said.title, said.description, said.label) == ("A day out", "By the sea", "Red")
    shots = read_album_photos(catalog)
    for query in (
        Query(tags=frozenset({"beach"})),
        Query(tags=frozenset({"Cat", "Animal"})),
        Query(tags=frozenset({"Animal|Cat"})),
        Query(people=frozenset({"Anna"})),
        Query(text="DAY"),
        Query(text="the sea"),
        Query(label="red"),
    ):
        (found,) = find(shots, query)
        assert found.shot.photo.id == shot.photo.id
    assert find(shots, Query(tags=frozenset({"Dog"}), text="x")) == []
    record = json.loads(encode_table(find(shots, Query(label="red")), form="jsonl"))
    assert (record["keywords"], record["title"]) == (["Animal|Cat", "Beach"], "A day out")
    catalog.decide(SetTags(photos=(shot.photo.sha256,), remove=("cat",)))
    assert _shot(catalog).keywords == ("Beach",)


def test_ours_are_not_read_as_theirs(catalog: Catalog, album: Path) -> None:
    (album / "0.jpg").write_bytes(photo(0, xmp=_TOLD))
    quick_scan(catalog, album)
    catalog.decide(SetTags(photos=(_shot(catalog).photo.sha256,), add=("mine",)))
    list(write_sidecars(read_album_photos(catalog), catalog.decisions(), SidecarOptions()))
    assert "mine" in (album / "0.jpg.xmp").read_text()
    (album / "0.jpg.xmp").write_text((album / "0.jpg.xmp").read_text() + "\n")
    assert quick_scan(catalog, album).sidecars == 3
    shot = _shot(catalog)
    assert shot.keywords == ("Animal|Cat", "Beach")
    assert "mine" in shot.tags


def test_a_keyword_that_is_taken_out_is_gone(catalog: Catalog, album: Path) -> None:
    (album / "0.jpg.xmp").write_bytes(_TOLD)
    quick_scan(catalog, album)
    (album / "0.jpg.xmp").write_bytes(_TOLD.replace(b"<rdf:li>Beach</rdf:li>", b""))
    quick_scan(catalog, album)
    assert _shot(catalog).keywords == ("Animal|Cat",)
    (album / "0.jpg.xmp").unlink()
    quick_scan(catalog, album)
    assert _shot(catalog).keywords == ()


def test_a_catalog_from_before_is_filled_without_decoding(catalog: Catalog, album: Path) -> None:
    (album / "0.jpg").write_bytes(photo(0, xmp=_TOLD))
    quick_scan(catalog, album)
    with catalog.write() as session:
        session.connection().exec_driver_sql("DELETE FROM file_metadata")
    done = quick_scan(catalog, album)
    assert (done.read, done.unchanged) == (0, 3)
    assert _shot(catalog).keywords == ("Animal|Cat", "Beach")


def test_a_name_that_is_forgotten_goes_from_what_was_read(catalog: Catalog, album: Path) -> None:
    (album / "0.jpg").write_bytes(photo(0, xmp=_TOLD))
    quick_scan(catalog, album)
    catalog.decide(NamePerson(person="0" * 12, name="ANNA"))
    forget(catalog, "0" * 12, at=NOW)
    assert _shot(catalog).people == frozenset()


_CLOCK = "2026:05:04 13:14:15"
_GPS: dict[int, Any] = {
    GPS.GPSDateStamp: "2026:05:04",
    GPS.GPSTimeStamp: (ratio(3, 1), ratio(14, 1), ratio(9, 1)),
}


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (exif_block(exif={Base.DateTimeOriginal: _CLOCK}), "2026-05-04T13:14:15"),
        (
            exif_block(exif={Base.DateTimeOriginal: _CLOCK, Base.OffsetTimeOriginal: "-03:30"}),
            "2026-05-04T13:14:15-03:30",
        ),
        (exif_block(exif={Base.DateTimeOriginal: _CLOCK}, gps=_GPS), "2026-05-04T13:14:15+10:00"),
        (
            exif_block(exif={Base.DateTimeOriginal: "2026:05:04 13:21:00"}, gps=_GPS),
            "2026-05-04T13:21:00",
        ),
    ],
    ids=["none", "offset", "satellites", "a clock that is wrong"],
)
def test_capture_times_keep_their_offset(
    block: bytes, told: str, catalog: Catalog, album: Path
) -> None:
    path = album / "0.jpg"
    path.write_bytes(encode(textured(64, 48), "JPEG", exif=block))
    quick_scan(catalog, album)
    shot = _shot(catalog)
    (record,) = [
        json.loads(line) for line in encode_table(find([shot], Query()), form="jsonl").splitlines()
    ]
    assert record["taken_at"] == told
    list(write_sidecars([shot], catalog.decisions(), SidecarOptions()))
    assert f'exif:DateTimeOriginal="{told}"' in (album / "0.jpg.xmp").read_text()
    facts = read_metadata(path, sidecars=[album / "0.jpg.xmp"])
    assert facts.taken_from == "EXIF DateTimeOriginal"  # ours is no correction


def test_scenes_compare_instants(catalog: Catalog, album: Path) -> None:
    """Two cameras at one moment, one of them at home's time; and one at another moment."""
    clocks = ("2026:05:04 13:00:00", "2026:05:04 05:01:00", "2026:05:04 13:02:00")
    zones = ("+09:00", "+01:00", "+02:00")
    for number, (clock, offset) in enumerate(zip(clocks, zones, strict=True)):
        exif: dict[int, Any] = {Base.DateTimeOriginal: clock, Base.OffsetTimeOriginal: offset}
        (album / f"{number}.jpg").write_bytes(
            encode(textured(64, 48, seed=number), "JPEG", exif=exif_block(exif=exif))
        )
    quick_scan(catalog, album)
    scenes = [group for group in regroup(catalog) if group.kind == "scene"]
    with catalog.read() as session:
        photos = list_photos(session)
    assert [one.paths[0].name for one in photos] == ["0.jpg", "1.jpg", "2.jpg"]
    assert photos[1].instant is not None
    assert photos[0].instant is not None
    assert photos[1].instant - photos[0].instant == timedelta(minutes=1)
    assert [group.photo_ids for group in scenes] == [(photos[0].id, photos[1].id)]


def test_a_camera_without_offset_takes_that_of_its_neighbours(
    catalog: Catalog, album: Path
) -> None:
    extras: list[dict[int, Any]] = [{Base.OffsetTimeOriginal: "+02:00"}, {}, {}]
    for number, extra in enumerate(extras):
        clock: dict[int, Any] = {Base.DateTimeOriginal: f"2026:05:04 13:0{number}:00"}
        (album / f"{number}.jpg").write_bytes(
            encode(textured(64, 48, seed=number), "JPEG", exif=exif_block(exif=clock | extra))
        )
    quick_scan(catalog, album)
    with catalog.read() as session:
        instants = [photo.instant for photo in list_photos(session)]
    assert [one and one.replace(tzinfo=None) for one in instants] == [
        datetime(2026, 5, 4, 11, minute) for minute in range(3)
    ]
    assert [photo.facts.taken_offset_min for photo in _photos(catalog)] == [120, None, None]


def _photos(catalog: Catalog) -> list[PhotoRecord]:
    with catalog.read() as session:
        return list_photos(session)


def test_an_orientation_in_a_sidecar_turns_the_photograph(catalog: Catalog, album: Path) -> None:
    """On the first scan, and when the sidecar changes: the photograph is then read again."""
    said = xmp_packet('tiff:Orientation="6"')
    (album / "0.jpg.xmp").write_bytes(said)
    quick_scan(catalog, album)
    facts = _shot(catalog).photo.facts
    assert (facts.width, facts.height, facts.orientation) == (48, 64, 6)
    (album / "1.jpg.xmp").write_bytes(said)
    done = quick_scan(catalog, album)
    assert (done.read, done.unchanged) == (1, 3)
    facts = _shot(catalog, "1.jpg").photo.facts
    assert (facts.width, facts.height, facts.orientation) == (48, 64, 6)
    (album / "1.jpg.xmp").unlink()
    assert quick_scan(catalog, album).read == 1
    assert _shot(catalog, "1.jpg").photo.facts.width == 64
    assert quick_scan(catalog, album).read == 0


def test_what_was_left_out_is_told(catalog: Catalog, album: Path, tmp_path: Path) -> None:
    region = (
        '<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:AppliedToDimensions stDim:w="40" '
        'stDim:h="40"/><mwg-rs:RegionList><rdf:Bag><rdf:li rdf:parseType="Resource">'
        "<mwg-rs:Name>Anna</mwg-rs:Name><mwg-rs:Type>Face</mwg-rs:Type><mwg-rs:Area "
        'stArea:x="0.5" stArea:y="0.5" stArea:w="0.2" stArea:h="0.2"/></rdf:li></rdf:Bag>'
        "</mwg-rs:RegionList></mwg-rs:Regions>"
    )
    spaces = (
        'xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/" '
        'xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#" '
        'xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"'
    )
    (album / "0.jpg.xmp").write_bytes(xmp_packet(spaces, region))
    done = quick_scan(catalog, album)
    (note,) = done.notes
    assert note.path == album / "0.jpg"
    assert note.message.startswith("1 face region is not placed: made on 40 x 40 pixels")
    assert done.failed == ()
    assert _shot(catalog).people == {"Anna"}
    catalog.close()
    for command in (["scan", str(album), "--no-faces"], ["errors"]):
        told = CliRunner().invoke(cli, ["album", *command, "--catalog", str(catalog.location)])
        assert told.exit_code == 0
        shown = "1 face region is not placed" in told.output
        assert shown == (command[0] == "errors")  # nothing was read again by the second scan
    told = CliRunner().invoke(
        cli, ["album", "errors", "--json", "--catalog", str(catalog.location)]
    )
    assert json.loads(told.stdout) == {"path": str(album / "0.jpg"), "note": note.message}
    found = ["album", "find", "--people", "anna", "--catalog", str(catalog.location)]
    assert "0.jpg" in CliRunner().invoke(cli, found).stdout
    found = [
        "album",
        "find",
        "--text",
        "nothing",
        "--label",
        "Red",
        "--catalog",
        str(catalog.location),
    ]
    assert CliRunner().invoke(cli, found).stdout == ""
