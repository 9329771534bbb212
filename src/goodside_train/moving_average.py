"""Averages of a network's weights, which often judge better than the last ones."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn


class MovingAverage:
    """Exponential moving average of parameters and buffers.

    The effective decay is min(decay, (1 + n) / (10 + n)) after n updates, so that early averages do
    not stick to the start.

    Attributes:
        network: a copy in evaluation mode that holds the averages.
    """

    def __init__(self, network: nn.Module, *, decay: float) -> None:
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self.decay = decay
        self.updates = 0

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Take one step toward the weights of `network`."""
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        self.updates += 1
        live = network.state_dict()
        for name, value in self.network.state_dict().items():
            if value.is_floating_point():
                value.lerp_(live[name].to(value.dtype), 1 - decay)
            else:
                value.copy_(live[name])

    def state(self) -> dict[str, Any]:
        return {"network": self.network.state_dict(), "updates": self.updates}

    def restore(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        self.updates = int(state["updates"])


def mean_weights(states: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of every weight of several runs; counters are those of the first.

    The weights of runs that went on from the same ones lie in one basin: their mean is a network
    too, and often a better one than each (Wortsman and others, Model soups, ICML 2022).
    """
    return {
        name: torch.stack([state[name] for state in states]).mean(dim=0)
        if first.is_floating_point()
        else first
        for name, first in states[0].items()
    }
