"""What a batch is drawn from, and the wrong poses its items are shown beside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goodside_train.rotation.pairs.pairs import Pairs
from goodside_train.rotation.pairs.sampling import draw_batch, farthest_points
from goodside_train.rotation.recipe import RotationRecipe
from tests.train.rotation.made import FIVE


@pytest.mark.parametrize(
    ("head_share", "forward_share", "counts"),
    [
        (0.5, 0.25, (8, 4, 4)),
        (0.0, 0.0, (0, 0, 16)),
        (1.0, 0.25, (16, 0, 0)),
        (0.5, 0.5, (8, 7, 1)),  # one true photograph stays
    ],
)
def test_a_batch_has_its_shares(
    recipe: RotationRecipe,
    pairs: Pairs,
    head_share: float,
    forward_share: float,
    counts: tuple[int, int, int],
) -> None:
    asked = {"batch": 16, "head_share": head_share, "forward_share": forward_share}
    chosen = pairs.take(
        draw_batch(pairs, recipe=recipe.model_copy(update=asked), rng=np.random.default_rng(0))
    )
    away = chosen.photo & ~chosen.true
    assert (int((~chosen.photo).sum()), int(away.sum())) == counts[:2]
    assert len(chosen) == 16


@pytest.mark.parametrize("photo", [True, False])
def test_what_is_missing_is_replaced(recipe: RotationRecipe, pairs: Pairs, photo: bool) -> None:
    alone = replace(pairs, photo=np.full(len(pairs), photo), true=np.ones(len(pairs), np.bool_))
    index = draw_batch(alone, recipe=recipe, rng=np.random.default_rng(0))
    assert len(index) == recipe.batch


def test_the_wrong_pose_is_the_farthest_of_the_batch() -> None:
    shifts = np.array([0.0, 0.01, 0.02, 0.2], np.float32)
    points = FIVE[None] + shifts[:, None, None] * np.array([1, 0], np.float32)
    wrong = farthest_points(points, rng=np.random.default_rng(0))
    assert wrong.dtype == np.float32
    for row, farthest in enumerate([3, 3, 3, 0]):
        assert np.abs(wrong[row] - points[farthest]).max() < 0.08
        assert np.linalg.norm(wrong[row] - points[row], axis=-1).mean() > 0.15
    alike = np.repeat(FIVE[None], 4, axis=0)
    jittered = farthest_points(alike, rng=np.random.default_rng(0))
    assert (np.linalg.norm(jittered - alike, axis=-1).mean(axis=1) > 0.005).all()
