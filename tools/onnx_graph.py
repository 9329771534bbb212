"""TFLite to ONNX with a dynamic batch, readable names, and a comparison of the two.

Needs TensorFlow and tf2onnx; see README.md here.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

from goodside.runtime import import_onnxruntime, switch_telemetry_off
from tools import tflite_tail

OPSET = 17


@dataclass(frozen=True)
class Output:
    """One output of the converted network.

    Attributes:
        source: its name in the TFLite file.
        name: its name in the ONNX file.
        shape: without the batch.
    """

    source: str
    name: str
    shape: tuple[int, ...]


def convert(
    tflite: bytes, *, outputs: tuple[Output, ...], doc: str, drop_reshapes: bool = False
) -> onnx.ModelProto:
    """Convert a TFLite network whose batch is baked in to ONNX with a free batch.

    The one input becomes `pixels`, (N, H, W, 3). PReLU written as four elementwise nodes is made
    one node again, MediaPipe's own transposed convolution ONNX's.

    Args:
        tflite: the network's file.
        outputs: what the network gives, in order.
        doc: a line to keep in the file.
        drop_reshapes: leave out every Reshape that changes nothing; tf2onnx leaves now more of
            them in a network, now fewer.

    Raises:
        ValueError: the graph has other inputs or outputs than expected.
    """
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name, "net.tflite"), Path(name, "net.onnx")
        source.write_bytes(tflite)
        command = [sys.executable, "-m", "tf2onnx.convert", "--opset", str(OPSET)]
        command += ["--tflite", str(source), "--output", str(target)]
        # tf2onnx walks sets of names: a fixed seed makes it write the same graph every time.
        switch_telemetry_off()
        environment = os.environ | {"PYTHONHASHSEED": "0"}
        subprocess.run(command, check=True, capture_output=True, env=environment)
        model = onnx.load(target)
    graph = model.graph
    found = [item.name for item in graph.output]
    if len(graph.input) != 1 or found != [output.source for output in outputs]:
        raise ValueError(f"one input and outputs {outputs} expected, got {found}")
    _fuse_prelu(graph)
    _plain_transposed_convolution(graph)
    if drop_reshapes:
        _drop_idle_reshapes(model)
    _free_batch(graph, outputs)
    names = {graph.input[0].name: "pixels"} | {out.source: out.name for out in outputs}
    _rename(graph, names)
    size = [dim.dim_value for dim in graph.input[0].type.tensor_type.shape.dim][1:]
    kind = onnx.TensorProto.FLOAT
    del graph.input[:], graph.output[:], graph.value_info[:]
    graph.input.append(helper.make_tensor_value_info("pixels", kind, ["N", *size]))
    for out in outputs:
        graph.output.append(helper.make_tensor_value_info(out.name, kind, ["N", *out.shape]))
    graph.name, graph.doc_string = "net", ""
    model.doc_string = doc
    onnx.checker.check_model(model, full_check=True)
    return model


def parity(tflite: bytes, model: onnx.ModelProto, *, pixels: np.ndarray) -> dict[str, float]:
    """Largest absolute difference of each output between TFLite and ONNX Runtime.

    Args:
        tflite: the original network.
        model: its conversion.
        pixels: (N, H, W, 3) float32, already normalised; TFLite sees one batch of its own size at
            a time, ONNX Runtime all at once, so that the free batch is proven too.

    Where TensorFlow lacks the network's last operation, numpy follows TFLite from there.
    """
    import tensorflow as tf

    trunk, tail = tflite_tail.cut(tflite)
    interpreter = tf.lite.Interpreter(model_content=trunk)
    interpreter.allocate_tensors()
    entry = interpreter.get_input_details()[0]
    exits = interpreter.get_output_details()
    step = int(entry["shape"][0])
    rows: list[list[np.ndarray]] = [[] for _ in exits]
    for at in range(0, len(pixels) - len(pixels) % step, step):
        interpreter.set_tensor(entry["index"], pixels[at : at + step])
        interpreter.invoke()
        for row, item in zip(rows, exits, strict=True):
            values = interpreter.get_tensor(item["index"])
            row.append((tail.finish(values) if tail else values).reshape(step, -1))
    wanted = [np.concatenate(row) for row in rows]
    session = import_onnxruntime().InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    result = session.run(None, {"pixels": pixels})
    names = [item.name for item in session.get_outputs()]
    return {
        name: float(np.abs(got.reshape(len(pixels), -1)[: len(want)] - want).max())
        for name, got, want in zip(names, result, wanted, strict=True)
    }


def _free_batch(graph: onnx.GraphProto, outputs: tuple[Output, ...]) -> None:
    """Rewrite every Reshape so that its first axis is the batch."""
    constants = {item.name: item for item in graph.initializer}
    shapes = {out.source: out.shape for out in outputs}
    for node in graph.node:
        if node.op_type != "Reshape":
            continue
        old = numpy_helper.to_array(constants[node.input[1]]).tolist()
        new = [-1, *shapes.get(node.output[0], tuple(old[1:]))]
        if new.count(-1) > 1:
            new[0] = 0  # ONNX: copy this axis from the input
        name = f"{node.output[0]}_shape"
        graph.initializer.append(numpy_helper.from_array(np.array(new, dtype=np.int64), name))
        node.input[1] = name
    _drop_unused(graph)


def _fuse_prelu(graph: onnx.GraphProto) -> None:
    """Replace relu(x) + c (x - |x|) by PRelu(x, 2c)."""
    made = {output: node for node in graph.node for output in node.output}
    constants = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    dead: set[str] = set()
    for node in list(graph.node):
        if node.op_type != "Add":
            continue
        parts = {made[item].op_type: made[item] for item in node.input if item in made}
        if set(parts) != {"Relu", "Mul"}:
            continue
        scale = [item for item in parts["Mul"].input if item in constants]
        minus = [made[item] for item in parts["Mul"].input if item in made]
        if len(scale) != 1 or minus[0].op_type != "Sub":
            continue
        source = parts["Relu"].input[0]
        absolute = made[minus[0].input[1]]
        if absolute.op_type != "Abs" or {absolute.input[0], minus[0].input[0]} != {source}:
            continue
        slope = f"{node.output[0]}_slope"
        value = np.ascontiguousarray(2 * constants[scale[0]][0])
        graph.initializer.append(numpy_helper.from_array(value, slope))
        fused = helper.make_node("PRelu", [source, slope], list(node.output), name=node.name)
        dead |= {item.output[0] for item in (parts["Relu"], parts["Mul"], minus[0], absolute)}
        graph.node.insert(list(graph.node).index(node), fused)
        graph.node.remove(node)
    kept = [item for item in graph.node if item.output[0] not in dead]
    del graph.node[:]
    graph.node.extend(kept)


def _plain_transposed_convolution(graph: onnx.GraphProto) -> None:
    """Replace MediaPipe's transposed convolution, stride as its kernel's size, by ConvTranspose.

    The result's channels come first then, so only elementwise nodes may follow.
    """
    made = {output: node for node in graph.node for output in node.output}
    constants = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    for at, node in enumerate(graph.node):
        if node.op_type != "TFL_Convolution2DTransposeBias":
            continue
        swap = made[node.input[0]]
        if swap.op_type != "Transpose" or list(swap.attribute[0].ints) != [0, 2, 3, 1]:
            raise ValueError(f"{node.name}: its input expected with the channels moved to the end")
        weights = f"{node.output[0]}_weights"
        value = np.ascontiguousarray(constants[node.input[1]].transpose(3, 0, 1, 2))
        graph.initializer.append(numpy_helper.from_array(value, weights))
        plain = helper.make_node(
            "ConvTranspose",
            [swap.input[0], weights, node.input[2]],
            list(node.output),
            strides=value.shape[2:],
        )
        graph.node[at].CopyFrom(plain)
        if not any(swap.output[0] in other.input for other in graph.node):
            graph.node.remove(swap)
        return


def _drop_idle_reshapes(model: onnx.ModelProto) -> None:
    """Join what lies before and behind a Reshape between equal shapes."""
    graph = model.graph
    shapes = {
        item.name: [dim.dim_value for dim in item.type.tensor_type.shape.dim]
        for item in onnx.shape_inference.infer_shapes(model).graph.value_info
    }
    joined: dict[str, str] = {}
    for node in list(graph.node):
        node.input[:] = [joined.get(item, item) for item in node.input]
        if node.op_type == "Reshape" and shapes[node.input[0]] == shapes[node.output[0]]:
            joined[node.output[0]] = node.input[0]
            graph.node.remove(node)


def _rename(graph: onnx.GraphProto, names: dict[str, str]) -> None:
    """Number the tensors in the order the nodes use them, but for those that have a name."""
    names = dict(names)
    for index, node in enumerate(graph.node):
        for items in (node.input, node.output):
            for item in items:
                if item:
                    names.setdefault(item, f"t{len(names)}")
            items[:] = [names.get(item, item) for item in items]
        node.name = f"{node.op_type}_{index}"
    for constant in graph.initializer:
        constant.name = names[constant.name]
    ordered = sorted(graph.initializer, key=lambda item: int(item.name[1:]))
    del graph.initializer[:]
    graph.initializer.extend(ordered)


def _drop_unused(graph: onnx.GraphProto) -> None:
    used = {item for node in graph.node for item in node.input}
    kept = [item for item in graph.initializer if item.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
