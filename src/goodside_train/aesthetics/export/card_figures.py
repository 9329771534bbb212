"""What a card says that is measured on the weights themselves: reference, calibration, figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics import measure
from goodside.aesthetics.model import AestheticModel, Outputs
from goodside.images import fit
from goodside.runtime import ModelCard, Preprocessing
from goodside.types import Assessment, Json, RgbImage
from goodside_train.aesthetics.datasets.labels import Labels
from goodside_train.aesthetics.datasets.layouts import detect_layout, open_dataset
from goodside_train.aesthetics.evaluate import (
    ORDER_PHOTOS,
    share_in_right_order,
    validation_truth,
)
from goodside_train.aesthetics.export.reference import (
    attributes_by_semantic,
    reference_by_semantic,
)
from goodside_train.export import DraftWeights, with_metrics

_TRAINING_PHOTOS = 3000
_CHUNK = 16


@dataclass(frozen=True, slots=True)
class CardPhotos:
    """Photographs to measure on: the validation rows, and some training rows after them.

    Attributes:
        source: `para`, `ava` and so on.
        labels: of the V + T photographs.
        validation_count: V.
        images: (V + T, S, S, 3) uint8.
    """

    source: str
    labels: Labels
    validation_count: int
    images: RgbImage

    @property
    def validation(self) -> slice:
        """The rows for validation."""
        return slice(self.validation_count)

    @property
    def training(self) -> slice:
        """The training rows, chosen at random, the same ones every time."""
        return slice(self.validation_count, None)


def read_card_photos(
    data: Path, *, size_px: int, cache: Path, layout: str | None = None
) -> CardPhotos:
    """The photographs that cards are measured on, from the data set as training opens it.

    Args:
        data: folder of a data set, see `datasets.layouts`.
        size_px: side to which its photographs are squashed.
        cache: a training run's `.npy` file of all photographs of that size; written if it is not
            there.
        layout: of the folder, by default told from its files.

    Raises:
        SettingsError: the data is incomplete.
    """
    layout = detect_layout(data) if layout is None else layout
    labels, images = open_dataset(data, size_px=size_px, cache=cache, layout=layout)
    validation, others = np.flatnonzero(labels.validation), np.flatnonzero(~labels.validation)
    training = np.random.default_rng(0).permutation(others)[:_TRAINING_PHOTOS]
    rows = np.concatenate([validation, training])
    return CardPhotos(
        source=layout.split("-")[0],
        labels=labels.take(rows),
        validation_count=len(validation),
        images=images[rows],
    )


def measure_card(
    draft: DraftWeights, card: ModelCard, *, photos: CardPhotos
) -> tuple[ModelCard, Outputs]:
    """Complete a card with its reference distributions, its temperature and its figures.

    Args:
        draft: holds the weights.
        card: with the labels, and any quantiles and temperature.
        photos: what to measure on; the network sees each once.

    Returns:
        The card, and the network's outputs for the photographs.
    """
    outputs = run_model(AestheticModel(draft, card.name), photos.images)
    facts = card.facts | _measured_facts(outputs, photos, tags=card.facts["semantic_labels"])
    card = card.model_copy(update={"facts": facts})
    model = AestheticModel(DraftWeights(draft.folder, card), card.name)
    rows, labels = np.arange(photos.validation_count), photos.labels
    assessments = [
        Assessment(
            width=photos.images.shape[2],
            height=photos.images.shape[1],
            aesthetic=model.aesthetic(outputs, row),
            semantics=model.tags(outputs, row),
            model=card.identifier,
        )
        for row in range(photos.validation_count)
    ]

    def scores(pictures: Sequence[RgbImage]) -> list[float]:
        made = run_model(model, pictures)
        return [model.aesthetic(made, row).score for row in range(len(pictures))]

    figures: Json = {
        f"{photos.source}_validation": measure(
            assessments, validation_truth(labels, rows)
        ).as_json(),
        "made_pairs": share_in_right_order(
            photos.images[photos.validation][:ORDER_PHOTOS],
            scores=[one.aesthetic.score for one in assessments[:ORDER_PHOTOS]],
            score=scores,
        ),
    }
    return with_metrics(card, figures), outputs


def _measured_facts(outputs: Outputs, photos: CardPhotos, *, tags: Sequence[str]) -> Json:
    """The card's facts that come from the network's outputs for the photographs."""
    scores = expected_scores(outputs)
    chances = 1 / (1 + np.exp(-outputs.semantic_logits))
    odds = outputs.quality_logits[photos.validation] @ np.array([-1.0, 1.0])
    names = (*photos.labels.attribute_names, "technical")[: outputs.attributes.shape[1]]
    count = photos.validation_count
    return {
        "reference": f"predictions for {count} validation and {len(scores) - count} training "
        f"photographs of {photos.source.upper()}",
        "reference_quantiles": np.quantile(scores, np.linspace(0, 1, 101)).round(4).tolist(),
        "reference_by_semantic": reference_by_semantic(scores, chances, tags),
        "attributes_by_semantic": attributes_by_semantic(
            outputs.attributes, chances, tags, names=names
        ),
        "temperature": best_temperature(odds, photos.labels.high[photos.validation]),
    }


def run_model(model: AestheticModel, photos: RgbImage | Sequence[RgbImage]) -> Outputs:
    """The network's outputs for any number of decoded photographs, a few at a time."""
    parts = [
        model.run(model_input(photos[start : start + _CHUNK], size=model.card.preprocessing))
        for start in range(0, len(photos), _CHUNK)
    ]
    return Outputs(
        distribution=np.concatenate([part.distribution for part in parts]),
        quality_logits=np.concatenate([part.quality_logits for part in parts]),
        semantic_logits=np.concatenate([part.semantic_logits for part in parts]),
        embedding=np.concatenate([part.embedding for part in parts]),
        attributes=np.concatenate([part.attributes for part in parts]),
        word_logits=np.concatenate([part.word_logits for part in parts]),
    )


def model_input(photos: RgbImage | Sequence[RgbImage], *, size: Preprocessing) -> RgbImage:
    """N photographs of any size -> (N, H, W, 3) uint8 of the network's, squashed as at run time."""
    width_px, height_px = size.width_px, size.height_px
    return np.stack(
        [
            fit(
                np.asarray(photo),
                width_px=width_px,
                height_px=height_px,
                how="squash",
                kernel="bicubic",
            )
            for photo in photos
        ]
    )


def expected_scores(outputs: Outputs) -> NDArray[np.float64]:
    """(N,) means of the score distributions, 1-10."""
    scores: NDArray[np.float64] = outputs.distribution.astype(np.float64) @ np.arange(1.0, 11.0)
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
