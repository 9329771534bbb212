"""AdamW with one cycle: the trunk and what stands on it at rates of their own."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import nn

from goodside_train.aesthetics.networks.multi_task import MultiTaskNetwork
from goodside_train.aesthetics.recipe import OptimizerRecipe
from goodside_train.ranks import average_gradients


def one_cycle_optimizer(
    network: MultiTaskNetwork,
    *,
    recipe: OptimizerRecipe,
    without_decay: Iterable[nn.Parameter] = (),
) -> torch.optim.AdamW:
    """The optimiser of a network; the processes of a run average their gradients.

    Args:
        network: whose parameters are learnt.
        recipe: rates and decay.
        without_decay: further parameters, which have a prior of their own.
    """
    own = [value for name, value in network.named_parameters() if not name.startswith("trunk.")]
    groups: list[dict[str, Any]] = [
        {"params": network.trunk.parameters(), "peak": recipe.trunk_rate},
        {"params": own, "peak": recipe.head_rate},
    ]
    if further := list(without_decay):
        groups.append({"params": further, "peak": recipe.head_rate, "weight_decay": 0.0})
    optimizer = torch.optim.AdamW(groups, lr=recipe.trunk_rate, weight_decay=recipe.weight_decay)
    average_gradients(optimizer)
    return optimizer


def set_rates(
    optimizer: torch.optim.Optimizer, progress: float, *, recipe: OptimizerRecipe
) -> None:
    """Give every group its rate at a point of the run, 0-1."""
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * one_cycle(progress, recipe=recipe)


def one_cycle(progress: float, *, recipe: OptimizerRecipe) -> float:
    """Share of the peak rate: linear warm-up, then half a cosine down to zero."""
    if progress < recipe.warmup:
        return max(progress / recipe.warmup, 0.02)
    return 0.5 * (1 + math.cos(math.pi * (progress - recipe.warmup) / (1 - recipe.warmup)))
