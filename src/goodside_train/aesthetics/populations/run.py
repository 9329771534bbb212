"""From a recipe with populations and a data folder to a task."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from goodside.errors import SettingsError
from goodside_train.aesthetics.batches import scaled
from goodside_train.aesthetics.datasets.kept_apart import Part
from goodside_train.aesthetics.datasets.rated_sets import read_set, read_set_images
from goodside_train.aesthetics.networks.build import build_network, load_trunk
from goodside_train.aesthetics.networks.shipped_start import load_shipped
from goodside_train.aesthetics.networks.trunks import normalized
from goodside_train.aesthetics.populations.examples import open_teachers, read_examples
from goodside_train.aesthetics.populations.task import (
    DevelopmentSet,
    PopulationsTask,
    population_heads,
)
from goodside_train.aesthetics.recipe import AestheticsRecipe
from goodside_train.device import open_device
from goodside_train.ranks import leader_first

_UNFOLD_PHOTOS = 320


def open_populations_task(
    recipe: AestheticsRecipe, *, data: Path, out: Path, peers: Path | None, start: Path | None
) -> PopulationsTask:
    """Data, teachers, network and optimiser of a run, before its first step.

    Args:
        recipe: with its table `populations`.
        data: holds a folder for each of its sets.
        out: receives `photos/` and `features/`, which another run may share.
        peers: weights of the recipe's peers.
        start: checkpoint of an earlier run from whose trunk this one goes on, or shipped weights
            (`.onnx`), from whose heads as well.

    Raises:
        SettingsError: a set is incomplete, or no peers are given.
        WeightsError: a teacher's weights are missing.
    """
    asked = recipe.populations
    if asked is None:
        raise SettingsError("the recipe has no table [populations]")
    if peers is None:
        raise SettingsError(
            f"the recipe learns from {', '.join(asked.peers)}",
            remedy="name the folder of their weights with --peers; benchmarks/peers makes them",
        )
    device, size_px = open_device(recipe.loop), recipe.data.stored_px
    with leader_first():  # the others find its caches
        teachers = open_teachers(asked, peers=peers, device=device)
        examples = read_examples(asked, data=data, cache=out, teachers=teachers, size_px=size_px)
    development = []
    for name in asked.sets:
        rated = read_set(data, name, Part.DEVELOPMENT)
        if len(rated):
            images = read_set_images(data, rated, size_px=size_px, cache=out / "photos")
            development.append(DevelopmentSet(rated, np.asarray(images)))
    network = build_network(recipe, heads=population_heads(asked))
    if start is not None and start.suffix == ".onnx":
        shown = np.random.default_rng(0).permutation(len(examples))[:_UNFOLD_PHOTOS]
        pixels = np.stack(
            [scaled(examples.picture(int(row)), size_px=recipe.data.input_px) for row in shown]
        )
        load_shipped(network, weights=start, images=normalized(torch.from_numpy(pixels)))
    elif start is not None:
        load_trunk(network.trunk, checkpoint=start)
    return PopulationsTask(
        network, examples, development=tuple(development), recipe=recipe, device=device
    )
