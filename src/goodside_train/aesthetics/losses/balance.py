"""The balance lambda between the aesthetic and the semantic task."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class LearntBalance(nn.Module):
    """Learns lambda along with the weights, as part of the maximum a posteriori objective.

    The prior p(lambda) proportional to lambda^influence adds -influence * log(lambda) to the
    negative logarithm of the posterior. Where its gradient vanishes, lambda = influence / semantic
    loss: the semantic task's share of the objective stays at `influence` however far its loss
    falls. That is our reading of a rule which keeps both tasks' influence level.

    Args:
        start: the first lambda.
        influence: of the semantic task, in units of the objective.
    """

    def __init__(self, *, start: float, influence: float) -> None:
        super().__init__()
        self.log_lambda = nn.Parameter(torch.tensor(math.log(start)))
        self.influence = influence

    def forward(self, semantic_loss: Tensor) -> Tensor:
        """Lambda * loss - influence * log(lambda), a scalar."""
        return self.log_lambda.exp() * semantic_loss - self.influence * self.log_lambda
