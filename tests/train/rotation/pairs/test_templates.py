"""A template is the mean of all training views of its angle, picture and landmarks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodside.rotation import Templates
from goodside_train.rotation.pairs.templates import build_templates
from goodside_train.rotation.recipe import RotationRecipe
from tests.train.rotation.made import TINTS

HEADS = [f"head-{tint}" for tint in TINTS]


@pytest.fixture(scope="module")
def everybody(data: Path, recipe: RotationRecipe) -> Templates:
    return _templates(data, recipe, HEADS)


@pytest.fixture(scope="module")
def each_alone(data: Path, recipe: RotationRecipe) -> list[Templates]:
    return [_templates(data, recipe, [head]) for head in HEADS]


@pytest.mark.parametrize(
    ("part", "rounding"), [("images", 0.5), ("points", 1e-6), ("pitch_points", 1e-6)]
)
def test_a_template_is_the_mean_of_its_angle(
    everybody: Templates, each_alone: list[Templates], part: str, rounding: float
) -> None:
    alone = np.stack([getattr(one, part) for one in each_alone]).astype(np.float64)
    together = getattr(everybody, part).astype(np.float64)
    np.testing.assert_allclose(together, alone.mean(axis=0), rtol=0, atol=rounding + 1e-9)
    for one in alone:  # no single view, first or last, would do
        assert np.abs(together - one).max() > 10 * rounding


def _templates(data: Path, recipe: RotationRecipe, heads: list[str]) -> Templates:
    held_out = tuple(head for head in HEADS if head not in heads)
    kept = recipe.data.model_copy(update={"held_out": held_out})
    return build_templates(data / "heads", recipe=kept)
