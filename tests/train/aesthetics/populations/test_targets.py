"""Targets of a population: its own ratings standardised, missing ones guessed and trusted less."""

from __future__ import annotations

import numpy as np
import pytest

from goodside_train.aesthetics.populations.targets import (
    CENTRE,
    SPREAD,
    population_target,
    score_distribution,
)

NAN = np.nan


def test_own_ratings_are_standardised_by_hand() -> None:
    rated = np.array([2.0, 6.0, NAN, 4.0])
    found = population_target(rated, np.full((4, 2), NAN), groups=list("abcd"), trust=0.5)
    spread = np.sqrt(8 / 3)
    np.testing.assert_allclose(found.score, np.array([-2, 2, 0, 0]) / spread, rtol=1e-5)
    assert found.trust.tolist() == [1, 1, 0, 1]


def test_missing_ratings_are_guessed_where_every_teacher_looked() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(120, 4)).astype(np.float32)
    truth = 3 + 2 * features[:, 1]
    rated = np.where(np.arange(120) < 90, truth, NAN)
    features[119, 2] = NAN
    groups = [str(n) for n in range(120)]
    found = population_target(rated, features, groups=groups, trust=0.4)
    assert found.trust[:90].tolist() == [1.0] * 90
    np.testing.assert_allclose(found.trust[90:119], 0.4)
    assert found.trust[119] == 0
    expected = (truth - truth[:90].mean()) / truth[:90].std()
    np.testing.assert_allclose(found.score[90:119], np.clip(expected[90:119], -3, 3), atol=0.1)
    unheard = population_target(rated, features, groups=groups, trust=0.0)
    assert (unheard.trust[90:] == 0).all()


def test_the_distribution_stands_about_its_score() -> None:
    scores = np.array([-2.0, 0.0, 1.0, 9.0], np.float32)
    shares = score_distribution(scores)
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-6)
    means = shares @ np.arange(1, 11)
    np.testing.assert_allclose(means[:3], CENTRE + SPREAD * scores[:3], atol=1e-2)
    assert means[3] == pytest.approx(10, abs=0.01)
