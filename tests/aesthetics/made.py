"""A made assessor: its score is the photograph's brightness, its tag the strongest colour."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from goodside.runtime import WeightsStore

COLOURS = ("red", "green", "blue")
ALL_HEADS: dict[str, Any] = {
    "semantic_labels": list(COLOURS),
    "reference_quantiles": np.linspace(1, 10, 101).tolist(),
    "temperature": 1.0,
}


WORDS: dict[str, Any] = {
    "word_labels": ["sunset", "forest", "sea"],
    "word_thresholds": [0.6, 0.6, 0.6],
}
"""Words for what is red, green and blue."""


def write_weights(
    folder: Path,
    *,
    facts: dict[str, Any] | None = None,
    name: str = "made",
    words: bool = False,
) -> WeightsStore:
    """A network of 8 px with its card.

    Args:
        folder: where both go.
        facts: of the card, instead of those of all heads.
        name: of the network.
        words: it says `WORDS` too, and the technical quality, which is the brightness again.
    """
    blob = _network(words=words).SerializeToString()
    card = {
        "name": name,
        "version": "1.0.0",
        "task": "aesthetics",
        "title": "Made",
        "sha256": hashlib.sha256(blob).hexdigest(),
        "size_bytes": len(blob),
        "license": "CC0-1.0",
        "terms": "none",
        "source": "these tests",
        "data": "none",
        "preprocessing": {
            "width_px": 8,
            "height_px": 8,
            "mean": [0, 0, 0],
            "std": [255, 255, 255],
            "fit": "squash",
        },
        "facts": (ALL_HEADS if facts is None else facts) | (WORDS if words else {}),
    }
    (folder / f"{name}.onnx").write_bytes(blob)
    (folder / f"{name}.json").write_text(json.dumps(card), encoding="utf-8")
    return WeightsStore(folder)


def _network(*, words: bool) -> onnx.ModelProto:
    """Black scores about 1 and white about 10; high from the middle of the scale."""
    constants = {
        "nine": np.float32(9),
        "one": np.float32(1),
        "sharpness": np.float32(-2),
        "bins": np.arange(1, 11, dtype=np.float32)[None],
        "middle": np.float32(5.5),
        "sign": np.array([[-2, 2]], np.float32),
        "gain": np.float32(8),
    }
    steps: tuple[tuple[str, list[str], str], ...] = (
        ("GlobalAveragePool", ["image"], "pooled"),
        ("Flatten", ["pooled"], "embedding"),
        ("ReduceMean", ["embedding"], "grey"),
        ("Mul", ["grey", "nine"], "above"),
        ("Add", ["above", "one"], "score"),
        ("Sub", ["bins", "score"], "gap"),
        ("Mul", ["gap", "gap"], "square"),
        ("Mul", ["square", "sharpness"], "logits"),
        ("Softmax", ["logits"], "distribution"),
        ("Sub", ["score", "middle"], "over"),
        ("Mul", ["over", "sign"], "quality_logits"),
        ("Sub", ["embedding", "grey"], "colour"),
        ("Mul", ["colour", "gain"], "semantic_logits"),
    )
    if words:
        steps += (
            ("Identity", ["score"], "technical"),
            ("Identity", ["semantic_logits"], "word_logits"),
        )
    options: dict[str, dict[str, Any]] = {
        "grey": {"axes": [1], "keepdims": 1},
        "distribution": {"axis": 1},
    }
    nodes = [
        helper.make_node(kind, inputs, [output], **options.get(output, {}))
        for kind, inputs, output in steps
    ]
    ends = {"image": [3, 8, 8], "distribution": [10], "quality_logits": [2]}
    ends |= {"semantic_logits": [3], "embedding": [3]}
    if words:
        ends |= {"technical": [1], "word_logits": [3]}
    values = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", *shape])
        for name, shape in ends.items()
    ]
    graph = helper.make_graph(
        nodes,
        "made",
        values[:1],
        values[1:],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    opset = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8)
