"""Static quantisation of an ONNX network to eight bits."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import onnx

from goodside.runtime import import_onnxruntime
from goodside.types import FloatArray


def quantize(
    source: Path,
    target: Path,
    *,
    inputs: FloatArray,
    operations: Sequence[str],
    in_float: Callable[[Any], list[str]],
    reduce_range: bool = False,
) -> None:
    """Quantise an ONNX network of one input.

    Activations are unsigned, weights signed: the pair that AVX-512 VNNI multiplies at once; with
    signed activations a network is as slow as in float32. The scales span the smallest and the
    largest value seen, one for each channel of the weights and one for each map.

    Args:
        source: in float32.
        target: receives the network in int8.
        inputs: (N, ...) float32 to calibrate on, one after the other.
        operations: ONNX operators that run in int8.
        in_float: of the graph, names of the nodes that stay in float32 nevertheless.
        reduce_range: seven bits for weights, so that processors without VNNI do not overflow.
    """
    quantization = import_onnxruntime("quantization")
    shape_inference = import_onnxruntime("quantization.shape_inference")
    with tempfile.TemporaryDirectory() as folder, _quiet():
        prepared = Path(folder) / source.name
        shape_inference.quant_pre_process(source, prepared, skip_symbolic_shape=True)
        graph = onnx.load(str(prepared)).graph
        quantization.quantize_static(
            prepared,
            target,
            _Reader(inputs, name=graph.input[0].name),
            quant_format=quantization.QuantFormat.QDQ,
            op_types_to_quantize=list(operations),
            nodes_to_exclude=in_float(graph),
            per_channel=True,
            reduce_range=reduce_range,
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


class _Reader:
    """Hands the quantiser one input at a time."""

    def __init__(self, inputs: FloatArray, *, name: str) -> None:
        self._left: Iterator[FloatArray] = iter(inputs)
        self._name = name

    def get_next(self) -> dict[str, FloatArray] | None:
        one = next(self._left, None)
        return None if one is None else {self._name: one[None]}
