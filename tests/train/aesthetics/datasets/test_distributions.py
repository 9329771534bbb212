"""Distributions keep their mean."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodside.aesthetics.scores import BINS, distribution_from_votes
from goodside_train.aesthetics.datasets.distributions import distribution_from_mean, to_ten


def test_the_scale_is_mapped_linearly() -> None:
    assert to_ten(np.array([1.0, 3.0, 5.0])).tolist() == [1.0, 5.5, 10.0]


def test_votes_between_two_bins_are_shared_by_distance() -> None:
    found = distribution_from_votes(np.array([[4.0, 0.0]]), values=np.array([2.25, 10.0]))
    expected = [0, 0.75, 0.25, 0, 0, 0, 0, 0, 0, 0]
    assert found[0].tolist() == pytest.approx(expected)


@given(st.lists(st.integers(0, 40), min_size=9, max_size=9).filter(any))
def test_votes_keep_their_mean(counts: list[int]) -> None:
    values = to_ten(np.arange(1.0, 5.25, 0.5))
    votes = np.array([counts], dtype=float)
    found = distribution_from_votes(votes, values=values)
    assert found.sum() == pytest.approx(1)
    assert found[0] @ BINS == pytest.approx(float(votes[0] @ values / votes.sum()))


@given(st.floats(1.01, 9.99), st.floats(0.4, 4.0))
def test_a_made_distribution_has_the_mean_asked_for(mean: float, std: float) -> None:
    found = distribution_from_mean(np.array([mean]), std=np.array([std]))
    assert found.sum() == pytest.approx(1)
    assert found[0] @ BINS == pytest.approx(mean, abs=1e-3)


def test_a_made_distribution_is_as_wide_as_asked_for() -> None:
    found = distribution_from_mean(np.array([5.5]), std=np.array([1.5]))[0]
    assert np.sqrt(found @ (BINS - 5.5) ** 2) == pytest.approx(1.5, abs=0.02)
