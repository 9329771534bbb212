"""How two small pictures that resemble each other differ: not at all, in tone, or by a crop."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from goodside.types import FloatArray, RgbImage

SIDE_PX = 192
"""Longer side at which pictures are compared."""

_COARSE_SIDE_PX = 64
_CELLS = 24
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_MAX_ASPECT_DIFFERENCE = 0.02
_MIN_OUTLINE_CORRELATION, _MIN_OUTLINE_CONTRAST = 0.8, 1.0
_MIN_TONE_SHIFT, _TONE_RANGES = 2.75, 8
"""Levels by which tones differ, in the mean over eight ranges of them, where they were edited."""
_MAX_GRAY_CHROMA, _MIN_COLOUR_CHROMA = 3.0, 6.0
_SCALES = np.arange(0.5, 0.981, 0.02)
_FINE_SCALES = (-0.01, -0.005, 0.0, 0.005, 0.01)
_MIN_COARSE_CORRELATION, _MIN_FINE_CORRELATION, _MAX_REFINED = 0.75, 0.9, 3

DifferenceKind = Literal["none", "crop", "black and white", "colour", "brightness"]


@dataclass(frozen=True, slots=True)
class PictureDifference:
    """How the second of two pictures of one thing differs from the first.

    Attributes:
        kind: what differs; `none` for copies.
        edited: which one must be the edited one: 0 or 1; None: the pictures do not show it.
        shift: levels by which tones differ, as a rule.
    """

    kind: DifferenceKind
    edited: int | None = None
    shift: float = 0.0


def compare_pictures(
    first: RgbImage, second: RgbImage, *, may_be_cropped: bool = True
) -> PictureDifference | None:
    """Compare two small pictures.

    Their outlines (luminance without its soft part) must correlate by 0.8, as they are or once one
    was cut from the other; then the means over 24 x 24 cells show whether tones differ. So pictures
    that were scaled, compressed or sharpened count as equal, and another shot of the same view,
    whose outlines have moved, as unrelated.

    Args:
        first, second: (H, W, 3) uint8, of any sizes.
        may_be_cropped: whether to look for one inside the other, which takes ten times as long.

    Returns:
        None where neither is made from the other.
    """
    a, b = Image.fromarray(first), Image.fromarray(second)
    if abs(_aspect(a, b)) <= _MAX_ASPECT_DIFFERENCE:
        size = _size(a if max(a.size) <= max(b.size) else b)
        same = [np.asarray(_scaled(image, size), dtype=np.float32) for image in (a, b)]
        if _outlines_agree(*(pixels @ _LUMA for pixels in same)):
            return _compare_tones(*same)
    if not may_be_cropped:
        return None
    for inner, outer, edited in ((b, a, 1), (a, b, 0)):
        if _lies_inside(inner, outer):
            return PictureDifference("crop", edited)
    return None


def _compare_tones(first: FloatArray, second: FloatArray) -> PictureDifference:
    """What differs between (H, W, 3) pictures whose outlines agree."""
    a, b = (_cells(pixels) for pixels in (first, second))
    vivid = [float(np.abs(_chroma(cells)).mean()) for cells in (a, b)]
    if min(vivid) < _MAX_GRAY_CHROMA and max(vivid) > _MIN_COLOUR_CHROMA:
        return PictureDifference("black and white", int(np.argmin(vivid)))
    luma, *chroma = (_tone_shift(x, y) for x, y in zip(_channels(a), _channels(b), strict=True))
    shift = max(luma, *chroma)
    if shift < _MIN_TONE_SHIFT:
        return PictureDifference("none", shift=shift)
    return PictureDifference("brightness" if luma > max(chroma) else "colour", shift=shift)


def _tone_shift(first: FloatArray, second: FloatArray) -> float:
    """How far values of cells were moved, as a rule: what sharpening does at edges cancels out.

    The mean, over eight ranges of equally many cells by value, of the median's distance from 0.
    """
    change = (second - first)[np.argsort(first + second, kind="stable")]
    return float(np.mean([abs(np.median(some)) for some in np.array_split(change, _TONE_RANGES)]))


def _channels(cells: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Luminance and both chromas, each (576,)."""
    chroma = _chroma(cells)
    return (cells @ _LUMA).ravel(), chroma[..., 0].ravel(), chroma[..., 1].ravel()


def _chroma(cells: FloatArray) -> FloatArray:
    """(..., 2): red against green, and both against blue."""
    red, green, blue = cells[..., 0], cells[..., 1], cells[..., 2]
    return np.stack([red - green, (red + green) / 2 - blue], axis=-1)


def _cells(pixels: FloatArray) -> FloatArray:
    """(24, 24, 3) means."""
    rows, columns = (np.linspace(0, side, _CELLS + 1).astype(int) for side in pixels.shape[:2])
    sums = np.add.reduceat(np.add.reduceat(pixels, rows[:-1], axis=0), columns[:-1], axis=1)
    counts = np.maximum(np.outer(np.diff(rows), np.diff(columns)), 1)
    cells: FloatArray = (sums / counts[..., None]).astype(np.float32)
    return cells


def _outlines_agree(first: FloatArray, second: FloatArray) -> bool:
    a, b = _outline(first), _outline(second)
    spread_a, spread_b = float(a.std()), float(b.std())
    if max(spread_a, spread_b) < _MIN_OUTLINE_CONTRAST:  # nothing but soft tones
        return True
    return float((a * b).mean()) >= _MIN_OUTLINE_CORRELATION * max(spread_a * spread_b, 1e-9)


def _outline(luma: FloatArray) -> FloatArray:
    """Luminance without its soft part and its finest grain, mean 0."""
    fine, soft = _blurred(luma, 1), _blurred(luma, 4)
    band = fine - soft
    outline: FloatArray = (band - band.mean()).astype(np.float32)
    return outline


def _blurred(luma: FloatArray, reach: int) -> FloatArray:
    """Mean over squares of 2 reach + 1 pixels; edges are repeated."""
    side = 2 * reach + 1
    padded = np.pad(luma.astype(np.float64), ((reach + 1, reach), (reach + 1, reach)), mode="edge")
    total = padded.cumsum(axis=0).cumsum(axis=1)
    square = total[side:, side:] - total[:-side, side:] - total[side:, :-side]
    mean: FloatArray = ((square + total[:-side, :-side]) / side**2).astype(np.float32)
    return mean


def _lies_inside(inner: Image.Image, outer: Image.Image) -> bool:
    """Whether a picture was cut out of another one: found at one scale and place."""
    inner, outer = (_scaled(image.convert("L"), _size(image)) for image in (inner, outer))
    coarse = _luma_of(outer, _COARSE_SIDE_PX)
    found = [(*_best_placement(coarse, inner, scale), scale) for scale in _SCALES]
    best = sorted(
        (one for one in found if one[0] >= _MIN_COARSE_CORRELATION), key=lambda one: -one[0]
    )[:_MAX_REFINED]
    fine = _luma_of(outer, SIDE_PX)
    for scale in (one[-1] + near for one in best for near in _FINE_SCALES):
        score, top, left, part = _best_placement(fine, inner, scale)
        if part is None or score < _MIN_FINE_CORRELATION:
            continue
        high, wide = part.shape
        if _outlines_agree(fine[top : top + high, left : left + wide], part):
            return True
    return False


def _best_placement(
    outer: FloatArray, inner: Image.Image, scale: float
) -> tuple[float, int, int, FloatArray | None]:
    """Where a picture fits best into (H, W) luminance once its larger share of a side is `scale`.

    Returns:
        Pearson's correlation there, top, left, and the picture as it was placed; -1 and None where
        it does not fit.
    """
    high, wide = outer.shape
    fit = scale * min(wide / inner.width, high / inner.height)
    size = (max(1, round(inner.width * fit)), max(1, round(inner.height * fit)))
    part = np.asarray(_scaled(inner, size), dtype=np.float32)
    if min(part.shape) < 8 or part.shape[0] > high or part.shape[1] > wide:
        return -1.0, 0, 0, None
    table = _correlations(outer, part)
    top, left = np.unravel_index(int(table.argmax()), table.shape)
    return float(table[top, left]), int(top), int(left), part


def _correlations(outer: FloatArray, part: FloatArray) -> NDArray[np.float64]:
    """Pearson's correlation of a part with every place of (H, W) luminance that holds it whole."""
    image, pattern = outer - outer.mean(dtype=np.float64), part - part.mean(dtype=np.float64)
    high, wide = pattern.shape
    spectrum = np.fft.rfft2(image) * np.conj(np.fft.rfft2(pattern, image.shape))
    products = np.fft.irfft2(spectrum, image.shape)[
        : image.shape[0] - high + 1, : image.shape[1] - wide + 1
    ]
    sums, squares = (_windows(values, high, wide) for values in (image, image**2))
    spread = np.maximum(squares - sums**2 / pattern.size, 0) * float((pattern**2).sum())
    norm = np.sqrt(spread)
    found: NDArray[np.float64] = np.where(norm > 1, products / np.maximum(norm, 1), 0.0)
    return found


def _windows(values: NDArray[np.float64], high: int, wide: int) -> NDArray[np.float64]:
    total = np.pad(values, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    part = total[high:, wide:] - total[:-high, wide:] - total[high:, :-wide]
    return np.asarray(part + total[:-high, :-wide])


def _luma_of(image: Image.Image, side_px: int) -> FloatArray:
    return np.asarray(_scaled(image, _size(image, side_px)), dtype=np.float32)


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image if image.size == size else image.resize(size, Image.Resampling.BOX)


def _size(image: Image.Image, side_px: int = SIDE_PX) -> tuple[int, int]:
    scale = min(1.0, side_px / max(image.size))
    return max(1, round(image.width * scale)), max(1, round(image.height * scale))


def _aspect(a: Image.Image, b: Image.Image) -> float:
    return math.log((a.width / a.height) / (b.width / b.height))
