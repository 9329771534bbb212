"""The patent's multi-task structures, on any trunk. A network knows no loss.

Kao, He and Huang (TIP 2017; US10685434B2) let the aesthetic and the semantic task share more or
less:

- `1`: everything up to the heads.
- `2`: the convolutions; each task has its own fully connected layers.
- `3`: as `1`, and the aesthetic heads read statistics of the trunk's lower stages as well.
- `enhanced`: as `1`, and the aesthetic heads read a column of convolutions of their own as well.
- `single`: the aesthetic heads alone, the baseline without semantics.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from goodside_train.aesthetics.networks.trunks import ConvTrunk, Trunk
from goodside_train.aesthetics.recipe import Structure

HIGH_LOW = "quality_logits"
DISTRIBUTION = "distribution_logits"
TECHNICAL = "technical"
ATTRIBUTE = "attributes"
PEER = "peer"
SEMANTIC = "semantic_logits"
EMOTION = "emotion_logits"
IMAGENET = "imagenet_logits"
EMBEDDING = "embedding"

SEMANTIC_SIDE = frozenset({SEMANTIC, EMOTION, IMAGENET})
"""Heads that say what the picture shows or stirs; all others judge it."""

HEAD_OF_LOSS: Mapping[str, str] = {
    "technical": TECHNICAL,
    "emotion": EMOTION,
    "attribute": ATTRIBUTE,
}
"""Heads that may read features without shaping them, by the names of their losses in recipes."""

_COLUMN = (16, 32, 64, 128)
_EXTRA = 128


class MultiTaskNetwork(nn.Module):
    """A shared trunk, the tasks' paths above it, and one linear head an output.

    Input (N, 3, H, W) float, normalised as the trunk wants it. Output: a mapping with one (N, size)
    tensor a head, and under `embedding` the features that the semantic heads read.

    Args:
        trunk: the shared weights theta.
        structure: how much the tasks share.
        heads: size of each output; the last layers of the high/low and of the semantic task are
            W = [W_a, W_s].
        fully_connected: widths of the layers between trunk and heads; (4096, 4096) in the paper.
        dropout: share of the features dropped before the heads in training.
        detached: heads whose losses change nothing but the heads themselves.

    Raises:
        ValueError: structure 2 without fully connected layers, which would be structure 1.
    """

    def __init__(
        self,
        trunk: Trunk,
        *,
        structure: Structure,
        heads: Mapping[str, int],
        fully_connected: tuple[int, ...] = (),
        dropout: float = 0.2,
        detached: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__()
        if structure == "2" and not fully_connected:
            raise ValueError("structure 2 parts the fully connected layers: name their widths")
        self.structure = structure
        self.detached = detached
        self.trunk = trunk
        self.shared = _layers(trunk.width, fully_connected, dropout=dropout)
        width = fully_connected[-1] if fully_connected else trunk.width
        self.shared_width = width
        extra = 0
        if structure == "2":
            self.aesthetic = _layers(trunk.width, fully_connected, dropout=dropout)
        elif structure == "3":
            extra = _EXTRA
            self.lower = nn.Sequential(
                nn.BatchNorm1d(trunk.lower_width), nn.Linear(trunk.lower_width, extra), nn.ReLU6()
            )
        elif structure == "enhanced":
            self.column = ConvTrunk(*_COLUMN)
            extra = self.column.width
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.ModuleDict(
            {
                name: _head(width + (0 if name in SEMANTIC_SIDE else extra), size)
                for name, size in heads.items()
                if structure != "single" or name not in SEMANTIC_SIDE
            }
        )

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        features, lower = self.trunk(x)
        shared = self.shared(features)
        judging = self.dropout(self._judging(x, features=features, lower=lower, shared=shared))
        showing = self.dropout(shared)
        outputs = {}
        for name, head in self.heads.items():
            read = showing if name in SEMANTIC_SIDE else judging
            outputs[name] = head(read.detach() if name in self.detached else read)
        return {**outputs, EMBEDDING: shared}

    def task_weights(self) -> Tensor:
        """W, (D, 2 + M): the last layers of both tasks over the features that both read.

        In structure 2 those are each task's own features.

        Raises:
            ValueError: the network has no semantic task.
        """
        if SEMANTIC not in self.heads:
            raise ValueError("a single-task network has no tasks to relate")
        judging, showing = (self.heads.get_submodule(name) for name in (HIGH_LOW, SEMANTIC))
        rows = [head.get_parameter("weight")[:, : self.shared_width] for head in (judging, showing)]
        return torch.cat(rows).T

    def _judging(self, x: Tensor, *, features: Tensor, lower: Tensor, shared: Tensor) -> Tensor:
        """What the aesthetic heads read."""
        if self.structure == "2":
            judged: Tensor = self.aesthetic(features)
            return judged
        if self.structure == "3":
            return torch.cat([shared, self.lower(lower)], dim=1)
        if self.structure == "enhanced":
            return torch.cat([shared, self.column(x)[0]], dim=1)
        return shared


def _layers(width: int, widths: tuple[int, ...], *, dropout: float) -> nn.Sequential:
    """Fully connected layers with ReLU; none at all for no widths."""
    layers: list[nn.Module] = []
    for before, after in zip((width, *widths[:-1]), widths, strict=False):
        layers += [nn.Dropout(dropout)] if layers else []
        layers += [nn.Linear(before, after), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


def _head(width: int, size: int) -> nn.Linear:
    head = nn.Linear(width, size)
    nn.init.normal_(head.weight, std=0.01)
    nn.init.zeros_(head.bias)
    return head
