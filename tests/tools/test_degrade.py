"""Spoiled copies do what their names say."""

from __future__ import annotations

import numpy as np
import pytest

from tests.images.made import gradient, textured
from tools.degrade import (
    BAD_CROPS,
    KINDS,
    PAIR_KINDS,
    PAIR_NAMES,
    compressed,
    cropped,
    degrade,
    exposed,
    tilted,
)

PHOTO = textured(160, 120)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind(kind: str) -> None:
    before = PHOTO.copy()
    spoiled = degrade(PHOTO, kind)
    assert spoiled.dtype == np.uint8
    assert spoiled.ndim == 3
    assert np.array_equal(PHOTO, before)
    assert np.array_equal(spoiled, degrade(PHOTO, kind))
    assert spoiled.shape != PHOTO.shape or not np.array_equal(spoiled, PHOTO)


def test_blurred_loses_detail_and_keeps_light() -> None:
    spoiled = degrade(PHOTO, "blurred").astype(float)
    assert (
        np.abs(np.diff(spoiled, axis=1)).mean()
        < 0.5 * np.abs(np.diff(PHOTO.astype(int), axis=1)).mean()
    )
    assert abs(spoiled.mean() - PHOTO.mean()) < 1


@pytest.mark.parametrize(
    ("level", "stops", "expected"),
    [
        (0, 2.0, 0),
        (255, 2.0, 255),
        (200, 2.0, 255),
        (60, 2.0, 117),  # light 0.0452, four times 0.1807, shown 117.5
        (255, -1.0, 188),  # half the light
        (128, 0.0, 128),
    ],
)
def test_exposure_by_hand(level: int, stops: float, expected: int) -> None:
    assert (
        abs(int(exposed(np.full((2, 2, 3), level, np.uint8), stops=stops)[0, 0, 0]) - expected) <= 1
    )


@pytest.mark.parametrize("angle_deg", [8.0, -8.0, 20.0])
@pytest.mark.parametrize("size", [(160, 120), (120, 160), (200, 80)])
def test_tilted_has_no_empty_corner(angle_deg: float, size: tuple[int, int]) -> None:
    spoiled = tilted(np.full((size[1], size[0], 3), 200, np.uint8), angle_deg=angle_deg)
    assert spoiled.min() == 200
    assert spoiled.shape[1] / spoiled.shape[0] == pytest.approx(size[0] / size[1], rel=0.1)
    assert spoiled.shape[0] > 0.4 * size[1]


def test_cropped_window() -> None:
    picture = gradient(100, 50)
    assert np.array_equal(cropped(picture, window=(0.1, 0.2, 0.5, 1.0)), picture[10:50, 10:50])
    assert degrade(picture, "cropped", name="fig").shape == (30, 45, 3)


def test_compressed_is_worse_at_lower_quality() -> None:
    errors = [
        np.abs(compressed(PHOTO, quality=quality).astype(int) - PHOTO).mean() for quality in (5, 60)
    ]
    assert errors[0] > 1.5 * errors[1]


def test_unknown_kind() -> None:
    with pytest.raises(KeyError):
        degrade(PHOTO, "improved")


def test_pairs_are_complete() -> None:
    assert set(PAIR_KINDS) <= set(KINDS)
    assert set(PAIR_NAMES) <= set(BAD_CROPS)
