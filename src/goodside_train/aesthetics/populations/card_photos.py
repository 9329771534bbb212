"""The photographs that cards of networks with several populations are measured on."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.model import AestheticModel, Outputs
from goodside.runtime import ModelCard
from goodside.types import RgbImage
from goodside_train.aesthetics.datasets.kept_apart import Part
from goodside_train.aesthetics.datasets.para_shards import read_labels
from goodside_train.aesthetics.datasets.rated_sets import RatedSet, read_set, read_set_images
from goodside_train.aesthetics.export.card_figures import (
    CardPhotos,
    best_temperature,
    expected_scores,
    measure_card,
    run_model,
)
from goodside_train.aesthetics.export.reference import attributes_by_semantic
from goodside_train.aesthetics.populations.figures import measure_parts
from goodside_train.aesthetics.populations.recipe import PopulationsRecipe
from goodside_train.export import DraftWeights

_REFERENCE, _CALIBRATION = 2000, 300
_PARA_TRAINING = 3000


class MeasuringPhotos(Protocol):
    """What a card is measured on.

    Attributes:
        calibration: photographs that calibrate int8.
        compared: of the rows of the outputs, those on which int8 is compared with float32.
    """

    calibration: RgbImage
    compared: slice

    def measure(self, draft: DraftWeights, card: ModelCard) -> tuple[ModelCard, Outputs]:
        """A card's facts and figures, and the outputs for the reference photographs."""


def _calibration_count(reference: int) -> int:
    """How many of the reference photographs, the first ones, calibrate int8."""
    return min(_CALIBRATION, reference // 2)


class ReferencePhotos:
    """Training photographs of every population, for networks without PARA.

    Args:
        asked: the populations.
        data: holds a folder for each of their sets.
        cache: of the photographs.
        size_px: their side.
    """

    def __init__(self, asked: PopulationsRecipe, *, data: Path, cache: Path, size_px: int) -> None:
        self._asked, self._data, self._cache, self._size_px = asked, data, cache, size_px
        photos = np.concatenate(
            [self._images(read_set(data, name, Part.TRAIN)) for name in asked.sets]
        )
        chosen = np.random.default_rng(0).permutation(len(photos))[:_REFERENCE]
        self.reference: RgbImage = photos[chosen]
        count = _calibration_count(len(photos[chosen]))
        self.calibration: RgbImage = self.reference[:count]
        self.compared = slice(count, None)

    def measure(self, draft: DraftWeights, card: ModelCard) -> tuple[ModelCard, Outputs]:
        """A card's facts and figures, and the outputs for the reference photographs."""
        outputs = run_model(AestheticModel(draft, card.name), self.reference)
        scores = expected_scores(outputs)
        names = " and ".join(name.upper() for name in self._asked.sets)
        facts = {
            "reference": f"predictions for {len(scores)} training photographs of {names}",
            "reference_quantiles": np.quantile(scores, np.linspace(0, 1, 101)).round(4).tolist(),
            "attributes_by_semantic": attributes_by_semantic(
                outputs.attributes, np.zeros((len(scores), 0)), (), names=("technical",)
            ),
            "temperature": self._temperature(AestheticModel(draft, card.name)),
        }
        card = card.model_copy(update={"facts": card.facts | facts})
        figures = measure_parts(
            AestheticModel(DraftWeights(draft.folder, card), card.name),
            data=self._data,
            cache=self._cache,
            size_px=self._size_px,
        )
        return card.model_copy(update={"metrics": card.metrics | figures}), outputs

    def _images(self, rated: RatedSet) -> RgbImage:
        return read_set_images(self._data, rated, size_px=self._size_px, cache=self._cache)

    def _temperature(self, model: AestheticModel) -> float:
        """Of the odds of high quality: a mean above that of the population's training part.

        Chosen on the development parts of the populations in the mix.
        """
        odds: list[NDArray[np.float64]] = []
        high: list[NDArray[np.int64]] = []
        for name in self._asked.sets:
            rated = read_set(self._data, name, Part.DEVELOPMENT)
            if name not in self._asked.mix or not len(rated):
                continue
            usual = float(np.mean(read_set(self._data, name, Part.TRAIN).beauty))
            logits = run_model(model, self._images(rated)).quality_logits
            odds.append(logits @ np.array([-1.0, 1.0]))
            high.append((rated.beauty > usual).astype(np.int64))
        return best_temperature(np.concatenate(odds), np.concatenate(high)) if odds else 1.0


class ParaPhotos:
    """PARA's validation rows and some training rows: a card as of weights trained on PARA alone.

    Args:
        data: holds `para/`, and the other sets whose parts kept apart are measured.
        cache: of the photographs.
        size_px: their side.
    """

    def __init__(self, *, data: Path, cache: Path, size_px: int) -> None:
        self._data, self._cache, self._size_px = data, cache, size_px
        parts = [read_set(data, "para", part) for part in (Part.TEST, Part.TRAIN)]
        count = len(parts[0])
        chosen = np.random.default_rng(0).permutation(len(parts[1]))[:_PARA_TRAINING]
        images = [read_set_images(data, one, size_px=size_px, cache=cache) for one in parts]
        labels = read_labels(data / "para")
        place = {name: row for row, name in enumerate(labels.names)}
        names = (*parts[0].names, *(parts[1].names[row] for row in chosen))
        self.photos = CardPhotos(
            source="para",
            labels=labels.take(np.array([place[name] for name in names])),
            validation_count=count,
            images=np.concatenate([images[0], np.stack([images[1][row] for row in chosen])]),
        )
        training = self.photos.images[self.photos.training]
        self.calibration: RgbImage = training[: _calibration_count(len(training))]
        self.compared = self.photos.validation

    def measure(self, draft: DraftWeights, card: ModelCard) -> tuple[ModelCard, Outputs]:
        """A card's facts and figures, and the outputs for validation and training rows."""
        card, outputs = measure_card(draft, card, photos=self.photos)
        figures = measure_parts(
            AestheticModel(DraftWeights(draft.folder, card), card.name),
            data=self._data,
            cache=self._cache,
            size_px=self._size_px,
        )
        of_parts = {f"parts_{name}" if name == "made_pairs" else name: one
                    for name, one in figures.items()}  # fmt: skip
        return card.model_copy(update={"metrics": card.metrics | of_parts}), outputs
