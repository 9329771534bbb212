"""An explanation as a picture: the photograph with its map, and the figures beside it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from goodside.aesthetics.explanation.explain import CAVEAT, Explanation
from goodside.aesthetics.explanation.kinds import plural
from goodside.aesthetics.explanation.sheet_text import INK, PAPER, QUIET, RULE, drawable
from goodside.types import Aesthetic, Assessment, FloatArray, RgbImage

PHOTO_PX = 1000
"""Longest side of the photograph on the sheet."""

_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_LIFTS, _LOWERS = (238, 108, 20), (26, 92, 214)
_BAR = (92, 104, 118)
_MARGIN, _GAP, _COLUMN = 44, 40, 470
_LEAST_SCALE = 0.3  # points: smaller effects than this never get the full colour
_STRONGEST = 0.72  # opacity of the full colour


def explanation_sheet(rgb: RgbImage, explanation: Explanation, *, title: str) -> RgbImage:
    """Lay an explanation out for reading.

    Args:
        rgb: (H, W, 3) uint8, the photograph; it is shown `PHOTO_PX` long.
        explanation: of the same photograph.
        title: stands above the figures.

    Returns:
        (H', W', 3) uint8.
    """
    photo = _sized(Image.fromarray(rgb))
    scale = max(_LEAST_SCALE, float(np.abs(explanation.effect.points).max()))
    shown = tinted(np.asarray(photo), explanation.effect.points, scale=scale)
    column = _Column(_COLUMN)
    _write(column, explanation, title=title, thumb=photo)
    left = max(photo.width, 560)
    height = max(photo.height + 74, column.height) + 2 * _MARGIN
    sheet = Image.new("RGB", (left + _GAP + _COLUMN + 2 * _MARGIN, height), PAPER)
    sheet.paste(Image.fromarray(shown), (_MARGIN, _MARGIN))
    _legend(sheet, top=_MARGIN + photo.height + 16, width=left, scale=scale)
    sheet.paste(column.drawn(), (_MARGIN + left + _GAP, _MARGIN))
    return np.asarray(sheet)


def tinted(rgb: RgbImage, points: FloatArray, *, scale: float) -> RgbImage:
    """The photograph in gray, orange where a part lifts the score, blue where one lowers it.

    Args:
        rgb: (H, W, 3) uint8.
        points: (R, C) effects over the whole picture.
        scale: the effect that gets the full colour.
    """
    height, width = rgb.shape[:2]
    grid = Image.fromarray((points / scale).astype(np.float32))
    effect = np.asarray(grid.resize((width, height), Image.Resampling.BICUBIC))[:, :, None]
    strength = _STRONGEST * np.clip(np.abs(effect), 0, 1) ** 1.2
    color = np.where(effect > 0, np.array(_LIFTS, np.float32), np.array(_LOWERS, np.float32))
    gray = np.asarray(Image.fromarray(rgb).convert("L"), np.float32)[:, :, None]
    mixed: RgbImage = ((1 - strength) * gray + strength * color).round().astype(np.uint8)
    return mixed


def _sized(photo: Image.Image) -> Image.Image:
    shrink = PHOTO_PX / max(photo.size)
    width, height = (max(1, round(side * shrink)) for side in photo.size)
    return photo.resize((width, height), Image.Resampling.LANCZOS)


class _Column:
    """A strip of paper that grows downward."""

    def __init__(self, width: int) -> None:
        self.image = Image.new("RGB", (width, 4000), PAPER)
        self.pen = ImageDraw.Draw(self.image)
        self.width = width
        self.height = 0

    def text(
        self, text: str, *, size: float, fill: tuple[int, int, int] = INK, after: int = 0
    ) -> None:
        """Words, broken into lines."""
        font = ImageFont.load_default(size)
        for line in _lines(drawable(text), font=font, width=self.width):
            self.pen.text((0, self.height), line, fill=fill, font=font)
            self.height += round(1.42 * size)
        self.height += after

    def drawn(self) -> Image.Image:
        return self.image.crop((0, 0, self.width, self.height))


def _write(column: _Column, explanation: Explanation, *, title: str, thumb: Image.Image) -> None:
    aesthetic = explanation.assessment.aesthetic
    _head(column, explanation.assessment, title=title, thumb=thumb)
    column.text(explanation.sentence, size=19, after=26)
    _heading(column, "How people would vote", f"spread ±{aesthetic.std:.1f}")
    _distribution(column, aesthetic)
    if explanation.attributes:
        usual = any(one.usual is not None for one in explanation.attributes)
        kinds = drawable(plural(explanation.kind))
        _heading(column, "Attributes", f"| usual for {kinds}" if usual else "")
        _attributes(column, explanation)
    column.text(CAVEAT, size=14, fill=QUIET)


def _head(column: _Column, assessment: Assessment, *, title: str, thumb: Image.Image) -> None:
    small = thumb.copy()
    small.thumbnail((190, 130), Image.Resampling.LANCZOS)
    column.image.paste(small, (column.width - small.width, 4))
    pen, left = column.pen, ImageFont.load_default(88)
    score = f"{assessment.aesthetic.score:.1f}"
    pen.text((-4, 0), score, fill=INK, font=left, anchor="lt")
    beside = pen.textlength(score, font=left) + 10
    pen.text((beside, 66), "of 10", fill=QUIET, font=ImageFont.load_default(22), anchor="ls")
    if assessment.technical is not None:
        quality = f"technical {assessment.technical:.1f}"
        pen.text((0, 100), quality, fill=QUIET, font=ImageFont.load_default(18), anchor="ls")
    column.height = 84 if assessment.technical is None else 108
    name = ImageFont.load_default(15)
    room = column.width - small.width - 24
    shown = _cut(drawable(title), font=name, width=room)
    pen.text((0, column.height), shown, fill=QUIET, font=name)
    column.height = max(column.height + 40, small.height + 28)


def _heading(column: _Column, left: str, right: str) -> None:
    font, quiet = ImageFont.load_default(16), ImageFont.load_default(14)
    column.pen.line((0, column.height, column.width, column.height), fill=RULE, width=1)
    column.pen.text((0, column.height + 12), left, fill=INK, font=font)
    column.pen.text((column.width, column.height + 13), right, fill=QUIET, font=quiet, anchor="ra")
    column.height += 46


def _distribution(column: _Column, aesthetic: Aesthetic) -> None:
    tall, step = 96, column.width / 10
    most = max(*aesthetic.distribution, 0.25)
    font = ImageFont.load_default(14)
    base = column.height + tall
    for index, share in enumerate(aesthetic.distribution):
        x = index * step
        top = base - max(1, tall * share / most)
        column.pen.rectangle((x + 3, top, x + step - 3, base), fill=_BAR)
        column.pen.text((x + step / 2, base + 6), str(index + 1), QUIET, font=font, anchor="ma")
    mean = (aesthetic.score - 0.5) * step
    column.pen.line((mean, base - tall - 6, mean, base), fill=INK, width=2)
    column.height = base + 44


def _attributes(column: _Column, explanation: Explanation) -> None:
    font, start, end = ImageFont.load_default(16), 150, column.width - 46
    for one in explanation.attributes:
        middle = column.height + 11
        column.pen.text((0, middle), one.spoken, fill=INK, font=font, anchor="lm")
        column.pen.rectangle((start, middle - 5, end, middle + 5), fill=RULE)
        place = _along(one.value, start, end)
        column.pen.rectangle((start, middle - 5, place, middle + 5), fill=_BAR)
        if one.usual is not None:
            usual = _along(one.usual, start, end)
            column.pen.line((usual, middle - 10, usual, middle + 10), fill=INK, width=2)
        column.pen.text(
            (column.width, middle), f"{one.value:.1f}", fill=INK, font=font, anchor="rm"
        )
        column.height += 32
    column.height += 16


def _along(value: float, start: float, end: float) -> float:
    return start + (end - start) * min(max((value - 1) / 9, 0.0), 1.0)


def _legend(sheet: Image.Image, *, top: int, width: int, scale: float) -> None:
    """From what lowers the score to what lifts it, in points."""
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(15)
    band = np.broadcast_to(np.linspace(-scale, scale, 320, dtype=np.float32), (14, 320))
    strip = tinted(np.full((14, 320, 3), 205, np.uint8), band, scale=scale)
    middle = _MARGIN + width // 2
    sheet.paste(Image.fromarray(strip), (middle - 160, top))
    for place, text, anchor in (
        (middle - 174, "lowers the score", "rm"),
        (middle + 174, "lifts the score", "lm"),
    ):
        pen.text((place, top + 7), text, fill=INK, font=font, anchor=anchor)
    for place, text in (
        (middle - 160, f"-{scale:.1f}"),
        (middle, "points"),
        (middle + 160, f"+{scale:.1f}"),
    ):
        pen.text((place, top + 22), text, fill=QUIET, font=font, anchor="ma")


def _lines(text: str, *, font: _Font, width: float) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > width:
            yield line
            longer = word
        line = longer
    yield line


def _cut(text: str, *, font: _Font, width: float) -> str:
    """The end of a text that is too long, after an ellipsis."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"…{text}") > width:
        text = text[1:]
    return f"…{text}"
