"""How strong a photograph's detail is, from coarse to fine: what copies are compared by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from goodside.types import FloatArray

EDGES: NDArray[np.float64] = 2 ** np.arange(4, 11.05, 0.25)
"""(29,) borders of the bands: 16 to 2048 cycles per shorter side, four bands an octave."""

_LINES = 128
_SILENT = 1e-9


def measure_spectrum(picture: Image.Image) -> FloatArray:
    """The strength of detail, band by band, relative to the picture and not to its pixels.

    The power spectra of some rows and columns of the luminance (Hann window), averaged over both
    directions. As frequencies count cycles per shorter side, a picture keeps its figures when it is
    scaled, up to the band that the smaller one can still hold; sharpening lifts the finer bands,
    blur and strong compression lower them.

    Args:
        picture: upright or not, of any mode.

    Returns:
        (28,) float32 decibels; NaN in bands finer than the picture's pixels.
    """
    luma = np.asarray(picture.convert("L"), dtype=np.float32)
    shorter = min(luma.shape)
    both = np.stack([_along(lines, shorter) for lines in (luma, luma.T)])
    held = EDGES[1:] <= shorter / 2
    power = np.where(held, both.mean(axis=0), np.nan)
    return (10 * np.log10(power + _SILENT)).astype(np.float32)


def _along(lines: FloatArray, shorter: int) -> NDArray[np.float64]:
    """(28,) power per cycle of an evenly drawn part of the lines; NaN where no frequency falls."""
    chosen = lines[:: max(1, len(lines) // _LINES)]
    length = chosen.shape[1]
    window = np.hanning(length).astype(np.float32)
    waves = np.fft.rfft((chosen - chosen.mean(axis=1, keepdims=True)) * window, axis=1)
    power = (np.abs(waves) ** 2).mean(axis=0) / max(float((window**2).sum()) * shorter, _SILENT)
    band = np.searchsorted(EDGES, np.fft.rfftfreq(length) * shorter, side="right") - 1
    inside = (band >= 0) & (band < len(EDGES) - 1)
    count = np.bincount(band[inside], minlength=len(EDGES) - 1)
    total = np.bincount(band[inside], weights=power[inside], minlength=len(EDGES) - 1)
    mean: NDArray[np.float64] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return mean
