"""From identity score to probability."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.rotation import Rotator
from goodside.rotation.confidence import (
    Confidence,
    fit_confidence,
    measure_confidence,
    read_confidence,
)
from tests.rotation.made import PORTRAIT


def _made(count: int, curve: Confidence) -> tuple[list[float], list[bool]]:
    rng = np.random.default_rng(0)
    identity = rng.uniform(0, 1, count)
    return identity.tolist(), [bool(rng.uniform() < curve.at(score)) for score in identity]


def test_the_curve_by_hand() -> None:
    curve = Confidence(4.0, -2.0)
    assert curve.at(0.5) == 0.5
    assert curve.at(1.0) == pytest.approx(1 / (1 + np.exp(-2)))


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
    told = measure_confidence(identity, same, people=[index // 5 for index in range(2000)])
    assert told is not None
    assert (told["n"], told["same"]) == (2000, round(float(np.mean(same)), 3))
    assert told["calibration_error"] < 0.04
    # a trait of every second person that the others' curve cannot know
    odd = [bool(index % 2) for index in range(2000)]
    wrong = measure_confidence(identity, odd, people=list(range(2000)))
    assert wrong is not None
    assert wrong["calibration_error"] > 0.9


def test_one_person_is_too_few() -> None:
    assert measure_confidence([0.5, 0.6], [True, False], people=[3, 3]) is None


def test_a_card_may_hold_the_curve_or_not() -> None:
    assert read_confidence({}) is None
    assert read_confidence({"confidence": {"slope": 3, "offset": -1, "n": 9}}) == Confidence(3, -1)


def test_results_carry_it_where_the_card_holds_it(
    rotator: Rotator, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rotator.rotate(PORTRAIT, 20, size_px=96).confidence is None
    curve = Confidence(4.0, -2.0)
    monkeypatch.setattr(rotator, "_confidence", curve)
    turned = rotator.rotate(PORTRAIT, 20, size_px=96)
    assert turned.identity is not None
    assert turned.confidence == curve.at(turned.identity)
