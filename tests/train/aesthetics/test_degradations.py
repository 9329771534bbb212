"""Degraded copies: each kind does what its name says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodside.types import RgbImage
from goodside_train.aesthetics import degradations as degrade


def _photo(size: int = 96) -> RgbImage:
    """Smooth colour with fine noise in the middle."""
    y, x = np.mgrid[:size, :size]
    picture = np.stack([x * 2 % 256, y * 2 % 256, (x + y) % 256], axis=-1).astype(np.uint8)
    noise = np.random.default_rng(8).integers(30, 220, (30, 30, 1), dtype=np.uint8)
    picture[30:60, 30:60] = noise
    return picture


def _detail(rgb: RgbImage) -> float:
    return float(np.abs(np.diff(rgb.astype(float), axis=1)).mean())


@pytest.mark.parametrize("seed", range(6))
def test_blur_takes_detail(seed: int) -> None:
    photo = _photo()
    assert _detail(degrade.blur(photo, np.random.default_rng(seed))) < 0.8 * _detail(photo)


@pytest.mark.parametrize("seed", range(6))
def test_over_exposure_brightens_and_under_exposure_darkens(seed: int) -> None:
    photo, rng = _photo(), np.random.default_rng(seed)
    assert degrade.over_expose(photo, rng).mean() > photo.mean() + 20
    assert degrade.under_expose(photo, rng).mean() < photo.mean() - 20


@pytest.mark.parametrize(
    ("stops", "code", "expected"), [(0, 77, 77), (1, 255, 255), (-1, 255, 188)]
)
def test_a_stop_halves_linear_light(stops: float, code: int, expected: int) -> None:
    """Half of full light is 188 in sRGB's code."""
    grey = np.full((1, 1, 3), code, dtype=np.uint8)
    assert int(degrade.expose(grey, stops=stops)[0, 0, 0]) == expected


@given(st.floats(-20, 20))
def test_a_tilted_copy_shows_no_corner_of_nothing(angle: float) -> None:
    white = np.full((101, 101, 3), 255, dtype=np.uint8)
    assert degrade.tilted(white, angle_deg=angle).min() > 250


def test_the_inscribed_square_by_hand() -> None:
    assert degrade.inscribed_share(0) == pytest.approx(1)
    assert degrade.inscribed_share(45) == pytest.approx(1 / np.sqrt(2))
    assert degrade.inscribed_share(-8) == degrade.inscribed_share(8)


@pytest.mark.parametrize(("angle", "aspect"), [(8, 1.0), (8, 1.5), (-10, 16 / 9), (12, 2 / 3)])
def test_a_level_horizon_leans_by_the_angle_in_the_cameras_shape(
    angle: float, aspect: float
) -> None:
    """Counter-clockwise: the horizon rises to the right; a squashed pixel is `aspect` wide."""
    size = 200
    level = np.zeros((size, size, 3), dtype=np.uint8)
    level[size // 2 :] = 255
    dark = (255.0 - degrade.tilted(level, angle_deg=angle, aspect=aspect)[..., 0]) / 255
    left, right = (dark[:, column].sum() for column in (80, 120))
    lean = np.degrees(np.arctan2(left - right, 40 * aspect))
    assert lean == pytest.approx(angle, abs=0.4)


@given(st.floats(-30, 30), st.floats(0.4, 2.5))
def test_the_inscribed_rectangle_touches_the_turned_picture(angle: float, aspect: float) -> None:
    share, turn = degrade.inscribed_share(angle, aspect=aspect), np.deg2rad(angle)
    corners = share * np.array([[aspect, 1.0], [aspect, -1.0]]) / 2
    across = np.abs(corners @ [np.cos(turn), np.sin(turn)]) / (aspect / 2)
    down = np.abs(corners @ [-np.sin(turn), np.cos(turn)]) / (1 / 2)
    assert max(across.max(), down.max()) == pytest.approx(1)


@pytest.mark.parametrize("seed", range(8))
def test_a_bad_crop_loses_a_good_part(seed: int) -> None:
    photo = _photo()
    kept = degrade.bad_crop(photo, np.random.default_rng(seed))
    assert 0.2 < kept.size / photo.size < 0.8


@pytest.mark.parametrize("seed", range(6))
def test_compression_keeps_the_size_and_harms(seed: int) -> None:
    photo = _photo()
    found = degrade.compress(photo, np.random.default_rng(seed))
    assert found.shape == photo.shape
    assert np.abs(found.astype(float) - photo).mean() > 2


def test_motion_of_a_flat_picture_changes_nothing() -> None:
    flat = np.full((40, 40, 3), 90, dtype=np.uint8)
    for seed in range(8):
        assert (degrade.blur(flat, np.random.default_rng(seed)) == 90).all()
