"""The graph of a network with several populations, as the runtime reads it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from goodside_train.aesthetics.datasets import para_shards as para
from goodside_train.aesthetics.losses.objective import from_standardized
from goodside_train.aesthetics.networks import multi_task as net
from goodside_train.aesthetics.networks.multi_task import MultiTaskNetwork
from goodside_train.aesthetics.populations.objective import (
    beauty_head,
    mixed_score,
    technical_quality,
)
from goodside_train.aesthetics.populations.recipe import PopulationsRecipe
from goodside_train.aesthetics.populations.targets import CENTRE

_LIKED = para.ATTRIBUTES.index("willingness_to_share")
_LOGISTIC = 1.702
"""Scale of the logistic curve that stands for the integral of a bell."""


class ExportedPopulations(nn.Module):
    """A network with the outputs the runtime reads, in the order of `outputs`.

    (N, 3, S, S) in; out come the score distribution (N, 10); the logits of low and high (N, 2), by
    how much of a bell of the distribution's mean and spread lies above the middle; the shared
    features (N, D); and the technical quality (N, 1), 1-10.

    The distribution is a bell over the ten scores: about `mixed_score`, as wide as the populations'
    votes are on average. Of one population alone it is that population's own.
    """

    outputs = ("distribution", "quality_logits", "embedding", "technical")
    bins: Tensor

    def __init__(self, network: MultiTaskNetwork, *, recipe: PopulationsRecipe) -> None:
        super().__init__()
        self.network, self._recipe = network, recipe
        self._heads = [(beauty_head(name), share) for name, share in recipe.mix.items() if share]
        self.register_buffer("bins", torch.arange(1, 11, dtype=torch.float32))

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        out = self.network(image)
        distribution = self._distribution(out)
        score, spread = self._moments(distribution)
        odds = _LOGISTIC * (score - CENTRE) / spread
        return (
            distribution,
            torch.cat([torch.zeros_like(odds), odds], dim=1),
            out[net.EMBEDDING],
            from_standardized(technical_quality(out, recipe=self._recipe)),
        )

    def _distribution(self, out: dict[str, Tensor]) -> Tensor:
        asked, total = self._recipe, sum(share for _, share in self._heads)
        if len(self._heads) == 1 and not asked.technical_share and asked.spread == 1:
            return out[self._heads[0][0]].softmax(dim=1)
        widths = [
            share / total * self._moments(out[head].softmax(dim=1))[1]
            for head, share in self._heads
        ]
        width = torch.stack(widths).sum(dim=0)
        score = mixed_score(out, recipe=asked)[:, None]
        return (-0.5 * ((self.bins - score) / width).square()).softmax(dim=1)

    def _moments(self, distribution: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation of the scores, each (N, 1)."""
        mean = (distribution * self.bins).sum(dim=1, keepdim=True)
        variance = (distribution * (self.bins - mean).square()).sum(dim=1, keepdim=True)
        return mean, (variance + 1e-6).sqrt()


class ExportedDetailed(nn.Module):
    """A network with PARA among its populations, with the outputs of `ExportedAssessor`.

    The technical quality is the mean of what PARA's raters and the other observers see. The score's
    distribution is that of PARA's raters; with `liked_share` it leans towards what they would
    share: its logits rise with the score so that its mean moves about as far as asked.
    """

    outputs = (
        "distribution",
        "quality_logits",
        "embedding",
        "technical",
        "semantic_logits",
        "emotions",
        "attributes",
    )
    bins: Tensor

    def __init__(self, network: MultiTaskNetwork, *, recipe: PopulationsRecipe) -> None:
        super().__init__()
        self.network, self._recipe = network, recipe
        self.register_buffer("bins", torch.arange(1, 11, dtype=torch.float32))

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        out = self.network(image)
        attributes = from_standardized(out[net.ATTRIBUTE])
        return (
            self._distribution(out[net.DISTRIBUTION], liked=attributes[:, _LIKED, None]),
            out[net.HIGH_LOW],
            out[net.EMBEDDING],
            from_standardized(technical_quality(out, recipe=self._recipe)),
            out[net.SEMANTIC],
            out[net.EMOTION].softmax(dim=1),
            attributes,
        )

    def _distribution(self, logits: Tensor, *, liked: Tensor) -> Tensor:
        own = logits.softmax(dim=1)
        share = self._recipe.liked_share
        if not share:
            return own
        mean = (own * self.bins).sum(dim=1, keepdim=True)
        variance = (own * (self.bins - mean).square()).sum(dim=1, keepdim=True) + 1e-6
        asked = share / (1 + share) * (liked + self._recipe.liked_offset - mean)
        return (logits + (self.bins - mean) * asked / variance).softmax(dim=1)
