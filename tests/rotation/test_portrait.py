"""The portrait frame cut out of a photograph: what is inside stays, what is beyond is soft."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.face import Crop
from goodside.rotation.portrait import cut_portrait
from tests.images.made import textured

SIZE_PX = 96


def test_inside_the_photograph_the_portrait_is_the_plain_cut() -> None:
    rgb = textured(200, 160)
    frame = Crop(90.0, 80.0, 100.0, 12.0)
    assert np.array_equal(
        cut_portrait(rgb, frame, size_px=SIZE_PX), frame.cut(rgb, size_px=SIZE_PX)
    )


@pytest.mark.parametrize(("x", "beyond"), [(0.0, slice(0, 24)), (159.0, slice(72, 96))])
def test_beyond_the_photograph_streaks_fade(x: float, beyond: slice) -> None:
    rgb = np.zeros((160, 160, 3), np.uint8)
    rgb[::8] = rgb[1::8] = 250  # lines that a repeated edge would carry outward
    frame = Crop(x, 80.0, 120.0)
    plain = frame.cut(rgb, size_px=SIZE_PX).astype(float)
    soft = cut_portrait(rgb, frame, size_px=SIZE_PX).astype(float)
    assert soft[:, beyond].std() < 0.2 * plain[:, beyond].std()
    assert soft.mean() == pytest.approx(plain.mean(), abs=3)
    inside = slice(50, 96) if x == 0 else slice(0, 46)
    assert np.array_equal(soft[:, inside], plain[:, inside])
