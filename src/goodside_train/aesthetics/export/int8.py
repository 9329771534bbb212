"""The assessor in eight bits: static quantisation, calibrated on photographs.

Convolutions and the sums of the residual blocks run in int8, with a scale for each channel of the
weights and one for each map; ReLU6 bounds most maps, which suits that. The heads and the statistics
of the lower stages stay in float32, and so do the first convolutions: at half the input's size and
with few channels, eight bits are slower there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from goodside.aesthetics.evaluation import metrics
from goodside.aesthetics.model import Outputs
from goodside.runtime import ModelCard
from goodside.types import FloatArray
from goodside_train.aesthetics.export.card_figures import (
    CardPhotos,
    expected_scores,
    measure_card,
    model_input,
)
from goodside_train.export import DraftWeights, export_graph
from goodside_train.quantization import quantize

SUFFIX = "-int8"

_CALIBRATION = 300
_FLOAT_CONVOLUTIONS = 3
_QUANTIZED = ("Conv", "Clip", "Add")


def export_int8(
    card: ModelCard, outputs: Outputs, *, weights: Path, photos: CardPhotos
) -> ModelCard:
    """Quantise shipped weights, and write the result beside them as `<name>-int8`.

    The facts and figures of its card are measured anew; `against_float32` among the metrics says
    what was lost, on the last 300 of the training photographs and on the validation ones.

    Args:
        card: of the float32 weights.
        outputs: of the float32 network for the photographs.
        weights: folder that holds the weights.
        photos: the first 300 of their training photographs calibrate the scales.

    Raises:
        SettingsError: the folder holds other int8 weights of this version.
    """
    calibration = photos.images[photos.training][:_CALIBRATION]
    inputs = card.preprocessing.normalize(model_input(calibration, size=card.preprocessing))

    def measured(draft: DraftWeights, card: ModelCard) -> ModelCard:
        card, quantized = measure_card(draft, card, photos=photos)
        lost = {"against_float32": _against(outputs, quantized, photos=photos)}
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
        measure=measured,
    )


def quantize_assessor(source: Path, target: Path, *, inputs: FloatArray) -> None:
    """Quantise an exported assessor.

    Args:
        source: in float32.
        target: receives the network in int8.
        inputs: (N, 3, S, S) float32 to calibrate on.
    """
    quantize(source, target, inputs=inputs, operations=_QUANTIZED, in_float=_in_float)


def _in_float(graph: Any) -> list[str]:
    """Names of the nodes to leave: the first ones, and sums with a constant, as heads have them."""
    places = [place for place, node in enumerate(graph.node) if node.op_type == "Conv"]
    first = places[min(_FLOAT_CONVOLUTIONS, len(places) // 4)]
    constants = {value.name for value in graph.initializer}
    return [
        node.name
        for place, node in enumerate(graph.node)
        if place < first or (node.op_type == "Add" and constants & set(node.input))
    ]


def _against(before: Outputs, after: Outputs, *, photos: CardPhotos) -> dict[str, float]:
    """What int8 loses, float32 less int8, and how far scores move, in points."""
    exact, quantized = expected_scores(before), expected_scores(after)
    training = np.arange(len(exact))[photos.training][-_CALIBRATION:]
    figures = {}
    for part, rows in (("training", training), ("validation", photos.validation)):
        truth = photos.labels.score[rows]
        drop = metrics.srcc(exact[rows], truth) - metrics.srcc(quantized[rows], truth)
        figures[f"{part}_srcc_drop"] = round(drop, 4)
        figures[f"{part}_mean_difference"] = round(
            float(np.abs(quantized[rows] - exact[rows]).mean()), 4
        )
    return figures
