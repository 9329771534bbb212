"""The task of a network with several populations of raters: network, losses, optimiser."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from goodside.aesthetics.evaluation import metrics
from goodside.types import FloatArray, RgbImage
from goodside_train.aesthetics.batches import scaled
from goodside_train.aesthetics.datasets import para_shards as para
from goodside_train.aesthetics.datasets.rated_sets import RatedSet
from goodside_train.aesthetics.distillation.teacher_outputs import PEER_AXES
from goodside_train.aesthetics.distillation.views import KINDS, make_view
from goodside_train.aesthetics.losses.functional import expected_score
from goodside_train.aesthetics.losses.objective import Objective
from goodside_train.aesthetics.networks import multi_task as net
from goodside_train.aesthetics.networks.efficientnet_lite import CLASSES
from goodside_train.aesthetics.networks.trunks import normalized
from goodside_train.aesthetics.optimizer import one_cycle_optimizer, set_rates
from goodside_train.aesthetics.populations.batches import PopulationBatch, PopulationBatchMaker
from goodside_train.aesthetics.populations.examples import Examples
from goodside_train.aesthetics.populations.objective import (
    beauty_head,
    mixed_score,
    peer_head,
    population_losses,
    technical_head,
)
from goodside_train.aesthetics.populations.recipe import PopulationsRecipe
from goodside_train.aesthetics.recipe import AestheticsRecipe
from goodside_train.device import Device
from goodside_train.loop import Metrics
from goodside_train.moving_average import MovingAverage
from goodside_train.ranks import normalize_together

_ORDER_PHOTOS = 40
_CHUNK = 32
_DETAILED = {
    net.HIGH_LOW: 2,
    net.DISTRIBUTION: 10,
    net.TECHNICAL: 1,
    net.SEMANTIC: len(para.SEMANTICS),
    net.EMOTION: len(para.EMOTIONS),
    net.ATTRIBUTE: len(para.ATTRIBUTES),
}
"""The heads of PARA's raters, with their sizes."""


def population_heads(recipe: PopulationsRecipe) -> dict[str, int]:
    """The heads that a recipe calls for, with their sizes."""
    beauty = {beauty_head(name): 10 for name in recipe.raters}
    technical = {technical_head(name): 1 for name in recipe.observers}
    peers = {peer_head(name): PEER_AXES for name in (*recipe.peers, recipe.trunk)}
    detailed = _DETAILED if recipe.detailed else {}
    return {**beauty, **technical, **peers, net.IMAGENET: CLASSES, **detailed}


@dataclass(frozen=True, slots=True)
class DevelopmentSet:
    """Photographs to validate on: a set's development part, and their pictures."""

    rated: RatedSet
    images: RgbImage


class PopulationsTask:
    """Trains a network with a head for each population.

    Args:
        network: with the heads of `population_heads`.
        examples: what to learn from.
        development: what to validate on.
        recipe: with its table `populations`.
        device: where and how precisely to multiply.
    """

    def __init__(
        self,
        network: net.MultiTaskNetwork,
        examples: Examples,
        *,
        development: tuple[DevelopmentSet, ...],
        recipe: AestheticsRecipe,
        device: Device,
    ) -> None:
        if recipe.populations is None:
            raise ValueError("the recipe has no table [populations]")
        self.network = normalize_together(network.to(device.torch))
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = MovingAverage(self.network, decay=recipe.optimizer.average_decay)
        self._asked = recipe.populations
        self._recipe, self._device, self._development = recipe, device, development
        self._maker = PopulationBatchMaker(
            examples, recipe=recipe.populations, data=recipe.data, loop=recipe.loop
        )
        self._detailed: Objective | None = None
        if recipe.populations.detailed:
            self._detailed = Objective(network, recipe=recipe.loss).to(device.torch)
        others = [] if self._detailed is None else self._detailed.parameters()
        self._optimizer = one_cycle_optimizer(
            self.network, recipe=recipe.optimizer, without_decay=others
        )

    def batch(self, step: int) -> PopulationBatch:
        return self._maker(step)

    def training_step(self, batch: PopulationBatch, *, step: int, progress: float) -> Metrics:
        self.network.train()
        set_rates(self._optimizer, progress, recipe=self._recipe.optimizer)
        with self._device.autocast():
            outputs = self.network(normalized(batch.pixels.to(self._device.torch)))
        batch = batch.to(self._device.torch)
        outputs = {name: value.float() for name, value in outputs.items()}
        parts = population_losses(outputs, batch, recipe=self._asked)
        if self._detailed is not None and batch.detailed is not None:
            own = {name: outputs[name][batch.detailed_places] for name in _DETAILED}
            said = self._detailed(own, batch.detailed)
            parts |= {f"para_{name}": part for name, part in said.items()}
            if (step + 1) % self._recipe.loss.relation_every == 0:
                self._detailed.relate(self.network)
        total = torch.stack(list(parts.values())).sum()
        self._optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(total)
        self._optimizer.step()
        self.average.update(self.network)
        figures = {name: float(part.detach()) for name, part in parts.items()}
        return {"loss": float(total.detach()), **figures}

    def validate(self, *, step: int) -> Metrics:
        figures: Metrics = {}
        for one in self._development:
            outputs = self.predict(one.images)
            mixed = mixed_score(
                {name: torch.from_numpy(value) for name, value in outputs.items()},
                recipe=self._asked,
            ).numpy()
            if np.isfinite(one.rated.beauty).all():
                figures[f"{one.rated.name}_srcc"] = metrics.srcc(mixed, one.rated.beauty)
            for head in (technical_head(name) for name in self._asked.observers):
                if np.isfinite(one.rated.technical).all():
                    figures[f"{one.rated.name}_{head}"] = metrics.srcc(
                        outputs[head][:, 0], one.rated.technical
                    )
            if one.rated.name in self._asked.raters or one.rated.name == "para":
                head = beauty_head(one.rated.name)
                own = expected_score(torch.from_numpy(outputs[head])).numpy()
                figures[f"{one.rated.name}_own_srcc"] = metrics.srcc(own, one.rated.beauty)
        return figures | self._order_figures()

    def preview(self, folder: Path, *, step: int) -> None:
        """Nothing to look at: the figures say it."""

    def state(self) -> dict[str, Any]:
        return {
            "network": self.network.state_dict(),
            "average": self.average.state(),
            "optimizer": self._optimizer.state_dict(),
            "objective": {} if self._detailed is None else self._detailed.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        self.average.restore(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        if self._detailed is not None:
            self._detailed.load_state_dict(state["objective"])

    def predict(self, photos: RgbImage) -> dict[str, FloatArray]:
        """Outputs of the averaged network; the distributions as logits."""
        size, parts = self._recipe.data.input_px, list[dict[str, Tensor]]()
        with torch.inference_mode(), self._device.autocast():
            for start in range(0, len(photos), _CHUNK):
                chunk = [
                    scaled(p, size_px=size) for p in np.asarray(photos[start : start + _CHUNK])
                ]
                pixels = torch.from_numpy(np.stack(chunk)).to(self._device.torch)
                parts.append(self.average.network(normalized(pixels)))
        return {
            name: torch.cat([part[name].float().cpu() for part in parts]).numpy()
            for name in parts[0]
        }

    def _order_figures(self) -> Metrics:
        """Share of photographs that score above a degraded copy, in beauty and in quality."""
        if not self._development:
            return {}
        photos = np.asarray(self._development[-1].images[:_ORDER_PHOTOS])
        degraded = [view for view, kind in enumerate(KINDS) if kind.startswith("degraded")]
        whole = self._scores(photos)
        higher: dict[str, list[float]] = {}
        for view in degraded:
            copies = [
                make_view(photo, view=view, rng=np.random.default_rng((7, row, view)))
                for row, photo in enumerate(photos)
            ]
            for name, scores in self._scores(np.stack(copies)).items():
                higher.setdefault(name, []).append(float((whole[name] > scores).mean()))
        return {f"copies_{name}": float(np.mean(shares)) for name, shares in higher.items()}

    def _scores(self, photos: RgbImage) -> dict[str, FloatArray]:
        outputs = self.predict(photos)
        tensors = {name: torch.from_numpy(value) for name, value in outputs.items()}
        technical = {
            technical_head(name): outputs[technical_head(name)][:, 0]
            for name in self._asked.observers
        }
        return {"beauty": mixed_score(tensors, recipe=self._asked).numpy(), **technical}
