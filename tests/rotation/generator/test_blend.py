"""Blending: the draft where it is trusted, the network's change to it elsewhere, in full detail."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goodside.rotation import Draft
from goodside.rotation.generator.blend import MOST_CHANGE, blend, enlarged, sharpened, to_bytes
from goodside.rotation.geometry.frame import Window
from goodside.types import FloatArray
from tests.images.made import textured

SIZE_PX = 64
WARPED = textured(SIZE_PX, SIZE_PX).astype(np.float32)


def _draft(warped: FloatArray | float, *, mirrored: FloatArray | None = None) -> Draft:
    """A draft that is certain of its pixels or, given a mirror image, only of that."""
    whole = np.ones((SIZE_PX, SIZE_PX), np.float32)
    shown = np.broadcast_to(np.asarray(warped, np.float32), (SIZE_PX, SIZE_PX, 3))
    if mirrored is None:
        return Draft(shown, whole, shown, 0 * whole, person=whole)
    return Draft(shown, 0 * whole, mirrored, whole, person=whole)


def _change(level: float, side: int = 16) -> FloatArray:
    return np.full((3, side, side), level, np.float32)


def _trust(value: float, side: int = 16) -> FloatArray:
    return np.full((1, side, side), value, np.float32)


@pytest.mark.parametrize("turn_deg", [0.0, 0.5, 1.0])
def test_no_turn_shows_the_draft(turn_deg: float) -> None:
    made = blend(_draft(WARPED), change=_change(70), trust=_trust(0), turn_deg=turn_deg)
    np.testing.assert_array_equal(made, WARPED)


@pytest.mark.parametrize("level", [-12.0, 0.0, 8.0])
def test_without_trust_the_change_is_laid_on_and_detail_stays(level: float) -> None:
    made = blend(_draft(WARPED), change=_change(level), trust=_trust(0), turn_deg=45)
    assert np.abs(made - (WARPED + level).clip(0, 255)).max() <= 1


@pytest.mark.parametrize("level", [-200.0, 90.0, 200.0])
def test_a_large_change_is_eased_to_its_bound(level: float) -> None:
    made = blend(_draft(128), change=_change(level), trust=_trust(0), turn_deg=45).astype(int)
    assert (np.abs(made - 128) <= MOST_CHANGE).all()
    assert (np.abs(made - 128) > 0.9 * MOST_CHANGE).all()
    assert (np.sign(made - 128) == np.sign(level)).all()


def test_what_is_lent_from_elsewhere_stays_as_it_is_drafted() -> None:
    lent = np.zeros((SIZE_PX, SIZE_PX), np.float32)
    lent[:, :20], lent[:, 20:40] = 1, 0.5
    made = blend(_draft(128), change=_change(16), trust=_trust(0), turn_deg=45, hair_fill=lent)
    plain = blend(_draft(128), change=_change(16), trust=_trust(0), turn_deg=45)
    assert (made[:, :20] == 128).all()
    assert np.abs(made[:, 20:40] - (128 + (plain[:, 20:40].astype(int) - 128) / 2)).max() <= 1
    np.testing.assert_array_equal(made[:, 40:], plain[:, 40:])
    assert plain.min() > 140


def test_the_backdrop_stays_as_it_is_drafted() -> None:
    person = np.zeros((SIZE_PX, SIZE_PX), np.float32)
    person[:, :30] = 1
    drafted = replace(_draft(128), person=person)
    made = blend(drafted, change=_change(16), trust=_trust(0), turn_deg=45)
    plain = blend(_draft(128), change=_change(16), trust=_trust(0), turn_deg=45)
    assert (made[:, 32:] == 128).all()
    np.testing.assert_array_equal(made[:, :32], plain[:, :32])
    assert plain.min() > 140


def test_with_trust_every_pixel_of_the_draft_is_kept_at_its_own_size() -> None:
    made = blend(_draft(WARPED), change=_change(90), trust=_trust(1), turn_deg=45)
    np.testing.assert_array_equal(made, WARPED)
    assert made.dtype == np.uint8
    assert made.shape == (SIZE_PX, SIZE_PX, 3)


@pytest.mark.parametrize(("trust", "seen"), [(0.0, "mirrored"), (1.0, "warped")])
def test_the_network_changes_the_mended_draft(trust: float, seen: str) -> None:
    drafted = _draft(WARPED, mirrored=WARPED[::-1])
    made = blend(drafted, change=_change(0), trust=_trust(trust), turn_deg=45)
    np.testing.assert_array_equal(made, getattr(drafted, seen))


def test_half_way_between_still_and_moving_half_is_changed() -> None:
    made = blend(_draft(100), change=_change(100), trust=_trust(0), turn_deg=3.0)
    whole = blend(_draft(100), change=_change(100), trust=_trust(0), turn_deg=45)
    assert (np.abs(2 * (made.astype(int) - 100) - (whole - 100)) <= 2).all()


def test_trust_chooses_place_by_place() -> None:
    trust = _trust(0)
    trust[..., :8] = 1
    made = blend(_draft(100), change=_change(100), trust=trust, turn_deg=30)
    assert (made[:, :24] == 100).all()
    assert (made[:, 40:] > 100 + 0.9 * MOST_CHANGE).all()
    assert (np.diff(made[0, :, 0].astype(int)) >= -1).all()


def test_of_the_networks_pictures_a_window_shows_its_part() -> None:
    change, trust = _change(0), _trust(0)
    change[:, :8, 8:] = 100  # the frame's upper right quarter
    corner = Window(0.5, 0.0, 0.5)
    made = blend(_draft(100), change=change, trust=trust, turn_deg=45, window=corner)
    assert (made[16:-16, 16:-16] > 100 + 0.9 * MOST_CHANGE).all()
    trust[:, :8, 8:] = 1
    made = blend(_draft(100), change=_change(100), trust=trust, turn_deg=45, window=corner)
    assert (made[16:-16, 16:-16] == 100).all()


def test_values_out_of_range_do_not_wrap_around() -> None:
    wild = np.random.default_rng(0).uniform(-500, 500, (3, 16, 16)).astype(np.float32)
    made = blend(_draft(WARPED), change=wild, trust=_trust(0), turn_deg=45)
    assert (made.min(), made.max()) == (0, 255)
    over = blend(_draft(250), change=_change(400), trust=_trust(-5), turn_deg=45)
    assert (over == 255).all()
    under = blend(_draft(WARPED), change=_change(-400), trust=_trust(9), turn_deg=45)
    np.testing.assert_array_equal(under, WARPED)


def test_a_picture_that_is_the_networks_alone_is_enlarged() -> None:
    painted = np.stack([_change(level)[0] for level in (20, 130, 300)])
    painted[0, :, 8:] = -30
    made = enlarged(painted, size_px=SIZE_PX)
    assert made.shape == (SIZE_PX, SIZE_PX, 3)
    assert (made[:, :24] == (20, 130, 255)).all()
    assert (made[:, 40:] == (0, 130, 255)).all()
    right = enlarged(painted, size_px=SIZE_PX, window=Window(0.5, 0.25, 0.5))
    assert (right[:, 16:] == (0, 130, 255)).all()


def test_bytes_are_rounded_and_kept_in_range() -> None:
    values = np.array([-7, 0.4, 0.6, 254.7, 256, 900], np.float32).reshape(1, 2, 3)
    made = to_bytes(values)
    assert made.dtype == np.uint8
    assert made.ravel().tolist() == [0, 0, 1, 255, 255, 255]


def test_detail_is_sharpened_where_a_turn_magnifies_it_and_nowhere_else() -> None:
    rng = np.random.default_rng(3)
    picture = rng.integers(90, 160, (64, 64, 3), dtype=np.uint8)
    stretch = np.ones((64, 64), np.float32)
    stretch[:, 32:] = 2
    sharp = sharpened(picture, stretch=stretch)
    assert sharp.flags.writeable
    assert np.array_equal(sharp[:, :35], picture[:, :35])
    assert sharp[:, 36:].std() > 1.2 * picture[:, 36:].std()
    assert sharp[:, 36:].mean() == pytest.approx(picture[:, 36:].mean(), abs=0.5)


def test_sharpening_grows_with_magnification_and_leaves_even_places() -> None:
    edge = np.full((32, 32, 3), 100, np.uint8)
    edge[:, 16:] = 140
    spans = [
        int(np.ptp(sharpened(edge, stretch=np.full((32, 32), times, np.float32))))
        for times in (1.0, 1.2, 1.4, 1.6, 9.0)
    ]
    assert spans == sorted(spans)
    assert spans[0] == 40 < spans[1] < spans[3] == spans[4]
    even = np.full((32, 32, 3), 100, np.uint8)
    assert np.array_equal(sharpened(even, stretch=np.full((32, 32), 3, np.float32)), even)
