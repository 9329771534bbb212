"""Shipped weights against a data set's validation rows and against made pairs; needs no torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics import Assessor, Truth, measure
from goodside.runtime import WeightsStore
from goodside.types import Assessment, Json, RgbImage
from goodside_train.aesthetics.datasets.labels import Labels
from goodside_train.aesthetics.datasets.layouts import open_dataset
from goodside_train.aesthetics.degradations import DEGRADATIONS

ORDER_PHOTOS = 200
"""How many validation photographs are degraded for the figures on made pairs."""

_STORED_PX = 224
_CHUNK = 16


def evaluate_on(
    data: Path,
    *,
    weights: Path | None,
    model: str,
    layout: str | None = None,
    test: bool = False,
    seed: int = 0,
) -> Json:
    """Every figure of a model on a data set's validation rows, or on its official test part.

    Args:
        data: folder of a data set, see `datasets.layouts`.
        weights: folder of weights; by default those in the package.
        model: their name.
        layout: of the data, by default told from its files.
        test: measure on the official test part.
        seed: of the bootstrap and of the degraded copies.

    Returns:
        The evaluation, with the shares of made pairs in the right order under `made_pairs`.
    """
    labels, photos = open_dataset(
        data,
        size_px=_STORED_PX,
        layout=layout,
        test=test,
        choose=lambda labels: np.flatnonzero(labels.validation),
    )
    assessor = Assessor(store=WeightsStore(weights), model=model)
    assessments = assess_all(assessor, photos)
    truth = validation_truth(labels, np.arange(len(labels)))
    shares = share_in_right_order(
        photos[:ORDER_PHOTOS],
        scores=[one.aesthetic.score for one in assessments[:ORDER_PHOTOS]],
        score=lambda pictures: [one.aesthetic.score for one in assess_all(assessor, pictures)],
        seed=seed,
    )
    return {**measure(assessments, truth, seed=seed).as_json(), "made_pairs": shares}


def assess_all(assessor: Assessor, photos: RgbImage | Sequence[RgbImage]) -> list[Assessment]:
    """Assess any number of decoded photographs, a few at a time."""
    return [
        one
        for start in range(0, len(photos), _CHUNK)
        for one in assessor.assess_batch(list(photos[start : start + _CHUNK]))
    ]


def validation_truth(labels: Labels, rows: NDArray[np.int64]) -> Truth:
    """What people said about some rows, in the runtime's terms."""
    return Truth(
        score=labels.score[rows],
        high_from=labels.high_from,
        distribution=np.where(
            labels.true_votes[rows, None], labels.distribution[rows], np.nan
        ),  # the others' bells are made up
        semantic=[
            ";".join(name for name, tag in zip(labels.tag_names, tags, strict=True) if tag > 0.5)
            for tags in labels.tags[rows]
        ],
    )


def share_in_right_order(
    photos: RgbImage | Sequence[RgbImage],
    *,
    scores: Sequence[float],
    score: Callable[[Sequence[RgbImage]], Sequence[float]],
    seed: int = 0,
) -> dict[str, float]:
    """Share of photographs that score above their degraded copy, for each kind and together.

    Args:
        photos: N originals.
        scores: of the originals.
        score: scores any number of pictures.
        seed: of the degradations' strengths.
    """
    rng = np.random.default_rng(seed)
    shares: dict[str, float] = {}
    for kind, degrade in DEGRADATIONS.items():
        copies = score([degrade(np.asarray(photo), rng) for photo in photos])
        ahead = [original > copy for original, copy in zip(scores, copies, strict=True)]
        shares[kind] = round(float(np.mean(ahead)), 4)
    return {**shares, "all": round(float(np.mean(list(shares.values()))), 4)}
