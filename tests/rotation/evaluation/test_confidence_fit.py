"""The curve from identity score to probability, fitted."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.rotation.confidence import Confidence
from goodside.rotation.evaluation.confidence_fit import fit_confidence, measure_confidence


def _made(count: int, curve: Confidence) -> tuple[list[float], list[bool]]:
    rng = np.random.default_rng(0)
    identity = rng.uniform(0, 1, count)
    return identity.tolist(), [bool(rng.uniform() < curve.at(score)) for score in identity]


def test_a_known_curve_is_found_again() -> None:
    found = fit_confidence(*_made(5000, Confidence(10.0, -5.0)))
    assert found.slope == pytest.approx(10, rel=0.1)
    assert found.offset == pytest.approx(-5, rel=0.1)


@pytest.mark.parametrize("verdict", [True, False])
def test_where_all_agree_the_curve_stays_finite(verdict: bool) -> None:
    found = fit_confidence([0.2, 0.6, 0.9], [verdict] * 3)
    assert np.isfinite([found.slope, found.offset]).all()
    assert (found.at(0.6) > 0.9) is verdict


def test_it_is_tested_on_people_apart() -> None:
    identity, same = _made(2000, Confidence(10.0, -5.0))
    fit = measure_confidence(identity, same, people=[index // 5 for index in range(2000)])
    assert fit is not None
    assert (fit.count, fit.same) == (2000, round(float(np.mean(same)), 3))
    assert fit.calibration_error < 0.04
    # a trait of every second person that the others' curve cannot know
    odd = [bool(index % 2) for index in range(2000)]
    wrong = measure_confidence(identity, odd, people=list(range(2000)))
    assert wrong is not None
    assert wrong.calibration_error > 0.9


def test_one_person_is_too_few() -> None:
    assert measure_confidence([0.5, 0.6], [True, False], people=[3, 3]) is None
