"""The mark of synthetic media: says in a picture's metadata that a network made part of it.

The vocabulary is IPTC's Digital Source Type (http://cv.iptc.org/newscodes/digitalsourcetype): a
photograph changed by a generative network is `compositeWithTrainedAlgorithmicMedia`; a picture
made by a network from nothing is `trainedAlgorithmicMedia`. It stands in an XMP packet, in the
property `Iptc4xmpExt:DigitalSourceType`; in animations, as lines of their comment.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from PIL import Image

from goodside.errors import GoodsideError, UnreadableImage
from goodside.images.decoding.opening import opened
from goodside.images.decoding.sniff import HEAD_BYTES, PILLOW_FORMATS, sniff
from goodside.images.embedded.header import xmp_of
from goodside.images.guard import pillow_guard
from goodside.images.photo import Limits
from goodside.images.structure import inspect

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
EDITED_BY_NETWORK = SOURCE_TYPES + "compositeWithTrainedAlgorithmicMedia"
MADE_BY_NETWORK = SOURCE_TYPES + "trainedAlgorithmicMedia"
_SYNTHETIC = frozenset({EDITED_BY_NETWORK, MADE_BY_NETWORK, SOURCE_TYPES + "compositeSynthetic"})

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_XMP = "http://ns.adobe.com/xap/1.0/"
_DC = "http://purl.org/dc/elements/1.1/"
_MAX_PACKET_BYTES = 1_000_000
_TOOL, _SOURCE_TYPE = "Software: ", "DigitalSourceType: "  # lines of a comment


@dataclass(frozen=True, slots=True)
class SyntheticMark:
    """What is said about a synthetic picture.

    Attributes:
        tool: the program that made it, with its version.
        description: one sentence on what was done, for people.
        source_type: IPTC's term, as a URI.
    """

    tool: str
    description: str = "Part of this picture was made by a neural network."
    source_type: str = EDITED_BY_NETWORK


def xmp_packet(mark: SyntheticMark) -> bytes:
    """The mark as an XMP packet, UTF-8."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        f' <rdf:RDF xmlns:rdf="{_RDF}">\n'
        f'  <rdf:Description rdf:about="" xmlns:Iptc4xmpExt="{_IPTC}" xmlns:xmp="{_XMP}"'
        f' xmlns:dc="{_DC}"\n'
        f"    Iptc4xmpExt:DigitalSourceType={quoteattr(mark.source_type)}\n"
        f"    xmp:CreatorTool={quoteattr(mark.tool)}>\n"
        '   <dc:description><rdf:Alt><rdf:li xml:lang="x-default">'
        f"{escape(mark.description)}</rdf:li></rdf:Alt></dc:description>\n"
        "  </rdf:Description>\n"
        " </rdf:RDF>\n"
        "</x:xmpmeta>\n"
        '<?xpacket end="w"?>'
    ).encode()


def mark_comment(mark: SyntheticMark) -> str:
    """The mark as lines of text, for files that hold a comment and no XMP."""
    return f"{mark.description}\n{_TOOL}{mark.tool}\n{_SOURCE_TYPE}{mark.source_type}"


def parse_comment(comment: str) -> SyntheticMark | None:
    """The mark in a comment of `mark_comment`, or None if it holds none."""
    description, tool, source_type = [*comment.rsplit("\n", 2), "", ""][:3]
    uri = source_type.removeprefix(_SOURCE_TYPE)
    if uri == source_type or uri not in _SYNTHETIC:
        return None
    return SyntheticMark(tool.removeprefix(_TOOL), description, uri)


def parse_mark(packet: bytes) -> SyntheticMark | None:
    """The mark in an XMP packet, or None if it holds none (or is no readable packet)."""
    if len(packet) > _MAX_PACKET_BYTES or b"<!" in packet:  # entities have no place in XMP
        return None
    try:
        root = ElementTree.fromstring(packet.strip(b"\x00 \r\n\t"))
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    found = {
        key: value
        for node in root.iter(f"{{{_RDF}}}Description")
        for key, value in _properties(node)
    }
    source_type = found.get(f"{{{_IPTC}}}DigitalSourceType", "")
    if source_type not in _SYNTHETIC:
        return None
    return SyntheticMark(
        tool=found.get(f"{{{_XMP}}}CreatorTool", ""),
        description=found.get(f"{{{_DC}}}description", ""),
        source_type=source_type,
    )


def read_mark(path: str | Path, *, limits: Limits | None = None) -> SyntheticMark | None:
    """Read the mark of synthetic media from a JPEG, PNG, WebP, TIFF, AVIF or GIF file.

    Returns:
        The mark, or None where the file carries none.

    Raises:
        UnreadableImage: the file is missing, damaged or no picture.
        ImageTooLarge: past the limits.
    """
    limits = limits or Limits()
    try:
        with (
            opened(path, limits=limits, path=str(path)) as stream,
            pillow_guard(max_pixels=limits.max_megapixels * 1e6),
        ):
            kind = sniff(stream.read(HEAD_BYTES))
            if kind not in PILLOW_FORMATS:
                raise UnreadableImage(
                    "no format that carries the mark",
                    path=path,
                    remedy="name a JPEG, PNG, WebP, TIFF, AVIF or GIF file",
                )
            inspect(stream, kind=kind, limits=limits)
            with Image.open(stream, formats=[kind]) as image:
                if kind == "GIF":
                    return parse_comment(image.info.get("comment", b"").decode(errors="replace"))
                packet = xmp_of(image)
    except GoodsideError:
        raise
    except Exception as error:  # Pillow's readers raise whatever a damaged byte led them to
        raise UnreadableImage(
            f"its metadata cannot be read: {error}", path=path, remedy="check the file"
        ) from error
    return None if packet is None else parse_mark(packet)


def _properties(node: ElementTree.Element) -> list[tuple[str, str]]:
    """Attributes and child elements alike: XMP allows either spelling."""
    children = [(child.tag, "".join(child.itertext()).strip()) for child in node]
    return [*node.attrib.items(), *children]
