"""What the sheets of this room share: colours, and text that the built-in font can draw."""

from __future__ import annotations

import unicodedata

PAPER, INK, QUIET, RULE = (250, 249, 246), (32, 32, 36), (118, 116, 110), (222, 219, 212)


def drawable(text: str) -> str:
    """The text in letters that Pillow's own font has, which are hardly more than ASCII.

    Accents are left out; `?` stands for every other character that it lacks.
    """
    parted = unicodedata.normalize("NFKD", text)
    kept = (char for char in parted if not unicodedata.combining(char))
    return "".join(char if char.isascii() and char.isprintable() else "?" for char in kept)
