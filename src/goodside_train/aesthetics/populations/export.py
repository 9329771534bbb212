"""A network with several populations as shipped weights: its outputs, its card, its figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from goodside.aesthetics.evaluation.metrics import srcc
from goodside.aesthetics.model import AestheticModel, Outputs
from goodside.errors import SettingsError
from goodside.runtime import ModelCard
from goodside.types import Json, RgbImage
from goodside_train.aesthetics.datasets.kept_apart import Part
from goodside_train.aesthetics.datasets.rated_sets import RatedSet, read_set, read_set_images
from goodside_train.aesthetics.export.assessor import INPUT, card_preprocessing
from goodside_train.aesthetics.export.card_figures import (
    best_temperature,
    expected_scores,
    model_input,
    run_model,
)
from goodside_train.aesthetics.export.int8 import SUFFIX, quantize_assessor
from goodside_train.aesthetics.export.reference import attributes_by_semantic
from goodside_train.aesthetics.networks.build import build_network
from goodside_train.aesthetics.networks.multi_task import MultiTaskNetwork
from goodside_train.aesthetics.networks.trunks import normalized
from goodside_train.aesthetics.populations.exported_network import ExportedPopulations
from goodside_train.aesthetics.populations.figures import measure_parts
from goodside_train.aesthetics.populations.recipe import PopulationsRecipe
from goodside_train.aesthetics.populations.targets import CENTRE
from goodside_train.aesthetics.populations.task import population_heads
from goodside_train.aesthetics.recipe import AestheticsRecipe
from goodside_train.export import (
    NO_SHA256,
    DraftWeights,
    export_graph,
    export_module,
    load_averaged,
)
from goodside_train.provenance import describe_runs

_REFERENCE, _CALIBRATION = 2000, 300


def export_populations(
    recipe: AestheticsRecipe,
    *,
    runs: Sequence[Path],
    data: Path,
    weights: Path,
    version: str,
    share: float = 1.0,
    int8: bool = False,
) -> list[ModelCard]:
    """Turn the averaged network of a run, or of several, into weights for the `Assessor`.

    Args:
        recipe: of the run, with its table `populations`.
        runs: their folders, with checkpoints and photographs.
        data: holds a folder for each of the recipe's sets; of other sets there, the test part is
            measured as well.
        weights: receives the ONNX file and the card.
        version: of the weights, by SemVer.
        share: of the trained trunk; the rest is the ImageNet start (Wortsman and
            others, Robust fine-tuning of zero-shot models, CVPR 2022).
        int8: write a second model `<name>-int8` beside the first.

    Returns:
        One card a model.

    Raises:
        WeightsError: the checkpoint does not fit, or torch and ONNX Runtime differ.
        SettingsError: the folder holds other weights of this version, or the data is incomplete.
    """
    asked = recipe.populations
    if asked is None:
        raise SettingsError("the recipe has no table [populations]")
    network = load_populations_network(recipe, runs=runs, share=share)
    photos = _CardPhotos(asked, data=data, cache=runs[0] / "photos", size_px=recipe.data.stored_px)
    exported = ExportedPopulations(network, recipe=asked).eval()
    size = card_preprocessing(recipe)
    pixels = model_input(photos.reference[:3], size=size)
    exact: list[Outputs] = []

    def measure(draft: DraftWeights, card: ModelCard) -> ModelCard:
        card, outputs = photos.measure(draft, card)
        exact.append(outputs)
        return card

    card = export_module(
        exported,
        normalized(torch.from_numpy(pixels)).contiguous(),
        card=_draft_card(
            recipe,
            version=version,
            source=describe_runs(runs, also=recipe.card.source),
            share=share,
            learnt_from=asked.sets,
        ),
        folder=weights,
        input_name=INPUT,
        output_names=exported.outputs,
        measure=measure,
    )
    if not int8:
        return [card]
    return [card, _export_int8(card, exact[0], weights=weights, photos=photos)]


def _export_int8(
    card: ModelCard, exact: Outputs, *, weights: Path, photos: _CardPhotos
) -> ModelCard:
    """Quantise the weights of a card, which gave `exact` for the reference photographs."""
    calibration = model_input(photos.calibration, size=card.preprocessing)
    inputs = card.preprocessing.normalize(calibration)

    def measure(draft: DraftWeights, card: ModelCard) -> ModelCard:
        card, quantized = photos.measure(draft, card)
        lost = {"against_float32": _against(exact, quantized)}
        return card.model_copy(update={"metrics": lost | card.metrics})

    return export_graph(
        lambda path: quantize_assessor(weights / f"{card.name}.onnx", path, inputs=inputs),
        card=card.model_copy(
            update={
                "name": card.name + SUFFIX,
                "title": f"{card.title}, in int8",
                "metrics": {},
            }
        ),
        folder=weights,
        measure=measure,
    )


def _against(exact: Outputs, quantized: Outputs) -> Json:
    """How far int8 is from float32 on the reference photographs that did not calibrate it."""
    before, after = (expected_scores(one) for one in (exact, quantized))
    rest = slice(_calibration_count(len(before)), None)
    before, after = before[rest], after[rest]
    return {
        "srcc": round(srcc(before, after), 4),
        "mean_difference": round(float(np.abs(before - after).mean()), 4),
    }


def _calibration_count(reference: int) -> int:
    """How many of the reference photographs, the first ones, calibrate int8."""
    return min(_CALIBRATION, reference // 2)


class _CardPhotos:
    """The photographs that a card is measured on.

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
        self.calibration = self.reference[: _calibration_count(len(self.reference))]

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


def load_populations_network(
    recipe: AestheticsRecipe, *, runs: Sequence[Path], share: float = 1.0
) -> MultiTaskNetwork:
    """The averaged network of the runs' checkpoints, its trunk part of the way from ImageNet.

    Args:
        recipe: of the runs.
        runs: their folders.
        share: of the trained trunk, 0-1; below 1 the ImageNet weights must be installed.

    Raises:
        WeightsError: a checkpoint is missing or does not fit, or the ImageNet weights are missing.
    """
    if recipe.populations is None:
        raise SettingsError("the recipe has no table [populations]")
    heads = population_heads(recipe.populations)
    bare = recipe.model_copy(
        update={"network": recipe.network.model_copy(update={"imagenet": False})}
    )
    network = load_averaged(runs, build=lambda _state: build_network(bare, heads=heads))
    if share < 1:
        start = build_network(recipe, heads=heads).trunk.state_dict()
        trained = network.trunk.state_dict()
        between = {
            name: torch.lerp(start[name], value, share) if value.is_floating_point() else value
            for name, value in trained.items()
        }
        network.trunk.load_state_dict(between)
    return network.eval()


def _draft_card(
    recipe: AestheticsRecipe,
    *,
    version: str,
    source: str,
    share: float,
    learnt_from: Sequence[str],
) -> ModelCard:
    between = "" if share == 1 else f" Trunk: {share:g} of the way from its ImageNet weights."
    return ModelCard(
        name=recipe.name,
        version=version,
        task="aesthetics",
        title=recipe.card.title,
        sha256=NO_SHA256,
        size_bytes=1,
        license=recipe.card.license,
        terms=recipe.card.terms,
        source=source + between,
        data=recipe.card.data,
        preprocessing=card_preprocessing(recipe),
        facts={
            "scale": f"1 to 10, {CENTRE} for the mean photograph of each population of raters",
            "high_from": CENTRE,
            "learnt_from": [name.upper() for name in learnt_from],
            "semantic_labels": [],
            "emotion_labels": [],
            "attribute_labels": [],
            "reference_quantiles": np.linspace(1, 10, 101).tolist(),
            "temperature": 1.0,
        },
    )
