"""A shipped network in torch: the same numbers, with a gradient to its input and none inside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper

from goodside.runtime import open_session
from goodside_train.rotation.networks.frozen_onnx import FrozenNetwork


@pytest.fixture(scope="module")
def network(recogniser: Path) -> FrozenNetwork:
    return FrozenNetwork(recogniser)


@pytest.mark.parametrize("count", [1, 3])
def test_it_equals_onnx_runtime(network: FrozenNetwork, count: int) -> None:
    pixels = np.random.default_rng(count).uniform(-1, 1, (count, 112, 112, 3)).astype(np.float32)
    expected = open_session("face-mobilefacenet").run({"pixels": pixels})["embedding"]
    with torch.no_grad():
        made = network(torch.from_numpy(pixels)).numpy()
    assert made.shape == expected.shape == (count, 192)
    np.testing.assert_allclose(made, expected, atol=1e-4, rtol=1e-4)


def test_gradients_reach_the_picture_and_nothing_in_it_can_learn(network: FrozenNetwork) -> None:
    assert list(network.parameters()) == []
    pixels = torch.rand(1, 112, 112, 3, requires_grad=True)
    network(pixels).sum().backward()
    assert pixels.grad is not None
    assert pixels.grad.abs().amax(dim=(0, 3)).gt(0).float().mean() > 0.9


def test_the_gradient_is_that_of_the_numbers(recogniser: Path) -> None:
    network = FrozenNetwork(recogniser).double()
    torch.manual_seed(0)
    pixels = torch.rand(1, 112, 112, 3, dtype=torch.float64, requires_grad=True)
    step = torch.randn(1, 112, 112, 3, dtype=torch.float64) * 1e-7
    (slope,) = torch.autograd.grad(network(pixels).sum(), pixels)
    with torch.no_grad():
        ahead, behind = network(pixels + step).sum(), network(pixels - step).sum()
    assert (slope * step).sum().item() == pytest.approx(float(ahead - behind) / 2, rel=1e-4)


def test_an_operator_it_does_not_know_is_named(tmp_path: Path) -> None:
    node = helper.make_node("Sinh", ["x"], ["y"])
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in "xy"]
    graph = helper.make_graph([node], "other", ends[:1], ends[1:])
    path = tmp_path / "other.onnx"
    onnx.save(helper.make_model(graph), str(path))
    with pytest.raises(ValueError, match="Sinh"):
        FrozenNetwork(path)
