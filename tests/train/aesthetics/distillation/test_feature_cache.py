"""Cached outputs of frozen networks: once, in order, and on from where it stood."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from goodside.types import RgbImage
from goodside_train.aesthetics.distillation.feature_cache import FeatureNetwork, read_features

PHOTOS = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 3)).astype(np.uint8)


class _Counting:
    """Says the left column's mean; breaks once so many photographs were asked about."""

    def __init__(self, *, breaks_at: int = 10**9) -> None:
        self.seen, self._breaks_at = 0, breaks_at

    def __call__(self, photos: RgbImage) -> NDArray[np.float32]:
        if self.seen + len(photos) > self._breaks_at:
            raise KeyboardInterrupt
        self.seen += len(photos)
        left: NDArray[np.float32] = photos[:, :, 0].mean(axis=(1, 2), dtype=np.float32)
        return left[:, None]


def test_outputs_come_in_order_and_once(tmp_path: Path) -> None:
    counting, file = _Counting(), tmp_path / "f" / "a.npy"
    said = read_features(FeatureNetwork("made", counting), PHOTOS, cache=file)
    np.testing.assert_allclose(said[:, 0], PHOTOS[:, :, 0].mean(axis=(1, 2)), rtol=1e-3)
    again = read_features(FeatureNetwork("made", counting), PHOTOS, cache=file)
    np.testing.assert_array_equal(said, again)
    assert counting.seen == len(PHOTOS)


def test_a_stopped_computation_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "a.npy"
    with pytest.raises(KeyboardInterrupt):
        read_features(FeatureNetwork("made", _Counting(breaks_at=20)), PHOTOS, cache=file)
    rest = _Counting()
    said = read_features(FeatureNetwork("made", rest), PHOTOS, cache=file)
    assert rest.seen == len(PHOTOS) - 16
    np.testing.assert_allclose(said[:, 0], PHOTOS[:, :, 0].mean(axis=(1, 2)), rtol=1e-3)


def test_other_photographs_are_looked_at_anew(tmp_path: Path) -> None:
    file, counting = tmp_path / "a.npy", _Counting()
    read_features(FeatureNetwork("made", counting), PHOTOS, cache=file)
    fewer = read_features(FeatureNetwork("made", counting), PHOTOS[:10], cache=file)
    assert fewer.shape == (10, 1)


def test_the_mirror_image_is_looked_at(tmp_path: Path) -> None:
    network = FeatureNetwork("made", _Counting())
    said = read_features(network, PHOTOS, cache=tmp_path / "m.npy", mirror=True)
    np.testing.assert_allclose(said[:, 0], PHOTOS[:, :, -1].mean(axis=(1, 2)), rtol=1e-3)
