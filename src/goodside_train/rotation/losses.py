"""The losses of face rotation: pure functions; each is a mean unless it says otherwise."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from goodside_train.rotation.networks.deformable import FlowPrediction
from goodside_train.rotation.networks.generator import GeneratorOutput

_SQUARE_PX = 8
_SURE = 1e-4  # the mask's bounds, so that its logarithm is finite


def pixel_loss(views: GeneratorOutput, target: Tensor, *, weight: Tensor | None = None) -> Tensor:
    """Multi-scale L1: the mean absolute difference at full, half and quarter size, averaged.

    Args:
        views: the generator's output.
        target: (N, 3, S, S) in [-1, 1]; its coarser versions are area means.
        weight: (N, 1, S, S), how much each pixel counts; 1 everywhere by default.
    """
    total = torch.zeros((), device=target.device)
    weight = torch.ones_like(target[:, :1]) if weight is None else weight
    for picture in (views.full, views.half, views.quarter):
        size = picture.shape[-1]
        goal = functional.adaptive_avg_pool2d(target, size)
        share = functional.adaptive_avg_pool2d(weight, size)
        total = total + ((picture - goal).abs() * share).mean()
    return total / 3


def geometry_loss(found: FlowPrediction, goal: Tensor) -> tuple[Tensor, Tensor]:
    """How far a flow and its masks are from those that a mesh gives: known in training alone.

    Args:
        found: where the network looks.
        goal: (N, 2, 4, G, G) for the photograph and for the mirrored one each: the flow (x, y) in
            halves of the side, how far it shows the place, and how much the flow counts there. G is
            the size of what was found, or a multiple.

    Returns:
        The mean distance of the flows as they count, and the mean cross entropy of the masks.
    """
    size = found.visible.shape[-1]
    goal = functional.adaptive_avg_pool2d(goal.flatten(1, 2), size).reshape(-1, 2, 4, size, size)
    flows = torch.stack([found.flow, found.mirrored_flow], dim=1).float()
    off = (flows - goal[:, :, :2]).abs().sum(dim=2) * goal[:, :, 3]
    shown, bounded = goal[:, :, 2], found.visible.float().clamp(_SURE, 1 - _SURE)
    entropy = -(shown * bounded.log() + (1 - shown) * (1 - bounded).log())
    return off.sum(dim=1).mean(), entropy.mean()


def draft_loss(painted: Tensor, draft: Tensor, *, weight: Tensor) -> Tensor:
    """Mean absolute difference of what is painted to the draft, both as means over 8 x 8 pixels.

    Where no true picture tells what is right, the agents alone pull, and sooner or later paint in
    colours that no face has. Held to the draft's colours, the network may still draw any detail.

    Args:
        painted, draft: (N, 3, S, S) in [-1, 1].
        weight: (N, 1, S, S), 0-1, how much each pixel counts.
    """
    apart, share = (functional.avg_pool2d(t, _SQUARE_PX) for t in (painted - draft, weight))
    return (apart.abs() * share).mean()


def agent_loss(real: Sequence[Tensor], fakes: Sequence[Sequence[Tensor]]) -> Tensor:
    """Hinge loss of one discriminator, averaged over its levels and, for fakes, over their kinds.

    Args:
        real: verdicts of every level on a true pair.
        fakes: the same for each kind of false pair (made by the generator, mismatched).
    """
    on_real = _mean([functional.relu(1 - verdict).mean() for verdict in real])
    on_fakes = _mean(
        [functional.relu(1 + verdict).mean() for verdicts in fakes for verdict in verdicts]
    )
    return on_real + on_fakes


def adversarial_loss(verdicts: Sequence[Tensor]) -> Tensor:
    """What the generator wants of one discriminator: high verdicts; the mean over its levels."""
    return -_mean([verdict.mean() for verdict in verdicts])


def feature_matching_loss(made: Sequence[Tensor], real: Sequence[Tensor]) -> Tensor:
    """Mean absolute difference of a discriminator's features, averaged over its levels."""
    return _mean([(a - b.detach()).abs().mean() for a, b in zip(made, real, strict=True)])


def identity_loss(made: Tensor, real: Tensor) -> Tensor:
    """Squared distance of unit identity features (N, D), mean over the batch: 2 - 2 cos."""
    return (functional.normalize(made) - functional.normalize(real.detach())).square().sum(1).mean()


def total_variation(picture: Tensor) -> Tensor:
    """Anisotropic total variation of (N, C, H, W): mean step to the right plus mean step down."""
    across = (picture[..., :, 1:] - picture[..., :, :-1]).abs().mean()
    down = (picture[..., 1:, :] - picture[..., :-1, :]).abs().mean()
    return across + down


def _mean(values: Sequence[Tensor]) -> Tensor:
    return torch.stack(list(values)).mean()
