"""Damage to the network's input that keeps it from learning to copy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from goodside.images import resize
from goodside.types import RgbImage
from goodside_train.rotation.pairs.pairs import Pairs

_COARSE = 12  # a spoilt picture has this many texels to a side of its own
_GREY = 128
_LOW = 128  # below this confidence, of 255, a texel is spoilt
_LEFT = {"erase": 0.0, "stretch": 0.35, "blur": 0.35}
"""What is left of the confidence where a patch is spoilt; what was less stays as it is."""


def damage(pairs: Pairs, *, rng: np.random.Generator, probability: float) -> Pairs:
    """Erase, stretch or blur what the warped pictures of some pairs show least well.

    Spoilt are the texels of low confidence and a patch anywhere, whose confidence then says so.
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
        kind = list(_LEFT)[rng.integers(len(_LEFT))]
        height, width = (int(size_px * s) for s in rng.uniform(0.08, 0.3, 2))
        top, left = (int(rng.uniform(0.1, 0.9) * (size_px - s)) for s in (height, width))
        patch = (i, slice(top, top + height), slice(left, left + width))
        where = confidence[i] < _LOW
        where[patch[1:]] = True
        warped[i][where] = _spoilt(warped[i], kind=kind, where=where)[where]
        most = np.uint8(255 * _LEFT[kind])
        confidence[patch] = np.minimum(confidence[patch], most)
        if rng.random() < 0.5:
            mirrored[patch] = warped[patch]
            mirrored_confidence[patch] = np.minimum(mirrored_confidence[patch], most)
    return replace(
        pairs,
        warped=warped,
        mirrored=mirrored,
        confidence=confidence,
        mirrored_confidence=mirrored_confidence,
    )


def spoil_drafts(pairs: Pairs, *, rng: np.random.Generator, dropout: float, coarse: float) -> Pairs:
    """Withhold the drafts of some pairs, and show those of some others without their detail.

    A network that always has a good draft need not look at the pose images, and does not.

    Args:
        pairs: P pairs; not changed.
        rng: decides which.
        dropout: share of the pairs whose draft is grey and known nowhere.
        coarse: share of the others whose draft, and its mirror half, have 12 texels to a side.
    """
    lots = rng.random((2, len(pairs)))
    gone, blurred = lots[0] < dropout, lots[1] < coarse
    spoilt = {}
    for name in ("warped", "mirrored"):
        pictures = getattr(pairs, name).copy()
        everywhere = np.ones(pictures.shape[1:3], np.bool_)
        for i in np.flatnonzero(blurred & ~gone):
            pictures[i] = _spoilt(pictures[i], kind="blur", where=everywhere)
        pictures[gone] = _GREY
        spoilt[name] = pictures
    for name in ("confidence", "mirrored_confidence"):
        spoilt[name] = np.where(gone[:, None, None], np.uint8(0), getattr(pairs, name))
    return replace(pairs, **spoilt)


def jitter_colours(pairs: Pairs, *, rng: np.random.Generator, max_change: float) -> Pairs:
    """Pairs in other colours: a gain a channel, one for all pictures of a pair.

    Args:
        pairs: P pairs; not changed.
        rng: source of the gains.
        max_change: largest change of a gain from 1.
    """
    gain = rng.uniform(1 - max_change, 1 + max_change, (len(pairs), 1, 1, 3)).astype(np.float32)
    pictures = {
        name: np.clip(getattr(pairs, name) * gain, 0, 255).astype(np.uint8)
        for name in ("source", "target", "warped", "mirrored")
    }
    return replace(pairs, **pictures)


def _spoilt(picture: RgbImage, *, kind: str, where: NDArray[np.bool_]) -> RgbImage:
    """(S, S, 3) the whole picture without its detail: flat, in wide texels, or blurred."""
    size_px = len(picture)
    if kind == "erase":
        return np.broadcast_to(picture[where].mean(axis=0).astype(np.uint8), picture.shape)
    if kind == "stretch":
        step = max(2, size_px // _COARSE)
        return picture[:, np.arange(size_px) // step * step]
    small = resize(picture, width_px=_COARSE, height_px=_COARSE, kernel="box")
    return resize(small, width_px=size_px, height_px=size_px, kernel="bicubic")
