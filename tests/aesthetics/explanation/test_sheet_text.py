"""Text on sheets."""

from __future__ import annotations

import pytest
from PIL import ImageFont

from goodside.aesthetics.explanation.sheet_text import drawable

_MISSING = "\ue000"  # for private use: no font has it


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("beach (2).jpg", "beach (2).jpg"),
        ("gr\N{LATIN SMALL LETTER U WITH DIAERESIS}n.jpg", "grun.jpg"),
        ("\N{CJK UNIFIED IDEOGRAPH-732B}.jpg", "?.jpg"),
        ("two\nlines", "two?lines"),
    ],
)
def test_only_letters_that_the_font_has_are_drawn(text: str, shown: str) -> None:
    assert drawable(text) == shown
    font = ImageFont.load_default(20)
    box = bytes(font.getmask(_MISSING))
    assert all(bytes(font.getmask(char)) != box for char in shown)
