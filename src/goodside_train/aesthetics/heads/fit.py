"""From labels and an encoder's features to heads: every head is linear and fitted in closed form.

Score, spread, technical quality and attributes are ridge regressions; high quality and tags are
ridge regressions on -1 and 1 whose decisions on rows left out are turned into log odds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.encoders.heads import EncoderHeads, LinearHead, unit_rows
from goodside.aesthetics.scores import BINS, MIDDLE, USUAL_SPREAD
from goodside.types import FloatArray
from goodside_train.aesthetics.datasets.labels import Labels, known_rows
from goodside_train.aesthetics.heads.ridge import RidgeFit, RidgeProblem, fit_odds

FEWEST = 10
"""Rated photographs that heads can be learnt from at all."""
_FEWEST_OF_A_KIND = 5
"""Photographs with a tag, and as many without it, for a head of its own."""
_FEWEST_TO_FIT = 4
_LEAST_SPREAD = 0.3


@dataclass(frozen=True, slots=True)
class HeadKinds:
    """Which heads beside score and quality there is enough to learn from."""

    spread: bool
    semantic: bool
    technical: bool
    attributes: bool

    @classmethod
    def of(cls, labels: Labels) -> HeadKinds:
        """Those with `FEWEST` labelled photographs; attributes stand beside technical quality."""
        technical = np.isfinite(labels.quality).sum() >= FEWEST
        return cls(
            spread=bool(labels.true_votes.sum() >= FEWEST),
            semantic=bool(known_rows(labels.tags).sum() >= FEWEST),
            technical=bool(technical),
            attributes=bool(technical and known_rows(labels.attributes).sum() >= FEWEST),
        )


@dataclass(frozen=True, slots=True)
class FittedHeads:
    """Heads, and what they say of photographs that each was fitted without.

    Attributes:
        heads: of all rows.
        left_out_score: (N,) scores, each by a fit without its row.
    """

    heads: EncoderHeads
    left_out_score: NDArray[np.float64]


def fit_heads(features: FloatArray, labels: Labels, *, kinds: HeadKinds) -> FittedHeads:
    """Fit heads.

    Args:
        features: (N, D) embeddings of the encoder.
        labels: of the same N, at least two.
        kinds: which heads.
    """
    directions = unit_rows(features)
    every = RidgeProblem(directions)
    score = every.fit(labels.score[:, None])
    high = every.fit(np.where(labels.high > 0, 1.0, -1.0)[:, None])
    heads = EncoderHeads(
        centre=directions.mean(axis=0),
        score=score.head,
        spread=_fit_spread(directions, labels, every=every)
        if kinds.spread
        else _constant(np.log([USUAL_SPREAD]), width=directions.shape[1]),
        quality=_as_odds(high, labels.high[:, None] > 0),
        semantic=_fit_tags(directions, labels, every=every) if kinds.semantic else None,
        technical=_fit_known(directions, labels.quality[:, None], every=every)
        if kinds.technical
        else None,
        attributes=_fit_known(directions, labels.attributes, every=every)
        if kinds.attributes
        else None,
    )
    return FittedHeads(heads, score.left_out[:, 0].clip(1, 10))


def _fit_spread(directions: FloatArray, labels: Labels, *, every: RidgeProblem) -> LinearHead:
    """The logarithm of the spread of the votes, where they are known."""
    shares = labels.distribution.astype(np.float64)
    variance = shares @ BINS**2 - (shares @ BINS) ** 2
    target = np.log(np.sqrt(variance.clip(min=0)).clip(min=_LEAST_SPREAD))[:, None]
    target[~labels.true_votes] = np.nan
    return _fit_known(directions, target, every=every)


def _fit_known(
    directions: FloatArray, values: NDArray[np.floating[Any]], *, every: RidgeProblem
) -> LinearHead:
    """A regression on rows where all values are known; the mean where they are too few."""
    known = known_rows(values)
    if known.sum() < _FEWEST_TO_FIT:
        mean = np.nan_to_num(values[known].mean(axis=0)) if known.any() else MIDDLE
        return _constant(np.full(values.shape[1], mean), width=directions.shape[1])
    problem = every if known.all() else RidgeProblem(directions[known])
    return problem.fit(values[known]).head


def _fit_tags(directions: FloatArray, labels: Labels, *, every: RidgeProblem) -> LinearHead:
    """Log odds of each tag; of one that hardly any row has, or lacks, its share alone."""
    known = known_rows(labels.tags)
    has = labels.tags[known] > 0.5
    if known.sum() < _FEWEST_TO_FIT:
        odds = np.log((has.sum(axis=0) + 1) / ((~has).sum(axis=0) + 1))
        return _constant(odds, width=directions.shape[1])
    problem = every if known.all() else RidgeProblem(directions[known])
    return _as_odds(problem.fit(np.where(has, 1.0, -1.0)), has)


def _constant(values: NDArray[np.floating[Any]], *, width: int) -> LinearHead:
    """A head that says the same of every photograph."""
    bias = np.asarray(values, dtype=np.float32)
    return LinearHead(np.zeros((width, len(bias)), np.float32), bias)


def _as_odds(fit: RidgeFit, positive: NDArray[np.bool_]) -> LinearHead:
    """The head of decisions, (N, K), as one of log odds."""
    slopes, offsets = np.zeros(positive.shape[1]), np.zeros(positive.shape[1])
    for column in range(positive.shape[1]):
        has = positive[:, column]
        few = min(has.sum(), (~has).sum()) < _FEWEST_OF_A_KIND
        if few:
            offsets[column] = np.log((has.sum() + 1) / ((~has).sum() + 1))
        else:
            slopes[column], offsets[column] = fit_odds(fit.left_out[:, column], has)
    return LinearHead(
        (fit.head.weights * slopes).astype(np.float32),
        (fit.head.bias * slopes + offsets).astype(np.float32),
    )
