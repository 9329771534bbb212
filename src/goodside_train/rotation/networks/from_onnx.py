"""A generator's weights read back from the file that ships, so that training can go on from it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from goodside.errors import WeightsError
from goodside_train.rotation.networks.build import AnyGenerator

_PREFIX = "generator."  # of names in the file, where the generator stands in a `ExportedGenerator`
_COARSE = "to_rgb.0.", "to_rgb.1."  # outputs that only training has, but for the last step's start

_Arrays = Mapping[str, NDArray[Any]]


def load_from_onnx(generator: AnyGenerator, path: Path) -> None:
    """Give a generator the weights of a shipped one.

    What ships in int8 comes back to half a step of its scale. The outputs at half and quarter size
    do not ship and stay as they are.

    Args:
        generator: of the recipe and width of the shipped one.
        path: the ONNX file, as `export_rotation` writes it.

    Raises:
        WeightsError: the file holds another network.
    """
    graph = onnx.load(str(path)).graph
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    *_, painting = (node for node in graph.node if node.op_type == "Conv")
    state = generator.state_dict()
    try:
        for name in state:
            if not name.startswith(_COARSE) or _ships(arrays, name):
                state[name] = _weights(arrays, name, painting=painting.input[1:])
        generator.load_state_dict(state)
    except (KeyError, RuntimeError) as error:
        raise WeightsError(
            "the weights do not fit the recipe",
            path=path,
            remedy="begin with weights of the same recipe and width",
        ) from error


def _ships(arrays: _Arrays, name: str) -> bool:
    stored = _PREFIX + name
    return stored in arrays or f"{stored}_quantized" in arrays


def _weights(arrays: _Arrays, name: str, *, painting: list[str]) -> Tensor:
    """One tensor of the generator; colours and trust are painted by one convolution (weight, bias)
    in the file, by two here.
    """
    layer, _, kind = name.rpartition(".")
    stored = _PREFIX + name
    if layer in ("to_rgb.2", "to_trust") and stored not in arrays:
        both = arrays[painting[kind == "bias"]]
        return _tensor(both[-1:] if layer == "to_trust" else both[:-1])
    if stored in arrays:
        return _tensor(arrays[stored])
    steps, scale = arrays[f"{stored}_quantized"], arrays[_scale_of(arrays, stored)]
    return _tensor(steps * scale.reshape(-1, *[1] * (steps.ndim - 1)))


def _scale_of(arrays: _Arrays, stored: str) -> str:
    """Biases are scaled by their inputs and weights, and so carry a scale of their own name."""
    own = f"{stored}_quantized_scale"
    return own if own in arrays else f"{stored}_scale"


def _tensor(values: NDArray[Any]) -> Tensor:
    return torch.from_numpy(np.array(values, np.float32))
