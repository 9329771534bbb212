"""Losses on the order of every two photographs of a batch."""

from __future__ import annotations

import torch
from torch import Tensor

_EPS = 1e-8


def fidelity_loss(
    predicted: Tensor,
    target: Tensor,
    *,
    weight: Tensor,
    predicted_spread: float = 0.5,
    target_spread: float = 0.25,
) -> Tensor:
    """How well the order of every two rows is foretold; the weighted mean over the pairs.

    A score is taken as the mean of a bell (Thurstone's model), so the chance that row i beats row
    j is Phi((s_i - s_j) / (sqrt(2) spread)). With p that chance by the target and q by the
    prediction, the loss is 1 - sqrt(p q) - sqrt((1 - p) (1 - q)), between 0 and 1 (Tsai and others,
    FRank, SIGIR 2007; Zhang and others, UNIQUE, IEEE TIP 2021, for several data sets at once).

    Args:
        predicted, target: (N,) standardised scores of one population.
        weight: (N,) 0 for a row without a score; a pair counts by the product of its rows' weights.
        predicted_spread, target_spread: of the bells.

    Returns:
        A scalar; 0 without a pair.
    """
    first, second = torch.triu_indices(len(predicted), len(predicted), offset=1).unbind()
    share = weight[first] * weight[second]
    told = _chance(predicted[first] - predicted[second], spread=predicted_spread)
    true = _chance(target[first] - target[second], spread=target_spread)
    agreement = (told * true + _EPS).sqrt() + ((1 - told) * (1 - true) + _EPS).sqrt()
    return ((1 - agreement) * share).sum() / share.sum().clamp(min=1e-6)


def _chance(difference: Tensor, *, spread: float) -> Tensor:
    """Phi(difference / (sqrt(2) spread))."""
    return 0.5 * (1 + torch.erf(difference / (2 * spread)))
