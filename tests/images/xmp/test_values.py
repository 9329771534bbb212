"""RDF's spellings of one and the same thing."""

from __future__ import annotations

import pytest

from goodside.images.xmp.names import DC, RDF, ST_DIM, XMP
from goodside.images.xmp.tree import parse
from goodside.images.xmp.values import Properties, number, properties, text, texts

_NAMESPACES = f'xmlns:rdf="{RDF}" xmlns:xmp="{XMP}" xmlns:dc="{DC}" xmlns:d="{ST_DIM}"'


def _read(inside: str, attributes: str = "") -> Properties:
    return properties(
        parse(
            f'<x:xmpmeta xmlns:x="adobe:ns:meta/" {_NAMESPACES}><rdf:RDF>'
            f'<rdf:Description rdf:about="" {attributes}>{inside}</rdf:Description>'
            "</rdf:RDF></x:xmpmeta>".encode()
        )
    )


@pytest.mark.parametrize(
    ("inside", "attributes"),
    [
        ("", 'xmp:Rating="3"'),
        ("<xmp:Rating>3</xmp:Rating>", ""),
        ("<xmp:Rating>\n 3\n</xmp:Rating>", ""),
        ('<xmp:Rating rdf:parseType="Resource"><rdf:value>3</rdf:value></xmp:Rating>', ""),
        ('<xmp:Rating rdf:resource="3"/>', ""),
        ('<xmp:Rating><rdf:Description rdf:value="3"/></xmp:Rating>', ""),
    ],
)
def test_simple_properties(inside: str, attributes: str) -> None:
    assert dict(_read(inside, attributes)) == {(XMP, "Rating"): "3"}


@pytest.mark.parametrize(
    "inside",
    [
        '<xmp:S d:w="4" d:h="3"/>',
        '<xmp:S rdf:parseType="Resource"><d:w>4</d:w><d:h>3</d:h></xmp:S>',
        '<xmp:S><rdf:Description d:w="4"><d:h>3</d:h></rdf:Description></xmp:S>',
    ],
)
def test_structures(inside: str) -> None:
    assert dict(_read(inside)) == {(XMP, "S"): {(ST_DIM, "w"): "4", (ST_DIM, "h"): "3"}}


@pytest.mark.parametrize("container", ["Bag", "Seq", "Alt"])
def test_arrays(container: str) -> None:
    found = _read(
        f"<dc:subject><rdf:{container}><rdf:li>a</rdf:li><rdf:li xml:lang='de'>b</rdf:li>"
        f"<rdf:li/></rdf:{container}></dc:subject>"
    )
    assert texts(found, (DC, "subject")) == ("a", "b")
    assert text(found, (DC, "subject")) == "a"


def test_several_descriptions_and_twice_the_same() -> None:
    document = parse(
        f'<rdf:RDF {_NAMESPACES}><rdf:Description rdf:about="" xmp:A="1"/>'
        '<rdf:Description rdf:about="" xmp:A="2" xmp:B="3"/></rdf:RDF>'.encode()
    )
    assert dict(properties(document)) == {(XMP, "A"): "1", (XMP, "B"): "3"}


def test_absent() -> None:
    found = _read("<dc:subject><rdf:Bag/></dc:subject><xmp:E/>")
    assert texts(found, (DC, "subject")) == ()
    assert text(found, (DC, "subject")) is None
    assert text(found, (XMP, "E")) is None
    assert text(found, (XMP, "Nothing")) is None
    assert dict(properties(parse(b"<a/>"))) == {}


@pytest.mark.parametrize(
    ("said", "value"),
    [("3", 3), ("-1.5", -1.5), ("1/250", 0.004), ("1/0", None), ("0/0", None), ("x", None),
     ("nan", None), ("inf", None), ("", None), ("1/2/3", None)],
)  # fmt: skip
def test_numbers(said: str, value: float | None) -> None:
    assert number({(XMP, "N"): said}, (XMP, "N")) == value
