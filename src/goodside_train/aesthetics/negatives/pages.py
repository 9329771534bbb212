"""Pictures that programs draw: pages of text, screenshots, memes, charts, diagrams."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from goodside.types import RgbImage

_SIZE = 224
_WORDS = (
    "the of and a to in is you that it he was for on are as with his they at be this have from or "
    "one had by word but not what all were we when your can said there use an each which she do "
    "their if will up other about out many then them these so some her would make like him into "
    "has look two more write go see number no way could people my than first water been call who"
).split()
Colour = tuple[int, int, int]


def text_page(rng: np.random.Generator, _photo: RgbImage) -> RgbImage:
    """A page of text, scanned or set: dark on light, perhaps turned a little."""
    ground = _light(rng)
    image = Image.new("RGB", (_SIZE, _SIZE), ground)
    draw, y = ImageDraw.Draw(image), int(rng.integers(4, 24))
    size = int(rng.integers(7, 17))
    left, width = int(rng.integers(4, 24)), int(rng.integers(140, 210))
    if rng.random() < 0.5:
        draw.text((left, y), sentence(rng, 3).title(), fill=_dark(rng), font=_font(2 * size))
        y += 3 * size
    ink = _dark(rng)
    while y < _SIZE - size:
        words = sentence(rng, int(width / size * rng.uniform(0.3, 0.45)) + 1)
        draw.text((left, y), words, fill=ink, font=_font(size))
        y += int(size * (1.3 if rng.random() < 0.9 else 2.4))
    angle = float(rng.normal(0, 1.5)) if rng.random() < 0.5 else 0.0
    turned = image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=ground)
    return np.asarray(turned)


def screenshot(rng: np.random.Generator, photo: RgbImage) -> RgbImage:
    """A chat, a window with a list, or lines of a program; light or dark."""
    dark = rng.random() < 0.5
    ground = tuple(int(v) for v in (rng.integers(15, 50, 3) if dark else rng.integers(228, 256, 3)))
    image = Image.new("RGB", (_SIZE, _SIZE), ground)
    draw = ImageDraw.Draw(image)
    ink = (225, 225, 225) if dark else (30, 30, 30)
    bar = tuple(int(v) for v in rng.integers(30, 230, 3))
    top = int(rng.integers(10, 26))
    draw.rectangle((0, 0, _SIZE, top), fill=bar)
    draw.text((6, 2), sentence(rng, 2), fill=(255, 255, 255), font=_font(max(8, top - 8)))
    (_chat, _list, _program)[int(rng.integers(0, 3))](draw, rng, top=top, ink=ink)
    if rng.random() < 0.25:  # a picture in it, as programs show them
        small = Image.fromarray(photo).resize((60, 44))
        image.paste(small, (int(rng.integers(4, 150)), int(rng.integers(top + 4, 160))))
    return np.asarray(image)


def meme(rng: np.random.Generator, photo: RgbImage) -> RgbImage:
    """A photograph under large words, on bars of their own or written over it."""
    bars = rng.random() < 0.5
    image = Image.fromarray(photo)
    if bars:
        height = int(rng.integers(110, 150))
        page = Image.new(
            "RGB", (_SIZE, _SIZE), (255, 255, 255) if rng.random() < 0.6 else (0, 0, 0)
        )
        page.paste(image.resize((_SIZE, height)), (0, (_SIZE - height) // 2))
        image = page
    draw = ImageDraw.Draw(image)
    size = int(rng.integers(20, 30))
    for y in (6, _SIZE - size - 12):
        words = sentence(rng, int(rng.integers(2, 4))).upper()
        draw.text(
            (_SIZE / 2, y),
            words,
            fill=(255, 255, 255),
            stroke_fill=(0, 0, 0),
            stroke_width=3,
            font=_font(size),
            anchor="ma",
        )
    return np.asarray(image)


def chart(rng: np.random.Generator, _photo: RgbImage) -> RgbImage:
    """Colour bars, a chequerboard, gray steps, or rings and rays."""
    down, across = np.mgrid[0:_SIZE, 0:_SIZE]
    kind = int(rng.integers(0, 4))
    if kind == 0:
        count = int(rng.integers(5, 12))
        colours = rng.integers(0, 2, (count, 3)) * 255
        chosen = colours[across * count // _SIZE]
        bars: RgbImage = chosen.astype(np.uint8)
        return bars
    if kind == 1:
        cell = int(rng.integers(6, 32))
        light = ((down // cell + across // cell) % 2) * int(rng.integers(150, 256))
    elif kind == 2:
        steps = int(rng.integers(5, 20))
        light = across * steps // _SIZE * (255 // max(steps - 1, 1))
    else:
        y, x = down - _SIZE / 2, across - _SIZE / 2
        turns = np.arctan2(y, x) * int(rng.integers(8, 40))
        rings = np.hypot(y, x) / float(rng.uniform(2, 9))
        light = 255 * (np.sin(turns if rng.random() < 0.5 else rings) > 0)
    return np.repeat(np.clip(light, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def diagram(rng: np.random.Generator, _photo: RgbImage) -> RgbImage:
    """A plot with axes, bars, or boxes and arrows, with labels."""
    image = Image.new("RGB", (_SIZE, _SIZE), _light(rng))
    draw, ink = ImageDraw.Draw(image), _dark(rng)
    kind = int(rng.integers(0, 3))
    if kind < 2:
        draw.line((24, 10, 24, 200, 214, 200), fill=ink, width=1)
        for tick in range(6):
            draw.text((4, 192 - 34 * tick), str(tick * 10), fill=ink, font=_font(9))
    if kind == 0:
        for _ in range(int(rng.integers(1, 4))):
            heights = 200 - 170 * np.clip(np.cumsum(rng.normal(0.05, 0.12, 20)) + 0.2, 0, 1)
            points = [(24 + 9.5 * x, float(y)) for x, y in enumerate(heights)]
            draw.line(points, fill=_colour(rng), width=2)
    elif kind == 1:
        count = int(rng.integers(3, 9))
        for bar in range(count):
            x, wide = 30 + bar * 180 // count, 140 // count
            draw.rectangle((x, 200 - int(rng.integers(10, 180)), x + wide, 200), fill=_colour(rng))
    else:
        for row in range(3):
            for column in range(2):
                x, y = 14 + 106 * column, 12 + 70 * row
                draw.rectangle((x, y, x + 86, y + 40), outline=ink, width=2)
                draw.text((x + 6, y + 12), sentence(rng, 2), fill=ink, font=_font(10))
                draw.line((x + 43, y + 40, x + 43, y + 70), fill=ink, width=2)
    return np.asarray(image)


def sentence(rng: np.random.Generator, count: int) -> str:
    """So many common words."""
    return " ".join(rng.choice(_WORDS, count))


def _chat(draw: ImageDraw.ImageDraw, rng: np.random.Generator, *, top: int, ink: Colour) -> None:
    y, own, other = top + 8, _colour(rng), (225, 228, 232)
    while y < _SIZE - 24:
        width, mine = int(rng.integers(60, 150)), rng.random() < 0.5
        x = _SIZE - width - 8 if mine else 8
        high = int(rng.integers(16, 34))
        fill = own if mine else other
        draw.text((2, y - 5), sentence(rng, 1), fill=ink, font=_font(7))
        draw.rounded_rectangle((x, y, x + width, y + high), radius=8, fill=fill)
        words = sentence(rng, max(1, width // 34))
        draw.text((x + 6, y + 3), words, fill=(20, 20, 20), font=_font(10))
        y += high + 6


def _list(draw: ImageDraw.ImageDraw, rng: np.random.Generator, *, top: int, ink: Colour) -> None:
    high = int(rng.integers(14, 30))
    for y in range(top + 6, _SIZE - 10, high):
        draw.ellipse((8, y, 8 + high // 2, y + high // 2), fill=_colour(rng))
        draw.text((30, y), sentence(rng, int(rng.integers(2, 6))), fill=ink, font=_font(9))
        draw.line((8, y + high - 4, 216, y + high - 4), fill=(128, 128, 128))


def _program(draw: ImageDraw.ImageDraw, rng: np.random.Generator, *, top: int, ink: Colour) -> None:
    for number, y in enumerate(range(top + 4, _SIZE - 8, 11)):
        draw.text((4, y), f"{number + 1}", fill=(128, 128, 128), font=_font(8))
        indent = 22 + 12 * int(rng.integers(0, 4))
        for place in range(int(rng.integers(1, 4))):
            colour = ink if rng.random() < 0.5 else _colour(rng)
            draw.text((indent + 52 * place, y), sentence(rng, 1), fill=colour, font=_font(9))


def _font(size: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)


def _light(rng: np.random.Generator) -> Colour:
    base = int(rng.integers(215, 256))
    return (base, max(base - int(rng.integers(0, 12)), 0), max(base - int(rng.integers(0, 30)), 0))


def _dark(rng: np.random.Generator) -> Colour:
    red, green, blue = (int(v) for v in rng.integers(0, 90, 3))
    return red, green, blue


def _colour(rng: np.random.Generator) -> Colour:
    red, green, blue = (int(v) for v in rng.integers(40, 230, 3))
    return red, green, blue
