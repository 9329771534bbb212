"""A peer's score in the scores that are learnt."""

from __future__ import annotations

import numpy as np
import pytest

from goodside_train.aesthetics.datasets.labels import Labels, labels_from_scores
from goodside_train.aesthetics.distillation.score_mixing import mix_in_scores, moved

COUNT = 40


@pytest.fixture
def labels() -> Labels:
    rng = np.random.default_rng(1)
    return labels_from_scores(
        [f"{number}.jpg" for number in range(COUNT)],
        score=rng.uniform(3, 8, COUNT),
        distribution=np.full((COUNT, 10), np.nan),
        high_from=5.5,
        validation=np.arange(COUNT) % 4 == 0,
    )


def test_the_peer_weighs_as_much_as_it_is_told(labels: Labels) -> None:
    peer_scores = np.random.default_rng(2).normal(5, 0.4, COUNT).astype(np.float32)
    rows = ~labels.validation
    given = mix_in_scores(labels, peer_scores, weight=0.5).score[rows]
    standard = [(v[rows] - v[rows].mean()) / v[rows].std() for v in (labels.score, peer_scores)]
    mixed = standard[0] + 0.5 * standard[1]
    np.testing.assert_allclose(np.corrcoef(given, mixed)[0, 1], 1, atol=1e-6)
    assert given.mean() == pytest.approx(labels.score[rows].mean(), abs=1e-4)
    assert given.std() == pytest.approx(labels.score[rows].std(), abs=1e-4)


def test_distributions_move_with_their_means(labels: Labels) -> None:
    peer_scores = np.random.default_rng(2).normal(size=COUNT).astype(np.float32)
    result = mix_in_scores(labels, peer_scores, weight=0.3)
    means = result.distribution @ np.arange(1, 11)
    np.testing.assert_allclose(means, result.score, atol=0.05)  # what passes an end stays there
    np.testing.assert_allclose(result.distribution.sum(axis=1), 1, atol=1e-5)


def test_what_people_said_stays_in_validation_and_in_the_classes(labels: Labels) -> None:
    peer_scores = np.random.default_rng(2).normal(size=COUNT).astype(np.float32)
    result = mix_in_scores(labels, peer_scores, weight=1.0)
    kept = labels.validation
    np.testing.assert_array_equal(result.score[kept], labels.score[kept])
    np.testing.assert_array_equal(result.distribution[kept], labels.distribution[kept])
    np.testing.assert_array_equal(result.high, labels.high)
    assert np.abs(result.score[~kept] - labels.score[~kept]).min() > 0


def test_a_peer_that_says_the_same_of_all_changes_nothing(labels: Labels) -> None:
    assert mix_in_scores(labels, np.full(COUNT, 5, np.float32), weight=0.5) is labels


@pytest.mark.parametrize(
    ("by", "expected"),
    [(0.0, {4: 1.0}), (1.0, {5: 1.0}), (-0.25, {3: 0.25, 4: 0.75}), (9.0, {9: 1.0})],
)
def test_shares_are_dealt_to_the_bins_they_fall_between(
    by: float, expected: dict[int, float]
) -> None:
    alone = np.zeros((1, 10), np.float32)
    alone[0, 4] = 1
    result = moved(alone, by=np.array([by]))[0]
    wanted = np.zeros(10)
    for place, share in expected.items():
        wanted[place] = share
    np.testing.assert_allclose(result, wanted, atol=1e-6)
