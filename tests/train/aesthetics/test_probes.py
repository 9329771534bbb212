"""Ridge probes: the closed form, the dual, and groups that stay together."""

from __future__ import annotations

import numpy as np
import pytest

from goodside_train.aesthetics.probes import choose_ridge, cross_validated, fit_ridge, folds


def test_a_probe_by_hand() -> None:
    """One standardised feature x = -1, 1 and scores 1, 3: w = (x y) / (x x + penalty)."""
    features, scores = np.array([[0.0], [2.0]]), np.array([1.0, 3.0])
    probe = fit_ridge(features, scores, penalty=2.0)
    assert probe.weights[0] == pytest.approx(2 / (2 + 2), rel=1e-4)
    np.testing.assert_allclose(probe.predict(features), [1.5, 2.5], rtol=1e-4)


@pytest.mark.parametrize("penalty", [0.5, 30.0])
def test_the_dual_gives_the_same(penalty: float) -> None:
    """With fewer rows than features the (N, N) system is solved, else the (D, D) one."""
    rng = np.random.default_rng(0)
    features, scores = rng.normal(size=(12, 12)), rng.normal(size=12)
    wide = np.concatenate([features, np.zeros((12, 1))], axis=1)
    plain, dual = (fit_ridge(each, scores, penalty=penalty) for each in (features, wide))
    np.testing.assert_allclose(dual.weights[:12], plain.weights, atol=1e-8)


def test_a_line_is_found_and_a_large_penalty_is_refused() -> None:
    rng = np.random.default_rng(1)
    features = rng.normal(size=(200, 5))
    scores = features @ np.array([1.0, -2.0, 0, 0, 0.5]) + 5
    groups = [str(n) for n in range(200)]
    probe = choose_ridge(features, scores, groups=groups)
    assert probe.penalty <= 10
    np.testing.assert_allclose(probe.predict(features), scores, atol=0.3)


def test_a_group_is_never_on_both_sides() -> None:
    groups = [f"theme{n // 7}" for n in range(210)]
    fold = folds(groups)
    assert len(np.unique(fold)) == 5
    for group in set(groups):
        assert len({f for g, f in zip(groups, fold, strict=True) if g == group}) == 1


def test_what_a_group_alone_knows_is_not_foretold() -> None:
    """A feature that names the group fits it by heart; cross-validation over groups sees that."""
    rng = np.random.default_rng(2)
    groups = [f"theme{n // 6}" for n in range(180)]
    own = rng.normal(size=30)[np.arange(180) // 6]
    names = np.eye(30)[np.arange(180) // 6]
    by_heart = fit_ridge(names, own, penalty=1e-3).predict(names)
    assert np.corrcoef(by_heart, own)[0, 1] > 0.99
    unseen = cross_validated(names, own, groups=groups, penalty=1e-3)
    assert np.corrcoef(unseen, own)[0, 1] < 0.3
