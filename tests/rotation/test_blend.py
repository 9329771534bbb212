"""Blending: the photograph's own pixels where they are trusted, at the photograph's detail."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.rotation.blend import blend, soften_tears
from goodside.types import FloatArray
from tests.images.made import textured

SIZE_PX = 64
WARPED = textured(SIZE_PX, SIZE_PX).astype(np.float32)


def _painted(level: float, side: int = 16) -> FloatArray:
    return np.full((3, side, side), level / 127.5 - 1, np.float32)


def _trust(value: float, side: int = 16) -> FloatArray:
    return np.full((1, side, side), value, np.float32)


@pytest.mark.parametrize("turn_deg", [0.0, 0.5, 1.0])
def test_no_turn_shows_the_photograph(turn_deg: float) -> None:
    made = blend(WARPED, painted=_painted(7), trust=_trust(0), turn_deg=turn_deg)
    np.testing.assert_array_equal(made, WARPED)


@pytest.mark.parametrize(("trust", "level"), [(0.0, 200.0), (0.0, 0.0), (0.0, 255.0)])
def test_without_trust_the_network_paints_everything(trust: float, level: float) -> None:
    made = blend(WARPED, painted=_painted(level), trust=_trust(trust), turn_deg=45)
    assert (np.abs(made.astype(int) - round(level)) <= 1).all()


def test_with_trust_every_pixel_of_the_photograph_is_kept_at_its_own_size() -> None:
    made = blend(WARPED, painted=_painted(90), trust=_trust(1), turn_deg=45)
    np.testing.assert_array_equal(made, WARPED)
    assert made.dtype == np.uint8
    assert made.shape == (SIZE_PX, SIZE_PX, 3)


def test_half_way_between_still_and_moving_half_is_painted() -> None:
    flat = np.full((SIZE_PX, SIZE_PX, 3), 100, np.float32)
    made = blend(flat, painted=_painted(200), trust=_trust(0), turn_deg=3.0)
    assert (np.abs(made.astype(int) - 150) <= 1).all()


def test_trust_chooses_place_by_place() -> None:
    trust = _trust(0)
    trust[..., :8] = 1
    flat = np.full((SIZE_PX, SIZE_PX, 3), 100, np.float32)
    made = blend(flat, painted=_painted(200), trust=trust, turn_deg=30)
    assert (made[:, :24] == 100).all()
    assert (np.abs(made[:, 40:].astype(int) - 200) <= 1).all()
    assert (np.diff(made[0, :, 0].astype(int)) >= -1).all()


def test_values_out_of_range_do_not_wrap_around() -> None:
    rng = np.random.default_rng(0)
    wild = rng.uniform(-3, 3, (3, 16, 16)).astype(np.float32)
    made = blend(WARPED, painted=wild, trust=_trust(0), turn_deg=45)
    high = np.asarray(made, np.int64)[2:-2, 2:-2].reshape(-1)
    assert high.min() == 0
    assert high.max() == 255
    over = blend(WARPED, painted=_painted(400), trust=_trust(-5), turn_deg=45)
    assert (over == 255).all()


def test_outlines_are_softened_and_nothing_else() -> None:
    rows, columns = np.mgrid[0:32, 0:32].astype(np.float32) / 32
    where = np.stack([columns, rows], axis=-1)
    stairs = rows + columns > 1
    where[stairs] += 0.5  # another surface beyond the diagonal
    picture = np.where(stairs[..., None], 200, 100).astype(np.float32).repeat(3, axis=2)
    soft = soften_tears(picture, where=where)
    changed = (soft != picture).any(axis=-1)
    apart = np.abs(rows + columns - 1) * 32
    assert apart[changed].max() <= 2
    assert changed.sum() > 32
    assert soft.min() == 100
    assert soft.max() == 200
    assert np.abs(np.diff(soft, axis=1)).max() < 60  # it was one stair of 100
    assert np.array_equal(soften_tears(picture, where=np.stack([columns, rows], -1)), picture)
