"""Quantisation: what becomes int8, what stays, and how little the outputs move."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from torch import nn

from goodside.runtime import import_onnxruntime
from goodside.types import FloatArray
from goodside_train.aesthetics.export.int8 import quantize_assessor
from goodside_train.aesthetics.networks.efficientnet_lite import (
    InvertedResidual,
    channel_statistics,
)
from goodside_train.export import write_onnx


class Made(nn.Module):
    """Residual blocks as in the trunk, statistics of a lower stage, a head that adds a constant."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            InvertedResidual(before, 8, kernel=3, stride=1, expansion=2) for before in (3, 8, 8)
        )
        self.head = nn.Linear(8 + 16, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        lower = x
        for place, block in enumerate(self.blocks):
            x = block(x)
            lower = x if place == 1 else lower
        features = torch.cat([x.mean(dim=(2, 3)), channel_statistics(lower)], dim=1)
        score: torch.Tensor = self.head(features) * 2 + 5
        return score


@pytest.fixture(scope="module")
def photos() -> FloatArray:
    noise: FloatArray = np.random.default_rng(1).normal(0, 1, (24, 3, 16, 16)).astype(np.float32)
    return noise


@pytest.fixture(scope="module")
def files(photos: FloatArray, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("int8")
    source, target = folder / "float.onnx", folder / "int8.onnx"
    torch.manual_seed(0)
    example = torch.from_numpy(photos[:2])
    write_onnx(Made(), example, source, input_name="image", output_names=["score"])
    quantize_assessor(source, target, inputs=photos[:16])
    return source, target


def _scores(path: Path, photos: FloatArray) -> FloatArray:
    scores: FloatArray = (
        import_onnxruntime().InferenceSession(str(path)).run(["score"], {"image": photos})[0]
    )
    return scores


def test_the_outputs_hardly_move(files: tuple[Path, Path], photos: FloatArray) -> None:
    plain, quantized = (_scores(path, photos[16:]) for path in files)
    assert np.abs(quantized - plain).max() > 0
    assert np.abs(quantized - plain).max() < 0.15 * plain.std()


def test_later_convolutions_and_residual_sums_are_int8_heads_and_statistics_are_not(
    files: tuple[Path, Path],
) -> None:
    graph = onnx.load(str(files[1])).graph
    made_by = {name: node.op_type for node in graph.node for name in node.output}
    fed: Counter[tuple[str, bool]] = Counter()
    for node in graph.node:
        reads_int8 = all(made_by.get(name) == "DequantizeLinear" for name in node.input)
        fed[node.op_type, reads_int8] += 1
    # 9 convolutions, of which a quarter stays; sums: 2 residual ones, and 2 with a constant
    assert (fed["Conv", True], fed["Conv", False]) == (7, 2)
    assert (fed["Add", True], fed["Add", False]) == (2, 2)
    assert fed["Gemm", False] == 1


def test_every_channel_has_its_own_scale_and_the_types_are_those_vnni_multiplies(
    files: tuple[Path, Path],
) -> None:
    graph = onnx.load(str(files[1])).graph
    types = Counter(value.data_type for value in graph.initializer if len(value.dims) == 4)
    assert types == {onnx.TensorProto.INT8: 7, onnx.TensorProto.FLOAT: 2}
    weights = {value.name for value in graph.initializer if len(value.dims) == 4}
    shapes = {value.name: value.dims for value in graph.initializer}
    scales = [
        list(shapes[node.input[1]])
        for node in graph.node
        if node.op_type == "DequantizeLinear" and node.input[0] in weights
    ]
    assert len(scales) == 7
    assert all(len(scale) == 1 and scale[0] > 1 for scale in scales)
