"""Views: made from a seed, of the photograph's size, each of its kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodside.images import resize
from goodside_train.aesthetics.distillation.views import KINDS, make_view, noise, read_views
from tests.train.aesthetics.made import photo

PHOTOS = np.stack([resize(photo(n), width_px=48, height_px=48, kernel="bicubic") for n in range(3)])


@pytest.mark.parametrize("view", range(len(KINDS)))
def test_a_view_has_the_photographs_size_and_is_another_picture(view: int) -> None:
    first = make_view(PHOTOS[0], view=view, rng=np.random.default_rng(5))
    again = make_view(PHOTOS[0], view=view, rng=np.random.default_rng(5))
    assert first.shape == PHOTOS[0].shape
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, again)
    assert (first != PHOTOS[0]).mean() > 0.2


def test_noise_has_the_strength_drawn_and_moves_no_mean() -> None:
    gray = np.full((64, 64, 3), 128, np.uint8)
    spreads = [noise(gray, np.random.default_rng(seed)).std() for seed in range(40)]
    assert min(spreads) > 6
    assert max(spreads) < 55
    assert max(spreads) > 2 * min(spreads)
    assert noise(gray, np.random.default_rng(1)).mean() == pytest.approx(128, abs=1.5)


def test_views_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "views.npy"
    made = read_views(PHOTOS, seed=4, cache=file)
    assert made.shape == (3 * len(KINDS), 48, 48, 3)
    expected = make_view(PHOTOS[1], view=2, rng=np.random.default_rng((4, 1, 2)))
    np.testing.assert_array_equal(made[len(KINDS) + 2], expected)
    stamp = file.stat().st_mtime_ns
    np.testing.assert_array_equal(read_views(PHOTOS, seed=4, cache=file), made)
    assert file.stat().st_mtime_ns == stamp
    fewer = read_views(PHOTOS[:1], seed=4, cache=file)  # of other photographs: made anew
    assert len(fewer) == len(KINDS)
