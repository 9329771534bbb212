"""Pairs at a smaller size, and in other colours."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.errors import SettingsError
from goodside_train.rotation.pairs.damage import jitter_colours
from goodside_train.rotation.pairs.shrink import shrunk
from tests.train.rotation.made import made_pairs


def test_a_shrunk_picture_holds_area_means_and_points_stay() -> None:
    pairs = made_pairs(3, size_px=32, rng=np.random.default_rng(1))
    small = shrunk(pairs, size_px=16)
    assert small.source.shape == (3, 16, 16, 3)
    assert small.confidence.shape == (3, 16, 16)
    assert small.flow.shape == (3, 8, 8, 3)
    flow = pairs.flow[1, 4:6, 8:10].astype(float).mean(axis=(0, 1))
    np.testing.assert_allclose(small.flow[1, 2, 4], flow, atol=1e-3)
    expected = pairs.target[1, 4:6, 8:10].astype(float).mean(axis=(0, 1))
    np.testing.assert_allclose(small.target[1, 2, 4], expected, atol=0.5)
    np.testing.assert_array_equal(small.true_points, pairs.true_points)
    assert shrunk(pairs, size_px=32) is pairs


def test_a_size_that_does_not_divide_is_refused() -> None:
    pairs = made_pairs(1, size_px=32, rng=np.random.default_rng(1))
    with pytest.raises(SettingsError, match="multiple of size_px"):
        shrunk(pairs, size_px=24)


def test_all_pictures_of_a_pair_change_their_colours_alike() -> None:
    pairs = made_pairs(4, size_px=16, rng=np.random.default_rng(1))
    changed = jitter_colours(pairs, rng=np.random.default_rng(2), max_change=0.2)
    gains = []
    for name in ("source", "target", "warped", "mirrored"):
        before, after = (getattr(p, name).astype(float).sum(axis=(1, 2)) for p in (pairs, changed))
        gains.append(after / before)
    np.testing.assert_allclose(gains, np.broadcast_to(gains[0], (4, 4, 3)), atol=0.02)
    assert gains[0].std() > 0.02
    np.testing.assert_array_equal(changed.confidence, pairs.confidence)
