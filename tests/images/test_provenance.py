"""The mark of synthetic media, written and read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from goodside.errors import GoodsideError, UnreadableImage
from goodside.images import SyntheticMark, read_mark, read_photo, save_image
from goodside.images.provenance import EDITED_BY_NETWORK, MADE_BY_NETWORK, parse_mark, xmp_packet
from tests.images.made import encode, gradient

MARK = SyntheticMark(tool="goodside 0.1.0", description="Köpfe & <faces> \"turned\" by 'network'")
FORMATS = ["a.jpg", "a.png", "a.webp", "a.tif"]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("source_type", [EDITED_BY_NETWORK, MADE_BY_NETWORK])
def test_round_trip(name: str, source_type: str, tmp_path: Path) -> None:
    mark = SyntheticMark("goodside 0.1.0", MARK.description, source_type)
    path = save_image(tmp_path / name, gradient(20, 10), synthetic=mark)
    assert read_mark(path) == mark
    assert read_photo(path).width == 20


@pytest.mark.parametrize("name", FORMATS)
def test_no_mark(name: str, tmp_path: Path) -> None:
    assert read_mark(save_image(tmp_path / name, gradient(20, 10))) is None


def test_the_terms_are_iptcs() -> None:
    start = "http://cv.iptc.org/newscodes/digitalsourcetype/"
    assert start + "compositeWithTrainedAlgorithmicMedia" == EDITED_BY_NETWORK
    assert start + "trainedAlgorithmicMedia" == MADE_BY_NETWORK
    packet = xmp_packet(MARK).decode()
    assert 'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"' in packet
    assert f'Iptc4xmpExt:DigitalSourceType="{EDITED_BY_NETWORK}"' in packet
    assert 'xmp:CreatorTool="goodside 0.1.0"' in packet


@pytest.mark.parametrize("name", ["a.jpg", "a.webp", "a.tif"])
def test_also_in_words_for_programs_without_xmp(name: str, tmp_path: Path) -> None:
    mark = SyntheticMark("goodside 0.1.0", "Turned by a network.")
    path = save_image(tmp_path / name, gradient(20, 10), synthetic=mark)
    with Image.open(path) as image:
        exif = image.getexif()
    assert exif[305] == "goodside 0.1.0"
    assert exif[270] == "Turned by a network."


def test_png_text(tmp_path: Path) -> None:
    path = save_image(tmp_path / "a.png", gradient(20, 10), synthetic=MARK)
    with Image.open(path) as opened:
        image: Any = opened
        assert image.text["Software"] == MARK.tool
        assert image.text["Description"] == MARK.description
        assert image.text["Source"] == EDITED_BY_NETWORK


def test_the_other_spelling_of_xmp() -> None:
    """Properties as elements, as other programs write them, and without a description."""
    packet = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
      <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
          <e:DigitalSourceType>{MADE_BY_NETWORK}</e:DigitalSourceType>
        </rdf:Description>
      </rdf:RDF></x:xmpmeta>"""
    assert parse_mark(packet.encode()) == SyntheticMark("", "", MADE_BY_NETWORK)


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"no xml",
        b"<a></b>",
        b"\xff\xfe\x00",
        b"<?xml version='1.0' encoding='nonsense'?><a/>",
        b'<!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>',
        xmp_packet(SyntheticMark("camera", "real", EDITED_BY_NETWORK.rsplit("/", 1)[0] + "/print")),
        xmp_packet(MARK) + b" " * 1_000_000,
    ],
)
def test_packets_without_a_mark(packet: bytes) -> None:
    assert parse_mark(packet) is None


@pytest.mark.parametrize("content", [b"", b"text", encode(gradient(9, 9), "PNG")[:20]])
def test_unreadable(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(content)
    with pytest.raises(UnreadableImage) as caught:
        read_mark(path)
    assert caught.value.path == str(path)


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(GoodsideError):
        read_mark(tmp_path / "gone.png")
