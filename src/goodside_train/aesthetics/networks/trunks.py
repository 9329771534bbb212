"""Trunks by name: each turns photographs into features, and into statistics of its lower stages.

A trunk has a `width`, the length of its features, and a `lower_width`, that of the statistics: mean
and standard deviation of every channel of the lower stages' maps. It maps (N, 3, H, W) to a pair
(N, width), (N, lower_width).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from goodside_train.aesthetics.networks import efficientnet_lite as lite
from goodside_train.aesthetics.networks.efficientnet_lite import ConvBlock, EfficientNetLite
from goodside_train.aesthetics.recipe import PAPER_PX, TrunkName


class PaperTrunk(nn.Module):
    """The convolutions of the paper's network (Kao, He and Huang, TIP 2017, figure of MTCNN #1).

    Input (N, 3, 227, 227); the maps measure 54, 27, 27 and 13 pixels, and the last ones leave
    flattened, for fully connected layers to read. Local response normalisation follows the first
    two stages, as was usual at the time. On smaller pictures the layers are the same and the maps
    smaller.

    Args:
        input_px: side of the input.
    """

    lower_width = 2 * (96 + 128 + 128)

    def __init__(self, input_px: int = PAPER_PX) -> None:
        super().__init__()
        self.width = 256 * paper_map_px(input_px) ** 2
        self.stages = nn.ModuleList(
            [
                nn.Sequential(
                    nn.Conv2d(3, 96, 11, stride=2),
                    nn.ReLU(inplace=True),
                    nn.MaxPool2d(3, stride=2),
                    ResponseNorm(96),
                ),
                nn.Sequential(
                    nn.Conv2d(96, 128, 5, padding=2),
                    nn.ReLU(inplace=True),
                    nn.MaxPool2d(2, stride=2),
                    ResponseNorm(128),
                ),
                nn.Sequential(nn.Conv2d(128, 128, 3, padding=1), nn.ReLU(inplace=True)),
                nn.Sequential(
                    nn.Conv2d(128, 256, 3, padding=1),
                    nn.ReLU(inplace=True),
                    nn.MaxPool2d(3, stride=2),
                ),
            ]
        )
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        lower = []
        for stage in self.stages:
            x = stage(x)
            lower.append(lite.channel_statistics(x))
        return x.flatten(1), torch.cat(lower[:-1], dim=1)


def paper_map_px(input_px: int) -> int:
    """Side of the last maps of `PaperTrunk`; 0 or less where the input is too small."""
    first = ((input_px - 11) // 2 + 1 - 3) // 2 + 1
    return (first // 2 - 3) // 2 + 1


class ResponseNorm(nn.Module):
    """Local response normalisation across five channels (Krizhevsky and others, NIPS 2012).

    y = x / (1 + alpha m)^0.75 with m the mean of the squares of the five channels around. The usual
    alpha of 1e-4 is for pixels from -128 to 127; those here are divided by 128, so alpha is that
    many times larger, squared. The sum over the neighbours is a 1 x 1 convolution with a band of
    ones, which on a CPU is some four times as fast as pooling over the channels.

    Args:
        channels: of the maps.
    """

    band: Tensor
    alpha = 1e-4 * 128**2
    size = 5

    def __init__(self, channels: int) -> None:
        super().__init__()
        place = torch.arange(channels)
        near = (place[:, None] - place[None, :]).abs() <= self.size // 2
        self.register_buffer("band", near.float()[:, :, None, None], persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        root = (1 + self.alpha / self.size * F.conv2d(x * x, self.band)).rsqrt()
        return x * root * root.sqrt()


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


def build_trunk(name: TrunkName, *, input_px: int = PAPER_PX) -> Trunk:
    """A trunk with weights at random.

    Args:
        name: of the trunk.
        input_px: side of the input, for the trunk whose fully connected layers depend on it.
    """
    if name == "paper":
        return PaperTrunk()
    if name == "paper-small":
        return PaperTrunk(input_px)
    if name == "tiny":
        return ConvTrunk(16, 24, 32)
    return EfficientNetLite(name)


def normalized(pixels: Tensor) -> Tensor:
    """(N, H, W, 3) uint8 sRGB -> (N, 3, H, W) float32 as the trunks want it."""
    channels_first = pixels.permute(0, 3, 1, 2).float()
    scaled = channels_first.sub(lite.MEAN).div(lite.STD)
    return scaled.contiguous(memory_format=torch.channels_last)
