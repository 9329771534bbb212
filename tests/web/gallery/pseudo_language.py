"""A language that is no language: every message between brackets, so that what lacks them shows."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from tools.extract_texts import extract_texts

TAG = "xx"


def extract() -> list[str | tuple[str, ...]]:
    """Every message of the gallery."""
    return [
        message.id if isinstance(message.id, str) else tuple(message.id)
        for message in extract_texts()
        if message.id
    ]


def write_pseudo_catalog(directory: Path) -> None:
    """Write `xx/LC_MESSAGES/goodside.mo` below a directory."""
    catalog = Catalog(locale="en")
    for message in extract():
        if isinstance(message, tuple):
            catalog.add(message, tuple(map(bracketed, message)))
        else:
            catalog.add(message, bracketed(message))
    place = directory / TAG / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "goodside.mo").open("wb") as stream:
        write_mo(stream, catalog)


def bracketed(text: str) -> str:
    """The message as the pseudo-language says it."""
    return f"⟦{text}⟧"
