"""Gaps of pictures: filled from around, never from what was in them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodside.rotation.geometry.fill import fill_gaps
from goodside.types import FloatArray

SIZE_PX = 32
JUNK = 9e3  # stands in gaps, and must not show


@st.composite
def _gappy(draw: st.DrawFn) -> tuple[FloatArray, FloatArray]:
    """A picture on the 0-255 scale, junk in its gaps, and what is known of it: at least a pixel."""
    size_px = draw(st.sampled_from([1, 2, 8, SIZE_PX]))
    rng = np.random.default_rng(draw(st.integers(0, 9999)))
    known = (rng.uniform(size=(size_px, size_px)) < draw(st.floats(0, 1))).astype(np.float32)
    known.flat[rng.integers(known.size)] = 1
    picture = rng.uniform(0, 255, (size_px, size_px, 2)).astype(np.float32)
    return np.where(known[..., None] > 0, picture, np.float32(JUNK)), known


@settings(max_examples=60, deadline=None)
@given(_gappy())
def test_known_pixels_stay_and_gaps_take_colours_between_them(
    gappy: tuple[FloatArray, FloatArray],
) -> None:
    picture, known = gappy
    filled = fill_gaps(picture, known=known)
    assert filled.shape == picture.shape
    assert filled.dtype == np.float32
    there = known > 0
    np.testing.assert_allclose(filled[there], picture[there], atol=1e-2)
    assert (filled >= picture[there].min(axis=0) - 0.1).all()
    assert (filled <= picture[there].max(axis=0) + 0.1).all()


@settings(max_examples=30, deadline=None)
@given(_gappy(), st.sampled_from([0.1, 0.5, 1.0]))
def test_a_constant_continues_however_little_is_known(
    gappy: tuple[FloatArray, FloatArray], share: float
) -> None:
    picture, known = gappy
    colour = np.array([40, 210], np.float32)
    constant = np.where(known[..., None] > 0, colour, picture)
    filled = fill_gaps(constant, known=known * np.float32(share))
    np.testing.assert_allclose(filled, np.broadcast_to(colour, filled.shape), atol=1e-2)


@pytest.mark.parametrize("size_px", [1, SIZE_PX])
def test_nothing_known_gives_zeros(size_px: int) -> None:
    picture = np.full((size_px, size_px, 3), JUNK, np.float32)
    assert (fill_gaps(picture, known=np.zeros((size_px, size_px), np.float32)) == 0).all()


@pytest.mark.parametrize("gap", [slice(12, 20), slice(4, 28), slice(9, 18)])
def test_a_step_is_bridged_between_its_sides(gap: slice) -> None:
    known = np.ones((SIZE_PX, SIZE_PX), np.float32)
    known[:, gap] = 0
    picture = np.full((SIZE_PX, SIZE_PX, 1), JUNK, np.float32)
    picture[:, : gap.start], picture[:, gap.stop :] = 100, 200
    bridge = fill_gaps(picture, known=known)[:, gap.start - 1 : gap.stop + 1, 0]
    steps = np.diff(bridge, axis=1)
    assert (steps > -0.5).all()
    assert steps.max() < 60
    assert (bridge[:, 1] < 130).all()
    assert (bridge[:, -2] > 170).all()


def test_half_known_pixels_are_half_their_surroundings() -> None:
    known = np.ones((SIZE_PX, SIZE_PX), np.float32)
    picture = np.full((SIZE_PX, SIZE_PX, 1), 100, np.float32)
    known[15:17, 15:17], picture[15:17, 15:17] = 0.5, 200
    spot = fill_gaps(picture, known=known)[15:17, 15:17]
    assert (spot > 140).all()
    assert (spot < 180).all()


def test_a_lone_known_pixel_colours_its_surroundings() -> None:
    known = np.zeros((SIZE_PX, SIZE_PX), np.float32)
    known[:, :8] = known[16, 24] = 1
    picture = np.full((SIZE_PX, SIZE_PX, 1), JUNK, np.float32)
    picture[:, :8], picture[16, 24] = 100, 200
    filled = fill_gaps(picture, known=known)[..., 0]
    assert (filled[14:19, 22:27] > 145).all()
    assert (filled[:, 8:10] < 130).all()


def test_the_mirror_image_is_filled_like_the_picture() -> None:
    rng = np.random.default_rng(5)
    picture = rng.uniform(0, 255, (SIZE_PX, SIZE_PX, 3)).astype(np.float32)
    known = rng.uniform(0, 1, (SIZE_PX, SIZE_PX)).astype(np.float32)
    known[:, 10:20] = 0
    mirrored = fill_gaps(picture[:, ::-1], known=known[:, ::-1])[:, ::-1]
    np.testing.assert_allclose(mirrored, fill_gaps(picture, known=known), atol=1e-2)
