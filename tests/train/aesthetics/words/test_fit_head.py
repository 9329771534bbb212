"""The head: it learns from labels, starts from teachers, is measured on what it has not seen."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.types import FloatArray
from goodside_train.aesthetics.words.fit_head import (
    cross_fitted_logits,
    fit_word_head,
    fold_of_groups,
    near_duplicates,
)
from goodside_train.aesthetics.words.scene_kinds import KINDS, fit_kinds


def _features(count: int = 400, *, width: int = 8, seed: int = 0) -> FloatArray:
    return np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)


def test_each_word_is_learnt_from_the_labels_that_are_known() -> None:
    features = _features()
    labels = (features[:, :2] > 0).astype(np.float32)
    labels[200:, 1] = np.nan
    head = fit_word_head(features, labels)
    right = (head.logits(features) > 0) == (features[:, :2] > 0)
    assert right.mean(axis=0) == pytest.approx([1, 1], abs=0.05)


def test_a_word_with_few_labels_follows_its_teacher() -> None:
    features = _features(600, width=40)
    labels = np.full((600, 1), np.nan, np.float32)
    labels[:6, 0] = (features[:6, 0] > 0).astype(np.float32)
    labels[:2, 0] = (1, 0)
    chances = (1 / (1 + np.exp(-4 * features[:, :1]))).astype(np.float32)
    truth = features[:, 0] > 0
    alone = fit_word_head(features, labels).logits(features)[:, 0]
    taught = fit_word_head(features, labels, chances).logits(features)[:, 0]

    def ranked(logits: FloatArray) -> float:
        return float((logits[truth][:, None] > logits[~truth][None]).mean())

    assert ranked(taught) > ranked(alone) + 0.1
    assert ranked(taught) > 0.9


def test_a_teacher_that_knows_no_such_word_changes_nothing() -> None:
    features = _features()
    labels = (features[:, :1] > 0).astype(np.float32)
    silent = np.full((400, 1), np.nan, np.float32)
    plain = fit_word_head(features, labels)
    taught = fit_word_head(features, labels, silent)
    assert taught.weights == pytest.approx(plain.weights, abs=1e-4)


def test_what_is_measured_was_not_learnt() -> None:
    features = _features(60, width=200)
    labels = np.random.default_rng(3).integers(0, 2, (60, 1)).astype(np.float32)
    learnt = fit_word_head(features, labels).logits(features)
    kept_out = cross_fitted_logits(features, labels, None, groups=np.arange(60))
    assert ((learnt > 0) == (labels > 0)).mean() > 0.95  # noise, learnt by heart
    assert ((kept_out > 0) == (labels > 0)).mean() < 0.75


def test_a_group_is_kept_out_as_a_whole() -> None:
    groups = np.random.default_rng(0).integers(0, 50, 300)
    fold = fold_of_groups(groups, folds=5, seed=1)
    assert all(len(set(fold[groups == group])) == 1 for group in set(groups))
    assert len(set(fold)) == 5


def test_near_duplicates_share_a_group() -> None:
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (6, 14, 14, 3)).astype(np.uint8)
    photos = coarse.repeat(2, axis=1).repeat(2, axis=2)
    photos[4] = np.clip(photos[1].astype(int) + rng.integers(-9, 9, photos[1].shape), 0, 255)
    groups = near_duplicates(photos)
    assert groups[4] == groups[1]
    assert len(set(groups)) == 5


def test_the_rest_is_what_no_other_kind_claims() -> None:
    features = _features(500)
    named = np.where(features[:, 0] > 0, "food", "portrait")
    named[:50] = "others"
    named[50:60] = ""
    head = fit_kinds(features, list(named))
    logits = head.logits(features)
    assert logits[:, KINDS.index("others")] == pytest.approx(np.log(50 / 440), abs=1e-4)
    likeliest = np.array(KINDS)[logits[60:].argmax(axis=1)]
    assert (likeliest == named[60:]).mean() > 0.95
