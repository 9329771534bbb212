"""Damage to the network's input that keeps it from learning to copy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from goodside_train.rotation.pairs import Pairs


def damage(pairs: Pairs, *, rng: np.random.Generator, probability: float) -> Pairs:
    """Erase a patch of some pairs' warped pictures and say so in their confidence.

    Without it the network learns to copy: a photograph turned a little is nearly the answer.

    Args:
        pairs: P pairs; not changed.
        rng: source of the patches.
        probability: share of the pairs that are damaged.
    """
    warped, mirrored = pairs.warped.copy(), pairs.mirrored.copy()
    confidence = pairs.confidence.copy()
    mirrored_confidence = pairs.mirrored_confidence.copy()
    size_px = warped.shape[1]
    for i in range(len(pairs)):
        if rng.random() >= probability:
            continue
        height, width = (int(size_px * s) for s in rng.uniform(0.08, 0.3, 2))
        top, left = (int(rng.uniform(0.1, 0.9) * (size_px - s)) for s in (height, width))
        patch = (i, slice(top, top + height), slice(left, left + width))
        warped[patch] = warped[patch].mean(axis=(0, 1))
        confidence[patch] = 0
        if rng.random() < 0.5:
            mirrored[patch] = warped[patch]
            mirrored_confidence[patch] = 0
    return replace(
        pairs,
        warped=warped,
        mirrored=mirrored,
        confidence=confidence,
        mirrored_confidence=mirrored_confidence,
    )
