"""The aesthetic task: network, losses and optimiser joined."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from goodside.aesthetics.evaluation import metrics
from goodside.types import FloatArray, RgbImage
from goodside_train.aesthetics.batches import (
    KINDS,
    AestheticsBatch,
    BatchMaker,
    degraded_pair,
    scaled,
)
from goodside_train.aesthetics.datasets.labels import Labels, known_rows
from goodside_train.aesthetics.distillation.teacher_outputs import PEER_AXES, TeacherOutputs
from goodside_train.aesthetics.losses.functional import expected_score
from goodside_train.aesthetics.losses.objective import Objective
from goodside_train.aesthetics.networks import multi_task as net
from goodside_train.aesthetics.networks.efficientnet_lite import CLASSES
from goodside_train.aesthetics.networks.trunks import normalized
from goodside_train.aesthetics.optimizer import one_cycle_optimizer, set_rates
from goodside_train.aesthetics.recipe import AestheticsRecipe
from goodside_train.device import Device
from goodside_train.loop import Metrics
from goodside_train.moving_average import MovingAverage
from goodside_train.ranks import normalize_together

_ORDER_PHOTOS = 60
_CHUNK = 32


def heads_for(labels: Labels, teacher_outputs: TeacherOutputs) -> dict[str, int]:
    """The heads that the labels and the teachers call for, with their sizes."""
    sizes = {
        net.HIGH_LOW: 2,
        net.DISTRIBUTION: 10,
        net.TECHNICAL: 1,
        net.SEMANTIC: len(labels.tag_names),
        net.EMOTION: len(labels.emotion_names),
        net.ATTRIBUTE: len(labels.attribute_names),
        net.IMAGENET: 0 if teacher_outputs.imagenet is None else CLASSES,
        net.PEER: 0 if teacher_outputs.peer is None else PEER_AXES,
    }
    return {name: size for name, size in sizes.items() if size}


class AestheticsTask:
    """Trains a multi-task network on rated photographs.

    Args:
        network: gives the outputs named in `networks`.
        images: (N, T, T, 3) uint8.
        labels: of the same rows.
        teacher_outputs: what teachers say about the same rows.
        recipe: batch, losses, optimiser.
        device: where and how precisely to multiply.
    """

    def __init__(
        self,
        network: net.MultiTaskNetwork,
        images: RgbImage,
        labels: Labels,
        *,
        teacher_outputs: TeacherOutputs,
        recipe: AestheticsRecipe,
        device: Device,
    ) -> None:
        self.network = normalize_together(network.to(device.torch))
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = MovingAverage(self.network, decay=recipe.optimizer.average_decay)
        self.objective = Objective(network, recipe=recipe.loss).to(device.torch)
        self._images, self._labels = images, labels
        self._recipe, self._device = recipe, device
        self._maker = BatchMaker(
            images,
            labels,
            recipe=recipe.data,
            loop=recipe.loop,
            teacher_outputs=teacher_outputs,
            tag_weight=recipe.teacher.tag_weight,
        )
        self._optimizer = one_cycle_optimizer(
            self.network, recipe=recipe.optimizer, without_decay=self.objective.parameters()
        )

    def batch(self, step: int) -> AestheticsBatch:
        return self._maker(step)

    def training_step(self, batch: AestheticsBatch, *, step: int, progress: float) -> Metrics:
        self.network.train()
        set_rates(self._optimizer, progress, recipe=self._recipe.optimizer)
        with self._device.autocast():
            outputs = self.network(normalized(batch.pixels.to(self._device.torch)))
        parts = self.objective(
            {name: value.float() for name, value in outputs.items()},
            batch.to(self._device.torch),
        )
        total = torch.stack(list(parts.values())).sum()
        self._optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(total)
        self._optimizer.step()
        self.average.update(self.network)
        if (step + 1) % self._recipe.loss.relation_every == 0:
            self.objective.relate(self.network)
        figures = {name: float(part.detach()) for name, part in parts.items()}
        return {"loss": float(total.detach()), "lambda": self.objective.balance, **figures}

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
            "objective": self.objective.state_dict(),
            "average": self.average.state(),
            "optimizer": self._optimizer.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        self.objective.load_state_dict(state["objective"])
        self.average.restore(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])

    def predict(self, photos: list[RgbImage]) -> dict[str, FloatArray]:
        """Outputs of the averaged network for photographs of the input's size."""
        parts: list[dict[str, Tensor]] = []
        with torch.inference_mode(), self._device.autocast():
            for start in range(0, len(photos), _CHUNK):
                pixels = torch.from_numpy(np.stack(photos[start : start + _CHUNK]))
                parts.append(self.average.network(normalized(pixels.to(self._device.torch))))
        return {
            name: torch.cat([part[name].float().cpu() for part in parts]).numpy()
            for name in parts[0]
        }

    def _figures(self, outputs: dict[str, FloatArray], rows: NDArray[np.int64]) -> Metrics:
        labels = self._labels
        score = _mean_scores(outputs)
        high = outputs[net.HIGH_LOW].argmax(axis=1)
        figures = {
            "srcc": metrics.srcc(score, labels.score[rows]),
            "plcc": metrics.plcc(score, labels.score[rows]),
            "mae": metrics.mae(score, labels.score[rows]),
            "accuracy": float((high == labels.high[rows]).mean()),
        }
        known = known_rows(labels.tags[rows])
        if net.SEMANTIC in outputs and known.any():
            tags, semantic = labels.tags[rows][known], outputs[net.SEMANTIC][known]
            right = tags[np.arange(len(tags)), semantic.argmax(axis=1)] > 0.5
            figures["semantic_top1"] = float(right.mean())
            figures["semantic_map"] = metrics.mean_average_precision(semantic, tags > 0.5)
        return figures

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
            scores = _mean_scores(self.predict(photos))
            figures[f"order_{kind}"] = float((scores[::2] > scores[1::2]).mean())
        return figures


def _mean_scores(outputs: dict[str, FloatArray]) -> FloatArray:
    """(N,) means of the score distributions, 1-10."""
    scores: FloatArray = expected_score(torch.from_numpy(outputs[net.DISTRIBUTION])).numpy()
    return scores
