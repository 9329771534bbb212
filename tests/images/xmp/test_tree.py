"""XML read and written again: nothing is lost, nothing hostile gets in."""

from __future__ import annotations

import pytest

from goodside.errors import SidecarError
from goodside.images.xmp import tree
from goodside.images.xmp.names import DC, MWG_RS
from goodside.images.xmp.tree import MAX_BYTES, Element, parse, serialise
from tests.images.sidecar_samples import SIDECARS, everything

_START = b'<a xmlns="urn:a" xmlns:p="urn:p">'


@pytest.mark.parametrize("name", SIDECARS)
def test_what_is_written_says_the_same(name: str) -> None:
    once = serialise(parse(SIDECARS[name]))
    assert everything(once) == everything(SIDECARS[name])
    assert serialise(parse(once)) == once


@pytest.mark.parametrize(
    "text",
    [
        '<a x="1&#10;2&#9;3&quot;4"/>',
        "<a>x &amp; y &lt; z &gt; w&#13;</a>",
        "<a><!-- a comment --><?target data?>  <b/>\n</a>",
        '<p:a xmlns:p="urn:1"><p:b xmlns:p="urn:2" p:c="d"/></p:a>',
        '<a xmlns="urn:1"><b xmlns=""/><c xmlns="urn:2" d="e"/></a>',
        '<a xmlns:p="urn:1" p:x="1" x="2" xml:lang="de"/>',
        '<?xpacket begin="\ufeff" id="1"?>\n<a/>\n<?xpacket end="w"?>',
        '<?xml version="1.0" encoding="UTF-8"?>\n<a>ä\U0001f600</a>',
    ],
)
def test_byte_for_byte(text: str) -> None:
    assert serialise(parse(text.encode())).decode() == text


def test_other_encodings_become_utf_8() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><a b="ä">\U0001f600</a>'
    written = '<?xml version="1.0" encoding="UTF-8"?>\n<a b="ä">\U0001f600</a>'
    assert serialise(parse(text.encode("utf-16"))).decode() == written


def test_padding_round_a_packet_is_dropped() -> None:
    assert serialise(parse(b"  <a/>\n\x00\x00")) == b"<a/>"


def test_new_elements_get_the_prefixes_in_scope_or_their_own() -> None:
    document = parse(f'<x:a xmlns:x="{DC}" xmlns:mwg-rs="urn:other"/>'.encode())
    document.root.children = [
        Element((DC, "one"), {(DC, "two"): "3"}),
        Element((MWG_RS, "four"), {(MWG_RS, "five"): "6"}),
        Element(("urn:unknown", "seven")),
    ]
    assert serialise(document).decode() == (
        f'<x:a xmlns:x="{DC}" xmlns:mwg-rs="urn:other"><x:one x:two="3"/>'
        f'<mwg-rs1:four xmlns:mwg-rs1="{MWG_RS}" mwg-rs1:five="6"/>'
        '<ns:seven xmlns:ns="urn:unknown"/></x:a>'
    )


def test_a_default_namespace_does_not_hold_for_attributes() -> None:
    document = parse(f'<a xmlns="{DC}"/>'.encode())
    document.root.attributes[DC, "b"] = "c"
    assert serialise(document).decode() == f'<a xmlns="{DC}" xmlns:dc="{DC}" dc:b="c"/>'


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    document = parse(b"<a/>")
    document.root.children = ["a\x00b\x1fc\ud800d\uffff"]
    assert serialise(document) == b"<a>abcd</a>"


_LAUGHS = b'<!DOCTYPE a [<!ENTITY b "%s">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "no well-formed XML"),
        (b"\xff\xd8\xff\xe0 a JPEG", "no well-formed XML"),
        (b"<a><b></a>", "no well-formed XML"),
        (b"<p:a/>", "no well-formed XML"),
        (b"<a>&unknown;</a>", "no well-formed XML"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "no well-formed XML"),
        (b"<!DOCTYPE a><a/>", "document type"),
        (_LAUGHS % b"ha", "document type"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "document type"),
        (b"<a>" * 200 + b"</a>" * 200, "nested"),
        (b"<a>" + b" " * MAX_BYTES + b"</a>", "it is too large, the limit is 16 MB"),
    ],
)
def test_refused(data: bytes, told: str) -> None:
    with pytest.raises(SidecarError, match=told) as caught:
        parse(data)
    assert caught.value.remedy


def test_too_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "_MAX_PARTS", 100)
    assert len(parse(b"<a>" + b"<b/>" * 99 + b"</a>").root.elements) == 99
    for many in (b"<b/>" * 100, b"<b/>x" * 60, b"<!---->" * 100, b'<b c="d"/>' * 60):
        with pytest.raises(SidecarError, match="more than 100 parts"):
            parse(b"<a>" + many + b"</a>")
