"""The assessor in eight bits: static quantisation, calibrated on photographs.

Convolutions and the sums of the residual blocks run in int8, with a scale for each channel of the
weights and one for each map; ReLU6 bounds most maps, which suits that. The heads and the statistics
of the lower stages stay in float32, and so do the first convolutions: at half the input's size and
with few channels, eight bits are slower there.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from goodside.aesthetics import metrics
from goodside.aesthetics.judge import Judge
from goodside.runtime import ModelCard, WeightsStore
from goodside.types import FloatArray
from goodside_train.aesthetics.figures import (
    Sample,
    completed,
    expected_scores,
    judge_all,
    squashed,
)
from goodside_train.export import ship_graph

SUFFIX = "-int8"

_CALIBRATION = 300
_FLOAT_CONVOLUTIONS = 3
_QUANTIZED = ("Conv", "Clip", "Add")


def ship_int8(card: ModelCard, *, weights: Path, sample: Sample) -> ModelCard:
    """Quantise shipped weights, and write the result beside them as `<name>-int8`.

    The facts and figures of its card are measured anew; `against_float32` among the metrics says
    what was lost, on the last 300 of the sample's training photographs and on the validation ones.

    Args:
        card: of the float32 weights.
        weights: folder that holds them.
        sample: the first 300 of its training photographs calibrate the scales.

    Raises:
        SettingsError: the folder holds other int8 weights of this version.
    """
    store = WeightsStore(weights)
    inputs = card.preprocessing.normalize(
        squashed(sample.seen_photos[:_CALIBRATION], size=card.preprocessing)
    )

    def finish(made: WeightsStore, draft: ModelCard) -> ModelCard:
        lost = {"against_float32": _against(store, made, name=card.name, sample=sample)}
        draft = draft.model_copy(update={"metrics": draft.metrics | lost})
        return completed(draft, made, sample=sample)

    return ship_graph(
        lambda path: quantize(store.path(card.name), path, inputs=inputs),
        card=card.model_copy(
            update={
                "name": card.name + SUFFIX,
                "title": f"{card.title}, in int8",
                "metrics": {},
                "history": [],
            }
        ),
        folder=weights,
        finish=finish,
    )


def quantize(
    source: Path,
    target: Path,
    *,
    inputs: FloatArray,
) -> None:
    """Quantise an ONNX network of one input, but for its first convolutions.

    Activations are unsigned, weights signed: the pair that AVX-512 VNNI multiplies at once; with
    signed activations the network is as slow as in float32. The scales span the smallest and the
    largest value seen.

    Args:
        source: in float32.
        target: receives the network in int8.
        inputs: (N, 3, S, S) float32 to calibrate on.
    """
    from onnxruntime import quantization
    from onnxruntime.quantization.shape_inference import quant_pre_process

    with tempfile.TemporaryDirectory() as folder, _quiet():
        prepared = Path(folder) / source.name
        quant_pre_process(source, prepared, skip_symbolic_shape=True)
        graph = onnx.load(str(prepared)).graph
        quantization.quantize_static(
            prepared,
            target,
            _Reader(inputs, name=graph.input[0].name),
            quant_format=quantization.QuantFormat.QDQ,
            op_types_to_quantize=list(_QUANTIZED),
            nodes_to_exclude=_in_float(graph),
            per_channel=True,
            activation_type=quantization.QuantType.QUInt8,
            weight_type=quantization.QuantType.QInt8,
            calibrate_method=quantization.CalibrationMethod.MinMax,
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the quantiser, which tells of every channel, out of the root log."""
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


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


class _Reader:
    """Hands the quantiser one photograph at a time."""

    def __init__(self, inputs: FloatArray, *, name: str) -> None:
        self._left: Iterator[FloatArray] = iter(inputs)
        self._name = name

    def get_next(self) -> dict[str, FloatArray] | None:
        photo = next(self._left, None)
        return None if photo is None else {self._name: photo[None]}


def _against(
    store: WeightsStore, made: WeightsStore, *, name: str, sample: Sample
) -> dict[str, float]:
    """What int8 loses, float32 less int8, and how far scores move, in points."""
    figures = {}
    for part, rows, photos in (
        ("training", sample.seen[-_CALIBRATION:], sample.seen_photos[-_CALIBRATION:]),
        ("validation", sample.held, sample.held_photos),
    ):
        before, after = (
            expected_scores(judge_all(Judge(one, one_name), photos))
            for one, one_name in ((store, name), (made, name + SUFFIX))
        )
        truth = sample.labels.score[rows]
        drop = metrics.srcc(before, truth) - metrics.srcc(after, truth)
        figures[f"{part}_srcc_drop"] = round(drop, 4)
        figures[f"{part}_mean_difference"] = round(float(np.abs(after - before).mean()), 4)
    return figures
