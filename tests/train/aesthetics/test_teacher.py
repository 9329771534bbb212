"""The linear probe that teaches semantic tags."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from goodside_train.aesthetics.networks import TinyTrunk
from goodside_train.aesthetics.teacher import fit_probe, frozen_features
from goodside_train.device import Device


def test_the_probe_carries_classes_from_known_rows_to_the_others() -> None:
    rng = np.random.default_rng(0)
    classes = rng.integers(0, 3, size=300)
    features = (np.eye(3)[classes] * 3 + rng.normal(0, 0.6, (300, 3))).astype(np.float32)
    known = np.arange(300) < 60
    tags = np.where(known[:, None], np.eye(3)[classes], np.nan).astype(np.float32)
    taught = fit_probe(features, tags, known=known)
    np.testing.assert_allclose(taught.sum(axis=1), 1, atol=1e-5)
    assert (taught[~known].argmax(axis=1) == classes[~known]).mean() > 0.95


def test_features_are_cached(tmp_path: Path) -> None:
    torch.manual_seed(0)
    images = np.random.default_rng(0).integers(0, 256, (70, 32, 32, 3), dtype=np.uint8)
    device, cache = Device(torch.device("cpu")), tmp_path / "features.npy"
    first = frozen_features(TinyTrunk(), images, device=device, cache=cache)
    again = frozen_features(TinyTrunk(), images, device=device, cache=cache)
    assert first.shape == (70, 32)
    np.testing.assert_array_equal(again, first)
