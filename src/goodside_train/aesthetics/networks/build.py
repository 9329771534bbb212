"""Networks by recipe, and trunks that go on from earlier runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch

from goodside.errors import WeightsError
from goodside_train.aesthetics.networks import multi_task as net
from goodside_train.aesthetics.networks.efficientnet_lite import (
    EfficientNetLite,
    load_imagenet_weights,
)
from goodside_train.aesthetics.networks.multi_task import MultiTaskNetwork
from goodside_train.aesthetics.networks.trunks import Trunk, build_trunk
from goodside_train.aesthetics.recipe import AestheticsRecipe
from goodside_train.checkpoint import load_averaged_state


def build_network(recipe: AestheticsRecipe, *, heads: Mapping[str, int]) -> MultiTaskNetwork:
    """The recipe's network, its heads drawn from the seed and its trunk from ImageNet if asked."""
    torch.manual_seed(recipe.loop.seed)
    asked = recipe.network
    trunk = build_trunk(asked.trunk, input_px=recipe.data.input_px)
    if asked.imagenet and isinstance(trunk, EfficientNetLite):
        load_imagenet_weights(trunk, path=asked.imagenet_path)
    return MultiTaskNetwork(
        trunk,
        structure=asked.structure,
        heads=heads,
        fully_connected=asked.fully_connected,
        dropout=asked.dropout,
        detached=frozenset(net.HEAD_OF_LOSS[name] for name in asked.detached),
    )


def load_trunk(trunk: Trunk, *, checkpoint: Path) -> None:
    """Fill a trunk with the averaged one of an earlier run.

    Raises:
        WeightsError: the checkpoint is missing, or its trunk is another one.
    """
    state = load_averaged_state(checkpoint)
    kept = {k.removeprefix("trunk."): v for k, v in state.items() if k.startswith("trunk.")}
    try:
        trunk.load_state_dict(kept)
    except RuntimeError as error:
        raise WeightsError("the checkpoint holds no such trunk", path=checkpoint) from error
