"""How crisp a photograph is and how it is exposed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image

from goodside.images.features import measure_tones
from goodside.types import FloatArray

FIGURES = "3"
"""Version of what is measured here, and by `goodside.images.features`, and kept as a photo's
figures; a new one measures all again."""

_SIDE_PX = 720
_TILES = 12
_DULL, _CRISP = 0.12, 1.0
_ROUNDING, _FAINT = 0.15, 1.0
"""Squared levels: what rounding to eight bits feigns, and what is too faint to be compared."""


@dataclass(frozen=True, slots=True)
class TechnicalQuality:
    """See the columns of the same names in `goodside.album.catalog.models.Photo`."""

    sharpness: float
    brightness: float
    contrast: float
    clipped_dark: float
    clipped_bright: float


def measure_technical_quality(picture: Image.Image) -> TechnicalQuality:
    """Measure a photograph.

    Args:
        picture: of mode RGB; its shorter side is brought to 720 pixels for the sharpness.
    """
    image = picture.convert("L")
    tones = measure_tones(image)
    return TechnicalQuality(
        sharpness=_sharpness(image),
        brightness=tones.brightness,
        contrast=tones.contrast,
        clipped_dark=tones.clipped_dark,
        clipped_bright=tones.clipped_bright,
    )


def _sharpness(image: Image.Image) -> float:
    """How much finer detail there is where there is detail at all, 0-1.

    The picture is brought to a shorter side of 720 pixels first, up or down, so that a small copy,
    whose detail is packed more densely, is no sharper than its original. Then it is cut into
    12 x 12 tiles; of the quarter with the strongest detail at half size, the detail at full size is
    taken as a share of it, on a logarithmic scale. So neither a blurred background nor a dim light
    counts against a photograph, and noise in a plain sky not for it.
    A blur of a thousandth of the shorter side takes about a quarter off, one of four thousandths
    leaves next to nothing.
    """
    if min(image.size) < 8 * _TILES:
        return 0.0
    scale = _SIDE_PX / min(image.size)
    size = (round(image.width * scale), round(image.height * scale))
    kernel = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BILINEAR
    image = image.resize(size, kernel, reducing_gap=2.0)
    coarse = _detail(_tiles(image.reduce(2)))
    chosen = coarse >= np.quantile(coarse, 0.75)
    fine = _detail(_tiles(image)[chosen])
    detail = max(float(fine.mean()) - _ROUNDING, 0.0)
    share = math.sqrt(detail / (float(coarse[chosen].mean()) + _FAINT))
    level = math.log(max(share, 1e-6) / _DULL) / math.log(_CRISP / _DULL)
    return min(max(level, 0.0), 1.0)


def _tiles(image: Image.Image) -> NDArray[np.uint8]:
    """(12, 12, h, w) luma of the tiles, each with a margin of one pixel."""
    luma = np.asarray(image)
    high, wide = ((side - 2) // _TILES for side in luma.shape)
    windows = sliding_window_view(luma, (high + 2, wide + 2))
    return windows[: high * _TILES : high, : wide * _TILES : wide]


def _detail(tiles: NDArray[np.uint8]) -> FloatArray:
    """(...) mean square of each pixel's difference from its four neighbours' mean.

    Args:
        tiles: (..., h, w), of which the outermost pixels are neighbours only.
    """
    luma = tiles.astype(np.int16)
    detail = 4 * luma[..., 1:-1, 1:-1]
    detail -= luma[..., 2:, 1:-1]
    detail -= luma[..., :-2, 1:-1]
    detail -= luma[..., 1:-1, 2:]
    detail -= luma[..., 1:-1, :-2]
    squares = detail.astype(np.float32)
    squares *= squares
    mean: FloatArray = squares.mean(axis=(-2, -1)) / 16
    return mean
