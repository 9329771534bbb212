"""Weights kept in a byte each: a quarter of the file, computed in float32 as before.

The weights are rounded before the export, a scale for each output of a layer, and the file then
holds the bytes and the scales in their place (ONNX `DequantizeLinear`). So the network that is
measured in torch is the very one that is shipped, and nothing but rounding is lost.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from torch import Tensor, nn

from goodside.errors import WeightsError

SMALLEST = 4096
"""Layers with fewer weights stay as they are."""

_LEVELS = 127
_TOLERANCE = 1e-6


@torch.no_grad()
def round_weights(network: nn.Module) -> None:
    """Round the weights of the larger layers, in place, to 255 levels for each output.

    Args:
        network: whose convolutions and fully connected layers are rounded; biases are not.
    """
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear) and layer.weight.numel() >= SMALLEST:
            scale = _scale(layer.weight)
            layer.weight.copy_((layer.weight / scale).round() * scale)


def pack_weights(path: Path) -> None:
    """Keep the rounded weights of an ONNX file as bytes.

    Args:
        path: of a network whose weights `round_weights` has rounded; the file is replaced.

    Raises:
        WeightsError: none of its weights were rounded.
    """
    model: Any = onnx.load(str(path))
    graph = model.graph
    nodes = []
    for tensor in list(graph.initializer):
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.ndim < 2 or values.size < SMALLEST:
            continue
        packed = _packed(values)
        if packed is None:
            continue
        name, (levels, scale, axis) = tensor.name, packed
        graph.initializer.remove(tensor)
        graph.initializer.extend(
            [
                numpy_helper.from_array(levels, f"{name}_bytes"),
                numpy_helper.from_array(scale, f"{name}_scale"),
                numpy_helper.from_array(np.zeros(len(scale), np.int8), f"{name}_zero"),
            ]
        )
        parts = [f"{name}_{part}" for part in ("bytes", "scale", "zero")]
        nodes.append(helper.make_node("DequantizeLinear", parts, [name], axis=axis))
    if not nodes:
        raise WeightsError(
            "no weights of the network were rounded",
            path=path,
            remedy="round them with round_weights before the export",
        )
    for node in reversed(nodes):
        graph.node.insert(0, node)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def _packed(
    values: NDArray[np.float32],
) -> tuple[NDArray[np.int8], NDArray[np.float32], int] | None:
    """Bytes, scales and their axis; None where no axis gives the values back.

    A matrix may stand in the file as in torch, an output a row, or turned.
    """
    for axis in (0, 1):
        others = tuple(place for place in range(values.ndim) if place != axis)
        scale = np.abs(values).max(axis=others, keepdims=True) / np.float32(_LEVELS)
        scale = np.maximum(scale, np.finfo(np.float32).tiny)
        levels = np.round(values / scale)
        if np.abs(levels * scale - values).max() <= _TOLERANCE * np.abs(values).max():
            return levels.astype(np.int8), scale.reshape(-1).astype(np.float32), axis
    return None


def _scale(weight: Tensor) -> Tensor:
    """Of each output, with the shape of the weight."""
    largest = weight.abs().amax(dim=tuple(range(1, weight.ndim)), keepdim=True)
    return (largest / _LEVELS).clamp(min=torch.finfo(weight.dtype).tiny)
