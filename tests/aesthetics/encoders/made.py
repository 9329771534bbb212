"""Made image encoders in the shape of a small ViT: patches, tokens, a pooled embedding."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FEATURES, PATCH_PX = 512, 16
Trick = Literal["", "nan", "constant", "rank", "two-inputs", "bytes"]


@dataclass(frozen=True)
class MadeEncoder:
    """What a made encoder is like.

    Attributes:
        size_px: side of the input; None: any.
        batch: how many pictures a run takes; None: any number.
        outputs: `image_embeds` (N, 512), `pooler_output` likewise, `last_hidden_state` (N, T, 512).
        class_token: whether a token stands before those of the patches.
        half: in float16.
        int8: matrices in eight bits, as quantised exports have them.
        trick: what is wrong with it.
    """

    size_px: int | None = 32
    batch: int | None = None
    outputs: tuple[str, ...] = ("image_embeds",)
    class_token: bool = True
    half: bool = False
    int8: bool = False
    trick: Trick = ""
    features: int = FEATURES


def write_encoder(
    path: Path, made: MadeEncoder = MadeEncoder(), *, tensors: str | None = None
) -> Path:
    """Write a made encoder; its tensors to a file `tensors` beside it, if one is named."""
    path.parent.mkdir(parents=True, exist_ok=True)
    network = _network(made)
    if tensors is not None:
        onnx.save_model(
            network,
            str(path),
            save_as_external_data=True,
            location=tensors,
            size_threshold=64,
        )
    else:
        path.write_bytes(network.SerializeToString())
    return path


def _network(made: MadeEncoder) -> onnx.ModelProto:
    kind, dtype = (
        (TensorProto.FLOAT16, np.float16) if made.half else (TensorProto.FLOAT, np.float32)
    )
    rng = np.random.default_rng(7)
    width = made.features
    weights: dict[str, Any] = {
        "patch": rng.normal(0, 0.05, (width, 3, PATCH_PX, PATCH_PX)).astype(dtype),
        "class": rng.normal(0, 1, (1, 1, width)).astype(dtype),
        "mix": rng.normal(0, width**-0.5, (width, width)).astype(dtype),
        "project": rng.normal(0, width**-0.5, (width, width)).astype(dtype),
        "shape": np.array([0, width, -1], np.int64),
        "first": np.array(0, np.int64),
        "zero": np.array(0, dtype),
        "one": np.array([1], np.int64),
    }
    steps: list[tuple[str, list[str], str, dict[str, Any]]] = []
    if made.int8:
        for name in ("mix", "project"):
            matrix = weights.pop(name)
            scale = np.abs(matrix).max() / 127
            weights[f"{name}_int8"] = np.round(matrix / scale).astype(np.int8)
            weights[f"{name}_scale"] = np.array(scale, dtype)
            steps.append(("DequantizeLinear", [f"{name}_int8", f"{name}_scale"], name, {}))
    steps += [
        ("Conv", ["pixel_values", "patch"], "map", {"strides": [PATCH_PX, PATCH_PX]}),
        ("Reshape", ["map", "shape"], "columns", {}),
        ("Transpose", ["columns"], "patches", {"perm": [0, 2, 1]}),
        ("Tanh", ["patches"], "lively", {}),
        ("MatMul", ["lively", "mix"], "mixed", {}),
        ("ReduceMean", ["mixed"], "middle", {"axes": [1], "keepdims": 1}),
    ]
    tokens = "mixed"
    if made.class_token:
        steps += [
            ("Add", ["middle", "class"], "first_token", {}),
            ("Concat", ["first_token", "mixed"], "tokens", {"axis": 1}),
        ]
        tokens = "tokens"
    steps += [
        ("Squeeze", ["middle", "one"], "flat", {}),
        ("MatMul", ["flat", "project"], "projected", {}),
    ]
    embedding = "projected"
    if made.trick == "nan":
        steps += [("Mul", ["projected", "zero"], "nought", {}), ("Log", ["nought"], "minus", {})]
        steps += [("Mul", ["minus", "nought"], "broken", {})]
        embedding = "broken"
    elif made.trick == "constant":
        steps += [("Mul", ["projected", "zero"], "same", {})]
        embedding = "same"
    elif made.trick == "rank":
        embedding = "map"
    given = {name: tokens if name == "last_hidden_state" else embedding for name in made.outputs}
    steps += [("Identity", [source], name, {}) for name, source in given.items()]
    batch: Any = made.batch or "batch"
    side: Any = made.size_px or "side"
    taken = TensorProto.UINT8 if made.trick == "bytes" else kind
    inputs = [helper.make_tensor_value_info("pixel_values", taken, [batch, 3, side, side])]
    if made.trick == "bytes":
        cast = ("Cast", ["pixel_values"], "cast", {"to": kind})
        conv = ("Conv", ["cast", "patch"], "map", {"strides": [PATCH_PX, PATCH_PX]})
        steps = [cast, *(conv if step[0] == "Conv" else step for step in steps)]
    if made.trick == "two-inputs":
        inputs.append(helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "t"]))
    shapes: dict[str, list[Any]] = {
        name: ["b", "t", width] if name == "last_hidden_state" else ["b", width]
        for name in made.outputs
    }
    if made.trick == "rank":
        shapes = {name: ["b", width, "h", "w"] for name in made.outputs}
    graph = helper.make_graph(
        [helper.make_node(op, ins, [out], **options) for op, ins, out, options in steps],
        "vit",
        inputs,
        [helper.make_tensor_value_info(name, kind, shape) for name, shape in shapes.items()],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    opset = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8)
