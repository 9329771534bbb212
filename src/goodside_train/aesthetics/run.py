"""A training run from a recipe and a data folder."""

from __future__ import annotations

from pathlib import Path

import torch

from goodside.types import FloatArray, RgbImage
from goodside_train.aesthetics.lite0 import Lite0, load_imagenet
from goodside_train.aesthetics.networks import SharedNetwork, build_trunk
from goodside_train.aesthetics.para import Labels, known_rows, read_images, read_labels
from goodside_train.aesthetics.recipe import AestheticsRecipe
from goodside_train.aesthetics.task import HEADS, AestheticsTask
from goodside_train.aesthetics.teacher import fit_probe, frozen_features
from goodside_train.device import Device, open_device
from goodside_train.loop import Metrics, train


def train_aesthetics(
    recipe: AestheticsRecipe, *, data: Path, out: Path, resume: bool = False
) -> Metrics:
    """Train the assessor.

    Args:
        recipe: everything about the run.
        data: the PARA folder.
        out: receives the caches, the log and the checkpoint.
        resume: go on from the checkpoint in `out`.

    Returns:
        Figures on the validation rows.

    Raises:
        SettingsError: the data is incomplete.
        WeightsError: the ImageNet weights are missing.
    """
    task = open_task(recipe, data=data, out=out)
    return train(task, recipe=recipe.loop, out=out, resume=resume)


def open_task(recipe: AestheticsRecipe, *, data: Path, out: Path) -> AestheticsTask:
    """Data, network and optimiser of a run, before its first step."""
    device = open_device(recipe.loop)
    labels = read_labels(data)
    stored = recipe.data.stored_px
    images = read_images(data, labels.names, size_px=stored, cache=out / f"images-{stored}.npy")
    taught = _taught(recipe, images, labels, device=device, out=out)
    return AestheticsTask(
        build_network(recipe), images, labels, recipe=recipe, device=device, taught=taught
    )


def build_network(recipe: AestheticsRecipe) -> SharedNetwork:
    """The recipe's network, its heads drawn from the seed and its trunk from ImageNet if asked."""
    torch.manual_seed(recipe.loop.seed)
    trunk, width = build_trunk(recipe.network.trunk)
    if recipe.network.imagenet and isinstance(trunk, Lite0):
        load_imagenet(trunk, path=recipe.network.imagenet_path)
    return SharedNetwork(trunk, width=width, heads=HEADS, dropout=recipe.network.dropout)


def _taught(
    recipe: AestheticsRecipe, images: RgbImage, labels: Labels, *, device: Device, out: Path
) -> FloatArray | None:
    if not recipe.data.teacher_trust:
        return None
    trunk = build_network(recipe).trunk
    cache = out / f"features-{recipe.data.stored_px}.npy"
    features = frozen_features(trunk, images, device=device, cache=cache)
    known = known_rows(labels.tags) & ~labels.validation
    return fit_probe(features, labels.tags, known=known)
