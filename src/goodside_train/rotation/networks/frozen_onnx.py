"""A shipped ONNX network as a frozen torch module, so that a loss can look through it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional


class FrozenNetwork(nn.Module):
    """Runs an ONNX graph of convolutions in torch; gradients pass through, weights never move.

    Knows the operators of the face recogniser in the package: Conv, PRelu, Add, Reshape, Transpose.

    Args:
        path: the ONNX file; one input, one output.

    Raises:
        ValueError: the graph holds an operator that is not known here.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        graph = onnx.load(str(path)).graph
        unknown = {node.op_type for node in graph.node} - set(_OPERATORS)
        if unknown:
            raise ValueError(f"{path}: cannot run {', '.join(sorted(unknown))} in torch")
        self._nodes = [
            (
                node.op_type,
                list(node.input),
                node.output[0],
                {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute},
            )
            for node in graph.node
        ]
        self._input, self._output = graph.input[0].name, graph.output[0].name
        self._slots = {tensor.name: f"w{i}" for i, tensor in enumerate(graph.initializer)}
        for tensor in graph.initializer:
            values = torch.from_numpy(numpy_helper.to_array(tensor).copy())
            self.register_buffer(self._slots[tensor.name], values)

    def forward(self, pixels: Tensor) -> Tensor:
        """Run the graph on its one input; shapes as in the file."""
        known: dict[str, Tensor] = {self._input: pixels}
        for operator, inputs, output, attributes in self._nodes:
            values = [
                known[name] if name in known else getattr(self, self._slots[name])
                for name in inputs
                if name
            ]
            known[output] = _OPERATORS[operator](values, attributes)
        return known[self._output]


def _convolve(values: list[Tensor], attributes: dict[str, Any]) -> Tensor:
    picture, weight = values[0], values[1]
    bias = values[2] if len(values) > 2 else None
    top, left, bottom, right = attributes.get("pads", [0, 0, 0, 0])
    padding = (top, left) if (top, left) == (bottom, right) else (0, 0)
    if padding != (top, left) or padding != (bottom, right):
        picture = functional.pad(picture, (left, right, top, bottom))
    return functional.conv2d(
        picture,
        weight,
        bias,
        padding=padding,
        stride=tuple(attributes.get("strides", [1, 1])),
        dilation=tuple(attributes.get("dilations", [1, 1])),
        groups=attributes.get("group", 1),
    )


def _rectify(values: list[Tensor], _: dict[str, Any]) -> Tensor:
    picture, slope = values
    slope = slope.reshape(1, -1, 1, 1).to(picture.dtype)
    # Not functional.prelu: it works out the slopes' gradient too, which nobody asks for.
    return torch.addcmul(picture * slope, functional.relu(picture), 1 - slope)


def _reshape(values: list[Tensor], _: dict[str, Any]) -> Tensor:
    picture, shape = values
    wanted = [
        int(size) if size else picture.shape[axis] for axis, size in enumerate(shape.tolist())
    ]
    return picture.reshape(wanted)


_Operator = Callable[[list[Tensor], dict[str, Any]], Tensor]

_OPERATORS: dict[str, _Operator] = {
    "Add": lambda values, _: values[0] + values[1],
    "Conv": _convolve,
    "PRelu": _rectify,
    "Reshape": _reshape,
    "Transpose": lambda values, attributes: values[0].permute(attributes["perm"]),
}
