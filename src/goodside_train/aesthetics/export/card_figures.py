"""What a card says that is measured on the weights themselves: reference, calibration, figures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics import Assessor, measure
from goodside.aesthetics.judge import Judge, Verdicts
from goodside.runtime import ModelCard, Preprocessing, WeightsStore
from goodside.types import RgbImage
from goodside_train.aesthetics.batches import scaled
from goodside_train.aesthetics.datasets.labels import Labels
from goodside_train.aesthetics.datasets.layouts import detect_layout, open_dataset
from goodside_train.aesthetics.evaluate import (
    ORDER_PHOTOS,
    assess_all,
    share_in_right_order,
    validation_truth,
)
from goodside_train.aesthetics.export.reference import attributes_by_semantic, reference_by_semantic
from goodside_train.export import write_card

_SEEN = 3000
_CHUNK = 16


@dataclass(frozen=True, slots=True)
class CardPhotos:
    """Photographs to measure on: the validation rows, and some training rows after them.

    Attributes:
        source: `para`, `ava` and so on.
        labels: of the V + T photographs.
        held: (V,) rows for validation, the first ones.
        seen: (T,) training rows, chosen at random, the same ones every time.
        photos: (V + T, S, S, 3) uint8.
    """

    source: str
    labels: Labels
    held: NDArray[np.int64]
    seen: NDArray[np.int64]
    photos: RgbImage

    @property
    def validation_photos(self) -> RgbImage:
        return self.photos[: len(self.held)]

    @property
    def training_photos(self) -> RgbImage:
        return self.photos[len(self.held) :]


def read_card_photos(
    data: Path, *, size_px: int, cache: Path, layout: str | None = None
) -> CardPhotos:
    """The photographs that cards are measured on.

    Args:
        data: folder of a data set, see `rooms`.
        size_px: side to which its photographs are squashed.
        cache: a training run's `.npy` file of all photographs of that size; without one they are
            decoded.
        layout: of the folder, by default told from its files.

    Raises:
        SettingsError: the data is incomplete.
    """
    layout = detect_layout(data) if layout is None else layout
    if cache.exists():
        labels, images = open_dataset(data, size_px=size_px, cache=cache, layout=layout)
        rows = _held_and_seen(labels)
        labels, photos = labels.take(rows), images[rows]
    else:
        labels, photos = open_dataset(data, size_px=size_px, layout=layout, choose=_held_and_seen)
    held = int(labels.validation.sum())
    return CardPhotos(
        source=layout.split("-")[0],
        labels=labels,
        held=np.arange(held),
        seen=np.arange(held, len(labels)),
        photos=photos,
    )


def _held_and_seen(labels: Labels) -> NDArray[np.int64]:
    """All validation rows, then some training rows."""
    held, others = np.flatnonzero(labels.validation), np.flatnonzero(~labels.validation)
    seen = np.random.default_rng(0).permutation(others)[:_SEEN]
    return np.concatenate([held, seen])


def measure_card(card: ModelCard, store: WeightsStore, *, sample: CardPhotos) -> ModelCard:
    """Measure the reference distributions and the temperature, then the figures with them.

    Args:
        card: with the labels and any quantiles and temperature; it is written into the store anew.
        store: holds the weights.
        sample: what to measure on.
    """
    labels, held = sample.labels, len(sample.held)
    tags = card.facts["semantic_labels"]
    verdicts = run_model(Judge(store, card.name), sample.photos)
    scores = expected_scores(verdicts)
    chances = 1 / (1 + np.exp(-verdicts.semantic_logits))
    odds = verdicts.quality_logits[:held] @ np.array([-1.0, 1.0])
    facts = card.facts | {
        "reference": f"predictions for {held} validation and {len(sample.seen)} training "
        f"photographs of {sample.source.upper()}",
        "reference_quantiles": np.quantile(scores, np.linspace(0, 1, 101)).round(4).tolist(),
        "reference_by_semantic": reference_by_semantic(scores, chances, tags),
        "attributes_by_semantic": attributes_by_semantic(
            verdicts.attributes,
            chances,
            tags,
            names=(*labels.attribute_names, "technical")[: verdicts.attributes.shape[1]],
        ),
        "temperature": best_temperature(odds, labels.high[sample.held]),
    }
    card = card.model_copy(update={"facts": facts})
    write_card(card, folder=store.folder)
    assessor = Assessor(store=store, model=card.name)
    figures = {
        f"{sample.source}_validation": measure(
            assess_all(assessor, sample.validation_photos), validation_truth(labels, sample.held)
        ).as_json(),
        "made_pairs": share_in_right_order(assessor, sample.validation_photos[:ORDER_PHOTOS]),
    }
    return card.model_copy(update={"metrics": card.metrics | figures})


def run_model(judge: Judge, photos: RgbImage) -> Verdicts:
    """The network's outputs for any number of decoded photographs, a few at a time."""
    parts = [
        judge.run(squashed(photos[start : start + _CHUNK], size=judge.card.preprocessing))
        for start in range(0, len(photos), _CHUNK)
    ]
    return Verdicts(
        distribution=np.concatenate([part.distribution for part in parts]),
        quality_logits=np.concatenate([part.quality_logits for part in parts]),
        semantic_logits=np.concatenate([part.semantic_logits for part in parts]),
        embedding=np.concatenate([part.embedding for part in parts]),
        attributes=np.concatenate([part.attributes for part in parts]),
    )


def squashed(photos: RgbImage, *, size: Preprocessing) -> RgbImage:
    """(N, H, W, 3) uint8 of any size -> of the network's."""
    return np.stack([scaled(photo, size_px=size.width_px) for photo in photos])


def expected_scores(verdicts: Verdicts) -> NDArray[np.float64]:
    """(N,) means of the score distributions, 1-10."""
    scores: NDArray[np.float64] = verdicts.distribution.astype(np.float64) @ np.arange(1.0, 11.0)
    return scores


def best_temperature(odds: NDArray[np.float64], high: NDArray[np.int64]) -> float:
    """The divisor of the log odds that makes the likelihood of the truth largest.

    Args:
        odds: (N,) log odds of high quality, undivided.
        high: (N,) 1 where the truth is high.
    """
    margin = odds * np.where(high > 0, 1.0, -1.0)
    candidates = np.geomspace(0.4, 3.0, 61)
    losses = [float(np.logaddexp(0, -margin / divisor).mean()) for divisor in candidates]
    return round(float(candidates[int(np.argmin(losses))]), 3)
