"""Words that photographs are searched by: which of them a network is sure of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from goodside.errors import WeightsError
from goodside.runtime import ModelCard
from goodside.types import FloatArray, Tag


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a network, one for each column of its output `word_logits`.

    Attributes:
        labels: the words, W of them.
        thresholds: (W,) probabilities from which a word is said, measured on photographs kept out.
    """

    labels: tuple[str, ...]
    thresholds: FloatArray

    def chosen(self, logits: FloatArray) -> tuple[Tag, ...]:
        """The words that reach their threshold, the most probable first.

        Args:
            logits: (W,) of one photograph.

        Raises:
            WeightsError: the network has not as many words as its card.
        """
        if len(logits) != len(self.labels):
            raise WeightsError(
                f"the card names {len(self.labels)} words, the network gives {len(logits)}"
            )
        chances = 0.5 * (1 + np.tanh(0.5 * logits.astype(np.float64)))
        sure = [
            Tag(label, float(chance))
            for label, chance, threshold in zip(self.labels, chances, self.thresholds, strict=True)
            if chance >= threshold
        ]
        return tuple(sorted(sure, key=lambda tag: -tag.probability))


def read_words(card: ModelCard) -> Words:
    """The words of a card's facts `word_labels` and `word_thresholds`; none where it has none.

    Raises:
        WeightsError: there is not one threshold within 0-1 for each word.
    """
    labels = tuple(str(label) for label in card.facts.get("word_labels", ()))
    try:
        thresholds = np.asarray(card.facts.get("word_thresholds", ()), dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise WeightsError(f"{card.name}: the card's word thresholds are no numbers") from error
    if thresholds.shape != (len(labels),) or not ((thresholds >= 0) & (thresholds <= 1)).all():
        raise WeightsError(f"{card.name}: the card has not one threshold within 0-1 for each word")
    return Words(labels, thresholds)
