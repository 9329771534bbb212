"""Weights in a byte each: the file is a quarter, and the network is the one that was rounded."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from torch import nn

from goodside.errors import WeightsError
from goodside.runtime import import_onnxruntime
from goodside_train.export import write_onnx
from goodside_train.weight_packing import SMALLEST, pack_weights, round_weights


def _network() -> nn.Sequential:
    torch.manual_seed(2)
    return nn.Sequential(
        nn.Conv2d(3, 16, 3),  # too few weights to be worth it
        nn.ReLU(),
        nn.Conv2d(16, 64, 3),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(64 * 16, 64),
    ).eval()


def _layer(network: nn.Sequential, place: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias."""
    layer = network[place]
    return layer.get_parameter("weight"), layer.get_parameter("bias")


def _picture() -> torch.Tensor:
    return torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(1))


def _written(network: nn.Module, path: Path) -> Path:
    write_onnx(network, _picture(), path, input_name="image", output_names=["out"])
    return path


def test_rounding_is_by_output_and_spares_small_layers() -> None:
    before, after = _network(), _network()
    round_weights(after)
    assert torch.equal(_layer(after, 0)[0], _layer(before, 0)[0])
    assert _layer(before, 0)[0].numel() < SMALLEST
    for place in (2, 5):
        (old_weight, old_bias), (new_weight, new_bias) = _layer(before, place), _layer(after, place)
        old, new = old_weight.flatten(1), new_weight.flatten(1)
        step = old.abs().amax(dim=1, keepdim=True) / 127
        assert bool(((new - old).abs() <= step / 2 + 1e-7).all())
        assert all(len(torch.unique(row)) <= 255 for row in new)
        assert torch.equal(new_bias, old_bias)


def test_rounding_twice_changes_nothing_more() -> None:
    once = _network()
    round_weights(once)
    twice = copy.deepcopy(once)
    round_weights(twice)
    for first, second in zip(once.parameters(), twice.parameters(), strict=True):
        torch.testing.assert_close(first, second, atol=1e-7, rtol=1e-6)


def test_the_packed_file_is_the_rounded_network(tmp_path: Path) -> None:
    network = _network()
    round_weights(network)
    path = _written(network, tmp_path / "network.onnx")
    whole = path.stat().st_size
    pack_weights(path)
    assert path.stat().st_size < 0.35 * whole
    session = import_onnxruntime().InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"image": _picture().numpy()})
    with torch.inference_mode():
        expected = network(_picture()).numpy()
    np.testing.assert_allclose(found, expected, atol=1e-5)
    kinds = [node.op_type for node in onnx.load(str(path)).graph.node]
    assert kinds.count("DequantizeLinear") == 2


def test_weights_that_were_not_rounded_are_refused(tmp_path: Path) -> None:
    path = _written(_network(), tmp_path / "network.onnx")
    before = path.read_bytes()
    with pytest.raises(WeightsError, match="rounded"):
        pack_weights(path)
    assert path.read_bytes() == before
