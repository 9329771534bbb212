"""Which pairs make up a batch, and which wrong pose each is shown beside."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodside.types import FloatArray
from goodside_train.rotation.pairs.pairs import Pairs
from goodside_train.rotation.recipe import RotationRecipe

_JITTER = 0.015  # of the frame's side: standard deviation of a wrong pose's landmarks


def draw_batch(
    pairs: Pairs, *, recipe: RotationRecipe, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Draw a batch in the recipe's shares: rendered heads, turns away, all the rest.

    What there is none of is replaced by the rest, and at least one pair has a true target if any
    has. The kinds follow one another, so that processes that take every n-th get their share.

    Args:
        pairs: to draw from.
        recipe: says how many.
        rng: source of the draws.

    Returns:
        (batch,) indices.
    """
    heads = np.flatnonzero(~pairs.photo)
    away = np.flatnonzero(pairs.photo & ~pairs.true)
    rest = np.flatnonzero(pairs.photo & pairs.true)
    if not len(rest):
        rest = heads if len(heads) else away
    from_heads = round(recipe.batch * recipe.head_share) if len(heads) else 0
    from_away = round(recipe.batch * recipe.forward_share) if len(away) else 0
    from_away = min(from_away, recipe.batch - 1 - from_heads) if from_heads < recipe.batch else 0
    counts = (from_heads, from_away, recipe.batch - from_heads - from_away)
    drawn = [
        rng.choice(group, count)
        for group, count in zip((heads, away, rest), counts, strict=True)
        if count
    ]
    return np.concatenate(drawn).astype(np.int64)


def farthest_points(points: FloatArray, *, rng: np.random.Generator) -> FloatArray:
    """For every pair, the landmarks of the batch that are farthest from its own, jittered.

    Poses drawn at random are often nearly the pair's own, from which an agent learns nothing.

    Args:
        points: (N, K, 2) landmarks as shares of the frame's side.
        rng: source of the jitter, which keeps a batch of one pose from being its own opposite.

    Returns:
        (N, K, 2) float32.
    """
    apart = np.linalg.norm(points[:, None] - points[None], axis=-1).mean(axis=-1)
    farthest = points[apart.argmax(axis=1)]
    jittered: FloatArray = (farthest + rng.normal(0, _JITTER, points.shape)).astype(np.float32)
    return jittered
