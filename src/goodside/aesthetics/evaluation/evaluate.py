"""How well assessments agree with people: every figure the literature uses, with intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.evaluation import metrics
from goodside.aesthetics.evaluation.labels import labels_in
from goodside.tags import tag_key
from goodside.types import Assessment, Json

_WITHOUT_INTERVAL = ("majority", "calibration")
"""The majority is no figure of the network; resampling biases the calibration error upward."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What people said about N photographs.

    Attributes:
        score: (N,) mean scores on the 1-10 scale.
        high_from: scores at or above this one count as high quality.
        distribution: (N, 10) shares of the scores 1 ... 10, NaN in rows without; or None.
        semantic: the labels of a photograph, `;` or `|` between several, in any case of letters
            and with or without spaces; None where it has none, or None altogether.
        in_points: whether `score` is on the 1-10 scale; errors in points are left out where it is
            on an unknown one.
    """

    score: NDArray[np.floating[Any]]
    high_from: float
    distribution: NDArray[np.floating[Any]] | None = None
    semantic: Sequence[str | None] | None = None
    in_points: bool = True


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Agreement with people; None where the truth does not allow a figure.

    Attributes:
        n: photographs compared.
        srcc, plcc: rank and linear correlation of the scores; None where people's are all equal.
        mae: mean absolute error, in points.
        emd: mean earth mover's distance of the distributions, in points.
        accuracy: of high against low quality at a probability of one half.
        majority: what guessing the larger class would reach.
        balanced_accuracy, auc: of the same task, untouched by the classes' sizes.
        calibration: expected calibration error of the probability of high quality.
        semantic_top1, semantic_map: share of first tags that are among the photograph's labels,
            and mean average precision.
        intervals: 95 % bootstrap intervals of the figures above but `majority` and `calibration`.
    """

    n: int
    srcc: float | None = None
    plcc: float | None = None
    mae: float | None = None
    emd: float | None = None
    accuracy: float | None = None
    majority: float | None = None
    balanced_accuracy: float | None = None
    auc: float | None = None
    semantic_top1: float | None = None
    semantic_map: float | None = None
    calibration: float | None = None
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)

    def as_json(self, *, digits: int = 4) -> Json:
        """The same as plain numbers, rounded; None stays None."""
        record: Json = {}
        for name, value in asdict(self).items():
            if isinstance(value, dict):
                record[name] = {k: [round(v, digits) for v in pair] for k, pair in value.items()}
            else:
                record[name] = round(value, digits) if isinstance(value, float) else value
        return record


def measure(
    assessments: Sequence[Assessment], truth: Truth, *, seed: int = 0, draws: int = 300
) -> Evaluation:
    """Compare assessments with what people said.

    Args:
        assessments: one a photograph, in the truth's order.
        truth: of the same photographs.
        seed: of the bootstrap.
        draws: resamples for the intervals; 0 leaves them out.

    Raises:
        ValueError: the two do not have the same length, or are empty.
    """
    count = len(assessments)
    if count == 0 or count != len(truth.score):
        raise ValueError(f"expected {len(truth.score)} assessments and at least one, got {count}")
    figures = _figures(assessments, truth)
    everyone = np.arange(count)
    values = {name: _or_none(figure(everyone)) for name, figure in figures.items()}
    rng = np.random.default_rng(seed)
    intervals = {
        name: metrics.bootstrap(figure, count=count, rng=rng, draws=draws)
        for name, figure in figures.items()
        if draws and values[name] is not None and name not in _WITHOUT_INTERVAL
    }
    return Evaluation(n=count, intervals=intervals, **values)


def _figures(
    assessments: Sequence[Assessment], truth: Truth
) -> dict[str, Callable[[NDArray[np.int64]], float]]:
    """Each figure as a function of the rows it is computed on."""
    score = np.array([a.aesthetic.score for a in assessments])
    chance = np.array([a.aesthetic.high_quality for a in assessments])
    high = np.asarray(truth.score) >= truth.high_from
    called = chance >= 0.5
    figures: dict[str, Callable[[NDArray[np.int64]], float]] = {
        "accuracy": lambda rows: float((called[rows] == high[rows]).mean()),
        "majority": lambda rows: float(max(high[rows].mean(), 1 - high[rows].mean())),
        "balanced_accuracy": lambda rows: metrics.balanced_accuracy(called[rows], high[rows]),
        "auc": lambda rows: metrics.auc(chance[rows], high[rows]),
        "calibration": lambda rows: metrics.calibration_error(chance[rows], high[rows]),
    }
    if np.ptp(truth.score) > 0:
        figures["srcc"] = lambda rows: metrics.srcc(score[rows], truth.score[rows])
        figures["plcc"] = lambda rows: metrics.plcc(score[rows], truth.score[rows])
    if truth.in_points:
        figures["mae"] = lambda rows: metrics.mae(score[rows], truth.score[rows])
    if truth.distribution is not None:
        figures["emd"] = _moved(assessments, truth.distribution)
    if truth.semantic is not None:
        figures.update(_semantic_figures(assessments, truth.semantic))
    return figures


def _moved(
    assessments: Sequence[Assessment], votes: NDArray[np.floating[Any]]
) -> Callable[[NDArray[np.int64]], float]:
    shares = np.array([a.aesthetic.distribution for a in assessments])
    voted = np.isfinite(votes).all(axis=1)

    def emd(rows: NDArray[np.int64]) -> float:
        kept = rows[voted[rows]]
        return metrics.emd(shares[kept], votes[kept]) if len(kept) else math.nan

    return emd


def _semantic_figures(
    assessments: Sequence[Assessment], semantic: Sequence[str | None]
) -> dict[str, Callable[[NDArray[np.int64]], float]]:
    labels = sorted(tag.label for tag in assessments[0].semantics)
    named = [{tag_key(label) for label in labels_in(text)} for text in semantic]
    by_label = [{tag.label: tag.probability for tag in a.semantics} for a in assessments]
    scores = np.array([[row[label] for label in labels] for row in by_label])
    positive = np.array([[tag_key(label) in names for label in labels] for names in named])
    known: NDArray[np.bool_] = np.any(positive, axis=1)

    def top1(rows: NDArray[np.int64]) -> float:
        kept = rows[known[rows]]
        if len(kept) == 0:
            return math.nan
        return float(positive[kept, scores[kept].argmax(axis=1)].mean())

    def mean_precision(rows: NDArray[np.int64]) -> float:
        kept = rows[known[rows]]
        return metrics.mean_average_precision(scores[kept], positive[kept])

    return {"semantic_top1": top1, "semantic_map": mean_precision}


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value
