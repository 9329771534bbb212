"""Colour, subject, symmetry and horizon of a photograph, measured on its pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from goodside.images.features.colours import colourfulness, warmth
from goodside.images.features.horizon import horizon_tilt_deg
from goodside.images.features.subject import find_subject
from goodside.images.features.symmetry import symmetry

_SIDE_PX, _MAX_SIDE_PX = 224, 1120
_COARSE = 2


@dataclass(frozen=True, slots=True)
class VisualFeatures:
    """Figures of one photograph; None: the picture does not show it, or is too small.

    Attributes:
        colourfulness: Hasler and Süsstrunk's measure: 0 gray, 15 slightly, 33 moderately, 45
            averagely, 59 quite, 82 highly, above 109 extremely colourful.
        warmth: of the colours of its lit parts, about -1 (all blue) to 1 (all orange).
        warmth_spread: standard deviation of the same: large where warm and cool colours meet.
        focus_share: share of the picture's detail in the quarter of its area that holds most, 0-1;
            a quarter or little more where detail lies everywhere, less where there is hardly any.
        subject_x, subject_y: middle of that detail, as shares of width and height, 0-1.
        subject_light: luma of that quarter less that of the rest, -1 to 1.
        background_blur: octaves by which the rest is less sharp than that quarter; None: the rest
            has too little structure to tell.
        symmetry: likeness of the left half to the right one, -1 to 1.
        horizon_tilt_deg: of the clearest nearly level line through the whole picture, positive
            where it falls to the right; None: there is none.
    """

    colourfulness: float | None = None
    warmth: float | None = None
    warmth_spread: float | None = None
    focus_share: float | None = None
    subject_x: float | None = None
    subject_y: float | None = None
    subject_light: float | None = None
    background_blur: float | None = None
    symmetry: float | None = None
    horizon_tilt_deg: float | None = None


def measure_visual_features(picture: Image.Image) -> VisualFeatures:
    """Measure a photograph; a few milliseconds.

    Args:
        picture: upright, of any mode; it is brought to a shorter side of 224 pixels, or a longer
            one of 1120, so that photographs of all sizes compare.
    """
    small = _sized(picture.convert("RGB"))
    coarse = small.reduce(_COARSE)
    rgb = np.asarray(coarse)
    luma = np.asarray(small.convert("L"))
    coarse_luma = np.asarray(coarse.convert("L"))
    warm = warmth(rgb)
    subject = find_subject(luma, coarse_luma)
    return VisualFeatures(
        colourfulness=colourfulness(rgb),
        warmth=None if warm is None else warm[0],
        warmth_spread=None if warm is None else warm[1],
        focus_share=None if subject is None else subject.share,
        subject_x=None if subject is None else subject.x,
        subject_y=None if subject is None else subject.y,
        subject_light=None if subject is None else subject.light,
        background_blur=None if subject is None else subject.background_blur,
        symmetry=symmetry(small),
        horizon_tilt_deg=horizon_tilt_deg(coarse_luma),
    )


def _sized(picture: Image.Image) -> Image.Image:
    scale = min(_SIDE_PX / min(picture.size), _MAX_SIDE_PX / max(picture.size))
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    if size == picture.size:
        return picture
    kernel = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX
    return picture.resize(size, kernel, reducing_gap=3.0)
