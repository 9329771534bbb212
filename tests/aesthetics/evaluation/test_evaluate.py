"""Evaluations of made assessments."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.aesthetics import Truth, measure
from goodside.types import Aesthetic, Assessment, Tag


def _assessment(score: float, *, high: float, label: str = "food") -> Assessment:
    share = np.clip(1 - np.abs(np.arange(1, 11) - score), 0, None)
    other = "animal" if label == "food" else "food"
    return Assessment(
        width=4,
        height=3,
        aesthetic=Aesthetic(
            score=score,
            std=1.0,
            distribution=tuple(float(v) for v in share),
            high_quality=high,
            percentile=50.0,
        ),
        semantics=(Tag(label, 0.8), Tag(other, 0.3)),
        model="made 1.0.0",
    )


SCORES = [3.0, 4.0, 6.0, 8.0]
MADE = [
    _assessment(score, high=chance, label=label)
    for score, chance, label in zip(
        SCORES, [0.1, 0.6, 0.7, 0.9], ["food", "food", "animal", "animal"], strict=True
    )
]


def test_all_figures_by_hand() -> None:
    distribution = np.array([MADE[i].aesthetic.distribution for i in (0, 1, 2, 2)], np.float32)
    truth = Truth(
        score=np.array([3.5, 4.5, 6.5, 8.5], np.float32),
        high_from=5.5,
        distribution=distribution,
        semantic=["food", "animal", "animal", None],
    )
    found = measure(MADE, truth, draws=50)
    assert found.n == 4
    assert found.srcc == pytest.approx(1)
    assert found.mae == pytest.approx(0.5)
    assert found.emd == pytest.approx(2 / 4)
    assert found.accuracy == pytest.approx(0.75)
    assert found.majority == pytest.approx(0.5)
    assert found.auc == pytest.approx(1)
    assert found.semantic_top1 == pytest.approx(2 / 3)
    assert set(found.intervals) >= {"srcc", "mae", "accuracy", "semantic_top1"}


def test_figures_without_their_truth_are_none() -> None:
    truth = Truth(score=np.array(SCORES, np.float32), high_from=1.0)
    found = measure(MADE, truth, draws=0)
    assert found.emd is None
    assert found.semantic_top1 is None
    assert found.auc is None
    assert found.as_json()["intervals"] == {}
    assert found.as_json()["auc"] is None


def test_equal_scores_allow_no_correlation() -> None:
    found = measure(MADE, Truth(score=np.full(4, 5.0), high_from=5.5), draws=9)
    assert found.srcc is found.plcc is None
    assert found.mae == pytest.approx((2 + 1 + 1 + 3) / 4)
    assert "srcc" not in found.intervals


def test_only_rows_with_votes_count_for_their_distance() -> None:
    votes = np.array([MADE[i].aesthetic.distribution for i in (0, 2, 2, 2)])
    votes[2:] = np.nan
    found = measure(MADE, Truth(np.array(SCORES), 5.5, distribution=votes), draws=0)
    assert found.emd == pytest.approx((0 + 2) / 2)


def test_labels_the_network_does_not_know_are_left_out() -> None:
    truth = Truth(
        score=np.array(SCORES, np.float32),
        high_from=5.5,
        semantic=["food", "spaceship", "animal", "animal"],
    )
    assert measure(MADE, truth, draws=0).semantic_top1 == pytest.approx(1)


@pytest.mark.parametrize("written", ["nightScene", "night scene", "Night_Scene", "NIGHT-SCENE"])
def test_labels_are_known_however_they_are_written(written: str) -> None:
    made = [_assessment(score, high=0.5, label="nightScene") for score in SCORES]
    truth = Truth(score=np.array(SCORES), high_from=5.5, semantic=[written] * 4)
    assert measure(made, truth, draws=0).semantic_top1 == 1


def test_a_photograph_may_carry_several_labels() -> None:
    """Whichever of its labels comes first is right; it counts as positive for each of them."""
    truth = Truth(
        score=np.array([2.0, 4.0, 6.0, 8.0]),
        high_from=5.5,
        semantic=["food;animal", "animal | food", "food; spaceship", "animal"],
    )
    found = measure(MADE, truth, draws=0)
    assert found.semantic_top1 == pytest.approx(3 / 4)
    single = Truth(truth.score, 5.5, semantic=["food", "animal", "food", "animal"])
    assert measure(MADE, single, draws=0).semantic_top1 == pytest.approx(2 / 4)
    assert found.semantic_map != measure(MADE, single, draws=0).semantic_map


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="expected 3 assessments"):
        measure(MADE, Truth(score=np.zeros(3, np.float32), high_from=5.5))
