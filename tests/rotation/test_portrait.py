"""The portrait frame cut out of a photograph: what is inside stays, what is beyond is soft."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.face import Crop
from goodside.rotation.portrait import cut_portrait, shown_part
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


@pytest.mark.parametrize(
    ("frame", "share"),
    [
        (Crop(80.0, 60.0, 50.0), 1.0),
        (Crop(80.0, 60.0, 50.0, 30.0), 1.0),
        (Crop(-0.5, 60.0, 60.0), 0.5),
        (Crop(159.5, 119.5, 60.0), 0.25),
        (Crop(400.0, 60.0, 60.0), 0.0),
        (Crop(79.5, 59.5, 320.0), 160 * 120 / 320**2),
        (Crop(79.5, 59.5, 320.0, 45.0), 160 * 120 / 320**2),
    ],
)
def test_what_the_photograph_fills_of_a_frame_is_shown(frame: Crop, share: float) -> None:
    shown = shown_part(frame, height=120, width=160, size_px=SIZE_PX)
    assert shown.shape == (SIZE_PX, SIZE_PX)
    assert shown.dtype == np.float32
    assert set(np.unique(shown)) <= {0, 1}
    assert shown.mean() == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize(
    ("x", "y", "inside"),
    [(0, 60, np.s_[:, 50:]), (159, 60, np.s_[:, :46]), (80, 0, np.s_[50:]), (80, 119, np.s_[:46])],
)
def test_the_shown_part_lies_on_the_photographs_side(
    x: float, y: float, inside: tuple[slice, slice] | slice
) -> None:
    shown = shown_part(Crop(x, y, 60.0), height=120, width=160, size_px=SIZE_PX)
    assert (shown[inside] == 1).all()
    shown[inside] = 0
    assert shown.sum() < 3 * SIZE_PX  # nothing on the other side
