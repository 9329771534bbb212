"""What an XMP document says, as plain values, whichever of RDF's spellings it uses.

A property may be an attribute or an element, a structure may be `rdf:parseType="Resource"`, an
inner `rdf:Description` or a row of attributes (ISO 16684-1, 7): all of them come out alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from goodside.errors import SidecarError
from goodside.images.xmp.names import RDF, XML
from goodside.images.xmp.tree import Document, Element, Name

Value = str | tuple["Value", ...] | Mapping[Name, "Value"]
"""A simple value, an array's items, or a structure's fields."""

Properties = Mapping[Name, Value]

DESCRIPTION = (RDF, "Description")
CONTAINERS = ((RDF, "Bag"), (RDF, "Seq"), (RDF, "Alt"))
_RDF_ROOT = (RDF, "RDF")


def descriptions(document: Document) -> list[Element]:
    """The top-level `rdf:Description` elements; together they describe the photograph."""
    rdf = next((node for node in document.root.walk() if node.name == _RDF_ROOT), None)
    return [] if rdf is None else [node for node in rdf.elements if node.name == DESCRIPTION]


def xmp_properties(document: Document) -> Properties:
    """All properties of a document that must be XMP.

    Raises:
        SidecarError: it holds no `rdf:RDF`.
    """
    if not any(node.name == _RDF_ROOT for node in document.root.walk()):
        raise SidecarError("it holds no XMP", remedy="move the file out of the way")
    return properties(document)


def properties(document: Document) -> Properties:
    """All properties of a document; of one that is there twice, the first."""
    found: dict[Name, Value] = {}
    for node in descriptions(document):
        for name, value in _fields(node).items():
            found.setdefault(name, value)
    return found


def value_of(element: Element) -> Value:
    """What a property element, or an array's item, holds."""
    if element.attributes.get((RDF, "parseType")) == "Resource":
        return _struct(element)
    inner = element.elements
    if inner:
        if inner[0].name in CONTAINERS:
            return tuple(value_of(item) for item in inner[0].elements)
        return _struct(inner[0])
    if _own_attributes(element):
        return _struct(element)
    return element.attributes.get((RDF, "resource"), element.text.strip())


def text(found: Properties, name: Name) -> str | None:
    """A simple property; of an array its first item; None where it is absent or empty."""
    value = found.get(name)
    while isinstance(value, tuple):
        value = value[0] if value else None
    return value if isinstance(value, str) and value else None


def first_text(spoken: Sequence[Properties], name: Name) -> str | None:
    """A simple property of the first document that has it."""
    return next(filter(None, (text(found, name) for found in spoken)), None)


def texts(found: Properties, name: Name) -> tuple[str, ...]:
    """An array of simple values; a simple property counts as an array of one."""
    value = found.get(name)
    items = value if isinstance(value, tuple) else (value,)
    return tuple(item for item in items if isinstance(item, str) and item)


def number(found: Properties, name: Name) -> float | None:
    """A simple property as a number; rationals are written `1/250`."""
    said = text(found, name)
    if said is None:
        return None
    above, _, below = said.partition("/")
    try:
        value = float(above) / float(below or "1")
    except (ValueError, ZeroDivisionError):
        return None
    return value if abs(value) < float("inf") else None


def _struct(element: Element) -> Value:
    fields = _fields(element)
    return fields.get((RDF, "value"), fields)  # the rest would be qualifiers


def _fields(element: Element) -> dict[Name, Value]:
    found: dict[Name, Value] = dict(_own_attributes(element))
    for child in element.elements:
        found.setdefault(child.name, value_of(child))
    return found


def _own_attributes(element: Element) -> dict[Name, str]:
    return {
        name: value
        for name, value in element.attributes.items()
        if name[0] not in (RDF, XML, "") or name == (RDF, "value")
    }
