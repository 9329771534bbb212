"""A second population of raters, heard through the model that learnt from it.

The people of one data set share a taste, and a network learns that taste too. A peer that was
trained on the ratings of others errs in other ways: a little of its score in the score that is
learnt makes the score hold for more people.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.scores import BINS
from goodside.types import FloatArray
from goodside_train.aesthetics.datasets.labels import Labels


def mix_in_scores(labels: Labels, peer_scores: FloatArray, *, weight: float) -> Labels:
    """Mix a peer's scores into those of the training rows.

    People's scores s and the peer's v, both standardised, become (s + weight v) / n, where n brings
    the spread back; each distribution is moved by as much as its mean. Validation rows, and the
    classes high and low, stay as people gave them.

    Args:
        labels: of N photographs.
        peer_scores: (N,) the peer's mean scores on any scale.
        weight: of the peer against 1 for people.
    """
    rows = ~labels.validation
    people = labels.score[rows].astype(np.float64)
    peer = peer_scores[rows].astype(np.float64)
    if peer.std() == 0 or people.std() == 0:
        return labels
    own = (people - people.mean()) / people.std()
    mixed = own + weight * (peer - peer.mean()) / peer.std()
    score = np.clip(people.mean() + people.std() * mixed / mixed.std(), BINS[0], BINS[-1])
    scores, shares = labels.score.copy(), labels.distribution.copy()
    scores[rows] = score
    shares[rows] = moved(shares[rows], by=score - people)
    return replace(labels, score=scores, distribution=shares)


def moved(distribution: FloatArray, *, by: NDArray[np.float64]) -> FloatArray:
    """Move distributions along the scale; each share is dealt to the two bins it falls between.

    Args:
        distribution: (N, 10), rows sum to 1.
        by: (N,) points; what would pass an end of the scale stays there.
    """
    last = len(BINS) - 1
    place = np.clip(np.arange(last + 1) + by[:, None], 0, last)
    below = np.minimum(place.astype(np.int64), last - 1)
    upper = place - below
    result = np.zeros(distribution.shape)
    row = np.arange(len(distribution))[:, None]
    np.add.at(result, (row, below), distribution * (1 - upper))
    np.add.at(result, (row, below + 1), distribution * upper)
    return result.astype(np.float32)
