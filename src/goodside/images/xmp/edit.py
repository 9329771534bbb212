"""Changes to an XMP document that touch one property and leave the rest as it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from goodside.errors import SidecarError
from goodside.images.xmp.names import RDF, X
from goodside.images.xmp.tree import Document, Element, Markup, Name, clean
from goodside.images.xmp.values import (
    CONTAINERS,
    DESCRIPTION,
    descriptions,
    value_of,
)

_PACKET_BEGIN = Markup('<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>')
_PACKET_END = Markup('<?xpacket end="w"?>')


def new_document() -> Document:
    """An XMP document that says nothing yet."""
    description = Element(DESCRIPTION, {(RDF, "about"): ""})
    root = Element((X, "xmpmeta"), children=[Element((RDF, "RDF"), children=[description])])
    lay_out(root, depth=0)
    return Document(root, [_PACKET_BEGIN], [_PACKET_END])


def home(document: Document) -> Element:
    """The description that new properties go to: the first, made where there is none.

    Raises:
        SidecarError: the document holds no `rdf:RDF`.
    """
    found = descriptions(document)
    if found:
        return found[0]
    rdf = next((node for node in document.root.walk() if node.name == (RDF, "RDF")), None)
    if rdf is None:
        raise SidecarError("it holds no XMP", remedy="move the file out of the way")
    description = Element(DESCRIPTION, {(RDF, "about"): ""})
    append(document, rdf, description)
    return description


def find(document: Document, name: Name) -> Element | None:
    """The property element of that name; a property spelled as an attribute becomes one."""
    for node in descriptions(document):
        if name in node.attributes:
            element = Element(name, children=[node.attributes.pop(name)])
            append(document, node, element)
            return element
        element_there = node.child(name)
        if element_there is not None:
            return element_there
    return None


def set_text(document: Document, name: Name, value: str | None) -> None:
    """Give a simple property a value, in the place and spelling it has; None removes it."""
    value = None if value is None else clean(value)
    for node in descriptions(document):
        if name in node.attributes:
            if value is None:
                del node.attributes[name]
            else:
                node.attributes[name] = value
            return
        element = node.child(name)
        if element is not None:
            if value is None:
                remove(node, element)
            elif value_of(element) != value:
                element.children, element.attributes = [value], {}
            return
    if value is not None:
        home(document).attributes[name] = value


def edit_items(
    document: Document, name: Name, *, remove_items: Collection[str], add_items: Iterable[str]
) -> None:
    """Take values out of an array and append others; an array left without items is removed."""
    add = [clean(item) for item in add_items]
    element = find(document, name)
    if element is None:
        if add:
            bag = Element(CONTAINERS[0], children=[_item(value) for value in add])
            append(document, home(document), Element(name, children=[bag]))
        return
    container = next((node for node in element.elements if node.name in CONTAINERS), None)
    if container is None:
        said = value_of(element)
        alone = [_item(said)] if isinstance(said, str) and said else []
        container = Element(CONTAINERS[0])
        element.children, element.attributes = [], {}
        append(document, element, container)
        for item in alone:
            append(document, container, item)
    for item in container.elements:
        if value_of(item) in remove_items:
            remove(container, item)
    for value in add:
        append(document, container, _item(value))
    if not container.elements:
        drop(document, name)


def set_struct(document: Document, name: Name, fields: Mapping[Name, str] | None) -> None:
    """Give a structure of simple fields its values; None or no fields removes it."""
    if not fields:
        drop(document, name)
        return
    element = find(document, name)
    if element is None:
        append(document, home(document), Element(name, dict(fields)))
    elif value_of(element) != fields:
        element.attributes, element.children = dict(fields), []


def drop(document: Document, name: Name) -> None:
    """Remove a property wherever it stands."""
    for node in descriptions(document):
        node.attributes.pop(name, None)
        for element in node.elements:
            if element.name == name:
                remove(node, element)


def append(document: Document, parent: Element, child: Element) -> None:
    """Put an element last in another, on a line of its own."""
    depth = _depth(document.root, parent)
    lay_out(child, depth=depth + 1)
    if not parent.children or not _is_space(parent.children[-1]):
        parent.children.append("\n" + " " * depth)
    parent.children[-1:-1] = ["\n" + " " * (depth + 1), child]


def remove(parent: Element, child: Element) -> None:
    """Take an element out, with the white space before it."""
    at = next(index for index, node in enumerate(parent.children) if node is child)
    start = at - 1 if at and _is_space(parent.children[at - 1]) else at
    parent.children[start : at + 1] = []
    if all(_is_space(node) for node in parent.children):
        parent.children = []


def lay_out(element: Element, *, depth: int) -> None:
    """Indent a new element's inside, one blank a level."""
    if not element.elements:
        return
    inside: list[Element | str | Markup] = []
    for child in element.elements:
        lay_out(child, depth=depth + 1)
        inside += ["\n" + " " * (depth + 1), child]
    element.children = [*inside, "\n" + " " * depth]


def _item(value: str) -> Element:
    return Element((RDF, "li"), children=[value])


def _is_space(node: Element | str | Markup) -> bool:
    return isinstance(node, str) and not node.strip()


def _depth(element: Element, wanted: Element) -> int:
    """How far below `element` the other one stands; -1 where it does not."""
    if element is wanted:
        return 0
    below = (_depth(child, wanted) for child in element.elements)
    found = next((depth for depth in below if depth >= 0), -1)
    return found + 1 if found >= 0 else -1
