"""Losses of the aesthetic tasks: pure functions of tensors, each with its reduction stated."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812


def softmax_loss(logits: Tensor, target: Tensor) -> Tensor:
    """Cross-entropy of the high/low task; mean over the batch.

    Args:
        logits: (N, C).
        target: (N,) class indices.
    """
    return F.cross_entropy(logits, target)


def soft_cross_entropy(logits: Tensor, target: Tensor) -> Tensor:
    """Cross-entropy against a distribution; mean over the labelled rows, 0 without any.

    Args:
        logits: (N, C).
        target: (N, C), rows sum to 1; a row with NaN has no label and takes no part.
    """
    known, filled = _known_rows(target)
    per_row = -(filled * F.log_softmax(logits, dim=1)).sum(dim=1)
    return _weighted_mean(per_row, known, weight=None)


def squared_emd(probabilities: Tensor, target: Tensor, *, weight: Tensor | None = None) -> Tensor:
    """Squared earth mover's distance of ordered bins; mean over the bins, then over the batch.

    The distance compares the *cumulative* sums, so that moving weight by two bins costs more than
    moving it by one (Hou, Yu and Samaras, 2016, with r = 2).

    Args:
        probabilities: (N, K), rows sum to 1.
        target: (N, K), rows sum to 1.
        weight: (N,) importance of the rows, all equal by default.
    """
    difference = probabilities.cumsum(dim=1) - target.cumsum(dim=1)
    per_row = difference.square().mean(dim=1)
    if weight is None:
        return per_row.mean()
    return _weighted_mean(per_row, torch.ones_like(weight), weight=weight)


def tag_logistic_loss(logits: Tensor, target: Tensor, *, weight: Tensor | None = None) -> Tensor:
    """Logistic loss of each tag, mean over the tags (the balance lambda = 1/M), then over rows.

    Args:
        logits: (N, M).
        target: (N, M) within 0-1; a row with NaN has no label and takes no part.
        weight: (N,) importance of the rows, all equal by default.

    Returns:
        The weighted mean over the labelled rows; 0 when there is none.
    """
    known, filled = _known_rows(target)
    per_row = F.binary_cross_entropy_with_logits(logits, filled, reduction="none").mean(dim=1)
    return _weighted_mean(per_row, known, weight=weight)


def masked_smooth_l1(predicted: Tensor, target: Tensor, *, beta: float = 1.0) -> Tensor:
    """Smooth L1 over the entries that are not NaN in the target, mean over those; 0 without any.

    Args:
        predicted, target: of one shape.
        beta: below this difference the loss is quadratic.
    """
    known = torch.isfinite(target)
    filled = torch.where(known, target, predicted.detach())
    total = F.smooth_l1_loss(predicted, filled, reduction="sum", beta=beta)
    return total / known.sum().clamp(min=1)


def correlation_loss(predicted: Tensor, target: Tensor) -> Tensor:
    """1 - Pearson's correlation over the batch, halved: 0 for a rising line, 1 for a falling one.

    Args:
        predicted, target: (N,); 0 for fewer than two rows.
    """
    if len(predicted) < 2:
        return predicted.sum() * 0
    a, b = predicted - predicted.mean(), target - target.mean()
    norm = (a.square().sum() * b.square().sum() + 1e-8).sqrt()
    return (1 - (a * b).sum() / norm) / 2


def order_loss(better: Tensor, worse: Tensor, *, margin: float, max_lead: float) -> Tensor:
    """Hinges on the lead of the better of two; mean over the pairs.

    max(0, margin - lead) + max(0, lead - max_lead), so that a degraded copy falls, but not
    to the floor.

    Args:
        better, worse: (P,) scores of the originals and of their degraded copies.
        margin: by how much the original should lead at least.
        max_lead: by how much at most.

    Returns:
        The mean; 0 when there is no pair.
    """
    if better.numel() == 0:
        return better.sum()
    lead = better - worse
    return ((margin - lead).clamp(min=0) + (lead - max_lead).clamp(min=0)).mean()


def gaussian_prior(network: nn.Module) -> Tensor:
    """-log N(theta; 0, I) without its constant: half the sum of the squares of all weights.

    Biases and the scales of normalisations, which are vectors, have no prior.
    """
    weights = [one for one in network.parameters() if one.requires_grad and one.ndim > 1]
    return 0.5 * torch.stack([one.square().sum() for one in weights]).sum()


def expected_score(logits: Tensor) -> Tensor:
    """Mean of the score distribution, (N, K) logits -> (N,) within 1-K."""
    bins = torch.arange(1, logits.shape[1] + 1, device=logits.device, dtype=logits.dtype)
    return logits.softmax(dim=1) @ bins


def _known_rows(target: Tensor) -> tuple[Tensor, Tensor]:
    """Which rows hold no NaN, (N,) bool, and the target with the others at zero."""
    known = torch.isfinite(target).all(dim=1)
    return known, torch.where(known[:, None], target, torch.zeros_like(target))


def _weighted_mean(values: Tensor, known: Tensor, *, weight: Tensor | None) -> Tensor:
    share = known.to(values.dtype) if weight is None else known * weight.to(values.dtype)
    return (values * share).sum() / share.sum().clamp(min=1e-9)
