"""Trunks: the sizes of their maps, their features, and the statistics of the lower stages."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from goodside_train.aesthetics.networks.efficientnet_lite import channel_statistics
from goodside_train.aesthetics.networks.trunks import (
    PaperTrunk,
    ResponseNorm,
    build_trunk,
    normalized,
    paper_map_px,
)
from goodside_train.aesthetics.recipe import TrunkName


def test_the_papers_maps() -> None:
    """Kao, He and Huang: 54, 27, 27 and 13 pixels with 96, 128, 128 and 256 channels."""
    maps = torch.zeros(1, 3, 227, 227)
    sizes = []
    with torch.inference_mode():
        for stage in PaperTrunk().stages:
            maps = stage(maps)
            sizes.append(tuple(maps.shape[1:]))
    assert sizes == [(96, 54, 54), (128, 27, 27), (128, 27, 27), (256, 13, 13)]


@pytest.mark.parametrize(
    ("name", "size_px"), [("paper", 227), ("tiny", 32), ("lite0", 64), ("lite2", 64)]
)
def test_a_trunk_says_its_widths(name: TrunkName, size_px: int) -> None:
    trunk = build_trunk(name).eval()
    with torch.inference_mode():
        features, lower = trunk(torch.zeros(2, 3, size_px, size_px))
    assert features.shape == (2, trunk.width)
    assert lower.shape == (2, trunk.lower_width)


@pytest.mark.parametrize(("size_px", "map_px"), [(35, 1), (83, 4), (99, 5), (119, 6), (227, 13)])
def test_the_papers_layers_on_smaller_pictures(size_px: int, map_px: int) -> None:
    trunk = build_trunk("paper-small", input_px=size_px).eval()
    assert paper_map_px(size_px) == map_px
    with torch.inference_mode():
        features, _ = trunk(torch.zeros(1, 3, size_px, size_px))
    assert features.shape == (1, trunk.width) == (1, 256 * map_px**2)
    assert paper_map_px(34) == 0


def test_response_normalisation_is_the_usual_one() -> None:
    """Channels at the ends have fewer neighbours, and the sum is divided by five all the same."""
    ours = ResponseNorm(9)
    usual = nn.LocalResponseNorm(5, alpha=ours.alpha, beta=0.75, k=1.0)
    maps = 3 * torch.randn(2, 9, 4, 4, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(ours(maps), usual(maps))
    assert not list(ours.parameters())
    assert not ours.state_dict()


def test_statistics_by_hand() -> None:
    maps = torch.tensor([[[[1.0, 3.0], [1.0, 3.0]], [[5.0, 5.0], [5.0, 5.0]]]])
    found = channel_statistics(maps)[0].tolist()
    assert found == pytest.approx([2.0, 5.0, 1.0, 0.0], abs=4e-3)


def test_pixels_become_input() -> None:
    pixels = torch.zeros(1, 2, 3, 3, dtype=torch.uint8)
    pixels[0, 1, 2] = torch.tensor([255, 127, 0], dtype=torch.uint8)
    found = normalized(pixels)
    assert found.shape == (1, 3, 2, 3)
    assert found[0, :, 1, 2].tolist() == [1.0, 0.0, -127 / 128]
