"""Learnt relations as a picture: the matrix of correlations, and the tags by quality."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from goodside.aesthetics.explanation.relations import HIGH, LOW, Relations
from goodside.aesthetics.explanation.sheet_text import INK, PAPER, QUIET, RULE, drawable
from goodside.tags import display_name
from goodside.types import RgbImage

_WITH, _NONE, _AGAINST = (226, 104, 24), (255, 255, 255), (38, 98, 206)
_MARGIN, _GAP, _BARS = 44, 60, 420
_NUMBERS_TO = 24  # with more labels than this, the cells are too small for figures


def relations_sheet(relations: Relations, *, title: str) -> RgbImage:
    """Draw the relations for reading.

    Args:
        relations: what to show.
        title: stands above.

    Returns:
        (H, W, 3) uint8.
    """
    count = len(relations.labels)
    cell = max(14, min(56, 1000 // count))
    font = ImageFont.load_default(min(17.0, 0.75 * cell))
    margin = round(max(font.getlength(_shown(label)) for label in relations.labels)) + 14
    top = _MARGIN + 66
    row = max(22, min(40, count * cell // max(count - 2, 1)))
    height = max(top + margin + count * cell, top + 64 + (count - 2) * row) + _MARGIN
    width = 2 * _MARGIN + margin + count * cell + _GAP + _BARS
    sheet = Image.new("RGB", (width, height), PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.text((_MARGIN, _MARGIN), drawable(title), fill=INK, font=ImageFont.load_default(26))
    _matrix(sheet, relations, left=_MARGIN + margin, top=top + margin, cell=cell, font=font)
    left = _MARGIN + margin + count * cell + _GAP
    _bars(pen, relations, left=left, top=top, row=row)
    return np.asarray(sheet)


def _matrix(
    sheet: Image.Image,
    relations: Relations,
    *,
    left: int,
    top: int,
    cell: int,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> None:
    pen = ImageDraw.Draw(sheet)
    small = ImageFont.load_default(max(8.0, 0.27 * cell))
    for row, label in enumerate(relations.labels):
        middle = top + (row + 0.5) * cell
        pen.text((left - 10, middle), _shown(label), fill=INK, font=font, anchor="rm")
        _upright(sheet, _shown(label), x=left + (row + 0.5) * cell, bottom=top - 10, font=font)
        for column, value in enumerate(relations.correlation[row]):
            x, y = left + column * cell, top + row * cell
            fill = RULE if row == column else _color(float(value))
            pen.rectangle((x, y, x + cell - 2, y + cell - 2), fill=fill)
            if row != column and len(relations.labels) <= _NUMBERS_TO:
                ink = PAPER if abs(value) > 0.6 else INK
                place = (x + cell / 2 - 1, y + cell / 2 - 1)
                pen.text(place, _signed(value), fill=ink, font=small, anchor="mm")


def _bars(pen: ImageDraw.ImageDraw, relations: Relations, *, left: int, top: int, row: int) -> None:
    """The tags from those that go with high quality to those that go with low."""
    heading, font = ImageFont.load_default(19), ImageFont.load_default(15)
    tags = relations.with_quality()
    pen.text((left, top), f"Correlation with {HIGH} against {LOW}", fill=INK, font=heading)
    note = "of what speaks for them in the network; at most ±1"
    pen.text((left, top + 26), note, fill=QUIET, font=font)
    names = round(max(font.getlength(_shown(label)) for label, _ in tags)) + 14
    most = max(*(abs(value) for _, value in tags), 0.1)
    reach = (_BARS - names) / 2 - 44
    axis = left + names + (_BARS - names) / 2
    y = top + 60
    for label, value in tags:
        middle, end = y + row / 2, axis + reach * value / most
        pen.text((left, middle), _shown(label), fill=INK, font=font, anchor="lm")
        box = (min(axis, end), middle - row / 3.4, max(axis, end), middle + row / 3.4)
        pen.rectangle(box, fill=_WITH if value > 0 else _AGAINST)
        place, anchor = (end + 6, "lm") if value >= 0 else (end - 6, "rm")
        pen.text((place, middle), _signed(value), fill=QUIET, font=font, anchor=anchor)
        y += row
    pen.line((axis, top + 56, axis, y + 4), fill=INK, width=1)


def _upright(
    sheet: Image.Image,
    text: str,
    *,
    x: float,
    bottom: int,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> None:
    """Words that run upward and end below at `bottom`, in the middle of a column."""
    box = font.getbbox(text)
    label = Image.new("RGB", (round(box[2]) + 2, round(box[3]) + 4), PAPER)
    ImageDraw.Draw(label).text((0, 0), text, fill=INK, font=font)
    turned = label.rotate(90, expand=True)
    sheet.paste(turned, (round(x - turned.width / 2), bottom - turned.height))


def _color(value: float) -> tuple[int, ...]:
    end = _WITH if value > 0 else _AGAINST
    share = min(abs(value), 1.0) ** 0.8
    return tuple(
        round((1 - share) * none + share * full) for none, full in zip(_NONE, end, strict=True)
    )


def _shown(label: str) -> str:
    return drawable(display_name(label))


def _signed(value: float) -> str:
    return f"{value:+.2f}" if abs(value) >= 0.005 else "0.00"
