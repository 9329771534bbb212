"""Fitting the detector: it parts two clouds, its bounds are quantiles, its figures are counts."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.aesthetics.photo_detector import PhotoDetector
from goodside.types import FloatArray
from goodside_train.aesthetics.negatives.fit_detector import (
    DetectorFeatures,
    detection_figures,
    fit_detector,
    without_colour,
)


def _cloud(count: int, *, at: float, seed: int) -> FloatArray:
    features = np.random.default_rng(seed).normal(size=(count, 6))
    features[:, 2] = features[:, 2] * 0.1 + at
    return features.astype(np.float32)


@pytest.fixture(scope="module")
def detector() -> PhotoDetector:
    return fit_detector(
        DetectorFeatures(
            photos=_cloud(600, at=1.0, seed=0),
            negatives=_cloud(200, at=-1.0, seed=1),
            development=_cloud(2000, at=1.0, seed=2),
        )
    )


def test_it_parts_photographs_from_the_rest(detector: PhotoDetector) -> None:
    photos, negatives = _cloud(500, at=1.0, seed=3), _cloud(260, at=-1.0, seed=4)
    figures = detection_figures(
        detector, photos=photos, negatives=negatives, kinds=["left", "right"] * 130
    )
    assert figures["found"] == 1.0
    assert figures["false_alarms"] <= 0.01
    assert figures["found_by_kind"] == {"left": 1.0, "right": 1.0}
    assert (figures["photos"], figures["negatives"]) == (500, 260)
    assert figures["unfamiliar_photos"] >= figures["false_alarms"]


def test_the_bounds_are_quantiles_of_the_development_photographs(detector: PhotoDetector) -> None:
    chances = detector.chances(_cloud(2000, at=1.0, seed=2))
    assert (chances < detector.bound).mean() <= 0.0025
    assert (chances < detector.familiar_from).mean() == pytest.approx(0.01, abs=0.001)
    assert detector.bound <= 0.5
    assert detector.bound <= detector.familiar_from


def test_figures_by_hand() -> None:
    """One feature; a chance of one half at 0."""
    one = PhotoDetector(np.ones(1, np.float32), 0.0, bound=0.5, familiar_from=0.9)
    figures = detection_figures(
        one,
        photos=np.array([[5.0], [1.0], [-1.0], [3.0]], np.float32),
        negatives=np.array([[-5.0], [2.0], [-2.0]], np.float32),
        kinds=["a", "a", "b"],
    )
    assert figures["false_alarms"] == 0.25
    assert figures["unfamiliar_photos"] == 0.5
    assert figures["found"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["found_by_kind"] == {"a": 0.5, "b": 1.0}


def test_the_card_keeps_what_was_measured(detector: PhotoDetector) -> None:
    """The weights are those of float16 before the bounds are chosen."""
    np.testing.assert_array_equal(detector.weights, detector.weights.astype(np.float16))


def test_black_and_white_keeps_the_light() -> None:
    photos = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3)).astype(np.uint8)
    gray = without_colour(photos)
    assert gray.shape == photos.shape
    assert (gray == gray[..., :1]).all()
    light = photos @ np.array([0.299, 0.587, 0.114])
    np.testing.assert_allclose(gray[..., 0], light, atol=1)
