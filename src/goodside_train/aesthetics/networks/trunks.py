"""Trunks by name: each turns photographs into features, and into statistics of its lower stages.

A trunk has a `width`, the length of its features, and a `lower_width`, that of the statistics: mean
and standard deviation of every channel of the lower stages' maps. It maps (N, 3, H, W) to a pair
(N, width), (N, lower_width).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from goodside_train.aesthetics.networks import efficientnet_lite as lite
from goodside_train.aesthetics.networks.efficientnet_lite import ConvBlock, EfficientNetLite
from goodside_train.aesthetics.recipe import TrunkName


class PaperTrunk(nn.Module):
    """The convolutions of the paper's network (Kao, He and Huang, TIP 2017, figure of MTCNN #1).

    Input (N, 3, 227, 227); the maps measure 54, 27, 27 and 13 pixels, and the last ones leave
    flattened, for fully connected layers to read. Local response normalisation follows the first
    two stages, as was usual at the time.
    """

    width = 256 * 13 * 13
    lower_width = 2 * (96 + 128 + 128)

    def __init__(self) -> None:
        super().__init__()
        self.stages = nn.ModuleList(
            [
                nn.Sequential(
                    nn.Conv2d(3, 96, 11, stride=2),
                    nn.ReLU(inplace=True),
                    nn.MaxPool2d(3, stride=2),
                    nn.LocalResponseNorm(5),
                ),
                nn.Sequential(
                    nn.Conv2d(96, 128, 5, padding=2),
                    nn.ReLU(inplace=True),
                    nn.MaxPool2d(2, stride=2),
                    nn.LocalResponseNorm(5),
                ),
                nn.Sequential(nn.Conv2d(128, 128, 3, padding=1), nn.ReLU(inplace=True)),
                nn.Sequential(
                    nn.Conv2d(128, 256, 3, padding=1),
                    nn.ReLU(inplace=True),
                    nn.MaxPool2d(3, stride=2),
                ),
            ]
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        lower = []
        for stage in self.stages:
            x = stage(x)
            lower.append(lite.channel_statistics(x))
        return x.flatten(1), torch.cat(lower[:-1], dim=1)


class ConvTrunk(nn.Module):
    """Strided 3 x 3 convolutions and a mean over what is left of the picture.

    Small enough for tests, and cheap enough for a column of its own beside a larger trunk.

    Args:
        widths: channels of the stages; each halves the size.
    """

    def __init__(self, *widths: int) -> None:
        super().__init__()
        inputs = (3, *widths[:-1])
        self.stages = nn.ModuleList(
            ConvBlock(before, after, kernel=3, stride=2)
            for before, after in zip(inputs, widths, strict=True)
        )
        self.width = widths[-1]
        self.lower_width = 2 * sum(widths[:-1])

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        lower = []
        for stage in self.stages:
            x = stage(x)
            lower.append(lite.channel_statistics(x))
        return x.mean(dim=(2, 3)), torch.cat(lower[:-1], dim=1)


Trunk = EfficientNetLite | PaperTrunk | ConvTrunk


def build_trunk(name: TrunkName) -> Trunk:
    """A trunk with weights at random."""
    if name == "paper":
        return PaperTrunk()
    if name == "tiny":
        return ConvTrunk(16, 24, 32)
    return EfficientNetLite(name)


def normalized(pixels: Tensor) -> Tensor:
    """(N, H, W, 3) uint8 sRGB -> (N, 3, H, W) float32 as the trunks want it."""
    channels_first = pixels.permute(0, 3, 1, 2).float()
    scaled = channels_first.sub(lite.MEAN).div(lite.STD)
    return scaled.contiguous(memory_format=torch.channels_last)
