"""A network with several populations as shipped weights: its outputs, its card, its figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from goodside.aesthetics.evaluation.metrics import srcc
from goodside.aesthetics.model import Outputs
from goodside.errors import SettingsError
from goodside.runtime import ModelCard
from goodside.types import Json
from goodside_train.aesthetics.export.assessor import INPUT, card_preprocessing, draft_card
from goodside_train.aesthetics.export.card_figures import (
    expected_scores,
    model_input,
)
from goodside_train.aesthetics.export.int8 import SUFFIX, quantize_assessor
from goodside_train.aesthetics.networks.build import build_network
from goodside_train.aesthetics.networks.multi_task import MultiTaskNetwork
from goodside_train.aesthetics.networks.trunks import normalized
from goodside_train.aesthetics.populations.card_photos import (
    MeasuringPhotos,
    ParaPhotos,
    ReferencePhotos,
)
from goodside_train.aesthetics.populations.exported_network import (
    ExportedDetailed,
    ExportedPopulations,
)
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
    source = describe_runs(runs, also=recipe.card.source)
    cache, size_px = runs[0] / "photos", recipe.data.stored_px
    photos: MeasuringPhotos
    exported: ExportedPopulations | ExportedDetailed
    if asked.detailed:
        para = ParaPhotos(data=data, cache=cache, size_px=size_px)
        photos, exported = para, ExportedDetailed(network, recipe=asked)
        card = draft_card(
            recipe, network=network, photos=para.photos, version=version, source=source
        )
    else:
        photos = ReferencePhotos(asked, data=data, cache=cache, size_px=size_px)
        exported = ExportedPopulations(network, recipe=asked)
        card = _draft_card(recipe, version=version, source=source, share=share)
    learnt_from = [name.upper() for name in asked.sets]
    card = card.model_copy(update={"facts": card.facts | {"learnt_from": learnt_from}})
    pixels = model_input(photos.calibration[:3], size=card_preprocessing(recipe))
    exact: list[Outputs] = []

    def measure(draft: DraftWeights, card: ModelCard) -> ModelCard:
        card, outputs = photos.measure(draft, card)
        exact.append(outputs)
        return card

    card = export_module(
        exported.eval(),
        normalized(torch.from_numpy(pixels)).contiguous(),
        card=card,
        folder=weights,
        input_name=INPUT,
        output_names=exported.outputs,
        measure=measure,
    )
    if not int8:
        return [card]
    return [card, _export_int8(card, exact[0], weights=weights, photos=photos)]


def _export_int8(
    card: ModelCard, exact: Outputs, *, weights: Path, photos: MeasuringPhotos
) -> ModelCard:
    """Quantise the weights of a card, which gave `exact` for the reference photographs."""
    calibration = model_input(photos.calibration, size=card.preprocessing)
    inputs = card.preprocessing.normalize(calibration)

    def measure(draft: DraftWeights, card: ModelCard) -> ModelCard:
        card, quantized = photos.measure(draft, card)
        lost = {"against_float32": _against(exact, quantized, rows=photos.compared)}
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


def _against(exact: Outputs, quantized: Outputs, *, rows: slice) -> Json:
    """How far int8 is from float32 on photographs that did not calibrate it."""
    before, after = (expected_scores(one)[rows] for one in (exact, quantized))
    return {
        "srcc": round(srcc(before, after), 4),
        "mean_difference": round(float(np.abs(before - after).mean()), 4),
    }


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
        SettingsError: a share below 1 of a run that did not start from ImageNet weights.
    """
    if recipe.populations is None:
        raise SettingsError("the recipe has no table [populations]")
    heads = population_heads(recipe.populations)
    bare = recipe.model_copy(
        update={"network": recipe.network.model_copy(update={"imagenet": False})}
    )
    network = load_averaged(runs, build=lambda _state: build_network(bare, heads=heads))
    if share < 1 and recipe.start is not None:
        raise SettingsError(
            f"the trunk started from {recipe.start.weights}, not from ImageNet weights",
            remedy="leave out --share",
        )
    if share < 1:
        start = build_network(recipe, heads=heads).trunk.state_dict()
        trained = network.trunk.state_dict()
        between = {
            name: torch.lerp(start[name], value, share) if value.is_floating_point() else value
            for name, value in trained.items()
        }
        network.trunk.load_state_dict(between)
    return network.eval()


def _draft_card(recipe: AestheticsRecipe, *, version: str, source: str, share: float) -> ModelCard:
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
            "semantic_labels": [],
            "emotion_labels": [],
            "attribute_labels": [],
            "reference_quantiles": np.linspace(1, 10, 101).tolist(),
            "temperature": 1.0,
        },
    )
