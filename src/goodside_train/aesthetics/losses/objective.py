"""The objective: the negative logarithm of the posterior, as a sum of named parts.

With W = [W_a, W_s] the last layers of the two tasks, theta the rest and lambda their balance, the
patent's objective is the aesthetic task's softmax loss + lambda x the semantic task's logistic loss
+ Gaussian priors on theta and W + a prior on lambda; MTRLCNN adds a matrix-normal prior on W.
Everything else here goes beyond the patent and enters as auxiliary tasks.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from goodside_train.aesthetics.batches import AestheticsBatch
from goodside_train.aesthetics.losses import functional as losses
from goodside_train.aesthetics.losses.balance import LearntBalance
from goodside_train.aesthetics.losses.relations import best_omega, relation_penalty
from goodside_train.aesthetics.networks import multi_task as net
from goodside_train.aesthetics.networks.multi_task import MultiTaskNetwork
from goodside_train.aesthetics.recipe import LossRecipe

_SPREAD = 1.25  # about the standard deviation of PARA's mean scores on the 1-10 scale
_CENTRE = 5.9


class Objective(nn.Module):
    """Weighs the losses of a batch; holds lambda and the tasks' covariance Omega.

    Args:
        network: whose heads say which tasks there are.
        recipe: the weights.
    """

    omega: Tensor

    def __init__(self, network: MultiTaskNetwork, *, recipe: LossRecipe) -> None:
        super().__init__()
        self._recipe = recipe
        self._network = (network,)  # in a tuple, so that its parameters stay its own
        self._learnt: LearntBalance | None = None
        if recipe.balance == "learnt":
            self._learnt = LearntBalance(start=recipe.semantic, influence=recipe.influence)
        related = net.SEMANTIC in network.heads
        tasks = network.task_weights().shape[1] if related else 1
        self.register_buffer("omega", torch.eye(tasks, dtype=torch.float64) / tasks)

    @property
    def balance(self) -> float:
        """Lambda as it stands."""
        if self._learnt is None:
            return self._recipe.semantic
        return math.exp(float(self._learnt.log_lambda.detach()))

    def relate(self, network: MultiTaskNetwork) -> None:
        """Compute Omega anew from the heads' weights; without effect on a single task."""
        if net.SEMANTIC in network.heads:
            self.omega.copy_(best_omega(network.task_weights()))

    def forward(self, outputs: dict[str, Tensor], batch: AestheticsBatch) -> dict[str, Tensor]:
        """Every weighted part; the degraded copies take part in the order loss alone.

        Args:
            outputs: (B + P, size) a head.
            batch: of the same photographs, on the same device.
        """
        count = len(batch.score)
        own = {name: value[:count] for name, value in outputs.items()}
        scores = losses.expected_score(outputs[net.DISTRIBUTION])
        parts = self._aesthetic(own, batch, scores=scores[:count])
        parts["order"] = self._recipe.order * losses.order_loss(
            scores[batch.original],
            scores[count:],
            margin=self._recipe.margin,
            max_lead=self._recipe.max_lead,
        )
        if self._recipe.prior:
            parts["prior"] = self._recipe.prior * losses.gaussian_prior(self._network[0])
        return parts | self._semantic(own, batch)

    def _aesthetic(
        self, own: dict[str, Tensor], batch: AestheticsBatch, *, scores: Tensor
    ) -> dict[str, Tensor]:
        weights = self._recipe
        shares = own[net.DISTRIBUTION].softmax(dim=1)
        technical = own[net.TECHNICAL][:, 0]
        parts = {
            "high_low": weights.high_low * losses.softmax_loss(own[net.HIGH_LOW], batch.high),
            "emd": weights.emd * losses.squared_emd(shares, batch.distribution),
            "score": weights.score
            * losses.masked_smooth_l1(scores / _SPREAD, batch.score / _SPREAD),
            "correlation": weights.correlation * losses.correlation_loss(scores, batch.score),
            "technical": weights.technical
            * losses.masked_smooth_l1(technical, standardized(batch.technical)),
        }
        if net.ATTRIBUTE in own:
            parts["attribute"] = weights.attribute * losses.masked_smooth_l1(
                own[net.ATTRIBUTE], standardized(batch.attributes)
            )
        if net.PEER in own:
            parts["peer"] = weights.peer * losses.masked_smooth_l1(own[net.PEER], batch.peer)
        return parts

    def _semantic(self, own: dict[str, Tensor], batch: AestheticsBatch) -> dict[str, Tensor]:
        weights = self._recipe
        parts: dict[str, Tensor] = {}
        if net.SEMANTIC in own:
            loss = losses.tag_logistic_loss(own[net.SEMANTIC], batch.tags, weight=batch.tag_weight)
            learnt = self._learnt
            parts["semantic"] = weights.semantic * loss if learnt is None else learnt(loss)
            if weights.relation:
                penalty = relation_penalty(self._network[0].task_weights(), self.omega)
                parts["relation"] = weights.relation * penalty
        if net.EMOTION in own:
            parts["emotion"] = weights.emotion * losses.soft_cross_entropy(
                own[net.EMOTION], batch.emotions
            )
        if net.IMAGENET in own:
            parts["imagenet"] = weights.imagenet * losses.soft_cross_entropy(
                own[net.IMAGENET], batch.imagenet
            )
        return parts


def standardized(score: Tensor) -> Tensor:
    """A score of the 1-10 scale around 0 with a spread of about 1."""
    return (score - _CENTRE) / _SPREAD


def from_standardized(score: Tensor) -> Tensor:
    """The inverse of `standardized`."""
    return score * _SPREAD + _CENTRE
