"""A language that is no language: every message between brackets, so that what lacks them shows."""

from __future__ import annotations

from functools import cache
from io import BytesIO
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
    place = directory / TAG / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "goodside.mo").write_bytes(_compiled())


@cache
def _compiled() -> bytes:
    catalog = Catalog(locale="en")
    for known in extract_texts():
        message = known.id
        if isinstance(message, str):
            if message:
                catalog.add(message, bracketed(message), context=known.context)
        else:
            catalog.add(message, tuple(map(bracketed, message)), context=known.context)
    stream = BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def bracketed(text: str) -> str:
    """The message as the pseudo-language says it."""
    return f"⟦{text}⟧"
