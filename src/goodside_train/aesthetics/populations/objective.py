"""The losses of a network with a head for each population of raters, as named parts."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from goodside_train.aesthetics.losses import functional as losses
from goodside_train.aesthetics.losses.pairwise import fidelity_loss
from goodside_train.aesthetics.networks import multi_task as net
from goodside_train.aesthetics.populations.batches import PopulationBatch
from goodside_train.aesthetics.populations.recipe import PopulationsRecipe
from goodside_train.aesthetics.populations.targets import CENTRE, SPREAD, score_distribution


def beauty_head(raters: str) -> str:
    """Name of the head with the ten-bin distribution of a population of raters."""
    return net.DISTRIBUTION if raters == "para" else f"beauty_{raters}"


def technical_head(observers: str) -> str:
    """Name of the head with the technical quality as a population sees it, standardised."""
    return f"{net.TECHNICAL}_{observers}"


def peer_head(teacher: str) -> str:
    """Name of the head that learns a teacher's features; letters that a module may have."""
    return f"{net.PEER}_{teacher.replace('-', '_')}"


def mixed_score(outputs: dict[str, Tensor], *, recipe: PopulationsRecipe) -> Tensor:
    """The score that the exported network gives, (B,), 1-10.

    A weighted mean of what the populations say, each standardised, and of the technical quality,
    stretched about the middle by the recipe's `spread`.
    """
    total = sum(recipe.mix.values()) + recipe.technical_share
    parts = [
        share * (losses.expected_score(outputs[beauty_head(name)]) - CENTRE) / SPREAD
        for name, share in recipe.mix.items()
    ]
    if recipe.technical_share:
        parts.append(recipe.technical_share * technical_quality(outputs, recipe=recipe)[:, 0])
    return CENTRE + SPREAD * recipe.spread * torch.stack(parts).sum(dim=0) / total


def technical_quality(outputs: dict[str, Tensor], *, recipe: PopulationsRecipe) -> Tensor:
    """The mean of what the populations of observers say, (B, 1), standardised."""
    said = [outputs[technical_head(name)] for name in recipe.observers]
    if recipe.detailed:
        said.append(outputs[net.TECHNICAL])
    return torch.stack(said).mean(dim=0)


def population_losses(
    outputs: dict[str, Tensor], batch: PopulationBatch, *, recipe: PopulationsRecipe
) -> dict[str, Tensor]:
    """Every weighted part of the objective.

    Args:
        outputs: (B, size) for each head.
        batch: of the same pictures, on the same device.
        recipe: populations and weights.
    """
    weights = recipe.loss
    parts: dict[str, Tensor] = {}
    for place, name in enumerate(recipe.raters):
        parts |= _beauty(
            name,
            outputs[beauty_head(name)],
            target=batch.scores[:, place],
            trust=batch.trusts[:, place],
            recipe=recipe,
        )
    for place, observers in enumerate(recipe.observers):
        told = outputs[technical_head(observers)][:, 0]
        target, trust = batch.technical[:, place], batch.technical_trusts[:, place]
        parts[technical_head(observers)] = weights.technical * _weighted_l1(told, target, trust)
        parts[f"order_{technical_head(observers)}"] = weights.technical_fidelity * fidelity_loss(
            told, target, weight=trust
        )
        parts[f"copies_{technical_head(observers)}"] = weights.order * losses.order_loss(
            told[batch.better],
            told[batch.worse],
            margin=weights.margin,
            max_lead=weights.max_lead,
        )
    mixed = mixed_score(outputs, recipe=recipe)
    parts["order"] = weights.order * losses.order_loss(
        mixed[batch.better], mixed[batch.worse], margin=weights.margin, max_lead=weights.max_lead
    )
    return parts | _distilled(outputs, batch, recipe=recipe)


def _beauty(
    name: str, logits: Tensor, *, target: Tensor, trust: Tensor, recipe: PopulationsRecipe
) -> dict[str, Tensor]:
    weights = recipe.loss
    shares = torch.from_numpy(score_distribution(np.asarray(target.cpu()))).to(logits.device)
    told = (losses.expected_score(logits) - CENTRE) / SPREAD
    return {
        f"emd_{name}": weights.emd
        * losses.squared_emd(logits.softmax(dim=1), shares, weight=trust),
        f"score_{name}": weights.score * _weighted_l1(told, target, trust),
        f"fidelity_{name}": weights.fidelity * fidelity_loss(told, target, weight=trust),
    }


def _distilled(
    outputs: dict[str, Tensor], batch: PopulationBatch, *, recipe: PopulationsRecipe
) -> dict[str, Tensor]:
    weights = recipe.loss
    teachers = (*recipe.peers, recipe.trunk)
    parts = {
        peer_head(name): weights.peer
        * losses.masked_smooth_l1(outputs[peer_head(name)], batch.peers[:, place])
        for place, name in enumerate(teachers)
    }
    parts["imagenet"] = weights.imagenet * losses.soft_cross_entropy(
        outputs[net.IMAGENET], batch.imagenet
    )
    return parts


def _weighted_l1(told: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Smooth L1, the weighted mean over the rows; 0 where all weights are."""
    each = F.smooth_l1_loss(told, target, reduction="none")
    return (each * weight).sum() / weight.sum().clamp(min=1e-6)
