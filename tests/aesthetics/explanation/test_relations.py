"""Learnt relations: read from a card, put in order, drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodside.aesthetics.explanation.relations import Relations, read_relations
from goodside.aesthetics.explanation.relations_sheet import _signed, relations_sheet
from goodside.errors import WeightsError
from tests.aesthetics.made import ALL_HEADS, write_weights


def relations_fact(labels: tuple[str, ...] = ("low", "high", "sky", "mud", "fog")) -> Any:
    """Weights made by hand: `sky` equals `high`, `mud` equals `low`, `fog` stands apart."""
    ways = {"low": [-1, 0], "high": [1, 0], "sky": [2, 0], "mud": [-3, 0]}
    weights = np.array([ways.get(label, [0, 1]) for label in labels], float)
    omega = weights @ weights.T / np.trace(weights @ weights.T)
    deviation = np.sqrt(omega.diagonal())
    correlation = omega / deviation[:, None] / deviation
    return {"labels": labels, "omega": omega.tolist(), "correlation": correlation.tolist()}


def _read(folder: Path, fact: Any) -> Relations | None:
    facts = ALL_HEADS | ({} if fact is None else {"relations": fact})
    return read_relations(write_weights(folder, facts=facts).card("made"))


def test_tags_are_ordered_by_their_correlation_to_quality(tmp_path: Path) -> None:
    relations = _read(tmp_path, relations_fact())
    assert relations is not None
    assert [label for label, _ in relations.with_quality()] == ["sky", "fog", "mud"]
    assert [value for _, value in relations.with_quality()] == pytest.approx([1, 0, -1], abs=1e-9)


def test_the_formula_equals_the_correlation_of_the_weights_difference() -> None:
    rng = np.random.default_rng(3)
    weights = rng.normal(size=(4, 50))
    omega = weights @ weights.T
    found = Relations(("high", "low", "one", "two"), omega, omega).with_quality()
    difference = weights[0] - weights[1]
    for label, value in found:
        tag = weights[2 if label == "one" else 3]
        cosine = tag @ difference / np.linalg.norm(tag) / np.linalg.norm(difference)
        assert value == pytest.approx(cosine)


def test_a_tag_without_weight_has_no_correlation() -> None:
    omega = np.diag([1.0, 1.0, 0.0])
    assert Relations(("low", "high", "none"), omega, omega).with_quality() == [("none", 0.0)]


def test_a_card_may_have_none(tmp_path: Path) -> None:
    assert _read(tmp_path, None) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"omega": None}, "5 labels"),
        ({"labels": ["low", "high"]}, "2 labels"),
        ({"labels": ["low", "tall", "sky", "mud", "fog"]}, "without low, high"),
        ({"omega": np.arange(25).reshape(5, 5).tolist()}, "not symmetric"),
        ({"correlation": [["a"]]}, "no numbers"),
    ],
)
def test_a_damaged_card_is_refused(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    with pytest.raises(WeightsError, match=reason):
        _read(tmp_path, relations_fact() | change)


@pytest.mark.parametrize("tags", [1, 10, 70])
def test_a_sheet_shows_what_goes_with_quality_in_orange_and_the_rest_in_blue(tags: int) -> None:
    labels = ("low", "high", "sky", *(f"fog{index}" for index in range(tags - 1)))
    fact = relations_fact(labels)
    sheet = relations_sheet(
        Relations(labels, np.array(fact["omega"]), np.array(fact["correlation"])), title="made"
    ).astype(int)
    orange = (sheet[..., 0] - sheet[..., 2] > 150).sum()
    blue = (sheet[..., 2] - sheet[..., 0] > 150).sum()
    assert orange > 0
    assert blue > 0
    assert max(sheet.shape) < 2200
    assert (sheet[:20] == sheet[0, 0]).all()
    assert (sheet[-20:] == sheet[0, 0]).all()


def test_what_rounds_to_nothing_has_no_sign() -> None:
    assert [_signed(value) for value in (0.004, -0.004, 0.006, -0.5)] == [
        *("0.00", "0.00", "+0.01", "-0.50")
    ]
