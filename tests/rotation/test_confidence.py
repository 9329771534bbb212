"""From identity score to probability."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.rotation import Rotator
from goodside.rotation.confidence import Confidence, read_confidence
from tests.rotation.made import PORTRAIT


def test_the_curve_by_hand() -> None:
    curve = Confidence(4.0, -2.0)
    assert curve.at(0.5) == 0.5
    assert curve.at(1.0) == pytest.approx(1 / (1 + np.exp(-2)))


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
