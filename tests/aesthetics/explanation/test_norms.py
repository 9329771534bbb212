"""What a card says is usual."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodside.aesthetics.explanation.norms import ALL, read_norms
from goodside.errors import WeightsError
from goodside.runtime import ModelCard
from tests.aesthetics.made import ALL_HEADS, write_weights

FACTS: dict[str, Any] = {
    "reference_by_semantic": {"red": np.linspace(2, 8, 101).tolist()},
    "attributes_by_semantic": {
        "red": {"light": [1.0, 5.0, 9.0]},
        ALL: {"light": [1.0, 3.0, 4.0]},
    },
}


def _card(folder: Path, facts: dict[str, Any]) -> ModelCard:
    return write_weights(folder, facts=ALL_HEADS | facts).card("made")


def test_percentiles_are_among_the_same_kind(tmp_path: Path) -> None:
    reference = read_norms(_card(tmp_path, FACTS))
    assert reference.percentile(6.5, kind="red") == pytest.approx(75)
    assert reference.percentile(1.0, kind="red") == 0
    assert reference.percentile(6.5, kind="blue") is None
    assert reference.attribute_percentile("light", 7.0, kind="red") == pytest.approx(75)
    assert reference.attribute_percentile("light", 3.5, kind=ALL) == pytest.approx(75)
    assert reference.usual("light", kind="red") == 5
    assert reference.usual("color", kind="red") is None


def test_a_card_without_the_facts_says_nothing(tmp_path: Path) -> None:
    reference = read_norms(_card(tmp_path, {}))
    assert reference.percentile(5, kind="red") is None
    assert reference.usual("light", kind=ALL) is None


@pytest.mark.parametrize(
    "facts",
    [
        {"reference_by_semantic": {"red": [3, 2, 1]}},
        {"reference_by_semantic": {"red": [1]}},
        {"reference_by_semantic": [1, 2]},
        {"attributes_by_semantic": {"red": {"light": ["dim", "bright"]}}},
        {"attributes_by_semantic": {"red": 5}},
    ],
)
def test_a_damaged_card_is_refused(tmp_path: Path, facts: dict[str, Any]) -> None:
    with pytest.raises(WeightsError, match="card of made cannot be read"):
        read_norms(_card(tmp_path, facts))
