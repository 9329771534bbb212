"""What a score rests on: parts of a photograph are blurred away one by one, and it is judged anew.

Zeiler and Fergus, "Visualizing and understanding convolutional networks" (ECCV 2014), hide parts
under grey. A grey square is itself ugly in a smooth sky; a soft-edged blur takes the part's content
and leaves its light and colour. The photograph and its mirror image are both asked, and the mean is
taken: what is chance in the answer differs between them, and a bias to one side cancels out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from PIL import Image, ImageFilter

from goodside.images import resize
from goodside.types import FloatArray, RgbImage

CELLS = 60
"""Parts of a photograph, about; its shape decides how many stand in a row."""

_WORK_PX = 448  # larger pictures are reduced to a square's area of this side, or thereabouts
_PATCH = 0.22  # side of what is hidden, as a share of the side of a square of the picture's area
_EDGE = 0.15  # width of its soft edge, as a share of half its side
_BLUR = 0.08  # radius of the blur, as a share of the same side as the patch

Scoring = Callable[[list[RgbImage]], list[float]]


@dataclass(frozen=True, slots=True)
class EffectMap:
    """How much each part of a photograph lifts its score.

    Attributes:
        points: (R, C) float32, points by which the score falls when a square around the middle of
            this cell is blurred away; negative where it rises.
        patch: the square's width as a share of the picture's width, its height likewise.
    """

    points: FloatArray
    patch: tuple[float, float]


def effect_map(rgb: RgbImage, score: Scoring, *, cells: int = CELLS, batch: int = 16) -> EffectMap:
    """Measure the effect of every part.

    Args:
        rgb: (H, W, 3) uint8.
        score: judges a few pictures of one size, at most that of `rgb`.
        cells: parts, about.
        batch: how many pictures are judged at once.
    """
    rgb = _reduced(rgb)
    height, width = rgb.shape[:2]
    grid = _grid(height, width, cells=cells)
    side = _PATCH * (height * width) ** 0.5
    mirrored = np.ascontiguousarray(rgb[:, ::-1])
    points, turned = (
        _drops(picture, score, grid=grid, side=side, batch=batch) for picture in (rgb, mirrored)
    )
    mean = ((points + turned[:, ::-1]) / 2).astype(np.float32)
    return EffectMap(mean, (min(1.0, side / width), min(1.0, side / height)))


def _drops(
    rgb: RgbImage, score: Scoring, *, grid: tuple[int, int], side: float, batch: int
) -> FloatArray:
    """By how much the score falls without each cell's square, (R, C) float32."""
    whole = score([rgb])[0]
    found: list[float] = []
    hidden = _hidden(rgb, grid=grid, side=side)
    while waiting := list(islice(hidden, batch)):
        found += score(waiting)
    return (whole - np.array(found, np.float32)).reshape(grid)


def _reduced(rgb: RgbImage) -> RgbImage:
    height, width = rgb.shape[:2]
    shrink = _WORK_PX / (height * width) ** 0.5
    if shrink >= 1:
        return rgb
    return resize(
        rgb,
        width_px=max(1, round(shrink * width)),
        height_px=max(1, round(shrink * height)),
        kernel="bicubic",
    )


def _grid(height: int, width: int, *, cells: int) -> tuple[int, int]:
    """Rows and columns of nearly square cells."""
    rows = max(1, round((cells * height / width) ** 0.5))
    return min(rows, cells), max(1, round(cells / rows))


def _hidden(rgb: RgbImage, *, grid: tuple[int, int], side: float) -> Iterator[RgbImage]:
    """The picture with each cell's square blurred away, row by row."""
    height, width = rgb.shape[:2]
    radius = _BLUR * (height * width) ** 0.5
    sharp = rgb.astype(np.float32)
    blurred = np.asarray(Image.fromarray(rgb).filter(ImageFilter.GaussianBlur(radius)))
    change = blurred.astype(np.float32) - sharp
    across = _windows(width, grid[1], side=side)
    down = _windows(height, grid[0], side=side)
    for vertical in down:
        for horizontal in across:
            mask = vertical[:, None] * horizontal[None, :]
            yield (sharp + mask[:, :, None] * change).round().astype(np.uint8)


def _windows(length: int, count: int, *, side: float) -> list[FloatArray]:
    """Along one axis: 1 around the middle of each cell, 0 outside, a ramp at the edges."""
    place = np.arange(length, dtype=np.float32) + 0.5
    centres = (np.arange(count) + 0.5) / count * length
    distance = [np.abs(place - centre) / (side / 2) for centre in centres]
    return [np.clip((1 + _EDGE - away) / (2 * _EDGE), 0, 1).astype(np.float32) for away in distance]
