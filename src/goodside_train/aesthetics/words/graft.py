"""Linear heads added to a finished ONNX network: its other outputs stay as they are, to the bit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from goodside.errors import WeightsError
from goodside_train.aesthetics.words.fit_head import WordHead

_EMBEDDING = "embedding"


def graft_heads(source: Path, target: Path, *, heads: Mapping[str, WordHead]) -> None:
    """Write a network with further outputs, each a linear head over its `embedding`.

    An output of the same name that was grafted before is replaced.

    Args:
        source: an exported assessor, in float32 or int8.
        target: receives the network; may be `source`.
        heads: by the name of their output, such as `word_logits`.

    Raises:
        WeightsError: the network has no embedding, or has such an output of its own.
    """
    model = onnx.load(source)
    graph = model.graph
    for name in heads:
        _take_away(graph, name, path=source)
    if _EMBEDDING not in {output.name for output in graph.output}:
        raise WeightsError("the network has no output embedding", path=source)
    for name, head in heads.items():
        parts = {f"{name}.weight": head.weights, f"{name}.bias": head.bias}
        for part, values in parts.items():
            graph.initializer.append(
                numpy_helper.from_array(np.ascontiguousarray(values, np.float32), part)
            )
        graph.node.append(helper.make_node("Gemm", [_EMBEDDING, *parts], [name], name=name))
        shape = [graph.input[0].type.tensor_type.shape.dim[0].dim_param or "n", len(head.bias)]
        graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
    onnx.checker.check_model(model)
    target.write_bytes(model.SerializeToString())


def _take_away(graph: onnx.GraphProto, name: str, *, path: Path) -> None:
    """Remove a head that was grafted before."""
    made = [node for node in graph.node if name in node.output]
    if not made:
        return
    if made[0].name != name or f"{name}.weight" not in made[0].input:
        raise WeightsError(f"the network has an output {name} of its own", path=path)
    graph.node.remove(made[0])
    for items in (graph.initializer, graph.output):
        kept = [item for item in items if item.name not in (name, *made[0].input[1:])]
        del items[:]
        items.extend(kept)
