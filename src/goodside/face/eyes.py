"""Whether the eyes are open: by the landmarks of the lids, and by what lies between them."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from goodside.face.crop import Crop
from goodside.runtime import WeightsStore
from goodside.types import Face, FloatArray, RgbImage

_LEFT = (33, 160, 158, 133, 153, 144)
_RIGHT = (263, 387, 385, 362, 380, 373)
"""Outer corner, upper lid twice, inner corner, lower lid twice; left and right in the picture."""
_SHUT, _OPEN = 0.18, 0.28
_ASIDE_DEG = 30.0
_CORNERS = ((33, 133), (263, 362))
"""Outer and inner corner, left and right in the picture."""
_MARGIN, _CUT_PX, _PATCH_PX, _ROWS = 1.5, 48, 24, slice(5, 20)
_SMALLEST_PX, _FLAT = 12.0, 4.0
_SURELY_SHUT, _SURELY_OPEN, _WIDE, _PERSON = 4.0, -4.0, 0.9, 0.25
_FILE = "eye_template.npz"


def measure_eyes(face: Face) -> float:
    """How far the eyes are open: 0 (shut) to 1 (wide enough to look).

    The eye aspect ratio (Soukupova and Cech, 2016: the height of the opening, measured twice, over
    twice its width) in the depth that landmarks have, so that a turned head does not narrow it.
    The eye turned away counts less, and not at all from 30 degrees on.

    A weak figure, good for comparing pictures of one person: the landmark network draws shut eyes
    too open. The ratio of 50 invented portraits lies between 0.22 and 0.34 (5th and 95th of a
    hundred); painted shut, that of 14 of them fell by 0.01 to 0.10, in every one.
    """
    toward_left = min(max(0.5 + face.pose.yaw_deg / (2 * _ASIDE_DEG), 0.0), 1.0)
    left, right = (_aspect(face.landmarks[list(eye)]) for eye in (_LEFT, _RIGHT))
    ratio = toward_left * left + (1 - toward_left) * right
    return min(max((ratio - _SHUT) / (_OPEN - _SHUT), 0.0), 1.0)


def judge_eyes(rgb: RgbImage, face: Face, *, store: WeightsStore | None = None) -> float | None:
    """Whether the eyes are open, where that is sure.

    A linear template tells lids from an iris in each eye; the one that looks more open counts, so
    that a wink is not shut. Eyes are shut where the template is sure of it and the landmarks do not
    see them wide open. What was measured stands in docs/reference/faces.md.

    Args:
        rgb: (H, W, 3) uint8.
        face: found in it.
        store: where the template lies; by default in the package.

    Returns:
        0 (surely shut), 1 (surely open), or None: not sure, or too small or too far aside (eyes
        narrower than 12 pixels, a yaw over 30 degrees) to be looked at, or hardly a person's face.

    Raises:
        WeightsError: the template is missing.
    """
    patches = None if face.quality < _PERSON else eye_patches(rgb, face)
    if patches is None:
        return None
    weights, bias = _template((store or WeightsStore()).data(_FILE))
    score = float((patches @ weights + bias).min())
    if score >= _SURELY_SHUT and measure_eyes(face) <= _WIDE:
        return 0.0
    return 1.0 if score <= _SURELY_OPEN else None


def eye_patches(rgb: RgbImage, face: Face) -> FloatArray | None:
    """Both eyes as the template sees them, brought to one size, place and contrast.

    Returns:
        (2, 360) float32, the right one mirrored; None where they cannot be judged.
    """
    if abs(face.pose.yaw_deg) > _ASIDE_DEG:
        return None
    patches: list[FloatArray] = []
    for corners in _CORNERS:
        a, b = sorted(face.landmarks[list(corners), :2], key=lambda point: float(point[0]))
        wide = float(np.linalg.norm(b - a))
        if wide < _SMALLEST_PX:
            return None
        x, y = (a + b) / 2
        angle = math.degrees(math.atan2(float(b[1] - a[1]), float(b[0] - a[0])))
        cut = Crop(float(x), float(y), _MARGIN * wide, angle).cut(rgb, size_px=_CUT_PX)
        patches.append(_normalised(cut, mirrored=bool(patches)))
    return np.stack(patches)


def _normalised(cut: RgbImage, *, mirrored: bool) -> FloatArray:
    small = Image.fromarray(cut).convert("L").resize((_PATCH_PX,) * 2, Image.Resampling.BOX)
    luma = np.asarray(small, dtype=np.float32)[_ROWS]
    luma = luma[:, ::-1] if mirrored else luma
    centred = luma - luma.mean()
    patch: FloatArray = (centred / max(float(centred.std()), _FLAT)).ravel()
    return patch


@lru_cache(maxsize=4)
def _template(path: Path) -> tuple[FloatArray, float]:
    with np.load(path) as data:
        return data["weights"], float(data["bias"])


def _aspect(lids: FloatArray) -> float:
    """The ratio of one eye from its six landmarks, (6, 3)."""
    outer, upper_1, upper_2, inner, lower_2, lower_1 = lids
    height = np.linalg.norm(upper_1 - lower_1) + np.linalg.norm(upper_2 - lower_2)
    return float(height / max(2 * float(np.linalg.norm(outer - inner)), 1e-9))
