"""A network with several populations as shipped weights: its outputs, its card, its figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from goodside.aesthetics.evaluation.metrics import plcc, srcc
from goodside.aesthetics.model import AestheticModel
from goodside.errors import SettingsError
from goodside.runtime import ModelCard
from goodside.types import FloatArray, Json, RgbImage
from goodside_train.aesthetics.datasets.kept_apart import Part
from goodside_train.aesthetics.datasets.rated_sets import SETS, RatedSet, read_set, read_set_images
from goodside_train.aesthetics.distillation.views import KINDS, make_view
from goodside_train.aesthetics.export.assessor import INPUT, card_preprocessing
from goodside_train.aesthetics.export.card_figures import expected_scores, model_input, run_model
from goodside_train.aesthetics.losses.objective import from_standardized
from goodside_train.aesthetics.networks import multi_task as net
from goodside_train.aesthetics.networks.build import build_network
from goodside_train.aesthetics.networks.multi_task import MultiTaskNetwork
from goodside_train.aesthetics.networks.trunks import normalized
from goodside_train.aesthetics.populations.objective import beauty_head, technical_head
from goodside_train.aesthetics.populations.recipe import PopulationsRecipe
from goodside_train.aesthetics.populations.targets import CENTRE
from goodside_train.aesthetics.populations.task import population_heads
from goodside_train.aesthetics.recipe import AestheticsRecipe
from goodside_train.export import NO_SHA256, DraftWeights, export_module, load_averaged
from goodside_train.provenance import describe_runs

_REFERENCE, _ORDER_PHOTOS = 2000, 200
_LOGISTIC = 1.702
"""Scale of the logistic curve that stands for the integral of a bell."""


class ExportedPopulations(nn.Module):
    """A network with the outputs the runtime reads, in the order of `outputs`.

    (N, 3, S, S) in; out come the score distribution (N, 10), a mean over the populations; the
    logits of low and high (N, 2), by how much of a bell of the distribution's mean and spread lies
    above the middle; the shared features (N, D); and the technical quality (N, 1), 1-10.
    """

    outputs = ("distribution", "quality_logits", "embedding", "technical")
    bins: Tensor

    def __init__(self, network: MultiTaskNetwork, *, recipe: PopulationsRecipe) -> None:
        super().__init__()
        self.network = network
        total = sum(recipe.mix.values())
        self._shares = [
            (beauty_head(name), share / total) for name, share in recipe.mix.items() if share
        ]
        self._technical = [technical_head(name) for name in recipe.observers]
        self.register_buffer("bins", torch.arange(1, 11, dtype=torch.float32))

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        out = self.network(image)
        parts = [share * out[head].softmax(dim=1) for head, share in self._shares]
        distribution = torch.stack(parts).sum(dim=0)
        score = (distribution * self.bins).sum(dim=1, keepdim=True)
        spread = (
            ((distribution * self.bins.square()).sum(dim=1, keepdim=True) - score.square())
            .clamp(min=1e-4)
            .sqrt()
        )
        odds = _LOGISTIC * (score - CENTRE) / spread
        technical = torch.stack([out[head] for head in self._technical]).mean(dim=0)
        return (
            distribution,
            torch.cat([torch.zeros_like(odds), odds], dim=1),
            out[net.EMBEDDING],
            from_standardized(technical),
        )


def export_populations(
    recipe: AestheticsRecipe,
    *,
    runs: Sequence[Path],
    data: Path,
    weights: Path,
    version: str,
    share: float = 1.0,
) -> ModelCard:
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

    Returns:
        The card.

    Raises:
        WeightsError: the checkpoint does not fit, or torch and ONNX Runtime differ.
        SettingsError: the folder holds other weights of this version, or the data is incomplete.
    """
    asked = recipe.populations
    if asked is None:
        raise SettingsError("the recipe has no table [populations]")
    network = load_populations_network(recipe, runs=runs, share=share)
    stored, cache = recipe.data.stored_px, runs[0] / "photos"
    photos = np.concatenate(
        [
            read_set_images(data, read_set(data, name, Part.TRAIN), size_px=stored, cache=cache)
            for name in asked.sets
        ]
    )
    chosen = np.random.default_rng(0).permutation(len(photos))[:_REFERENCE]
    reference = photos[np.sort(chosen)]
    exported = ExportedPopulations(network, recipe=asked).eval()
    size = card_preprocessing(recipe)
    example = normalized(torch.from_numpy(model_input(reference[:3], size=size))).contiguous()

    def measure(draft: DraftWeights, card: ModelCard) -> ModelCard:
        scores = expected_scores(run_model(AestheticModel(draft, card.name), reference))
        facts = {
            "reference": f"predictions for {len(reference)} training photographs",
            "reference_quantiles": np.quantile(scores, np.linspace(0, 1, 101)).round(4).tolist(),
        }
        card = card.model_copy(update={"facts": card.facts | facts})
        figures = measure_parts(
            AestheticModel(DraftWeights(draft.folder, card), card.name),
            data=data,
            cache=cache,
            size_px=stored,
        )
        return card.model_copy(update={"metrics": card.metrics | figures})

    card = _draft_card(
        recipe, version=version, source=describe_runs(runs, also=recipe.card.source), share=share
    )
    return export_module(
        exported,
        example,
        card=card,
        folder=weights,
        input_name=INPUT,
        output_names=exported.outputs,
        measure=measure,
    )


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


def measure_parts(model: AestheticModel, *, data: Path, cache: Path, size_px: int) -> Json:
    """What weights reach on the parts kept apart, of every set that is there.

    Args:
        model: the weights.
        data: holds a folder for each set.
        cache: of the photographs.
        size_px: side of the photographs.

    Returns:
        `<set>_development` and `<set>_test`: `n`, and where the set has such ratings `srcc`,
        `plcc` (beauty) and `technical_srcc`; `made_pairs`: shares of photographs that score above
        their degraded copy, by kind, in beauty and in technical quality.
    """
    figures: dict[str, Any] = {}
    for name in SETS:
        if not (data / name / "labels.csv").is_file():
            continue
        for part in (Part.DEVELOPMENT, Part.TEST):
            rated = read_set(data, name, part)
            if not len(rated):
                continue
            photos = read_set_images(data, rated, size_px=size_px, cache=cache)
            figures[f"{name}_{part}"] = _agreement(model, rated, photos)
            if name == "biq" and part is Part.TEST:
                figures["made_pairs"] = _orders(model, np.asarray(photos[:_ORDER_PHOTOS]))
    return figures


def _agreement(model: AestheticModel, rated: RatedSet, photos: RgbImage) -> Json:
    outputs = run_model(model, photos)
    figures: Json = {"n": len(rated)}
    known = np.isfinite(rated.beauty)
    if known.sum() > 2:
        scores = expected_scores(outputs)[known]
        figures["srcc"] = round(srcc(scores, rated.beauty[known]), 4)
        figures["plcc"] = round(plcc(scores, rated.beauty[known]), 4)
    known = np.isfinite(rated.technical)
    if known.sum() > 2 and outputs.attributes.shape[1]:
        quality = outputs.attributes[known, -1]
        figures["technical_srcc"] = round(srcc(quality, rated.technical[known]), 4)
    return figures


def _orders(model: AestheticModel, photos: RgbImage) -> Json:
    def seen(pictures: RgbImage) -> tuple[FloatArray, FloatArray]:
        outputs = run_model(model, pictures)
        return expected_scores(outputs).astype(np.float32), outputs.attributes[:, -1]

    whole, orders = seen(photos), dict[str, dict[str, float]]()
    for view, kind in enumerate(KINDS):
        if not kind.startswith("degraded"):
            continue
        copies = np.stack(
            [
                make_view(photo, view=view, rng=np.random.default_rng((9, row, view)))
                for row, photo in enumerate(photos)
            ]
        )
        higher = [
            float((before > after).mean())
            for before, after in zip(whole, seen(copies), strict=True)
        ]
        orders[kind.removeprefix("degraded-")] = {
            "beauty": round(higher[0], 4),
            "technical": round(higher[1], 4),
        }
    return orders


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
