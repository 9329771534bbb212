"""A training run from a recipe and a data folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch

from goodside.errors import SettingsError, WeightsError
from goodside_train.aesthetics.datasets.layouts import open_dataset
from goodside_train.aesthetics.distillation.score_mixing import mix_in_scores
from goodside_train.aesthetics.distillation.teachers import check_teachers, run_teachers
from goodside_train.aesthetics.networks.efficientnet_lite import (
    EfficientNetLite,
    installed_imagenet_weights,
    load_imagenet_weights,
)
from goodside_train.aesthetics.networks.multi_task import MultiTaskNetwork
from goodside_train.aesthetics.networks.trunks import Trunk, build_trunk
from goodside_train.aesthetics.recipe import AestheticsRecipe
from goodside_train.aesthetics.task import AestheticsTask, heads_for
from goodside_train.checkpoint import load_checkpoint
from goodside_train.device import open_device
from goodside_train.loop import Metrics, check_out, train
from goodside_train.ranks import leader_first


def train_aesthetics(
    recipe: AestheticsRecipe,
    *,
    data: Path,
    out: Path,
    peers: Path | None = None,
    resume: bool = False,
) -> Metrics:
    """Train the assessor.

    Args:
        recipe: everything about the run.
        data: folder of a data set, see `rooms`.
        out: receives the caches, the log and the checkpoint.
        peers: folder of weights that holds the peer which the recipe names as a teacher.
        resume: go on from the checkpoint in `out`.

    Returns:
        Figures on the validation rows.

    Raises:
        SettingsError: the data is incomplete.
        WeightsError: the ImageNet weights or the peer's are missing.
        OutputError: `out` holds another run.
    """
    check_out(out, resume=resume)
    task = open_task(recipe, data=data, out=out, peers=peers)
    return train(task, recipe=recipe.loop, out=out, resume=resume)


def open_task(
    recipe: AestheticsRecipe, *, data: Path, out: Path, peers: Path | None = None
) -> AestheticsTask:
    """Data, teachers, network and optimiser of a run, before its first step; see `train`."""
    asked = recipe.network
    if asked.imagenet and asked.imagenet_path is None and asked.trunk.startswith("lite"):
        installed_imagenet_weights(
            asked.trunk
        )  # missing ones end the run before it decodes anything
    check_teachers(recipe.teacher, peers=peers, cache=out)
    device = open_device(recipe.loop)
    stored = recipe.data.stored_px
    with leader_first():  # the others find its caches
        labels, images = open_dataset(
            data, size_px=stored, cache=out / f"images-{stored}.npy", layout=recipe.data.layout
        )
        if not labels.validation.any():
            raise SettingsError(
                "the data set has no photographs for validation",
                path=data,
                remedy="mark some in its column split, or leave some of its cells empty",
            )
        teacher_outputs = run_teachers(
            recipe.teacher, images, labels, device=device, peers=peers, cache=out
        )
    if teacher_outputs.peer_scores is not None:
        labels = mix_in_scores(
            labels, teacher_outputs.peer_scores, weight=recipe.teacher.score_weight
        )
    network = build_network(recipe, heads=heads_for(labels, teacher_outputs))
    return AestheticsTask(
        network, images, labels, teacher_outputs=teacher_outputs, recipe=recipe, device=device
    )


def build_network(recipe: AestheticsRecipe, *, heads: Mapping[str, int]) -> MultiTaskNetwork:
    """The recipe's network, its heads drawn from the seed and its trunk from ImageNet if asked."""
    torch.manual_seed(recipe.loop.seed)
    asked = recipe.network
    trunk = build_trunk(asked.trunk)
    if asked.imagenet and isinstance(trunk, EfficientNetLite):
        load_imagenet_weights(trunk, path=asked.imagenet_path)
    if asked.start is not None:
        load_trunk(trunk, checkpoint=asked.start)
    return MultiTaskNetwork(
        trunk,
        structure=asked.structure,
        heads=heads,
        fully_connected=asked.fully_connected,
        dropout=asked.dropout,
    )


def load_trunk(trunk: Trunk, *, checkpoint: Path) -> None:
    """Fill a trunk with the averaged one of an earlier run.

    Raises:
        WeightsError: the checkpoint is missing, or its trunk is another one.
    """
    try:
        state = load_checkpoint(checkpoint)["task"]["average"]["network"]
        kept = {k.removeprefix("trunk."): v for k, v in state.items() if k.startswith("trunk.")}
        trunk.load_state_dict(kept)
    except (KeyError, RuntimeError) as error:
        raise WeightsError("the checkpoint holds no such trunk", path=checkpoint) from error
