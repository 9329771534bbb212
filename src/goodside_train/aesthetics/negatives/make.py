"""Pictures that are no photographs, of twelve kinds, drawn from a seed.

Some are made of a photograph: a meme has one under its text, a halftone and a picture of one bit
show one. Those stay what they are, whatever the photograph.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from goodside.types import RgbImage
from goodside_train.aesthetics.negatives.pages import (
    chart,
    diagram,
    meme,
    screenshot,
    text_page,
)

SIZE_PX = 224

Maker = Callable[[np.random.Generator, RgbImage], RgbImage]


def noise(rng: np.random.Generator, _photo: RgbImage) -> RgbImage:
    """White or coloured noise, coarse or fine, of any contrast."""
    coarse = int(rng.choice((1, 1, 2, 4, 8)))
    channels = int(rng.choice((1, 3)))
    cells = -(-SIZE_PX // coarse)
    if rng.random() < 0.5:
        values = rng.integers(0, 256, (cells, cells, channels)).astype(np.float64)
    else:
        values = rng.normal(rng.uniform(60, 200), rng.uniform(15, 70), (cells, cells, channels))
    wide = np.repeat(np.repeat(values, coarse, axis=0), coarse, axis=1)[:SIZE_PX, :SIZE_PX]
    return _bytes(np.broadcast_to(wide, (SIZE_PX, SIZE_PX, 3)))


def black(rng: np.random.Generator, _photo: RgbImage) -> RgbImage:
    """A lens cap: black with a trace of noise."""
    return _bytes(rng.uniform(0, 12) + rng.normal(0, rng.uniform(0, 3), (SIZE_PX, SIZE_PX, 3)))


def white(rng: np.random.Generator, _photo: RgbImage) -> RgbImage:
    """A blank sheet: white with a trace of noise."""
    grain = rng.normal(0, rng.uniform(0, 3), (SIZE_PX, SIZE_PX, 3))
    return _bytes(255 - rng.uniform(0, 12) + grain)


def flat(rng: np.random.Generator, _photo: RgbImage) -> RgbImage:
    """One gray, or one colour."""
    colour = rng.integers(20, 236, 3) if rng.random() < 0.5 else np.full(3, rng.integers(20, 236))
    return _bytes(colour + rng.normal(0, rng.uniform(0, 2), (SIZE_PX, SIZE_PX, 3)))


def gradient(rng: np.random.Generator, _photo: RgbImage) -> RgbImage:
    """From one colour to another, along a line or outward."""
    first, last = rng.integers(0, 256, (2, 3))
    down, across = np.mgrid[0 : 1 : SIZE_PX * 1j, 0 : 1 : SIZE_PX * 1j]
    angle = rng.uniform(0, 2 * np.pi)
    place = across * np.cos(angle) + down * np.sin(angle)
    if rng.random() < 0.3:
        place = np.hypot(across - rng.uniform(0, 1), down - rng.uniform(0, 1))
    place = (place - place.min()) / np.ptp(place)
    return _bytes(first + (last - first) * place[..., None])


def halftone(rng: np.random.Generator, photo: RgbImage) -> RgbImage:
    """A photograph printed as dots: black ones, or of three inks at angles of their own."""
    cell = float(rng.uniform(4, 9))
    inks = 3 if rng.random() < 0.5 else 1
    light = photo.astype(np.float64) / 255
    light = light if inks == 3 else light.mean(axis=2, keepdims=True)
    down, across = np.mgrid[0:SIZE_PX, 0:SIZE_PX] / cell
    plates = []
    for ink in range(inks):
        angle = np.deg2rad((15, 75, 0)[ink] if inks == 3 else 45)
        u = across * np.cos(angle) + down * np.sin(angle)
        v = down * np.cos(angle) - across * np.sin(angle)
        screen = 0.5 + 0.25 * (np.cos(2 * np.pi * u) + np.cos(2 * np.pi * v))
        plates.append(np.where(light[..., ink] > screen, 255.0, 20.0))
    return _bytes(np.broadcast_to(np.stack(plates, axis=2), (SIZE_PX, SIZE_PX, 3)))


def one_bit(rng: np.random.Generator, photo: RgbImage) -> RgbImage:
    """A photograph in black and white without gray: a threshold, or spread errors."""
    gray = Image.fromarray(photo).convert("L")
    if rng.random() < 0.5:
        return np.asarray(gray.convert("1").convert("RGB"))
    values = np.asarray(gray)
    bound = np.quantile(values, rng.uniform(0.3, 0.7))
    return _bytes(np.where(values[..., None] > bound, 255, 0) * np.ones(3))


def logo(rng: np.random.Generator, _photo: RgbImage) -> RgbImage:
    """A few plain shapes on a plain ground."""
    ground, *inks = (tuple(map(int, rng.integers(0, 256, 3))) for _ in range(4))
    image = Image.new("RGB", (SIZE_PX, SIZE_PX), (255, 255, 255) if rng.random() < 0.5 else ground)
    draw = ImageDraw.Draw(image)
    for ink in inks[: int(rng.integers(1, 4))]:
        x, y = rng.integers(10, SIZE_PX - 80, 2)
        w, h = rng.integers(40, 110, 2)
        box = (int(x), int(y), int(x + w), int(y + h))
        shape = int(rng.integers(0, 3))
        if shape == 0:
            draw.ellipse(box, fill=ink)
        elif shape == 1:
            draw.rounded_rectangle(box, radius=int(rng.integers(0, 20)), fill=ink)
        else:
            draw.polygon([(box[0], box[3]), ((box[0] + box[2]) // 2, box[1]), box[2:]], fill=ink)
    return np.asarray(image)


KINDS: dict[str, Maker] = {
    "noise": noise,
    "black": black,
    "white": white,
    "flat": flat,
    "gradient": gradient,
    "test chart": chart,
    "text page": text_page,
    "screenshot": screenshot,
    "meme": meme,
    "halftone": halftone,
    "one bit": one_bit,
    "diagram": diagram,
    "logo": logo,
}


def make_negatives(photos: RgbImage, *, count: int, seed: int) -> tuple[RgbImage, tuple[str, ...]]:
    """Draw pictures that are no photographs; the kinds take turns.

    Args:
        photos: (K, 224, 224, 3) uint8, to make memes, halftones and pictures of one bit of.
        count: how many.
        seed: of every draw.

    Returns:
        (count, 224, 224, 3) uint8, and the kind of each.
    """
    kinds = tuple(list(KINDS)[index % len(KINDS)] for index in range(count))
    pictures = np.empty((count, SIZE_PX, SIZE_PX, 3), np.uint8)
    for index, kind in enumerate(kinds):
        rng = np.random.default_rng((seed, index))
        photo = np.asarray(photos[int(rng.integers(len(photos)))])
        pictures[index] = KINDS[kind](rng, photo)
    return pictures, kinds


def _bytes(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> RgbImage:
    rounded: RgbImage = np.clip(np.round(values), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(rounded)
