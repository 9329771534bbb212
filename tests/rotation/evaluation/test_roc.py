"""Figures of verification, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.rotation.evaluation.report import to_json
from goodside.rotation.evaluation.roc import measure_roc, tar_at_far

STRANGERS = np.arange(100) / 100  # 0.00 ... 0.99


def _accepts(known: list[float], far: float) -> float | None:
    scores = np.concatenate([np.array(known), STRANGERS])
    same = np.arange(len(scores)) < len(known)
    return tar_at_far(scores, same, far=far)


@pytest.mark.parametrize(
    ("known", "far", "expected"),
    [
        ([0.5, 0.985, 0.995, 1.0], 0.01, 0.75),  # one stranger, 0.99, may pass: above 0.98
        ([0.5, 0.975, 0.98, 1.0], 0.01, 0.25),  # what equals the threshold does not pass
        ([0.85, 0.95], 0.1, 0.5),  # ten may pass: above 0.89
        ([0.5, 1.0], 1e-3, None),  # of 100 strangers no thousandth can be read
        ([], 0.01, None),
    ],
)
def test_true_accepts(known: list[float], far: float, expected: float | None) -> None:
    assert _accepts(known, far) == expected


def test_the_share_of_strangers_above_the_threshold_is_what_was_asked() -> None:
    rng = np.random.default_rng(0)
    scores, same = rng.normal(size=4000), rng.uniform(size=4000) < 0.5
    assert tar_at_far(scores, same, far=0.2) == pytest.approx(0.2, abs=0.03)


def test_figures_are_null_where_there_is_nothing_to_tell() -> None:
    assert to_json(measure_roc(np.zeros(3), np.ones(3, bool))) == {
        "tar_1e2": None,
        "tar_1e3": None,
        "auc": None,
    }
    scores = np.concatenate([np.full(4, 2.0), np.arange(1000) / 1000])
    known = to_json(measure_roc(scores, np.arange(1004) < 4))
    assert known == {"tar_1e2": 1.0, "tar_1e3": 1.0, "auc": 1.0}
