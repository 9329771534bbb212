"""The assessor as shipped weights: its ONNX outputs, and a card with what is measured on them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from goodside.aesthetics import Assessor, measure
from goodside.errors import WeightsError
from goodside.runtime import ModelCard, Preprocessing, WeightsStore
from goodside_train.aesthetics import lite
from goodside_train.aesthetics import networks as net
from goodside_train.aesthetics.evaluate import (
    ORDER_PHOTOS,
    assess_all,
    order_shares,
    validation_truth,
)
from goodside_train.aesthetics.labels import Labels
from goodside_train.aesthetics.networks import MultiTaskNetwork
from goodside_train.aesthetics.objective import from_standardized
from goodside_train.aesthetics.para import read_images, read_labels
from goodside_train.aesthetics.recipe import AestheticsRecipe
from goodside_train.aesthetics.run import build_network
from goodside_train.aesthetics.trunks import normalized
from goodside_train.checkpoint import load_checkpoint
from goodside_train.export import UNSEALED, ship, write_card
from goodside_train.loop import CHECKPOINT

INPUT = "image"
OUTPUTS = (
    "distribution", "quality_logits", "semantic_logits", "embedding",
    "technical", "emotions", "attributes",
)  # fmt: skip
_REFERENCE_TRAIN = 3000
_STORED_PX = 224


class Assessing(nn.Module):
    """A network with the outputs the runtime reads, in the order of `OUTPUTS`.

    (N, 3, S, S) in; out come the score distribution (N, 10), the logits of low and high (N, 2) and
    of the tags (N, M), the shared features (N, D), the technical quality (N, 1) and the attributes
    (N, 8) on the 1-10 scale, and the shares of the emotions (N, 8).
    """

    def __init__(self, network: MultiTaskNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        out = self.network(image)
        return (
            out[net.DISTRIBUTION].softmax(dim=1),
            out[net.HIGH_LOW],
            out[net.SEMANTIC],
            out["embedding"],
            from_standardized(out[net.TECHNICAL]),
            out[net.EMOTION].softmax(dim=1),
            from_standardized(out[net.ATTRIBUTE]),
        )


def export_aesthetics(
    recipe: AestheticsRecipe, *, run: Path, data: Path, weights: Path, version: str
) -> ModelCard:
    """Turn a run's averaged network into weights that `goodside.aesthetics.Assessor` loads.

    The card gets the reference distribution, the temperature of the high/low probability and the
    figures on the validation rows, all measured on the exported file.

    Args:
        recipe: of the run.
        run: its folder, with the checkpoint.
        data: the PARA folder.
        weights: receives the ONNX file and the card.
        version: of the weights, by SemVer.

    Raises:
        WeightsError: the checkpoint does not fit, or torch and ONNX Runtime differ.
        SettingsError: the folder holds other weights of this version, or the data is incomplete.
    """
    network = load_network(recipe, run=run)
    labels = read_labels(data)
    example = _example(recipe, labels, data=data)
    return ship(
        Assessing(network).eval(),
        example,
        card=_draft(recipe, labels=labels, version=version),
        folder=weights,
        input_name=INPUT,
        output_names=OUTPUTS,
        finish=lambda store, card: _finished(card, store, labels=labels, data=data),
    )


def load_network(recipe: AestheticsRecipe, *, run: Path) -> MultiTaskNetwork:
    """The averaged network of a run's checkpoint, on the CPU, in evaluation mode.

    Raises:
        WeightsError: there is no checkpoint, or it is of another recipe.
    """
    path = run / CHECKPOINT
    without_start = recipe.network.model_copy(update={"imagenet": False, "start": None})
    try:
        state = load_checkpoint(path)["task"]["average"]["network"]
        network = build_network(
            recipe.model_copy(update={"network": without_start}), heads=_head_sizes(state)
        )
        network.load_state_dict(state)
    except (KeyError, RuntimeError) as error:
        raise WeightsError(
            "the checkpoint does not fit the recipe",
            path=path,
            remedy="export with the recipe it was trained with",
        ) from error
    return network.eval()


def _head_sizes(state: dict[str, Tensor]) -> dict[str, int]:
    """The heads in a network's parameters, with their sizes."""
    found = (re.fullmatch(r"heads\.(\w+)\.bias", name) for name in state)
    return {match[1]: len(state[match[0]]) for match in found if match}


def _draft(recipe: AestheticsRecipe, *, labels: Labels, version: str) -> ModelCard:
    return ModelCard(
        name=recipe.name,
        version=version,
        task="aesthetics",
        title=recipe.card.title,
        sha256=UNSEALED,
        size_bytes=1,
        license=recipe.card.license,
        terms=recipe.card.terms,
        source=recipe.card.source,
        data=recipe.card.data,
        preprocessing=Preprocessing(
            width_px=recipe.data.input_px,
            height_px=recipe.data.input_px,
            mean=(lite.MEAN,) * 3,
            std=(lite.STD,) * 3,
            fit="squash",
        ),
        facts={
            "scale": "1 to 10; PARA's means from 1 to 5 mapped linearly",
            "high_from": labels.high_from,
            "semantic_labels": list(labels.tag_names),
            "emotion_labels": list(labels.emotion_names),
            "attribute_labels": list(labels.attribute_names),
            "reference_quantiles": np.linspace(1, 10, 101).tolist(),
            "temperature": 1.0,
        },
    )


def _finished(card: ModelCard, store: WeightsStore, *, labels: Labels, data: Path) -> ModelCard:
    """Measure the reference distribution and the temperature, then everything else with them."""
    held, seen = np.flatnonzero(labels.validation), _some_training_rows(labels)
    names = [labels.names[row] for row in (*held, *seen)]
    photos = read_images(data, names, size_px=_STORED_PX)
    raw = assess_all(Assessor(store=store, model=card.name), photos)
    scores = [one.aesthetic.score for one in raw]
    chances = np.array([one.aesthetic.high_quality for one in raw[: len(held)]])
    facts = card.facts | {
        "reference": f"predictions for {len(held)} validation and {len(seen)} training photographs "
        "of PARA",
        "reference_quantiles": np.quantile(scores, np.linspace(0, 1, 101)).round(4).tolist(),
        "temperature": best_temperature(chances, labels.high[held]),
    }
    card = card.model_copy(update={"facts": facts})
    write_card(card, folder=store.folder)
    assessor = Assessor(store=store, model=card.name)
    figures = {
        "para_validation": measure(
            assess_all(assessor, photos[: len(held)]), validation_truth(labels, held)
        ).as_json(),
        "made_pairs": order_shares(assessor, photos[: min(len(held), ORDER_PHOTOS)]),
    }
    return card.model_copy(update={"metrics": card.metrics | figures})


def best_temperature(chances: NDArray[np.float64], high: NDArray[np.int64]) -> float:
    """The divisor of the log odds that makes the likelihood of the truth largest.

    Args:
        chances: (N,) probabilities of high quality, undivided.
        high: (N,) 1 where the truth is high.
    """
    odds = np.log(np.clip(chances, 1e-6, 1 - 1e-6) / np.clip(1 - chances, 1e-6, 1 - 1e-6))
    margin = odds * np.where(high > 0, 1.0, -1.0)
    candidates = np.geomspace(0.4, 3.0, 61)
    losses = [float(np.logaddexp(0, -margin / divisor).mean()) for divisor in candidates]
    return round(float(candidates[int(np.argmin(losses))]), 3)


def _some_training_rows(labels: Labels) -> NDArray[np.int64]:
    rows = np.flatnonzero(~labels.validation)
    return np.random.default_rng(0).permutation(rows)[:_REFERENCE_TRAIN]


def _example(recipe: AestheticsRecipe, labels: Labels, *, data: Path) -> Tensor:
    """Three validation photographs as the network's input."""
    names = [name for name, held in zip(labels.names, labels.validation, strict=True) if held]
    pixels = read_images(data, names[:3], size_px=recipe.data.input_px)
    return normalized(torch.from_numpy(pixels)).contiguous()
