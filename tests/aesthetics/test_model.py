"""Cards that do not fit the assessor are refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from goodside.aesthetics.model import AestheticModel, Outputs
from goodside.errors import WeightsError
from goodside.runtime import WeightsStore
from tests.aesthetics.made import write_weights

FACTS: dict[str, Any] = {
    "semantic_labels": ["animal", "food"],
    "reference_quantiles": np.linspace(2, 8, 101).tolist(),
    "temperature": 2.0,
}


def _store(folder: Path, **changes: Any) -> WeightsStore:
    facts = {key: value for key, value in (FACTS | changes).items() if value is not None}
    card = {
        "name": "made",
        "version": "1.0.0",
        "task": "aesthetics",
        "title": "Made",
        "sha256": "0" * 64,
        "size_bytes": 1,
        "license": "CC0-1.0",
        "terms": "none",
        "source": "this test",
        "data": "none",
        "preprocessing": {"width_px": 8, "height_px": 8, "fit": "squash"},
        "facts": facts,
    }
    (folder / "made.json").write_text(json.dumps(card), encoding="utf-8")
    return WeightsStore(folder)


def _verdicts(bins: list[float], *, logits: tuple[float, float] = (0.0, 0.0)) -> Outputs:
    return Outputs(
        distribution=np.array([bins], np.float32),
        quality_logits=np.array([logits], np.float32),
        semantic_logits=np.array([[-1.0, 1.0]], np.float32),
        embedding=np.zeros((1, 4), np.float32),
        attributes=np.array([[6.5, 3.0]], np.float32),
        word_logits=np.zeros((1, 0), np.float32),
    )


def test_a_verdict_becomes_figures_by_hand(tmp_path: Path) -> None:
    judge = AestheticModel(_store(tmp_path), "made")
    halves = [0.0] * 3 + [0.5, 0.0, 0.5] + [0.0] * 4
    found = judge.aesthetic(_verdicts(halves, logits=(1.0, 3.0)), 0)
    assert found.score == pytest.approx(5)
    assert found.std == pytest.approx(1)
    assert found.percentile == pytest.approx(50)
    assert found.high_quality == pytest.approx(1 / (1 + np.exp(-1)))  # log odds 2 over divisor 2
    assert sum(found.distribution) == pytest.approx(1)


def test_tags_come_in_order_of_probability(tmp_path: Path) -> None:
    judge = AestheticModel(_store(tmp_path), "made")
    tags = judge.tags(_verdicts([0.1] * 10), 0)
    assert [tag.label for tag in tags] == ["food", "animal"]
    assert tags[0].probability == pytest.approx(1 / (1 + np.exp(-1)))


def test_attributes_have_the_cards_names_and_the_technical_quality_is_last(tmp_path: Path) -> None:
    judge = AestheticModel(_store(tmp_path, attribute_labels=["light"]), "made")
    assert judge.attributes(_verdicts([0.1] * 10), 0) == {"light": 6.5, "technical": 3.0}


@pytest.mark.parametrize(("score", "expected"), [(1.0, 0.0), (2.0, 0.0), (6.5, 75.0), (9.0, 100.0)])
def test_percentiles_stay_within_their_scale(tmp_path: Path, score: float, expected: float) -> None:
    assert AestheticModel(_store(tmp_path), "made").percentile(score) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"semantic_labels": None}, "semantic_labels"),
        ({"temperature": "warm"}, "warm"),
        ({"reference_quantiles": [1, 2, 3]}, "101"),
        ({"reference_quantiles": np.linspace(8, 2, 101).tolist()}, "rising"),
    ],
)
def test_a_card_without_the_facts_is_refused(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(WeightsError, match=reason):
        AestheticModel(_store(tmp_path, **changes), "made")


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="card is missing"):
        AestheticModel(WeightsStore(tmp_path), "made")


def test_a_network_with_a_distribution_only_judges_high_by_it(tmp_path: Path) -> None:
    store = write_weights(tmp_path, facts={"heads": ["distribution"], "high_from": 5.0})
    judge = AestheticModel(store, "made")
    grey = np.array([4, 5, 8], np.uint8) - 1
    verdicts = judge.run(np.broadcast_to((grey * 28)[:, None, None, None], (3, 8, 8, 3)))
    found = [judge.aesthetic(verdicts, row) for row in range(3)]
    assert [one.score for one in found] == pytest.approx([4, 5, 8], abs=0.15)
    assert found[0].high_quality < 0.2
    assert found[1].high_quality == pytest.approx(0.5, abs=0.05)
    sigmas = (found[2].score - 5) / found[2].std
    assert found[2].high_quality == pytest.approx(NormalDist().cdf(sigmas), abs=0.01)
    assert found[2].percentile == pytest.approx(100 * (found[2].score - 1) / 9)
    assert judge.tags(verdicts, 0) == ()
