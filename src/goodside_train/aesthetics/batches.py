"""Batches: rows drawn, photographs scaled and mirrored, degraded copies made beside them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from goodside.errors import SettingsError
from goodside.types import RgbImage
from goodside_train import ranks
from goodside_train.aesthetics.datasets.labels import Labels, known_rows
from goodside_train.aesthetics.degradations import (
    DEGRADATIONS,
    centre_crop,
    draw_tilt,
    inscribed_share,
    tilted,
)
from goodside_train.aesthetics.distillation.teacher_outputs import PEER_AXES, TeacherOutputs
from goodside_train.aesthetics.networks.efficientnet_lite import CLASSES
from goodside_train.aesthetics.recipe import AestheticsDataRecipe
from goodside_train.config import LoopRecipe

KINDS = tuple(DEGRADATIONS)


@dataclass(frozen=True, slots=True)
class AestheticsBatch:
    """One step's data: B photographs, and P degraded copies of some of them.

    Attributes:
        pixels: (B + P, S, S, 3) uint8 sRGB, the copies last.
        original: (P,) int64, index of each copy's original.
        score, technical: (B,) float32, 1-10.
        distribution: (B, 10), emotions (B, E), attributes (B, A) float32; NaN without label.
        high: (B,) int64.
        tags: (B, M) float32; `tag_weight` (B,) says how much each row's count.
        imagenet: (B, 1000) float32 shares of ImageNet's classes, peer: (B, K) float32; NaN where
            there is no such teacher.
    """

    pixels: Tensor
    original: Tensor
    score: Tensor
    technical: Tensor
    distribution: Tensor
    emotions: Tensor
    attributes: Tensor
    high: Tensor
    tags: Tensor
    tag_weight: Tensor
    imagenet: Tensor
    peer: Tensor

    def to(self, device: torch.device) -> AestheticsBatch:
        """The same on a device."""
        return AestheticsBatch(
            **{each.name: getattr(self, each.name).to(device) for each in fields(self)}
        )


class BatchMaker:
    """Makes the batch of any step from the seed alone, so that a run can stop and go on.

    Args:
        images: (N, T, T, 3) uint8, of all rows.
        labels: of the same rows; validation rows are never drawn.
        recipe: what a batch is made of.
        loop: the seed of every draw, and the steps of the run.
        teacher_outputs: what teachers say about the same rows.
        tag_weight: weight of a tag from a teacher against 1 for a true one.

    Raises:
        SettingsError: no row is left to train on.
    """

    def __init__(
        self,
        images: RgbImage,
        labels: Labels,
        *,
        recipe: AestheticsDataRecipe,
        loop: LoopRecipe,
        teacher_outputs: TeacherOutputs,
        tag_weight: float = 0.0,
    ) -> None:
        self._images, self._labels, self._recipe, self._teacher_outputs = (
            images,
            labels,
            recipe,
            teacher_outputs,
        )
        self._seed = loop.seed
        self._small_steps = int(recipe.small_until * loop.steps)
        known = known_rows(labels.tags)
        self._tags = labels.tags
        if teacher_outputs.tags is not None:
            self._tags = np.where(known[:, None], labels.tags, teacher_outputs.tags)
        unsure = 0.0 if teacher_outputs.tags is None else tag_weight
        self._tag_weight = np.where(known, 1.0, unsure).astype(np.float32)
        clear = np.abs(labels.score - labels.high_from) >= recipe.delta
        self._rows = np.flatnonzero(~labels.validation & clear)
        if not len(self._rows):
            raise SettingsError(
                f"of {len(labels)} photographs none is left to train on",
                remedy="rate more, mark fewer for validation, or choose a smaller delta",
            )
        if recipe.rows:
            self._rows = np.random.default_rng((self._seed, 3)).permutation(self._rows)
            self._rows = np.sort(self._rows[: recipe.rows])
        self._labelled = np.flatnonzero(~labels.validation & clear & (known | labels.true_votes))

    def rows(self, step: int) -> NDArray[np.int64]:
        """(B,) rows of a step: each set is walked through in an order shuffled every epoch."""
        extra = min(self._recipe.labelled, self._recipe.batch) if len(self._labelled) else 0
        plain = self._walk(self._rows, step, self._recipe.batch - extra, stream=1)
        return np.concatenate([plain, self._walk(self._labelled, step, extra, stream=2)])

    def size_px(self, step: int) -> int:
        """Side of the input at a step."""
        return self._recipe.small_px if step < self._small_steps else self._recipe.input_px

    def __call__(self, step: int) -> AestheticsBatch:
        """The batch of a step: this process's share of its rows and of its degraded copies.

        Every place in the batch has draws of its own, so several processes of a run see together
        what one alone would see.
        """
        every, size = self.rows(step), self.size_px(step)
        places = ranks.share(np.arange(len(every)))
        kinds = self._kinds(step, min(self._recipe.pairs, len(every)), batch=len(every))
        originals: list[RgbImage] = []
        copies: dict[int, RgbImage] = {}
        for index, place in enumerate(places.tolist()):
            rng = np.random.default_rng((self._seed, 0, step, place))
            photo = np.asarray(self._images[every[place]])
            if rng.random() < 0.5:
                photo = photo[:, ::-1]
            kind = kinds.get(place)
            photo, copy = (
                (trimmed(photo, self._recipe.trim, rng), None)
                if kind is None
                else (degraded_pair(photo, kind=kind, rng=rng))
            )
            originals.append(scaled(photo, size_px=size))
            if copy is not None:
                copies[index] = scaled(copy, size_px=size)
        return self._batch(every[places], originals, copies)

    def _batch(
        self, rows: NDArray[np.int64], originals: list[RgbImage], copies: dict[int, RgbImage]
    ) -> AestheticsBatch:
        labels = self._labels
        return AestheticsBatch(
            pixels=torch.from_numpy(np.stack([*originals, *copies.values()])),
            original=torch.tensor(list(copies), dtype=torch.int64),
            score=torch.from_numpy(labels.score[rows]),
            technical=torch.from_numpy(labels.quality[rows]),
            distribution=torch.from_numpy(labels.distribution[rows]),
            emotions=torch.from_numpy(labels.emotions[rows]),
            attributes=torch.from_numpy(labels.attributes[rows]),
            high=torch.from_numpy(labels.high[rows]),
            tags=torch.from_numpy(self._tags[rows].astype(np.float32)),
            tag_weight=torch.from_numpy(self._tag_weight[rows]),
            imagenet=self._classes(rows),
            peer=self._peer(rows),
        )

    def _classes(self, rows: NDArray[np.int64]) -> Tensor:
        if self._teacher_outputs.imagenet is None:
            return torch.full((len(rows), CLASSES), torch.nan)
        return torch.from_numpy(self._teacher_outputs.imagenet[rows].astype(np.float32)).softmax(
            dim=1
        )

    def _peer(self, rows: NDArray[np.int64]) -> Tensor:
        if self._teacher_outputs.peer is None:
            return torch.full((len(rows), PEER_AXES), torch.nan)
        return torch.from_numpy(self._teacher_outputs.peer[rows])

    def _walk(
        self, rows: NDArray[np.int64], step: int, count: int, *, stream: int
    ) -> NDArray[np.int64]:
        position = np.arange(step * count, (step + 1) * count)
        taken = np.empty(count, dtype=np.int64)
        for epoch in np.unique(position // max(len(rows), 1)):
            order = np.random.default_rng((self._seed, stream, int(epoch))).permutation(rows)
            here = position // len(rows) == epoch
            taken[here] = order[position[here] % len(rows)]
        return taken

    def _kinds(self, step: int, count: int, *, batch: int) -> dict[int, str]:
        """Which places of a batch appear as a degraded copy too, and how it is degraded.

        All kinds take turns, and so do all places, `count` beside each other, which processes that
        can share them evenly thereby do.

        Raises:
            SettingsError: they cannot.
        """
        ranks.share(np.arange(count))
        turns = range(step * count, (step + 1) * count)
        return {turn % batch: KINDS[turn % len(KINDS)] for turn in turns}


def degraded_pair(
    photo: RgbImage, *, kind: str, rng: np.random.Generator
) -> tuple[RgbImage, RgbImage]:
    """An original and its degraded copy.

    Tilt turns the photograph in a shape that a camera gives, before it is squashed again. Half of
    the tilted copies stand beside an original cropped as they are, so that the loss cannot be met
    by judging magnification instead of the horizon.
    """
    if kind == "tilt":
        angle, shape = draw_tilt(rng)
        copy = tilted(photo, angle_deg=angle, aspect=shape)
        share = inscribed_share(angle, aspect=shape) if rng.random() < 0.5 else 1.0
        return centre_crop(photo, share=share), copy
    return photo, DEGRADATIONS[kind](photo, rng)


def scaled(photo: RgbImage, *, size_px: int) -> RgbImage:
    """Squash to a square, with antialiasing, as the runtime does."""
    if photo.shape[:2] == (size_px, size_px):
        return photo
    image = Image.fromarray(np.ascontiguousarray(photo))
    return np.asarray(image.resize((size_px, size_px), Image.Resampling.BICUBIC))


def trimmed(photo: RgbImage, share: float, rng: np.random.Generator) -> RgbImage:
    """Cut up to `share` off each dimension, at random sides."""
    if share == 0:
        return photo
    height, width = photo.shape[:2]
    keep_h, keep_w = (round(side * (1 - rng.uniform(0, share))) for side in (height, width))
    top, left = rng.integers(0, height - keep_h + 1), rng.integers(0, width - keep_w + 1)
    return photo[top : top + keep_h, left : left + keep_w]
