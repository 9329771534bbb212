"""Our figures of verification against scikit-learn's ROC curve."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score, roc_curve

from goodside.rotation.evaluation.roc import measure_roc, tar_at_far


@pytest.mark.parametrize("far", [0.3, 0.1, 0.01])
@pytest.mark.parametrize("seed", range(5))
def test_true_accepts_are_those_of_the_curve(seed: int, far: float) -> None:
    rng = np.random.default_rng(seed)
    same = rng.uniform(size=2000) < 0.3
    scores = rng.normal(size=2000) + 1.5 * same
    false_accepts, true_accepts, _ = roc_curve(same, scores, drop_intermediate=False)
    expected = true_accepts[false_accepts <= far + 1e-12].max()
    assert tar_at_far(scores, same, far=far) == pytest.approx(expected)
    assert measure_roc(scores, same).auc == pytest.approx(roc_auc_score(same, scores), abs=1e-4)
