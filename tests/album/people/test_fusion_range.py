"""Where side faces are turned: what the rotation weights' card says, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from goodside.album.people import FusionRange
from goodside.errors import WeightsError
from goodside.runtime import ModelCard, WeightsStore


def _card(**facts: Any) -> ModelCard:
    card = WeightsStore().card("rotation-mesh")
    return card.model_copy(update={"facts": facts})


@pytest.mark.parametrize("facts", [{}, {"fuse_yaw_deg": None}])
def test_without_a_measured_gain_nothing_is_turned(facts: dict[str, Any]) -> None:
    assert FusionRange.of(_card(**facts)) is None


def test_new_weights_open_it_by_their_card() -> None:
    fusion_range = FusionRange.of(_card(fuse_yaw_deg=[25, 60]))
    assert fusion_range is not None
    assert [fusion_range.contains(yaw) for yaw in (0, 24, 25, -40, 60, -61)] == [0, 0, 1, 1, 1, 0]


@pytest.mark.parametrize("fact", [3, [1], [1, 2, 3], ["a", "b"]])
def test_a_fact_that_is_none(fact: object) -> None:
    with pytest.raises(WeightsError, match="fuse_yaw_deg"):
        FusionRange.of(_card(fuse_yaw_deg=fact))


def test_the_shipped_gate_is_open_only_with_figures() -> None:
    card = WeightsStore().card("rotation-mesh")
    assert FusionRange.of(card) is None or "fusing" in card.metrics
