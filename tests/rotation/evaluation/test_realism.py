"""Kernel distance between sets of pictures."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.aesthetics import Assessor
from goodside.rotation.evaluation.realism import features, kernel_distance


def _distance(real: object, made: object) -> float:
    a, b = np.asarray(real, np.float32), np.asarray(made, np.float32)
    found = kernel_distance(
        a, b, real_people=np.arange(len(a)), made_people=np.arange(len(b)) % len(a)
    )
    assert found is not None
    return found


def test_worked_by_hand() -> None:
    # inner products of different people: real 0, made 4, across 0 and 2; over D = 2, plus 1, cubed
    real, made = [[1, 0], [0, 1]], [[2, 0], [2, 0]]
    expected = 1 + (4 / 2 + 1) ** 3 - 2 * np.mean([(0 / 2 + 1) ** 3, (2 / 2 + 1) ** 3])
    assert _distance(real, made) == pytest.approx(expected)


def test_no_bias_between_sets_of_one_kind_and_growing_with_the_gap() -> None:
    rng = np.random.default_rng(0)
    draws = [_distance(rng.normal(size=(30, 8)), rng.normal(size=(60, 8))) for _ in range(40)]
    error = np.std(draws) / np.sqrt(len(draws))
    assert abs(np.mean(draws)) < 3 * error
    real = rng.normal(size=(60, 8))
    gaps = [_distance(real, rng.normal(size=(60, 8)) + shift) for shift in (0, 0.5, 1)]
    assert gaps == sorted(gaps)
    assert gaps[-1] > 20 * error


def test_the_same_people_in_both_sets_do_not_bend_it() -> None:
    rng = np.random.default_rng(1)
    draws = []
    for _ in range(40):
        people = rng.normal(size=(30, 8)).astype(np.float32)
        made = people + rng.normal(size=people.shape, scale=0.01)
        draws.append(_distance(people, made))
    assert abs(np.mean(draws)) < 3 * np.std(draws) / np.sqrt(len(draws)) + 1e-3


def test_one_person_alone_has_no_distance() -> None:
    one = np.ones((1, 4), np.float32)
    assert kernel_distance(one, one, real_people=np.arange(1), made_people=np.arange(1)) is None


def test_features_are_the_assessors_in_the_pictures_order() -> None:
    pictures = [np.full((40, 40, 3), level, np.uint8) for level in range(0, 180, 10)]
    assessor = Assessor()
    found = features(pictures, assessor=assessor)
    assert found.shape[0] == 18
    assert found[17] == pytest.approx(assessor.embed(pictures[17:])[0], abs=1e-4)
