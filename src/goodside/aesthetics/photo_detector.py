"""Whether a picture is a photograph at all, and one like those the network learnt from.

A network that learnt from photographs gives every picture a score, white noise and a page of text
too. Two figures on its shared features tell when not to believe it, both fitted when the weights
were made and kept in their card (fact `photo_detector`):

- the chance that the picture is a photograph: a logistic regression between photographs and made
  pictures of a dozen kinds;
- how unlike the photographs it is: the distance of the features from their mean, each feature in
  units of its own spread over photographs, as the root of the mean square (a Mahalanobis distance
  with a diagonal covariance; Lee and others, NeurIPS 2018, use the full one).
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
"""The card's fact that holds a detector."""

_VECTORS = ("weights", "centre", "spread")


@dataclass(frozen=True, slots=True)
class PhotoDetector:
    """A fitted detector for the features of one network.

    Attributes:
        weights: (D,) float32 of the logistic regression, on features in units of their spread.
        bias: of the logistic regression.
        centre, spread: (D,) float32, mean and standard deviation of the features over photographs.
        usual_distance: of 99.5 % of photographs at most; further away is unlike them.
        bound: a picture of a lower chance is no photograph.
    """

    weights: FloatArray
    bias: float
    centre: FloatArray
    spread: FloatArray
    usual_distance: float
    bound: float

    def chances(self, features: FloatArray) -> FloatArray:
        """The chance that each picture is a photograph, (N, D) -> (N,) within 0-1."""
        odds = self._scaled(features) @ self.weights + self.bias
        chances: FloatArray = 0.5 * (1 + np.tanh(0.5 * odds))
        return chances

    def distances(self, features: FloatArray) -> FloatArray:
        """How far each picture is from photographs, (N, D) -> (N,); about 1 for photographs."""
        distances: FloatArray = np.sqrt(np.square(self._scaled(features)).mean(axis=1))
        return distances

    def judge(self, features: FloatArray) -> tuple[PhotoVerdict, ...]:
        """The verdict on each picture, (N, D) -> N."""
        return tuple(
            PhotoVerdict(
                chance=float(chance),
                is_photo=bool(chance >= self.bound),
                distance=float(distance / self.usual_distance),
            )
            for chance, distance in zip(
                self.chances(features), self.distances(features), strict=True
            )
        )

    def as_fact(self) -> dict[str, Any]:
        """The detector for a card: vectors as base64 of little-endian float16."""
        vectors = {name: _text(getattr(self, name)) for name in _VECTORS}
        return {
            **vectors,
            "bias": round(self.bias, 4),
            "usual_distance": round(self.usual_distance, 4),
            "bound": round(self.bound, 4),
        }

    def _scaled(self, features: FloatArray) -> FloatArray:
        return (features.astype(np.float32) - self.centre) / self.spread


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
        weights, centre, spread = (_vector(fact[name]) for name in _VECTORS)
        if not len(weights) == len(centre) == len(spread) or not (spread > 0).all():
            raise ValueError("its vectors do not fit together")
        return PhotoDetector(
            weights=weights,
            bias=float(fact["bias"]),
            centre=centre,
            spread=spread,
            usual_distance=float(fact["usual_distance"]),
            bound=float(fact["bound"]),
        )
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise WeightsError(
            f"the card of {card.name} cannot be read: {FACT}: {error}",
            remedy="reinstall goodside, or point GOODSIDE_WEIGHTS_DIR at a complete folder",
        ) from error


def _text(vector: FloatArray) -> str:
    return base64.b64encode(vector.astype("<f2").tobytes()).decode("ascii")


def _vector(text: str) -> FloatArray:
    vector: FloatArray = np.frombuffer(base64.b64decode(text, validate=True), "<f2").astype(
        np.float32
    )
    if not np.isfinite(vector).all():
        raise ValueError("a vector is not finite")
    return vector
