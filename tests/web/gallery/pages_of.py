"""Reads a page as a browser does, for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Element:
    """A start tag: its name and attributes."""

    tag: str
    attributes: dict[str, str]


@dataclass
class ReadPage(HTMLParser):
    """The elements of a page and its text.

    Attributes:
        html: the page.
        elements: all start tags, in order.
        text: what stands between them, without scripts and styles.
    """

    html: str
    elements: list[Element] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._inside: str | None = None
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag."""
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        if tag in {"script", "style"}:
            self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        """Its end."""
        if tag == self._inside:
            self._inside = None

    def handle_data(self, data: str) -> None:
        """Text."""
        if self._inside is None:
            self.text += data
        elif data.strip():
            self.elements.append(Element(f"inline {self._inside}", {"text": data}))

    def breaches(self) -> list[str]:
        """What a policy without inline scripts and styles forbids."""
        found = [one.tag for one in self.elements if one.tag.startswith("inline")]
        for one in self.elements:
            found += [
                f"<{one.tag} {name}>"
                for name, value in one.attributes.items()
                if name == "style"
                or name.startswith(("on", "hx-on"))
                or value.strip().lower().startswith("javascript:")
            ]
        return found

    def of(self, tag: str, **attributes: str) -> list[Element]:
        """The elements of a name that have these attributes."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            one
            for one in self.elements
            if one.tag == tag and wanted.items() <= one.attributes.items()
        ]
