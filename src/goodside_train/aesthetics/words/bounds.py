"""From which chance a word is said, and how often it is right then."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.types import FloatArray, Json
from goodside_train.aesthetics.words.fit_head import fold_of_groups

PRECISION = 0.8
"""Share of the photographs kept out of which a word must be right, or it is not shipped."""
FEWEST_RIGHT, FEWEST_SHOWN = 6, 10
"""How many photographs a word must be right of, and how many must show it, to be measured."""

_AIMS = (0.9, 0.85)
"""Precisions that bounds are chosen for, the second where the first fell short: what was chosen for
.8 is below it, on photographs kept out, half of the time."""
_LOWEST = 0.5
_FOLDS, _SEED = 5, 7
_Z = 1.96


@dataclass(frozen=True, slots=True)
class WordFigures:
    """How one word does on photographs that neither its head nor its bound was chosen on.

    Attributes:
        label: the word.
        threshold: chance from which it is said, chosen on all of the photographs.
        shown: how many photographs show it.
        said: of how many it was said.
        right: of how many of these rightly.
    """

    label: str
    threshold: float
    shown: int
    said: int
    right: int

    @property
    def precision(self) -> float:
        """Share of what was said that is right; 0 where nothing was said."""
        return self.right / self.said if self.said else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the precision."""
        if not self.said:
            return 0.0, 1.0
        spread = _Z**2 / self.said
        middle = (self.precision + spread / 2) / (1 + spread)
        half = math.sqrt(self.precision * (1 - self.precision) * spread + spread**2 / 4)
        return max(0.0, middle - half / (1 + spread)), min(1.0, middle + half / (1 + spread))

    @property
    def ships(self) -> bool:
        """Whether it was right often enough, on enough photographs."""
        enough = self.shown >= FEWEST_SHOWN and self.right >= FEWEST_RIGHT
        return enough and self.precision >= PRECISION and self.threshold < 1

    def as_json(self) -> Json:
        """For the card."""
        return {
            "shown": self.shown,
            "said": self.said,
            "right": self.right,
            "precision": round(self.precision, 3),
            "interval": [round(end, 3) for end in self.interval],
            "recall": round(self.right / self.shown, 3) if self.shown else 0.0,
        }


def measure_words(
    words: Sequence[str],
    logits: FloatArray,
    labels: FloatArray,
    *,
    groups: NDArray[np.integer[Any]],
) -> tuple[WordFigures, ...]:
    """Bounds for all words, and figures from bounds that were chosen on other photographs.

    Args:
        words: W labels.
        logits: (N, W) from heads that were not fitted on the photograph.
        labels: (N, W) 1 and 0, NaN where nobody knows: those count neither way.
        groups: (N,) photographs of one group are kept out together.
    """
    fold = fold_of_groups(groups, folds=_FOLDS, seed=_SEED)
    chances = 1 / (1 + np.exp(-logits.astype(np.float64)))
    figures = []
    for column, word in enumerate(words):
        known = np.isfinite(labels[:, column])
        tried = [
            _measure_word(
                word,
                chances[known, column],
                labels[known, column] > 0,
                fold=fold[known],
                precision=aim,
            )
            for aim in _AIMS
        ]
        figures.append(next((one for one in tried if one.ships), tried[0]))
    return tuple(figures)


def _measure_word(
    word: str,
    chances: NDArray[np.floating[Any]],
    truth: NDArray[np.bool_],
    *,
    fold: NDArray[np.integer[Any]],
    precision: float,
) -> WordFigures:
    said = np.zeros(len(chances), bool)
    for number in range(_FOLDS):
        out = fold == number
        bound = choose_threshold(chances[~out], truth[~out], precision=precision)
        said[out] = chances[out] >= bound
    return WordFigures(
        label=word,
        threshold=choose_threshold(chances, truth, precision=precision),
        shown=int(truth.sum()),
        said=int(said.sum()),
        right=int((said & truth).sum()),
    )


def choose_threshold(
    chances: NDArray[np.floating[Any]], truth: NDArray[np.bool_], *, precision: float
) -> float:
    """The lowest chance from which a word is right often enough; 1 where there is none.

    Args:
        chances: (N,).
        truth: (N,) whether the word holds.
        precision: to reach.
    """
    order = np.argsort(-chances, kind="stable")
    right = np.cumsum(truth[order])
    enough = np.flatnonzero(right >= precision * np.arange(1, len(order) + 1))
    if not len(enough):
        return 1.0
    last = int(enough[-1])
    below = float(chances[order[last + 1]]) if last + 1 < len(order) else 0.0
    return max(_LOWEST, (float(chances[order[last]]) + below) / 2)
