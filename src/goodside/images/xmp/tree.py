"""XML as a tree that is written out again as it was read: prefixes, comments, order, white space.

Expat reads it. A document type (and with it every entity) is refused, and size, depth and the
number of parts are limited, so a hostile file costs an error and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from goodside.errors import SidecarError
from goodside.images.xmp.names import PREFIXES, XML

Name = tuple[str, str]
"""Namespace URI and local name; the URI is empty for a name without namespace."""

MAX_BYTES = 16_000_000
_MAX_DEPTH = 100
_MAX_PARTS = 100_000  # elements, attributes and pieces of text
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTE = _IN_TEXT | str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


@dataclass(frozen=True, slots=True)
class Markup:
    """A comment or processing instruction, kept as it stands."""

    text: str


@dataclass(slots=True, eq=False)
class Element:
    """One element; to be changed in place.

    Attributes:
        name: namespace URI and local name.
        attributes: by name, in their order, without namespace declarations.
        children: elements, text, comments and processing instructions in their order.
        declares: the namespace declarations on it, prefix to URI.
    """

    name: Name
    attributes: dict[Name, str] = field(default_factory=dict)
    children: list[Element | str | Markup] = field(default_factory=list)
    declares: dict[str, str] = field(default_factory=dict)

    @property
    def elements(self) -> list[Element]:
        return [child for child in self.children if isinstance(child, Element)]

    @property
    def text(self) -> str:
        return "".join(child for child in self.children if isinstance(child, str))

    def child(self, name: Name) -> Element | None:
        """The first child element of that name."""
        return next((child for child in self.elements if child.name == name), None)

    def walk(self) -> Iterator[Element]:
        """The element and all below it, in the document's order."""
        yield self
        for child in self.elements:
            yield from child.walk()


@dataclass(slots=True)
class Document:
    """A whole file: its root and what stands before and after it."""

    root: Element
    before: list[Markup] = field(default_factory=list)
    after: list[Markup] = field(default_factory=list)
    declared: bool = False


def parse(data: bytes) -> Document:
    """Read XML.

    Raises:
        SidecarError: too large, no well-formed XML, or with a document type.
    """
    if len(data) > MAX_BYTES:
        raise _refusal(f"it is too large, the limit is {MAX_BYTES / 1e6:g} MB")
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.strip(b"\x00 \t\r\n")
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise _refusal(f"it is no well-formed XML: {error}") from error
    assert reader.root is not None  # expat insists on one
    return Document(reader.root, reader.before, reader.after, reader.declared)


def serialise(document: Document) -> bytes:
    """Write XML, in UTF-8."""
    parts: list[str] = [_DECLARATION + "\n"] if document.declared else []
    parts += [f"{markup.text}\n" for markup in document.before]
    _write(document.root, parts, {"xml": XML})
    parts += [f"\n{markup.text}" for markup in document.after]
    return "".join(parts).encode()


def clean(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _FORBIDDEN.sub("", text)


class _Reader:
    """Builds the tree from expat's events."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self.before: list[Markup] = []
        self.after: list[Markup] = []
        self.declared = False
        self._open: list[Element] = []
        self._declares: dict[str, str] = {}
        self._parts = 0
        self.parser = parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartNamespaceDeclHandler = self._namespace
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.CommentHandler = lambda text: self._markup(f"<!--{text}-->")
        parser.ProcessingInstructionHandler = lambda target, text: self._markup(
            f"<?{target} {text}?>" if text else f"<?{target}?>"
        )

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        self.declared = True

    def _doctype(self, *_: object) -> None:
        raise _refusal("it has a document type, which has no place in XMP")

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        self._declares[prefix or ""] = uri or ""

    def _start(self, name: str, attributes: list[str]) -> None:
        self._count(1 + len(attributes) // 2)
        if len(self._open) >= _MAX_DEPTH:
            raise _refusal(f"its elements are nested more than {_MAX_DEPTH} deep")
        pairs = zip(attributes[::2], attributes[1::2], strict=True)
        element = Element(_split(name), {_split(key): value for key, value in pairs})
        element.declares, self._declares = self._declares, {}
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def _end(self, _: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._count(1)
        self._open[-1].children.append(text)

    def _markup(self, text: str) -> None:
        self._count(1)
        if self._open:
            self._open[-1].children.append(Markup(text))
        else:
            (self.before if self.root is None else self.after).append(Markup(text))

    def _count(self, parts: int) -> None:
        self._parts += parts
        if self._parts > _MAX_PARTS:
            raise _refusal(f"it has more than {_MAX_PARTS} parts")


def _split(name: str) -> Name:
    uri, _, local = name.rpartition("}")
    return uri, local


def _write(element: Element, parts: list[str], outer: Mapping[str, str]) -> None:
    declares = dict(element.declares)
    scope = {**outer, **declares}

    def written(name: Name, *, attribute: bool) -> str:
        uri, local = name
        if not uri and (attribute or not scope.get("")):
            return local
        known = (p for p, bound in scope.items() if bound == uri and (p or not attribute))
        prefix = next(known, None)
        if prefix is None:
            prefix = _free_prefix(uri, scope)
            declares[prefix] = scope[prefix] = uri
        return f"{prefix}:{local}" if prefix else local

    tag = written(element.name, attribute=False)
    attributes = [
        f' {written(name, attribute=True)}="{_escaped(value, _IN_ATTRIBUTE)}"'
        for name, value in element.attributes.items()
    ]
    namespaces = [
        f' {f"xmlns:{prefix}" if prefix else "xmlns"}="{_escaped(uri, _IN_ATTRIBUTE)}"'
        for prefix, uri in declares.items()
    ]
    parts.append(f"<{tag}{''.join(namespaces)}{''.join(attributes)}")
    if not element.children:
        parts.append("/>")
        return
    parts.append(">")
    for child in element.children:
        if isinstance(child, Element):
            _write(child, parts, scope)
        elif isinstance(child, Markup):
            parts.append(child.text)
        else:
            parts.append(_escaped(child, _IN_TEXT))
    parts.append(f"</{tag}>")


def _free_prefix(uri: str, scope: Mapping[str, str]) -> str:
    wanted = PREFIXES.get(uri, "ns")
    return next(
        prefix
        for prefix in (wanted, *(f"{wanted}{number}" for number in range(1, len(scope) + 2)))
        if prefix not in scope
    )


def _escaped(text: str, table: Mapping[int, str]) -> str:
    return clean(text).translate(table)


def _refusal(what: str) -> SidecarError:
    return SidecarError(what, remedy="repair the sidecar, or move it out of the way")
