"""A made run: a tiny network, two populations of raters, one of observers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodside_train.aesthetics.datasets.kept_apart import Part
from goodside_train.aesthetics.datasets.rated_sets import read_set, read_set_images
from goodside_train.aesthetics.networks.build import build_network
from goodside_train.aesthetics.populations.examples import Examples, read_examples
from goodside_train.aesthetics.populations.recipe import PopulationsRecipe
from goodside_train.aesthetics.populations.task import (
    DevelopmentSet,
    PopulationsTask,
    population_heads,
)
from goodside_train.aesthetics.recipe import AestheticsRecipe
from goodside_train.device import open_device
from tests.train.aesthetics.made_sets import made_teachers, write_sets

RECIPE = AestheticsRecipe.model_validate(
    {
        "name": "aesthetics-made",
        "loop": {"seed": 5, "steps": 50, "log_every": 5, "checkpoint_every": 25},
        "network": {"trunk": "tiny", "structure": "3", "dropout": 0.0, "imagenet": False},
        "data": {"input_px": 32, "stored_px": 48},
        "populations": {
            "photos": {"oasis": 8, "biq": 6},
            "views": 4,
            "pairs": 4,
            "mix": {"oasis": 0.7, "ava": 0.3},
        },
        "optimizer": {"trunk_rate": 3e-3, "head_rate": 1e-2, "average_decay": 0.9},
    }
)


def populations_of(recipe: AestheticsRecipe) -> PopulationsRecipe:
    """The table, which the recipe has."""
    assert recipe.populations is not None
    return recipe.populations


@pytest.fixture(scope="session")
def sets_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sets(tmp_path_factory.mktemp("sets"))


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def examples(sets_folder: Path, cache: Path) -> Examples:
    return read_examples(
        populations_of(RECIPE),
        data=sets_folder,
        cache=cache,
        teachers=made_teachers(),
        size_px=RECIPE.data.stored_px,
    )


@pytest.fixture
def task(examples: Examples, sets_folder: Path) -> PopulationsTask:
    development = []
    for name in ("oasis", "biq"):
        rated = read_set(sets_folder, name, Part.DEVELOPMENT)
        images = read_set_images(sets_folder, rated, size_px=RECIPE.data.stored_px)
        development.append(DevelopmentSet(rated, np.asarray(images)))
    network = build_network(RECIPE, heads=population_heads(populations_of(RECIPE)))
    return PopulationsTask(
        network,
        examples,
        development=tuple(development),
        recipe=RECIPE,
        device=open_device(RECIPE.loop),
    )
