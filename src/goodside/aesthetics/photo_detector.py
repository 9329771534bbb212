"""Whether a picture is a photograph at all, and one like those the network learnt from.

A network that learnt from photographs gives every picture a score, white noise and a page of text
too. A logistic regression on its shared features, fitted between photographs and made pictures of a
dozen kinds when the weights were finished, tells when not to believe it; it stands in the weights'
card (fact `photo_detector`).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from goodside.errors import WeightsError
from goodside.runtime import ModelCard
from goodside.types import FloatArray, PhotoVerdict

FACT = "photo_detector"
"""The card's fact that holds a detector, and the metric that tells how good it is."""


@dataclass(frozen=True, slots=True)
class PhotoDetector:
    """A fitted detector for the features of one network.

    Attributes:
        weights: (D,) float32 of the logistic regression.
        bias: of the logistic regression.
        bound: a picture of a lower chance is no photograph.
        familiar_from: a picture of a lower chance is unlike what the network learnt from; at least
            `bound`.
    """

    weights: FloatArray
    bias: float
    bound: float
    familiar_from: float

    def chances(self, features: FloatArray) -> FloatArray:
        """The chance that each picture is a photograph, (N, D) -> (N,) within 0-1.

        Raises:
            WeightsError: the features are not those of the detector's network.
        """
        if features.shape[1] != len(self.weights):
            raise WeightsError(
                f"the card's {FACT} is of another network: it reads {len(self.weights)} features, "
                f"there are {features.shape[1]}"
            )
        odds = features.astype(np.float64) @ self.weights.astype(np.float64) + self.bias
        chances: FloatArray = (0.5 * (1 + np.tanh(0.5 * odds))).astype(np.float32)
        return chances

    def judge(self, features: FloatArray) -> tuple[PhotoVerdict, ...]:
        """The verdict on each picture, (N, D) -> N.

        Raises:
            WeightsError: as for `chances`.
        """
        return tuple(
            PhotoVerdict(
                chance=float(chance),
                is_photo=bool(chance >= self.bound),
                is_familiar=bool(chance >= self.familiar_from),
            )
            for chance in self.chances(features)
        )

    def as_fact(self) -> dict[str, Any]:
        """The detector for a card: the weights as base64 of little-endian float16."""
        text = base64.b64encode(self.weights.astype("<f2").tobytes()).decode("ascii")
        return {
            "weights": text,
            "bias": round(self.bias, 4),
            "bound": round(self.bound, 5),
            "familiar_from": round(self.familiar_from, 5),
        }


def read_photo_detector(card: ModelCard) -> PhotoDetector | None:
    """The detector of a card; None where it has none.

    Raises:
        WeightsError: the fact is there, but is no detector.
    """
    fact = card.facts.get(FACT)
    if fact is None:
        return None
    try:
        if not isinstance(fact, Mapping):
            raise ValueError("it is no table")
        raw = base64.b64decode(fact["weights"], validate=True)
        weights = np.frombuffer(raw, "<f2").astype(np.float32)
        figures = [float(fact[name]) for name in ("bias", "bound", "familiar_from")]
        if not (len(weights) and np.isfinite(weights).all() and np.isfinite(figures).all()):
            raise ValueError("it holds something else than finite numbers")
        return PhotoDetector(weights, *figures)
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise WeightsError(
            f"the card of {card.name} cannot be read: {FACT}: {error}",
            remedy="reinstall goodside, or point GOODSIDE_WEIGHTS_DIR at a complete folder",
        ) from error
