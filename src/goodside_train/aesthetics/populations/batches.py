"""Batches of photographs of several sets, their degraded copies, and further views."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from goodside_train import ranks
from goodside_train.aesthetics.batches import AestheticsBatch, scaled, trimmed
from goodside_train.aesthetics.datasets.labels import Labels, known_rows
from goodside_train.aesthetics.distillation.views import KINDS
from goodside_train.aesthetics.populations.examples import Examples
from goodside_train.aesthetics.populations.recipe import PopulationsRecipe
from goodside_train.aesthetics.recipe import AestheticsDataRecipe
from goodside_train.config import LoopRecipe

_DEGRADED = tuple(index for index, kind in enumerate(KINDS) if kind.startswith("degraded"))


@dataclass(frozen=True, slots=True)
class PopulationBatch:
    """One step's data: B pictures.

    Attributes:
        pixels: (B, S, S, 3) uint8 sRGB.
        better, worse: (P,) int64, places of photographs and of their degraded copies in the batch.
        scores, trusts: (B, R) float32, standardised scores of the R populations of raters.
        technical, technical_trusts: (B, T) float32, of the T populations of observers.
        peers: (B, K, 64) float32; NaN where a teacher has not looked.
        imagenet: (B, 1000) float32 shares; NaN where the teacher has not looked.
        detailed_places: (D,) int64, places of PARA's photographs in the batch.
        detailed: PARA's labels of the same; None without PARA.
    """

    pixels: Tensor
    better: Tensor
    worse: Tensor
    scores: Tensor
    trusts: Tensor
    technical: Tensor
    technical_trusts: Tensor
    peers: Tensor
    imagenet: Tensor
    detailed_places: Tensor
    detailed: AestheticsBatch | None

    def to(self, device: torch.device) -> PopulationBatch:
        """The same on a device."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        moved = {name: value.to(device) for name, value in values.items() if value is not None}
        return replace(self, **moved)


class PopulationBatchMaker:
    """Makes the batch of any step from the seed alone, so that a run can stop and go on.

    Args:
        examples: all pictures.
        recipe: how many of what are in a batch.
        data: sizes, and how much is cut off the photographs.
        loop: the seed of every draw, and the steps of the run.
    """

    def __init__(
        self,
        examples: Examples,
        *,
        recipe: PopulationsRecipe,
        data: AestheticsDataRecipe,
        loop: LoopRecipe,
    ) -> None:
        self._examples, self._recipe, self._data = examples, recipe, data
        self._seed = loop.seed
        self._small_steps = int(data.small_until * loop.steps)
        detailed, self._labelled = examples.detailed, np.empty(0, np.int64)
        if detailed is not None:
            voted = known_rows(detailed.tags) | detailed.true_votes
            self._labelled = examples.photos["para"][voted]

    def size_px(self, step: int) -> int:
        """Side of the input at a step."""
        return self._data.small_px if step < self._small_steps else self._data.input_px

    def rows(self, step: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """What a step consists of: the share of this process.

        Returns:
            (B,) rows, photographs first, and (P, 2) places among them of a photograph and of its
            degraded copy.
        """
        asked, examples = self._recipe, self._examples
        whole = [
            ranks.share(self._walked(name, step, count, key=(self._seed, 10 + place)))
            for place, (name, count) in enumerate(asked.photos.items())
        ]
        photos = np.concatenate(whole)
        with_views = np.flatnonzero(examples.first_view[photos] >= 0)
        turns = ranks.share(step * asked.pairs + np.arange(asked.pairs))
        rng = np.random.default_rng((self._seed, 1, step, ranks.rank()))
        better = rng.permutation(with_views)[: len(turns)]
        kinds = np.array(_DEGRADED)[turns[: len(better)] % len(_DEGRADED)]
        copies = examples.first_view[photos[better]] + kinds
        further = asked.views if len(examples.views) else 0
        views = ranks.share(walk(examples.views, step, further, key=(self._seed, 2)))
        places = np.stack([better, len(photos) + np.arange(len(better))], axis=1)
        return np.concatenate([photos, copies, views]), places

    def _walked(
        self, name: str, step: int, count: int, *, key: tuple[int, int]
    ) -> NDArray[np.int64]:
        """A step's photographs of a set; of PARA's, the labelled ones first."""
        rows = self._examples.photos[name]
        if name != "para":
            return walk(rows, step, count, key=key)
        if self._recipe.looked:
            rows = rows[np.isfinite(self._examples.imagenet[rows, 0])]
        labelled = self._recipe.labelled if len(self._labelled) else 0
        return np.concatenate(
            [
                walk(self._labelled, step, labelled, key=(key[0], 30)),
                walk(rows, step, count - labelled, key=key),
            ]
        )

    def _detailed(self, rows: NDArray[np.int64]) -> tuple[Tensor, AestheticsBatch | None]:
        known = self._examples.detailed
        if known is None:
            return torch.zeros(0, dtype=torch.int64), None
        start = self._examples.photos["para"][0]
        places = np.flatnonzero((rows >= start) & (rows < start + len(known)))
        return torch.from_numpy(places), labels_batch(known.take(rows[places] - start))

    def __call__(self, step: int) -> PopulationBatch:
        """The batch of a step; each process of a run draws its own mirror images and cuts."""
        rows, places = self.rows(step)
        rng = np.random.default_rng((self._seed, 0, step, ranks.rank()))
        size, whole = self.size_px(step), self._examples.original[rows] == rows
        pictures = []
        for index, row in enumerate(rows):
            picture = self._examples.picture(int(row))
            if rng.random() < 0.5:
                picture = picture[:, ::-1]
            if whole[index] and index not in places[:, 0]:
                picture = trimmed(picture, self._data.trim, rng)
            pictures.append(scaled(picture, size_px=size))
        pixels = torch.from_numpy(np.stack(pictures))
        return self._batch(rows, places, pixels)

    def _batch(
        self, rows: NDArray[np.int64], places: NDArray[np.int64], pixels: Tensor
    ) -> PopulationBatch:
        known, asked = self._examples, self._recipe
        beauty = [known.beauty[name] for name in asked.raters]
        technical = [known.technical[name] for name in asked.observers]

        def side(arrays: list[NDArray[np.float32]]) -> Tensor:
            columns = [torch.from_numpy(array[rows]) for array in arrays]
            return torch.stack(columns, dim=1) if columns else torch.zeros(len(rows), 0)

        imagenet = torch.from_numpy(known.imagenet[rows].astype(np.float32)).softmax(dim=1)
        detailed_places, detailed = self._detailed(rows)
        return PopulationBatch(
            pixels=pixels,
            better=torch.from_numpy(places[:, 0].copy()),
            worse=torch.from_numpy(places[:, 1].copy()),
            scores=side([one.score for one in beauty]),
            trusts=side([one.trust for one in beauty]),
            technical=side([one.score for one in technical]),
            technical_trusts=side([one.trust for one in technical]),
            peers=torch.stack([torch.from_numpy(p[rows]) for p in known.peers.values()], dim=1),
            imagenet=imagenet,
            detailed_places=detailed_places,
            detailed=detailed,
        )


def labels_batch(labels: Labels) -> AestheticsBatch:
    """People's labels of some photographs, without their pixels, copies and teachers."""
    known = known_rows(labels.tags)
    nothing = torch.zeros(0, dtype=torch.int64)
    return AestheticsBatch(
        pixels=torch.zeros(0),
        original=nothing,
        score=torch.from_numpy(labels.score),
        technical=torch.from_numpy(labels.quality),
        distribution=torch.from_numpy(labels.distribution),
        emotions=torch.from_numpy(labels.emotions),
        attributes=torch.from_numpy(labels.attributes),
        high=torch.from_numpy(labels.high),
        tags=torch.from_numpy(labels.tags),
        tag_weight=torch.from_numpy(known.astype(np.float32)),
        imagenet=nothing,
        peer=nothing,
    )


def walk(
    rows: NDArray[np.int64], step: int, count: int, *, key: tuple[int, int]
) -> NDArray[np.int64]:
    """The `count` rows of a step of a walk through all rows, in a new order every epoch.

    Args:
        rows: what to walk through; not empty unless `count` is 0.
        step: from 0 on.
        count: rows a step.
        key: of the orders.
    """
    taken = np.empty(count, dtype=np.int64)
    position = np.arange(step * count, (step + 1) * count)
    for epoch in np.unique(position // max(len(rows), 1)):
        order = np.random.default_rng((*key, int(epoch))).permutation(rows)
        here = position // len(rows) == epoch
        taken[here] = order[position[here] % len(rows)]
    return taken
