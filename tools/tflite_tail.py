"""A TFLite network that ends in an operation of MediaPipe's own, which TensorFlow cannot run.

Its parts are the trunk, which TensorFlow runs, and the tail, written out here in numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

_CUSTOM = b"Convolution2DTransposeBias"
_SIGMOID = 14  # LOGISTIC among TFLite's builtin operators


@dataclass(frozen=True)
class Tail:
    """A transposed convolution whose stride is its kernel's size, and a sigmoid.

    Attributes:
        weights: (O, K, L, I).
        bias: (O,).
    """

    weights: np.ndarray
    bias: np.ndarray

    def finish(self, pixels: np.ndarray) -> np.ndarray:
        """From (N, H, W, I) to (N, H K, W L, O): every pixel becomes a tile of its own."""
        count, height, width, _ = pixels.shape
        out, tall, wide, _ = self.weights.shape
        tiles = np.einsum("nyxi,okli->nykxlo", pixels, self.weights) + self.bias
        grown: np.ndarray = tiles.reshape(count, height * tall, width * wide, out)
        return 0.5 + 0.5 * np.tanh(grown / 2)


def cut(tflite: bytes) -> tuple[bytes, Tail | None]:
    """The network up to its last transposed convolution, and the rest; whole where it has none.

    Raises:
        ValueError: something else than a sigmoid follows the convolution.
    """
    from tensorflow.lite.tools import flatbuffer_utils

    model = flatbuffer_utils.convert_bytearray_to_object(tflite)
    graph = model.subgraphs[0]
    codes = [model.operatorCodes[item.opcodeIndex] for item in graph.operators]
    places = [at for at, code in enumerate(codes) if code.customCode == _CUSTOM]
    if not places:
        return tflite, None
    (at,) = places
    if [code.builtinCode for code in codes[at + 1 :]] != [_SIGMOID]:
        raise ValueError("a sigmoid and nothing else expected after the transposed convolution")
    pixels, weights, bias = graph.operators[at].inputs
    tail = Tail(_constant(model, weights), _constant(model, bias))
    graph.outputs = [pixels]
    graph.operators = graph.operators[:at]
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model)), tail


def _constant(model: Any, tensor: int) -> np.ndarray:
    """The values behind a tensor that the network widens from half precision."""
    graph = model.subgraphs[0]
    (source,) = (item.inputs[0] for item in graph.operators if item.outputs[0] == tensor)
    half = graph.tensors[source]
    values = np.asarray(model.buffers[half.buffer].data, dtype=np.uint8).view(np.float16)
    return values.reshape(half.shape).astype(np.float32)
