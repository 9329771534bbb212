"""The count of multiply-adds that the speed of a turn is measured against."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from benchmarks.rotation_speed import multiply_adds, product_runner


@pytest.mark.parametrize("quantised", [False, True])
def test_a_convolution_is_counted_for_one_picture(tmp_path: Path, quantised: bool) -> None:
    """5 x 3 kernels of 3 x 3 over an 8 x 6 picture, padded: 8 x 6 places of 5 x 27."""
    kernel = np.zeros((5, 3, 3, 3), np.int8 if quantised else np.float32)
    stored = [numpy_helper.from_array(kernel, "stored" if quantised else "kernel")]
    nodes = [helper.make_node("Conv", ["picture", "kernel"], ["made"], pads=[1, 1, 1, 1])]
    if quantised:
        stored.append(numpy_helper.from_array(np.array(0.1, np.float32), "scale"))
        nodes.insert(0, helper.make_node("DequantizeLinear", ["stored", "scale"], ["kernel"]))
    picture, made = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", channels, 8, 6])
        for name, channels in (("picture", 3), ("made", 5))
    )
    graph = helper.make_graph(nodes, "one", [picture], [made], stored)
    onnx.save(helper.make_model(graph), tmp_path / "one.onnx")
    assert multiply_adds(tmp_path / "one.onnx") == 8 * 6 * 5 * 27


def test_the_limit_multiplies_as_often() -> None:
    product = product_runner(7 * 1024 * 1024)()
    assert isinstance(product, np.ndarray)
    assert product.shape == (7, 1024)
