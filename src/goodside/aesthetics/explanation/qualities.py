"""What speaks for a photograph as a photographer would say it, found in figures of its pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from enum import StrEnum

import numpy as np

from goodside.images.features import Tones, VisualFeatures
from goodside.images.features.usual import USUAL


class Quality(StrEnum):
    """Something that a photograph may have more of than others; each rests on one figure."""

    COLOURFUL = "colourful"
    WARM_COLOURS = "warm_colours"
    COOL_COLOURS = "cool_colours"
    WARM_AND_COOL = "warm_and_cool"
    """Warm and cool colours stand against each other."""
    CONTRAST = "contrast"
    BRIGHT = "bright"
    CLEAR_SUBJECT = "clear_subject"
    """Most of the detail lies in one place."""
    SOFT_BACKGROUND = "soft_background"
    """The rest of the picture is less sharp than the subject."""
    DARKER_BACKGROUND = "darker_background"
    """The subject stands out from something darker."""
    LIGHTER_BACKGROUND = "lighter_background"
    """The subject stands out from something lighter."""
    SYMMETRICAL = "symmetrical"
    LEVEL_HORIZON = "level_horizon"
    SHARP = "sharp"
    SHARP_FACES = "sharp_faces"
    TECHNICAL = "technical"
    """This and the next: the network's own figures, where its weights give them."""
    LIGHT = "light"


FIGURES: dict[Quality, tuple[str, int]] = {
    Quality.COLOURFUL: ("colourfulness", 1),
    Quality.WARM_COLOURS: ("warmth", 1),
    Quality.COOL_COLOURS: ("warmth", -1),
    Quality.WARM_AND_COOL: ("warmth_spread", 1),
    Quality.CONTRAST: ("contrast", 1),
    Quality.BRIGHT: ("brightness", 1),
    Quality.CLEAR_SUBJECT: ("focus_share", 1),
    Quality.SOFT_BACKGROUND: ("background_blur", 1),
    Quality.DARKER_BACKGROUND: ("subject_light", 1),
    Quality.LIGHTER_BACKGROUND: ("subject_light", -1),
    Quality.SYMMETRICAL: ("symmetry", 1),
}
"""The figure of `VisualFeatures` or `Tones` behind a quality, and whether more or less of it is."""

_MIN_AMOUNTS = {
    Quality.COLOURFUL: 50.0,
    Quality.WARM_COLOURS: 0.18,
    Quality.COOL_COLOURS: 0.08,
    Quality.WARM_AND_COOL: 0.2,
    Quality.CONTRAST: 0.24,
    Quality.BRIGHT: 0.55,
    Quality.CLEAR_SUBJECT: 0.57,
    Quality.SOFT_BACKGROUND: 0.35,
    Quality.DARKER_BACKGROUND: 0.22,
    Quality.LIGHTER_BACKGROUND: 0.2,
    Quality.SYMMETRICAL: 0.6,
}
"""From where on a photograph shows a quality at all, whatever others show: chosen by eye."""
_MAX_BRIGHTNESS = 0.8
_MIN_MIXED, _MAX_MIXED = -0.15, 0.25
"""Warmth within which a picture is neither warm nor cool as a whole."""
_MAX_CLIPPED_DARK, _MAX_CLIPPED_BRIGHT = 0.15, 0.05
_MIN_SUBJECT_SHARE = 0.45
"""Of the detail, for its place to be called the subject."""
_MAX_LEVEL_DEG = 0.5
VIEWS = frozenset(
    (
        "scene", "night scene", "beach", "sea", "water", "lake", "sky", "sunset", "mountain",
        "snow", "city", "landscape",
    )
)  # fmt: skip
"""Tags of pictures in which a level line is a horizon."""


def find_qualities(
    features: VisualFeatures, tones: Tones, *, is_view: bool = False
) -> Iterator[tuple[Quality, float]]:
    """The qualities that a photograph shows by itself, each with its amount.

    Args:
        features, tones: of the photograph.
        is_view: its tags say that it shows a view; else no line in it is called a horizon.
    """
    figures = asdict(features) | asdict(tones)
    for quality, (name, sign) in FIGURES.items():
        figure = figures[name]
        shows = figure is not None and sign * figure >= _MIN_AMOUNTS[quality]
        if shows and _is_undisturbed(quality, features, tones):
            yield quality, sign * figure
    tilt = features.horizon_tilt_deg
    if is_view and tilt is not None and abs(tilt) <= _MAX_LEVEL_DEG:
        yield Quality.LEVEL_HORIZON, -abs(tilt)


def usual_percentile(quality: Quality, amount: float) -> float | None:
    """Share of the measured photographs that show less of a quality, 0-100.

    Args:
        quality: any.
        amount: of `find_qualities`.

    Returns:
        None for a quality that was not measured on them.
    """
    name, sign = FIGURES.get(quality, ("", 1))
    if name not in USUAL:
        return None
    quantiles = USUAL[name]
    share = float(np.interp(sign * amount, quantiles, np.linspace(0, 100, len(quantiles))))
    return share if sign > 0 else 100 - share


def _is_undisturbed(quality: Quality, features: VisualFeatures, tones: Tones) -> bool:
    """Whether nothing else in the picture explains the figure."""
    match quality:
        case Quality.CONTRAST:
            return (
                tones.clipped_bright <= _MAX_CLIPPED_BRIGHT
                and tones.clipped_dark <= _MAX_CLIPPED_DARK
            )
        case Quality.WARM_AND_COOL:
            return _MIN_MIXED <= (features.warmth or 0.0) <= _MAX_MIXED
        case Quality.BRIGHT:
            return (
                tones.clipped_bright <= _MAX_CLIPPED_BRIGHT and tones.brightness <= _MAX_BRIGHTNESS
            )
        case Quality.CLEAR_SUBJECT:
            return tones.clipped_bright <= 2 * _MAX_CLIPPED_BRIGHT
        case Quality.DARKER_BACKGROUND | Quality.LIGHTER_BACKGROUND | Quality.SOFT_BACKGROUND:
            return (features.focus_share or 0.0) >= _MIN_SUBJECT_SHARE
        case _:
            return True


RATED = (Quality.TECHNICAL, Quality.LIGHT)
"""Qualities whose figure is the network's.

Its other attributes say little of what their names promise: draining a picture's colours leaves the
one for colour, blurring the subject those for content and depth of field.
"""
