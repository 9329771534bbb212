"""The aesthetic task: network, losses and optimiser joined."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from goodside.aesthetics import metrics
from goodside.types import FloatArray, RgbImage
from goodside_train.aesthetics import losses
from goodside_train.aesthetics import networks as net
from goodside_train.aesthetics.batches import KINDS, Batch, BatchMaker, degraded_pair, scaled
from goodside_train.aesthetics.para import ATTRIBUTES, EMOTIONS, SEMANTICS, Labels, known_rows
from goodside_train.aesthetics.recipe import AestheticsRecipe, OptimizerRecipe
from goodside_train.average import Average
from goodside_train.device import Device
from goodside_train.loop import Metrics

HEADS = {
    net.HIGH_LOW: 2,
    net.DISTRIBUTION: 10,
    net.SEMANTIC: len(SEMANTICS),
    net.TECHNICAL: 1,
    net.EMOTION: len(EMOTIONS),
    net.ATTRIBUTE: len(ATTRIBUTES),
}
_SPREAD = 1.25  # standard deviation of PARA's mean scores on the 1-10 scale
_CENTRE = 5.9
_ORDER_PHOTOS = 60
_CHUNK = 32


class AestheticsTask:
    """Trains a multi-task network on rated photographs.

    Args:
        network: gives the outputs named in `networks`.
        images: (N, T, T, 3) uint8.
        labels: of the same rows.
        recipe: batch, losses, optimiser.
        device: where and how precisely to multiply.
        taught: (N, 10) semantic tags of a teacher, or None.
    """

    def __init__(
        self,
        network: net.SharedNetwork,
        images: RgbImage,
        labels: Labels,
        *,
        recipe: AestheticsRecipe,
        device: Device,
        taught: FloatArray | None = None,
    ) -> None:
        self.network = network.to(device.torch)
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = Average(self.network, decay=recipe.optimizer.average_decay)
        self._images, self._labels = images, labels
        self._recipe, self._device = recipe, device
        self._maker = BatchMaker(
            images,
            labels,
            recipe=recipe.data,
            seed=recipe.loop.seed,
            taught=taught,
        )
        self._optimizer = torch.optim.AdamW(
            [
                {"params": self.network.trunk.parameters(), "peak": recipe.optimizer.trunk_rate},
                {"params": self.network.heads.parameters(), "peak": recipe.optimizer.head_rate},
            ],
            lr=recipe.optimizer.trunk_rate,
            weight_decay=recipe.optimizer.weight_decay,
        )

    def batch(self, step: int) -> Batch:
        return self._maker(step)

    def training_step(self, batch: Batch, *, step: int, progress: float) -> Metrics:
        self.network.train()
        for group in self._optimizer.param_groups:
            group["lr"] = group["peak"] * one_cycle(progress, recipe=self._recipe.optimizer)
        with self._device.autocast():
            outputs = self.network(net.normalized(batch.pixels.to(self._device.torch)))
        parts = self._losses({k: v.float() for k, v in outputs.items()}, batch)
        total = torch.stack(list(parts.values())).sum()
        self._optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(total)
        self._optimizer.step()
        self.average.update(self.network)
        return {
            "loss": float(total.detach()),
            **{name: float(part.detach()) for name, part in parts.items()},
        }

    def validate(self, *, step: int) -> Metrics:
        rows = np.flatnonzero(self._labels.validation)
        size = self._recipe.data.input_px
        photos = [scaled(np.asarray(self._images[row]), size_px=size) for row in rows]
        outputs = self.predict(photos)
        return {**self._figures(outputs, rows), **self._order_figures(rows)}

    def preview(self, folder: Path, *, step: int) -> None:
        """Nothing to look at: the figures say it."""

    def state(self) -> dict[str, Any]:
        return {
            "network": self.network.state_dict(),
            "average": self.average.state(),
            "optimizer": self._optimizer.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        self.average.restore(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])

    def predict(self, photos: list[RgbImage]) -> dict[str, FloatArray]:
        """Outputs of the averaged network for photographs of the input's size."""
        parts: list[dict[str, Tensor]] = []
        with torch.inference_mode(), self._device.autocast():
            for start in range(0, len(photos), _CHUNK):
                pixels = torch.from_numpy(np.stack(photos[start : start + _CHUNK]))
                parts.append(self.average.network(net.normalized(pixels.to(self._device.torch))))
        return {
            name: torch.cat([part[name].float().cpu() for part in parts]).numpy()
            for name in parts[0]
        }

    def _losses(self, outputs: dict[str, Tensor], batch: Batch) -> dict[str, Tensor]:
        """Every weighted loss; the degraded copies take part in the order loss alone."""
        weights, device = self._recipe.loss, self._device.torch
        count = len(batch.score)
        own = {name: value[:count] for name, value in outputs.items()}
        scores = losses.expected_score(outputs[net.DISTRIBUTION])
        technical = own[net.TECHNICAL][:, 0]
        return {
            "high_low": weights.high_low
            * losses.softmax_loss(own[net.HIGH_LOW], batch.high.to(device)),
            "emd": weights.emd
            * losses.squared_emd(
                own[net.DISTRIBUTION].softmax(dim=1), batch.distribution.to(device)
            ),
            "score": weights.score
            * losses.masked_smooth_l1(scores[:count] / _SPREAD, batch.score.to(device) / _SPREAD),
            "semantic": weights.semantic
            * losses.tag_logistic_loss(
                own[net.SEMANTIC], batch.tags.to(device), weight=batch.tag_weight.to(device)
            ),
            "technical": weights.technical
            * losses.masked_smooth_l1(technical, standardized(batch.technical).to(device)),
            "emotion": weights.emotion
            * losses.soft_cross_entropy(own[net.EMOTION], batch.emotions.to(device)),
            "attribute": weights.attribute
            * losses.masked_smooth_l1(
                own[net.ATTRIBUTE], standardized(batch.attributes).to(device)
            ),
            "order": weights.order
            * losses.order_loss(
                scores[batch.original.to(device)], scores[count:], margin=weights.margin
            ),
        }

    def _figures(self, outputs: dict[str, FloatArray], rows: NDArray[np.int64]) -> Metrics:
        labels = self._labels
        score = expected_scores(outputs[net.DISTRIBUTION])
        high = outputs[net.HIGH_LOW].argmax(axis=1)
        known = known_rows(labels.tags[rows])
        tags, semantic = labels.tags[rows][known], outputs[net.SEMANTIC][known]
        return {
            "srcc": metrics.srcc(score, labels.score[rows]),
            "plcc": metrics.plcc(score, labels.score[rows]),
            "mae": metrics.mae(score, labels.score[rows]),
            "accuracy": float((high == labels.high[rows]).mean()),
            "semantic_top1": float((semantic.argmax(axis=1) == tags.argmax(axis=1)).mean()),
            "semantic_map": metrics.mean_average_precision(semantic, tags > 0.5),
        }

    def _order_figures(self, rows: NDArray[np.int64]) -> Metrics:
        """Share of made pairs in which the original scores higher, by kind."""
        rng = np.random.default_rng(7)
        size, chosen = self._recipe.data.input_px, rows[:_ORDER_PHOTOS]
        figures: Metrics = {}
        for kind in KINDS:
            photos: list[RgbImage] = []
            for row in chosen:
                pair = degraded_pair(np.asarray(self._images[row]), kind=kind, rng=rng)
                photos.extend(scaled(photo, size_px=size) for photo in pair)
            scores = expected_scores(self.predict(photos)[net.DISTRIBUTION])
            figures[f"order_{kind}"] = float((scores[::2] > scores[1::2]).mean())
        return figures


def one_cycle(progress: float, *, recipe: OptimizerRecipe) -> float:
    """Share of the peak rate: linear warm-up, then half a cosine down to zero."""
    if progress < recipe.warmup:
        return max(progress / recipe.warmup, 0.02)
    return 0.5 * (1 + math.cos(math.pi * (progress - recipe.warmup) / (1 - recipe.warmup)))


def standardized(score: Tensor) -> Tensor:
    """A score of the 1-10 scale around 0 with a spread of about 1."""
    return (score - _CENTRE) / _SPREAD


def from_standardized(score: Tensor) -> Tensor:
    """The inverse of `standardized`."""
    return score * _SPREAD + _CENTRE


def expected_scores(logits: FloatArray) -> FloatArray:
    """(N, 10) logits -> (N,) mean scores."""
    weight = np.exp(logits - logits.max(axis=1, keepdims=True))
    share = weight / weight.sum(axis=1, keepdims=True)
    scores: FloatArray = share @ np.arange(1, 11, dtype=np.float32)
    return scores
