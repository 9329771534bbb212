"""Learning a taste from a few dozen ratings: Bayesian linear regression around the general score.

A rating is taken as 0.7 times the general score (in standard deviations of both), plus what is the
person's own: a correction to that factor, and linear functions of the embedding's direction and of
the tags, all with Gaussian priors (Rasmussen and Williams, "Gaussian Processes for Machine
Learning", 2006, chapter 2). With few ratings the priors speak, and the taste is the general score.
How much is the person's own is weighed by the closed form of the leave-one-out error (section
5.4.2), "nothing" having half of the prior. A pair is a difference of two photographs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.evaluation import metrics
from goodside.aesthetics.ratings import Ratings, read_ratings
from goodside.aesthetics.taste import Agreement, Taste, Traits
from goodside.errors import ImageError

if TYPE_CHECKING:
    from goodside.aesthetics.assess import Assessor

_SLOPE, _SLOPE_VARIANCE = 0.7, 0.3
_SHARES = (0.0, 0.03, 0.1, 0.3, 1.0, 3.0)
_LEAST_SPREAD = 0.25  # points: photographs of one score do not blow the factor up
_SPREAD_ALONE = 1.5  # points: of a taste's scores where there is no general score
_PAIR_GAP = 2 / np.sqrt(np.pi)  # expected distance of two draws from a normal distribution
_FOLDS = 10
_MOST_PAIRS = 200  # held out one by one
_DRAWS = 300

_Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Problem:
    """Ratings as a regression: one row a rating or a pair.

    Attributes:
        target: (P,) in standard deviations of the ratings.
        general: (P,) the general score likewise.
        own: (P, D + M) the other traits, of mean square length 1.
        photos: (P, 2) numbers of the photographs in a row; the same one twice but for pairs.
    """

    target: _Matrix
    general: _Matrix
    own: _Matrix
    photos: NDArray[np.int64]

    def take(self, rows: NDArray[np.int64]) -> _Problem:
        return _Problem(self.target[rows], self.general[rows], self.own[rows], self.photos[rows])


@dataclass(frozen=True, slots=True)
class _Fit:
    slope: float
    weights: _Matrix
    share: float

    def predict(self, problem: _Problem) -> _Matrix:
        found: _Matrix = self.slope * problem.general + problem.own @ self.weights
        return found


def learn_taste(
    ratings: Ratings | str | Path,
    *,
    assessor: Assessor,
    photos: str | Path | None = None,
    on_error: Callable[[Path, ImageError], None] | None = None,
    seed: int = 0,
) -> Taste:
    """Learn a taste.

    Args:
        ratings: or the CSV file they stand in.
        assessor: whose weights see the photographs.
        photos: the folder of the photographs, where a file is given; by default the file's.
        on_error: called with a photograph that cannot be read, which is left out; by default the
            first one raises.
        seed: of the folds and the bootstrap.

    Raises:
        SettingsError: the table cannot be read, or there are too few ratings.
        ImageError: a photograph cannot be read.
        WeightsError: the weights are missing or corrupt.
    """
    table = None
    if not isinstance(ratings, Ratings):
        table, ratings = Path(ratings), read_ratings(ratings, photos=photos)
    seen: list[Traits] = []
    unusable: set[int] = set()
    for index, found in enumerate(assessor.traits_each(ratings.paths)):
        if isinstance(found, Traits):
            seen.append(found)
        elif on_error is None:
            raise found
        else:
            on_error(ratings.paths[index], found)
            unusable.add(index)
    ratings = ratings.without(unusable)
    ratings.check(path=table)
    traits = Traits(
        np.concatenate([one.score for one in seen]),
        np.concatenate([one.embedding for one in seen]),
        np.concatenate([one.tags for one in seen]),
        has_score=all(one.has_score for one in seen),
    )
    card = assessor.card
    return fit_taste(ratings, traits, model=card.identifier, sha256=card.fingerprint, seed=seed)


def fit_taste(ratings: Ratings, traits: Traits, *, model: str, sha256: str, seed: int = 0) -> Taste:
    """Learn a taste from what the network saw in the rated photographs.

    Args:
        ratings: of N photographs.
        traits: of the same.
        model, sha256: of the weights.
        seed: of the folds and the bootstrap.
    """
    directions, tags = traits.directions(), np.asarray(traits.tags, dtype=np.float64)
    shift = (directions.mean(axis=0), tags.mean(axis=0))
    scale = (_length(directions - shift[0]), _length(tags - shift[1]))
    own = np.concatenate([(directions - shift[0]) / scale[0], (tags - shift[1]) / scale[1]], axis=1)
    middle, spread = float(traits.score.mean()), max(float(traits.score.std()), _LEAST_SPREAD)
    if not traits.has_score:
        spread = _SPREAD_ALONE
    problem = _problem(ratings, general=(traits.score - middle) / spread, own=own)
    fit = _fitted(problem)
    width = directions.shape[1]
    on_embedding = _brief(spread * fit.weights[:width] / scale[0])
    on_tags = _brief(spread * fit.weights[width:] / scale[1])
    base = middle - fit.slope * middle - float(shift[0] @ on_embedding + shift[1] @ on_tags)
    return Taste(
        model=model,
        sha256=sha256,
        ratings=len(ratings),
        kind=ratings.kind,
        share=fit.share,
        agreement=_agreement(ratings, problem, rng=np.random.default_rng(seed)),
        base=base,
        on_score=fit.slope,
        on_embedding=tuple(on_embedding.tolist()),
        on_tags=tuple(on_tags.tolist()),
    )


def _brief(weights: _Matrix) -> _Matrix:
    """To six digits, as they stand in the file."""
    return np.array([float(f"{weight:.6g}") for weight in weights])


def _length(centred: _Matrix) -> float:
    """What makes the rows' mean square length one half: embedding and tags weigh the same."""
    return float(np.sqrt(max(2 * (centred**2).sum(axis=1).mean(), 1e-12)))


def _problem(ratings: Ratings, *, general: _Matrix, own: _Matrix) -> _Problem:
    if ratings.kind == "pairs":
        better, worse = ratings.pairs.T
        gap = np.full(len(better), _PAIR_GAP)
        return _Problem(
            gap, general[better] - general[worse], own[better] - own[worse], ratings.pairs
        )
    target = (ratings.score - ratings.score.mean()) / ratings.score.std()
    each = np.arange(len(target))
    return _Problem(target, general, own, np.stack([each, each], axis=1))


def _fitted(problem: _Problem) -> _Fit:
    """The posterior mean, averaged over the shares by how well each foretells ratings left out.

    With the covariance C of the ratings, the error of leaving row i out is
    [C^-1 r]_i / [C^-1]_ii, r being what the prior mean leaves over. A share weighs as much as its
    prior times a power of the mean square error: the likelihood's -n/2, and half of that because
    errors of the same ratings go together. Without any rating it is the prior mean.
    """
    if not len(problem.target):
        return _Fit(_SLOPE, np.zeros(problem.own.shape[1]), 0.0)
    left = problem.target - _SLOPE * problem.general
    of_score = _SLOPE_VARIANCE * np.outer(problem.general, problem.general)
    of_own = problem.own @ problem.own.T
    duals, errors = [], []
    for share in _SHARES:
        inverse = np.linalg.inv(of_score + share * of_own + np.eye(len(left)))
        duals.append(inverse @ left)
        errors.append(max(float(((duals[-1] / inverse.diagonal()) ** 2).mean()), 1e-12))
    likelihood = (min(errors) / np.array(errors)) ** (len(left) / 4)
    weights = likelihood * np.array([1.0, *[1 / (len(_SHARES) - 1)] * (len(_SHARES) - 1)])
    weights /= weights.sum()
    slope = _SLOPE + _SLOPE_VARIANCE * float(problem.general @ (weights @ np.array(duals)))
    own = problem.own.T @ ((weights * np.array(_SHARES)) @ np.array(duals))
    return _Fit(slope, own, float(weights @ np.array(_SHARES)))


def _agreement(ratings: Ratings, problem: _Problem, *, rng: np.random.Generator) -> Agreement:
    """On rows held out: everything is learnt anew without them."""
    rows, predicted = _held_out(problem, pairs=ratings.kind == "pairs", rng=rng)
    general = problem.general[rows]
    figure: Callable[[_Matrix, NDArray[np.int64]], float]
    if ratings.kind == "pairs":
        measure, figure = "pairs", lambda predicted, _: _right_order(predicted)
    elif ratings.kind == "picks":
        picked = ratings.score[rows] > ratings.score.mean()
        measure, figure = "auc", lambda predicted, at: metrics.auc(predicted, picked[at])
    else:
        given = ratings.score[rows]
        measure, figure = "srcc", lambda predicted, at: metrics.srcc(predicted, given[at])
    everyone = np.arange(len(rows))

    def gain(at: NDArray[np.int64]) -> float:
        return figure(predicted[at], at) - figure(general[at], at)

    count = len(rows)
    return Agreement(
        measure=measure,
        taste=figure(predicted, everyone),
        general=figure(general, everyone),
        taste_interval=metrics.bootstrap(
            lambda at: figure(predicted[at], at), count=count, rng=rng, draws=_DRAWS
        ),
        gain_interval=metrics.bootstrap(gain, count=count, rng=rng, draws=_DRAWS),
    )


def _right_order(predicted: _Matrix) -> float:
    """Share of pairs whose better photograph is ahead; a draw counts half."""
    return float((predicted > 0).mean() + 0.5 * (predicted == 0).mean())


def _held_out(
    problem: _Problem, *, pairs: bool, rng: np.random.Generator
) -> tuple[NDArray[np.int64], _Matrix]:
    """Rows, and what a taste learnt without them says of them.

    Of pairs, all that share a photograph with the one held out are left out as well.
    """
    order = rng.permutation(len(problem.target)).astype(np.int64)
    if pairs:
        order = order[:_MOST_PAIRS]
        folds = [order[at : at + 1] for at in range(len(order))]
    else:
        folds = np.array_split(order, min(_FOLDS, len(order)))
    predicted = np.empty(len(problem.target))
    for fold in folds:
        touched = np.isin(problem.photos, problem.photos[fold]).any(axis=1)
        learnt = _fitted(problem.take(np.flatnonzero(~touched)))
        predicted[fold] = learnt.predict(problem.take(fold))
    return order, predicted[order]
