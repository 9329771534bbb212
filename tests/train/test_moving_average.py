"""The running average of weights."""

from __future__ import annotations

import torch
from torch import nn

from goodside_train.moving_average import MovingAverage


def _layer(value: float) -> nn.Linear:
    layer = nn.Linear(1, 1, bias=False)
    nn.init.constant_(layer.weight, value)
    return layer


def test_early_updates_follow_fast_and_late_ones_slowly() -> None:
    layer = _layer(0.0)
    average = MovingAverage(layer, decay=0.5)
    nn.init.constant_(layer.weight, 1.0)
    found = []
    for _ in range(3):
        average.update(layer)
        found.append(float(average.network.get_parameter("weight")))
    # decays of 1/10, 2/11, 3/12: what is left of the start is their product
    expected = [1 - 0.1, 1 - 0.1 * 2 / 11, 1 - 0.1 * 2 / 11 * 0.25]
    torch.testing.assert_close(torch.tensor(found), torch.tensor(expected))


def test_buffers_follow_and_nothing_wants_a_gradient() -> None:
    norm = nn.BatchNorm1d(2)
    average = MovingAverage(norm, decay=0.0)
    norm(torch.full((4, 2), 3.0))
    average.update(norm)
    assert torch.equal(average.network.get_buffer("running_mean"), norm.get_buffer("running_mean"))
    assert not any(parameter.requires_grad for parameter in average.network.parameters())


def test_the_state_comes_back() -> None:
    layer = _layer(2.0)
    average, other = MovingAverage(layer, decay=0.9), MovingAverage(_layer(0.0), decay=0.9)
    average.update(layer)
    other.restore(average.state())
    assert other.updates == 1
    assert float(other.network.get_parameter("weight")) == 2.0
