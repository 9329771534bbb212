"""Titles, keywords, labels and names from every block that may hold them, and from none."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodside.errors import GoodsideError
from goodside.images.embedded.iptc import Iptc, find_iptc, parse_iptc
from goodside.images.metadata.photo_metadata import read_metadata
from goodside.images.sidecars.sidecar import merge_sidecar, read_sidecar, write_sidecar
from goodside.images.xmp.content import SidecarContent
from goodside.images.xmp.decision_record import Decided, Opinion
from goodside.images.xmp.other_programs import line_of, text_of
from tests.fuzz import fuzzed
from tests.images.made import encode
from tests.images.sidecar_samples import SIDECARS
from tests.images.tags import SCENE, exif_block, xmp_packet


def _dataset(record: int, number: int, value: bytes) -> bytes:
    return bytes((0x1C, record, number)) + len(value).to_bytes(2, "big") + value


def _resource(block: bytes, *, kind: int = 0x0404) -> bytes:
    data = block + b"\x00" * (len(block) % 2)
    return b"8BIM" + kind.to_bytes(2, "big") + b"\x00\x00" + len(block).to_bytes(4, "big") + data


_BLOCK = (
    _dataset(1, 90, b"\x1b%G")
    + _dataset(2, 5, "Träume".encode())
    + _dataset(2, 25, b"sea")
    + _dataset(2, 25, "Küste".encode())
    + _dataset(2, 120, b"A caption")
    + _dataset(2, 10, b"3")
)


def _jpeg_with(resources: bytes) -> bytes:
    data = encode(SCENE, "JPEG")
    body = b"Photoshop 3.0\x00" + resources
    return data[:2] + b"\xff\xed" + (len(body) + 2).to_bytes(2, "big") + body + data[2:]


@pytest.mark.parametrize(
    "data",
    [
        _jpeg_with(_resource(b"1", kind=0x03F0) + _resource(_BLOCK)),
        encode(SCENE, "TIFF", exif=exif_block({33723: _BLOCK})),
        encode(SCENE, "TIFF", exif=exif_block({34377: _resource(_BLOCK)})),
    ],
    ids=["JPEG", "TIFF", "TIFF of Photoshop"],
)
def test_iptc(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    facts = read_metadata(path)
    assert (facts.title, facts.tags) == ("Träume", ("sea", "Küste"))
    assert facts.description == "A caption"


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_iptc_that_exiftool_wrote(tmp_path: Path) -> None:
    for suffix, kind in ((".jpg", "JPEG"), (".tif", "TIFF")):
        path = tmp_path / f"a{suffix}"
        path.write_bytes(encode(SCENE, kind))
        said = ["-IPTC:Keywords=sea", "-IPTC:Keywords=Küste", "-IPTC:ObjectName=Träume"]
        said += ["-IPTC:CodedCharacterSet=UTF8", "-XMP:Label=Blue", "-XMP:PersonInImage=Anna"]
        said += ["-XMP:RatingPercent=99"]
        done = subprocess.run(
            ["exiftool", "-q", "-overwrite_original", *said, str(path)], check=False, timeout=60
        )
        assert done.returncode == 0
        facts = read_metadata(path)
        assert (facts.title, facts.tags, facts.label) == ("Träume", ("sea", "Küste"), "Blue")
        assert (facts.people, facts.rating) == (("Anna",), 5)


def test_iptc_in_latin_1_and_damaged() -> None:
    assert parse_iptc(_dataset(2, 25, "Küste".encode("latin-1"))).keywords == ("Küste",)
    extended = bytes((0x1C, 2, 25, 0x80, 4, 0, 0, 0, 3)) + b"sea"
    assert parse_iptc(extended).keywords == ("sea",)
    for cut in range(len(_BLOCK)):
        assert set(parse_iptc(_BLOCK[:cut]).keywords) <= {"sea", "Küste"}
    assert parse_iptc(b"") == Iptc()
    assert find_iptc(_resource(b"x", kind=1)) is None
    assert find_iptc(b"8BIM\x04\x04") is None


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le") + b"\x00\x00"


@pytest.mark.parametrize(
    ("main", "told"),
    [
        ({0x9C9E: _wide("sea;Küste ;")}, {"tags": ("sea", "Küste")}),
        ({0x9C9B: _wide("A title")}, {"title": "A title"}),
        ({270: "As EXIF has it"}, {"description": "As EXIF has it"}),
        ({0x4749: 75}, {"rating": 4}),
        ({0x4749: 0}, {"rating": 0}),
        ({0x4749: 900}, {"rating": None}),
    ],
)
def test_what_windows_writes(main: dict[int, Any], told: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(SCENE, "JPEG", exif=exif_block(main)))
    facts = read_metadata(path)
    assert {name: getattr(facts, name) for name in told} == told


_DIGIKAM = 'xmlns:digiKam="http://www.digikam.org/ns/1.0/"'


@pytest.mark.parametrize(
    ("attributes", "inside", "label"),
    [
        ('xmp:Label="Approved"', "", "Approved"),
        (f'{_DIGIKAM} digiKam:ColorLabel="5"', "", "Blue"),
        (f'{_DIGIKAM} digiKam:ColorLabel="0"', "", None),
        (f'{_DIGIKAM} digiKam:ColorLabel="77"', "", None),
        ('photoshop:Urgency="1"', "", "Red"),
        (
            'xmlns:darktable="http://darktable.sf.net/"',
            "<darktable:colorlabels><rdf:Seq><rdf:li>2</rdf:li></rdf:Seq></darktable:colorlabels>",
            "Green",
        ),
    ],
)
def test_labels(attributes: str, inside: str, label: str | None, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(SCENE, "JPEG", xmp=xmp_packet(attributes, inside)))
    assert read_metadata(path).label == label


def test_words_are_shown_as_they_stand() -> None:
    assert line_of("  A\x1b[31m\nname\u202e\x00 ") == "A[31m name"
    assert line_of("\u200e \x07") is None
    assert line_of("x" * 999) == "x" * 200
    assert text_of("one\r\ntwo\x1b") == "one\ntwo"


def test_a_new_sidecar_repeats_the_words_of_the_photograph(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    packet = xmp_packet(
        'xmp:Label="Red"', "<dc:title><rdf:Alt><rdf:li>Title</rdf:li></rdf:Alt></dc:title>"
    )
    data = _jpeg_with(_resource(_BLOCK))
    path.write_bytes(data)
    write_sidecar(path, SidecarContent(tags=("ours", "sea")))
    facts = read_metadata(tmp_path / "a.jpg", sidecars=[tmp_path / "a.jpg.xmp"])
    assert facts.tags == ("sea", "Küste")
    other = tmp_path / "b.jpg"
    other.write_bytes(encode(SCENE, "JPEG", xmp=packet))
    write_sidecar(other, SidecarContent(tags=("ours",)))
    said = (tmp_path / "b.jpg.xmp").read_text()
    assert "Title" in said
    assert ">Red<" in said


_parts = st.sampled_from(
    [b"<", b">", b"/>", b'"', b"=", b"rdf:li", b"rdf:Bag", b"xmlns:", b"&amp;", b"&#0;", b"]]>",
     b'rdf:parseType="Resource"', b"<!--", b"<?x?>", b"-1", b"nan", b"1e999", "\u202e".encode()]
)  # fmt: skip


@fuzzed(60)
@given(
    start=st.sampled_from(sorted(SIDECARS)),
    edits=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 30), st.binary(max_size=4) | _parts), max_size=6
    ),
)
def test_any_sidecar_is_read_or_refused(
    start: str, edits: list[tuple[float, int, bytes]], tmp_path: Path
) -> None:
    data = SIDECARS[start]
    for share, gone, new in edits:
        at = int(share * len(data))
        data = data[:at] + new + data[at + gone :]
    path, photo = tmp_path / "a.jpg.xmp", tmp_path / "a.jpg"
    path.write_bytes(data)
    photo.write_bytes(encode(SCENE, "JPEG"))
    facts = read_metadata(photo, sidecars=[path])
    assert 1 <= facts.orientation <= 8
    assert facts.rating in (None, *range(-1, 6))
    assert all(0 <= one.left < one.right <= 1 for one in facts.faces)
    decided = Decided(Opinion(3, "pick"), tags=("a",), tags_removed=("b",))
    content = SidecarContent(rating=3, tags=("ours",), decided=decided)
    try:
        said = read_sidecar(path)
        merged = merge_sidecar(data, content).data
    except GoodsideError:
        assert facts.bad_sidecars or b"rdf" in data
        return
    assert said is not None
    again = merge_sidecar(merged, content).data
    assert again == merged
