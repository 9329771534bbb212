"""The sheet of the good side: the views with their scores, the finding, and what limits it."""

from __future__ import annotations

import textwrap

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from goodside.album.good_side.good_side import Angle, GoodSide
from goodside.types import RgbImage

CAVEAT = (
    "The turned views are synthetic, and were judged by a network that learnt from people's scores "
    "of photographs; nobody saw these. Corrected scores make good what such a turn costs on "
    "average. The answer holds for this photograph's light and expression, not for the person. If "
    "the photograph is a mirrored selfie, left and right are swapped."
)

_PAPER, _INK, _QUIET, _CHOSEN = (250, 249, 246), (32, 32, 36), (128, 126, 120), (176, 64, 16)
_GAP, _COLUMNS = 14, 4
_TITLE, _TEXT, _LABEL, _SMALL = 30, 17, 18, 14


def good_side_sheet(answer: GoodSide) -> RgbImage:
    """Lay the photograph and its views out, the recommended one framed.

    Args:
        answer: from `goodside.album.find_good_side`.

    Returns:
        (H, W, 3) uint8.
    """
    cell = len(answer.portrait)
    width = _COLUMNS * (cell + _GAP) + _GAP
    letters = int((width - 2 * _GAP) / (_TEXT * 0.5))
    lines = textwrap.wrap(explain(answer), letters)
    caveat = [line for note in (CAVEAT, *answer.notes) for line in textwrap.wrap(note, letters)]
    rows = -(-(len(answer.angles) + 1) // _COLUMNS)
    step = cell + _GAP + int(_LABEL * 1.4 + _SMALL * 1.6)
    top = int(_TITLE * 1.5 + len(lines) * _TEXT * 1.4) + 2 * _GAP
    height = top + rows * step + int(len(caveat) * _TEXT * 1.4) + 2 * _GAP
    sheet = Image.new("RGB", (width, height), _PAPER)
    draw = ImageDraw.Draw(sheet)
    _write(draw, [headline(answer)], y=_GAP, size=_TITLE, ink=_INK)
    _write(draw, lines, y=_GAP + _TITLE * 1.5, size=_TEXT, ink=_INK)
    tiles = [(answer.portrait, "photograph", "", False)]
    tiles += [
        (one.turned.image, _label(one), _note(one), one.yaw_deg == answer.recommended_yaw_deg)
        for one in answer.angles
    ]
    for index, (tile, label, note, chosen) in enumerate(tiles):
        x, y = _GAP + index % _COLUMNS * (cell + _GAP), top + index // _COLUMNS * step
        sheet.paste(Image.fromarray(tile), (x, y))
        if chosen:
            draw.rectangle((x - 4, y - 4, x + cell + 3, y + cell + 3), outline=_CHOSEN, width=4)
        ink = _CHOSEN if chosen else _INK
        draw.text((x, y + cell + 4), label, fill=ink, font=ImageFont.load_default(_LABEL))
        below = y + cell + 4 + _LABEL * 1.35
        draw.text((x, below), note, fill=_QUIET, font=ImageFont.load_default(_SMALL))
    _write(draw, caveat, y=top + rows * step + _GAP, size=_TEXT, ink=_QUIET)
    return np.asarray(sheet)


def headline(answer: GoodSide) -> str:
    """The finding in a few words."""
    if answer.side is None:
        return "No clear difference between the sides"
    return f"The good side: the sitter's own {answer.side}"


def explain(answer: GoodSide) -> str:
    """The finding in sentences: which side from whose view, how much, how rare, which angle."""
    size = f"{abs(answer.difference):.2f} points, give or take {2 * answer.error:.2f}"
    if answer.side is None:
        ahead = "right" if answer.difference > 0 else "left"
        return (
            f"The sitter's {ahead} side is ahead by {size}: too little, or too unsteady over the "
            f"angles and the photograph's mirror image, to call it the better one."
        )
    picture, way = ("left", "right") if answer.side == "right" else ("right", "left")
    text = (
        f"The {answer.side} cheek, on the {picture} of the picture, is judged better by {size}: "
        f"a larger difference than in {answer.percentile:.0f} of 100 invented faces. It shows when "
        f"the face looks toward the picture's {way}"
    )
    if answer.recommended_yaw_deg is None:
        return f"{text}, but no view of it is good enough to recommend."
    return f"{text}; best at yaw {answer.recommended_yaw_deg:+.0f}°."


def _label(angle: Angle) -> str:
    return f"yaw {angle.yaw_deg:+.0f}°   score {angle.score:.2f}"


def _note(angle: Angle) -> str:
    identity = angle.turned.identity
    likeness = "no face found" if identity is None else f"identity {identity:.2f}"
    if angle.refused is not None:
        return f"does not count: {likeness}"
    return f"corrected {angle.corrected:.2f}, {likeness}"


def _write(
    draw: ImageDraw.ImageDraw, lines: list[str], *, y: float, size: int, ink: tuple[int, int, int]
) -> None:
    font = ImageFont.load_default(size)
    for index, line in enumerate(lines):
        draw.text((_GAP, y + index * size * 1.4), line, fill=ink, font=font)
