"""A made album whose photographs carry tags of the network, of people, and keywords of others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from goodside.album.catalog import Catalog, StoredAssessment, list_photos, put_judged
from goodside.types import Aesthetic
from tests.album.catalog.made import fresh
from tests.album.scan.made import photo, quick_scan
from tests.images.tags import exif_block, xmp_packet

LABELS = ("stilllife", "nightScene", "others", "plant")
SHOWN = {"a/10.jpg": "stilllife", "a/9.jpg": "nightScene", "b/1.jpg": "others"}
SCORES = {"a/10.jpg": 5.0, "a/9.jpg": 7.0, "b/1.jpg": 3.0}
KEYWORDS = xmp_packet(
    'xmp:Label="Red" xmlns:lr="http://ns.adobe.com/lightroom/1.0/"',
    """<dc:subject><rdf:Bag><rdf:li>Zoë am Strand</rdf:li></rdf:Bag></dc:subject>
    <lr:hierarchicalSubject><rdf:Bag><rdf:li>Animal|Wild Cat</rdf:li></rdf:Bag>
    </lr:hierarchicalSubject>
    <dc:title><rdf:Alt><rdf:li xml:lang="x-default">A day out</rdf:li></rdf:Alt></dc:title>""",
)
"""Beside a/9.jpg."""


def make_album(root: Path) -> Catalog:
    """Three scanned and judged photographs below `root / "album"`, in two folders."""
    album = root / "album"
    for number, name in enumerate(SHOWN):
        (album / name).parent.mkdir(parents=True, exist_ok=True)
        exif = exif_block({0x010F: "Canon", 0x0110: "Canon EOS R5"}) if number == 0 else b""
        (album / name).write_bytes(photo(number, exif=exif))
    (album / "a" / "9.jpg.xmp").write_bytes(KEYWORDS)
    catalog = fresh(root / "catalog.db")
    quick_scan(catalog, album)
    with catalog.read() as session:
        photos = list_photos(session)
    with catalog.write() as session:
        for one in photos:
            name = one.paths[0].relative_to(album).as_posix()
            judged = _judged(SCORES[name], dict.fromkeys(LABELS, 0.1) | {SHOWN[name]: 0.9})
            put_judged(session, one.id, judged, embedding=None)
    return catalog


def _judged(score: float, tags: Mapping[str, float]) -> StoredAssessment:
    return StoredAssessment(
        "judge 1.0.0", Aesthetic(score, 1.0, (0.1,) * 10, 0.5, 10 * score), tags
    )
