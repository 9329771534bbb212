"""Sizes and shapes, and no aliasing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodside.images import fit, resize
from tests.images.made import gradient, textured

WIDE = gradient(120, 60)


@pytest.mark.parametrize("kernel", ["box", "bilinear", "bicubic", "lanczos"])
@pytest.mark.parametrize(("width", "height"), [(40, 30), (120, 60), (200, 300), (1, 1)])
def test_resize(kernel: Any, width: int, height: int) -> None:
    small = resize(WIDE, width_px=width, height_px=height, kernel=kernel)
    assert small.shape == (height, width, 3)
    assert small.dtype == np.uint8
    assert small.flags.writeable
    assert np.abs(small.mean((0, 1)) - WIDE.mean((0, 1))).max() < 5


def test_resize_returns_a_copy() -> None:
    same = resize(WIDE, width_px=120, height_px=60)
    assert np.array_equal(same, WIDE)
    assert not np.shares_memory(same, WIDE)


@pytest.mark.parametrize(
    ("kernel", "left"), [("box", 30), ("bilinear", 12), ("bicubic", 8), ("lanczos", 8)]
)
def test_fine_stripes_become_gray_not_moire(kernel: Any, left: float) -> None:
    stripes = np.zeros((256, 256, 3), np.uint8)
    stripes[:, ::2] = 255
    small = resize(stripes, width_px=61, height_px=61, kernel=kernel)
    assert np.abs(small[:, 3:-3].astype(float) - 127.5).max() < left


@pytest.mark.parametrize(("width", "height"), [(0, 5), (5, 0), (-1, 5)])
def test_no_pixels(width: int, height: int) -> None:
    with pytest.raises(ValueError, match="at least 1 x 1"):
        resize(WIDE, width_px=width, height_px=height)


def test_squash_keeps_everything() -> None:
    assert np.array_equal(
        fit(WIDE, width_px=30, height_px=30, how="squash"),
        resize(WIDE, width_px=30, height_px=30),
    )


@pytest.mark.parametrize("turned", [False, True])
def test_crop_takes_the_middle(turned: bool) -> None:
    picture = np.zeros((60, 120, 3), np.uint8)
    picture[:, 30:90] = 200  # the middle square
    picture = picture.transpose(1, 0, 2) if turned else picture
    middle = fit(np.ascontiguousarray(picture), width_px=30, height_px=30, how="crop")
    assert middle.shape == (30, 30, 3)
    assert middle[1:-1, 1:-1].min() > 190


@pytest.mark.parametrize("turned", [False, True])
def test_pad_keeps_all_of_it(turned: bool) -> None:
    picture = np.full((60, 120, 3), 200, np.uint8)
    picture = np.ascontiguousarray(picture.transpose(1, 0, 2)) if turned else picture
    padded = fit(picture, width_px=40, height_px=40, how="pad", fill=(10.4, 20.6, 30))
    padded = padded.transpose(1, 0, 2) if turned else padded
    assert (padded[:10] == (10, 21, 30)).all()
    assert (padded[30:] == (10, 21, 30)).all()
    assert (padded[10:30] == 200).all()


def test_unknown_rule() -> None:
    rule: Any = "aligned"
    with pytest.raises(ValueError, match="squash, crop or pad"):
        fit(WIDE, width_px=8, height_px=8, how=rule)


@settings(max_examples=60, deadline=None)
@given(
    size=st.tuples(st.integers(1, 90), st.integers(1, 90)),
    target=st.tuples(st.integers(1, 70), st.integers(1, 70)),
    how=st.sampled_from(["squash", "crop", "pad"]),
)
def test_fit_gives_the_size_asked_for(
    size: tuple[int, int], target: tuple[int, int], how: Any
) -> None:
    fitted = fit(textured(*size), width_px=target[0], height_px=target[1], how=how)
    assert fitted.shape == (target[1], target[0], 3)
    assert fitted.flags.c_contiguous
