"""The assessor as shipped weights: its ONNX outputs, and what its card says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from goodside.aesthetics.model import Outputs
from goodside.errors import WeightsError
from goodside.runtime import ModelCard, Preprocessing
from goodside_train.aesthetics.export.card_figures import (
    CardPhotos,
    measure_card,
    model_input,
    read_card_photos,
)
from goodside_train.aesthetics.export.int8 import export_int8
from goodside_train.aesthetics.losses.objective import from_standardized
from goodside_train.aesthetics.losses.relations import best_omega, correlation
from goodside_train.aesthetics.networks import efficientnet_lite as lite
from goodside_train.aesthetics.networks import multi_task as net
from goodside_train.aesthetics.networks.build import build_network
from goodside_train.aesthetics.networks.multi_task import MultiTaskNetwork
from goodside_train.aesthetics.networks.trunks import normalized
from goodside_train.aesthetics.recipe import AestheticsRecipe
from goodside_train.checkpoint import CHECKPOINT
from goodside_train.export import NO_SHA256, DraftWeights, export_module, load_averaged
from goodside_train.provenance import describe_runs
from goodside_train.weight_packing import pack_weights, round_weights

INPUT = "image"
_NEEDED = (net.DISTRIBUTION, net.HIGH_LOW, net.TECHNICAL)
_SCALES = {
    "para": "1 to 10; PARA's means from 1 to 5 mapped linearly",
    "ava": "1 to 10, AVA's own",
}


class ExportedAssessor(nn.Module):
    """A network with the outputs the runtime reads, in the order of `outputs`.

    (N, 3, S, S) in; out come the score distribution (N, 10), the logits of low and high (N, 2), the
    shared features (N, D), the technical quality (N, 1) on the 1-10 scale, the logits of the tags
    (N, M), the shares of the emotions (N, 8) and the attributes (N, 8) on the 1-10 scale. The
    teachers' heads stay out; tags, emotions and attributes are there only if the network has them.
    """

    def __init__(self, network: MultiTaskNetwork) -> None:
        super().__init__()
        self.network = network
        names = ["distribution", "quality_logits", "embedding", "technical"]
        optional = (net.SEMANTIC, net.EMOTION, net.ATTRIBUTE)
        for name, head in zip(("semantic_logits", "emotions", "attributes"), optional, strict=True):
            if head in network.heads:
                names.append(name)
        self.outputs = tuple(names)

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        out = self.network(image)
        every = [
            out[net.DISTRIBUTION].softmax(dim=1),
            out[net.HIGH_LOW],
            out[net.EMBEDDING],
            from_standardized(out[net.TECHNICAL]),
        ]
        if net.SEMANTIC in out:
            every.append(out[net.SEMANTIC])
        if net.EMOTION in out:
            every.append(out[net.EMOTION].softmax(dim=1))
        if net.ATTRIBUTE in out:
            every.append(from_standardized(out[net.ATTRIBUTE]))
        return tuple(every)


def export_aesthetics(
    recipe: AestheticsRecipe,
    *,
    runs: Sequence[Path],
    data: Path,
    weights: Path,
    version: str,
    int8: bool = False,
    int8_weights: bool = False,
) -> list[ModelCard]:
    """Turn the averaged network of a run, or of several, into weights for the `Assessor`.

    The cards get the reference distributions, the temperature of the high/low probability and the
    figures on the validation rows, all measured on the exported files.

    Args:
        recipe: of the run. The trunks but the paper's take any input size: `data.input_px` may be
            another one than in training.
        runs: their folders, with the checkpoints.
        data: folder of the data set they were trained on, see `datasets.layouts`.
        weights: receives the ONNX file and the card.
        version: of the weights, by SemVer.
        int8: write a second model `<name>-int8` beside the first.
        int8_weights: keep the weights in a byte each, see `weight_packing`; all is computed in
            float32 as before.

    Returns:
        One card a model.

    Raises:
        WeightsError: the checkpoint does not fit, or torch and ONNX Runtime differ.
        SettingsError: the folder holds other weights of this version, or the data is incomplete.
    """
    network = load_network(recipe, runs=runs)
    if int8_weights:
        round_weights(network)
    source = describe_runs(runs, also=recipe.card.source)
    stored = recipe.data.stored_px
    photos = read_card_photos(
        data, size_px=stored, cache=runs[0] / f"images-{stored}.npy", layout=recipe.data.layout
    )
    assessing = ExportedAssessor(network).eval()
    measured: list[Outputs] = []

    def measure(draft: DraftWeights, card: ModelCard) -> ModelCard:
        card, outputs = measure_card(draft, card, photos=photos)
        measured.append(outputs)
        return card

    card = export_module(
        assessing,
        _example(recipe, photos),
        card=draft_card(recipe, network=network, photos=photos, version=version, source=source),
        folder=weights,
        input_name=INPUT,
        output_names=assessing.outputs,
        measure=measure,
        finish=pack_weights if int8_weights else None,
    )
    if not int8:
        return [card]
    return [card, export_int8(card, measured[0], weights=weights, photos=photos)]


def load_network(recipe: AestheticsRecipe, *, runs: Sequence[Path]) -> MultiTaskNetwork:
    """The averaged network of the runs' checkpoints, on the CPU, in evaluation mode.

    Of several runs it is the mean, see `goodside_train.moving_average.mean_weights`.

    Raises:
        WeightsError: there is no checkpoint, it is of another recipe, or the network lacks a head
            that the runtime reads.
    """
    without_imagenet = recipe.network.model_copy(update={"imagenet": False})
    plain = recipe.model_copy(update={"network": without_imagenet})
    network = load_averaged(
        runs, build=lambda state: build_network(plain, heads=_head_sizes(state))
    )
    if lacking := [name for name in _NEEDED if name not in network.heads]:
        raise WeightsError(
            f"the network lacks what the runtime reads: {', '.join(lacking)}",
            path=runs[-1] / CHECKPOINT,
            remedy="train it by a recipe of this version",
        )
    return network


def relations(network: MultiTaskNetwork, *, tags: tuple[str, ...]) -> dict[str, Any]:
    """The card's fact of this name: the tasks' covariance by the heads' weights, trace 1."""
    omega = best_omega(network.task_weights())
    return {
        "labels": ["low", "high", *tags],
        "omega": omega.numpy().round(9).tolist(),
        "correlation": correlation(omega).numpy().round(4).tolist(),
    }


def _head_sizes(state: dict[str, Tensor]) -> dict[str, int]:
    """The heads in a network's parameters, with their sizes."""
    found = (re.fullmatch(r"heads\.(\w+)\.bias", name) for name in state)
    return {match[1]: len(state[match[0]]) for match in found if match}


def draft_card(
    recipe: AestheticsRecipe,
    *,
    network: MultiTaskNetwork,
    photos: CardPhotos,
    version: str,
    source: str,
) -> ModelCard:
    """The card of weights trained on one data set, before anything is measured."""
    labels, heads, related = photos.labels, network.heads, {}
    if net.SEMANTIC in heads:
        related = {"relations": relations(network, tags=labels.tag_names)}
    return ModelCard(
        name=recipe.name,
        version=version,
        task="aesthetics",
        title=recipe.card.title,
        sha256=NO_SHA256,
        size_bytes=1,
        license=recipe.card.license,
        terms=recipe.card.terms,
        source=source,
        data=recipe.card.data,
        preprocessing=card_preprocessing(recipe),
        facts={
            "scale": _SCALES.get(photos.source, "1 to 10"),
            "high_from": labels.high_from,
            "learnt_from": [photos.source.upper()],
            "semantic_labels": list(labels.tag_names) if net.SEMANTIC in heads else [],
            "emotion_labels": list(labels.emotion_names) if net.EMOTION in heads else [],
            "attribute_labels": list(labels.attribute_names) if net.ATTRIBUTE in heads else [],
            "reference_quantiles": np.linspace(1, 10, 101).tolist(),
            "temperature": 1.0,
        }
        | related,
    )


def card_preprocessing(recipe: AestheticsRecipe) -> Preprocessing:
    """How the runtime brings a photograph to the input of a recipe's network."""
    return Preprocessing(
        width_px=recipe.data.input_px,
        height_px=recipe.data.input_px,
        mean=(lite.MEAN,) * 3,
        std=(lite.STD,) * 3,
        fit="squash",
    )


def _example(recipe: AestheticsRecipe, photos: CardPhotos) -> Tensor:
    """Three validation photographs as the network's input."""
    pixels = model_input(photos.images[photos.validation][:3], size=card_preprocessing(recipe))
    return normalized(torch.from_numpy(pixels)).contiguous()
