"""Multi-task networks: a shared trunk and one linear head a task. A network knows no loss."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from goodside_train.aesthetics import lite0
from goodside_train.aesthetics.lite0 import Lite0

HIGH_LOW = "quality_logits"
DISTRIBUTION = "distribution_logits"
SEMANTIC = "semantic_logits"
TECHNICAL = "technical"
EMOTION = "emotion_logits"
ATTRIBUTE = "attributes"


class SharedNetwork(nn.Module):
    """The patent's multi-task network #1: everything is shared up to the heads.

    Input (N, 3, H, W) float, normalised as the trunk wants it. Output: a mapping with one (N, size)
    tensor for each head, and the pooled features under `embedding`.

    Args:
        trunk: (N, 3, H, W) -> (N, width).
        width: length of the trunk's features.
        heads: size of each head's output; the high/low head is W_a, the semantic one W_s.
        dropout: share of the features dropped before the heads in training.
    """

    def __init__(
        self, trunk: nn.Module, *, width: int, heads: Mapping[str, int], dropout: float = 0.2
    ) -> None:
        super().__init__()
        self.trunk = trunk
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.ModuleDict({name: _head(width, size) for name, size in heads.items()})

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        embedding = self.trunk(x)
        features = self.dropout(embedding)
        outputs = {name: head(features) for name, head in self.heads.items()}
        return {**outputs, "embedding": embedding}


def _head(width: int, size: int) -> nn.Linear:
    head = nn.Linear(width, size)
    nn.init.normal_(head.weight, std=0.01)
    nn.init.zeros_(head.bias)
    return head


class TinyTrunk(nn.Sequential):
    """A trunk for tests: three strided convolutions, trains in seconds."""

    def __init__(self, width: int = 32) -> None:
        super().__init__(
            lite0.ConvBlock(3, 16, kernel=3, stride=2),
            lite0.ConvBlock(16, 24, kernel=3, stride=2),
            lite0.ConvBlock(24, width, kernel=3, stride=2),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
        )


def build_trunk(name: str) -> tuple[nn.Module, int]:
    """A trunk by name with the length of its features: `lite0` or `tiny`.

    Raises:
        ValueError: no such trunk.
    """
    if name == "lite0":
        return Lite0(), lite0.WIDTH
    if name == "tiny":
        return TinyTrunk(), 32
    raise ValueError(f"trunk {name!r} is none of lite0, tiny")


def normalized(pixels: Tensor) -> Tensor:
    """(N, H, W, 3) uint8 sRGB -> (N, 3, H, W) float32 as the trunks want it."""
    channels_first = pixels.permute(0, 3, 1, 2).float()
    scaled = channels_first.sub(lite0.MEAN).div(lite0.STD)
    return scaled.contiguous(memory_format=torch.channels_last)
