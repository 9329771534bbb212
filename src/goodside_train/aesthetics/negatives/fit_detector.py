"""The detector of pictures that are no photographs, fitted on the features of finished weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from goodside.aesthetics.photo_detector import PhotoDetector
from goodside.types import FloatArray, Json, RgbImage

_FALSE_ALARMS = 0.002
"""Share of the development photographs that may be called no photograph."""
_UNFAMILIAR = 0.01
"""Share of the development photographs that may be called unlike the others."""
_DECAY = 3e-3


@dataclass(frozen=True, slots=True)
class DetectorFeatures:
    """Features, (N, D) float32, of three sets of pictures.

    Attributes:
        photos, negatives: to fit on.
        development: photographs to choose the bounds on.
    """

    photos: FloatArray
    negatives: FloatArray
    development: FloatArray


def fit_detector(features: DetectorFeatures) -> PhotoDetector:
    """Fit a detector, and choose its bounds.

    A picture is no photograph below the chance that 0.2 % of the development photographs stay
    under, one half at most; and unlike them below the chance that 1 % stay under.

    Args:
        features: of pictures that are nowhere else reported on.
    """
    centre = features.photos.mean(axis=0)
    spread = features.photos.std(axis=0) + 0.02
    weights, bias = _logistic(
        (features.photos - centre) / spread, (features.negatives - centre) / spread
    )
    plain = (weights / spread).astype(np.float16).astype(np.float32)  # as the card keeps it
    bias -= float(centre @ plain)
    chances = PhotoDetector(plain, bias, 0.5, 0.5).chances(features.development)
    bound = max(min(0.5, float(np.quantile(chances, _FALSE_ALARMS))), 1e-4)
    return PhotoDetector(plain, bias, bound, max(bound, float(np.quantile(chances, _UNFAMILIAR))))


def detection_figures(
    detector: PhotoDetector,
    *,
    photos: FloatArray,
    negatives: FloatArray,
    kinds: Sequence[str],
) -> Json:
    """How well a detector tells photographs from made pictures it was not fitted on.

    Args:
        detector: to measure.
        photos: (N, D) features of photographs.
        negatives: (K, D) features of pictures that are none.
        kinds: of the K pictures.

    Returns:
        `photos` and `negatives` (counts), `false_alarms` and `unfamiliar_photos` (shares of the
        photographs), `found` and `unfamiliar` (shares of the negatives), `found_by_kind`.
    """
    right, wrong = detector.chances(photos), detector.chances(negatives)
    found = wrong < detector.bound
    kind = np.array(kinds)
    return {
        "photos": len(photos),
        "negatives": len(negatives),
        "false_alarms": _share(right < detector.bound),
        "unfamiliar_photos": _share(right < detector.familiar_from),
        "found": _share(found),
        "unfamiliar": _share(wrong < detector.familiar_from),
        "found_by_kind": {name: _share(found[kind == name]) for name in dict.fromkeys(kinds)},
    }


def without_colour(photos: RgbImage) -> RgbImage:
    """The same photographs in black and white, (N, S, S, 3): photographs all the same."""
    return np.stack(
        [np.asarray(Image.fromarray(photo).convert("L").convert("RGB")) for photo in photos]
    )


def _logistic(photos: FloatArray, negatives: FloatArray) -> tuple[FloatArray, float]:
    """Weights and bias of a regression in which both sides count the same."""
    inputs = torch.from_numpy(np.concatenate([photos, negatives]).astype(np.float32))
    count = len(photos), len(negatives)
    target = torch.cat([torch.ones(count[0]), torch.zeros(count[1])])
    weight = torch.cat([torch.full((side,), 0.5 / side) for side in count])
    coefficients = torch.zeros(inputs.shape[1], requires_grad=True)
    bias = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([coefficients, bias], max_iter=300, line_search_fn="strong_wolfe")

    def closure() -> float:
        optimizer.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            inputs @ coefficients + bias, target, weight=weight, reduction="sum"
        )
        loss = loss + _DECAY * coefficients.square().sum()
        torch.autograd.backward(loss)
        return float(loss.detach())

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    return coefficients.detach().numpy(), float(bias.detach())


def _share(hits: NDArray[np.bool_]) -> float:
    return round(float(hits.mean()), 4) if len(hits) else float("nan")
