"""Fusing the vectors of a photographed and a turned face."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.rotation.evaluation.fuse import WEIGHT, fuse

PLAIN = np.array([1, 0, 0], np.float32)
TURNED = np.array([0, 1, 0], np.float32)


@pytest.mark.parametrize("yaw_deg", [0, 19, -20])
def test_below_the_gate_the_photographs_vector_stands(yaw_deg: float) -> None:
    assert fuse(PLAIN, TURNED, yaw_deg=yaw_deg) is PLAIN


@pytest.mark.parametrize(("yaw_deg", "share"), [(30, 0.5), (-30, 0.5), (40, 1), (-80, 1)])
def test_past_it_the_turned_one_has_its_share(yaw_deg: float, share: float) -> None:
    weight = WEIGHT * share
    mixed = np.array([1 - weight, weight, 0])
    fused = fuse(PLAIN, TURNED, yaw_deg=yaw_deg)
    assert fused == pytest.approx(mixed / np.linalg.norm(mixed), abs=1e-6)
    assert fused.dtype == np.float32


def test_the_vectors_themselves_are_not_changed() -> None:
    before = PLAIN.copy(), TURNED.copy()
    fuse(PLAIN, TURNED, yaw_deg=60)
    assert (before[0] == PLAIN).all()
    assert (before[1] == TURNED).all()
