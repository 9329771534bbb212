"""Quantiles by kind of picture."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.aesthetics.explanation.norms import ALL
from goodside_train.aesthetics.export.reference import attributes_by_semantic, reference_by_semantic

LABELS = ("animal", "food", "plant")
SHOWN = np.repeat(
    np.array([[0.9, 0.6, 0.1], [0.2, 0.3, 0.1], [0.1, 0.1, 0.4]]), (60, 50, 3), axis=0
)
SCORES = np.concatenate([np.linspace(2, 8, 60), np.linspace(4, 5, 50), np.full(3, 9.0)])


def test_a_kind_holds_the_photographs_whose_likeliest_label_it_is() -> None:
    found = reference_by_semantic(SCORES, SHOWN, LABELS)
    assert list(found) == ["animal", "food"]  # three plants are too few
    assert found["animal"] == pytest.approx(np.linspace(2, 8, 101), abs=6e-4)
    assert (found["food"][0], found["food"][50], found["food"][-1]) == (4, 4.5, 5)


def test_attributes_come_by_kind_and_over_all() -> None:
    attributes = np.stack([SCORES, 10 - SCORES], axis=1)
    found = attributes_by_semantic(attributes, SHOWN, LABELS, names=("light", "technical"))
    assert list(found) == ["animal", "food", ALL]
    assert found["animal"]["light"] == pytest.approx(np.linspace(2, 8, 21), abs=6e-4)
    assert found["food"]["technical"][10] == 5.5
    assert found[ALL]["light"][-1] == 9
    assert {len(values) for kind in found.values() for values in kind.values()} == {21}
