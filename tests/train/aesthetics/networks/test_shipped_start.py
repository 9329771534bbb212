"""Going on from shipped weights: what the network says stays, and its normalisations are alive."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from goodside.aesthetics.model import AestheticModel
from goodside.errors import WeightsError
from goodside.runtime import WeightsStore
from goodside_train.aesthetics.networks import multi_task as net
from goodside_train.aesthetics.networks.efficientnet_lite import EfficientNetLite
from goodside_train.aesthetics.networks.multi_task import MultiTaskNetwork
from goodside_train.aesthetics.networks.shipped_start import load_shipped
from goodside_train.aesthetics.networks.trunks import normalized

STORE = WeightsStore()
PHOTOS = sorted((Path(__file__).parents[4] / "examples" / "photos").glob("*.jpg"))[:8]
PIXELS = np.stack(
    [np.asarray(Image.open(path).convert("RGB").resize((192, 192))) for path in PHOTOS]
)


@pytest.fixture
def network() -> MultiTaskNetwork:
    heads = {net.DISTRIBUTION: 10, net.SEMANTIC: 10, "beauty_ava": 10}
    return MultiTaskNetwork(EfficientNetLite("lite0"), structure="3", heads=heads)


@pytest.fixture
def images() -> Tensor:
    return normalized(torch.from_numpy(PIXELS))


def test_the_network_says_what_the_shipped_one_says(
    network: MultiTaskNetwork, images: Tensor
) -> None:
    untouched = network.heads.get_submodule("beauty_ava").get_parameter("weight").clone()
    filled = load_shipped(network, weights=STORE.path("aesthetics-lite0"), images=images)
    assert set(filled) == {net.DISTRIBUTION, net.SEMANTIC}
    shipped = AestheticModel(STORE, "aesthetics-lite0").run(PIXELS)
    with torch.inference_mode():
        out = network.eval()(images)
    np.testing.assert_allclose(out[net.EMBEDDING].numpy(), shipped.embedding, atol=1e-2)
    np.testing.assert_allclose(out[net.SEMANTIC].numpy(), shipped.semantic_logits, atol=1e-2)
    assert torch.equal(untouched, network.heads.get_submodule("beauty_ava").get_parameter("weight"))


def test_its_normalisations_know_their_inputs(network: MultiTaskNetwork, images: Tensor) -> None:
    """So that in training, where a batch's own statistics count, little changes."""
    load_shipped(network, weights=STORE.path("aesthetics-lite0"), images=images)
    stem = network.trunk.get_submodule("stem")
    norm = stem.get_submodule("norm")
    assert isinstance(norm, nn.BatchNorm2d)
    assert norm.running_mean is not None
    with torch.inference_mode():
        maps = stem.get_submodule("conv")(nn.functional.pad(images, (0, 1, 0, 1)))
        torch.testing.assert_close(
            norm.running_mean, maps.mean(dim=(0, 2, 3)), atol=1e-4, rtol=1e-4
        )
        steady, _ = network.trunk.eval()(images)
        moving, _ = network.trunk.train()(images)
    correlation = np.corrcoef(steady.numpy().ravel(), moving.numpy().ravel())[0, 1]
    assert correlation > 0.95


def test_weights_of_another_trunk_are_refused(network: MultiTaskNetwork, images: Tensor) -> None:
    with pytest.raises(WeightsError, match="another trunk"):
        load_shipped(network, weights=STORE.path("face-mobilefacenet"), images=images)
