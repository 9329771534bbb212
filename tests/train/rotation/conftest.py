from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from goodside.runtime import WeightsStore
from goodside_train.config import read_recipe
from goodside_train.rotation.pairs.pairs import Pairs
from goodside_train.rotation.pairs.prepare import PreparedPairs, prepare
from goodside_train.rotation.recipe import RotationRecipe
from goodside_train.rotation.task import RotationTask
from tests.train.rotation.made import TINY, made_pairs, write_data


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def recipe() -> RotationRecipe:
    return read_recipe(TINY, RotationRecipe)


@pytest.fixture(scope="session")
def recogniser() -> Path:
    return WeightsStore().path("face-mobilefacenet")


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three portraits and five views of three heads each, tinted red, green and blue."""
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def rendered(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of what `prepare` rendered from the made data."""
    return tmp_path_factory.mktemp("pairs")


@pytest.fixture(scope="session")
def prepared(data: Path, rendered: Path, recipe: RotationRecipe) -> PreparedPairs:
    return prepare(data, recipe=recipe.data, size_px=recipe.size_px, out=rendered)


@pytest.fixture(scope="session")
def pairs() -> Pairs:
    """Eight pairs of made pictures, without any face in them."""
    return made_pairs(8, size_px=32, rng=np.random.default_rng(0))


@pytest.fixture
def task(recipe: RotationRecipe, pairs: Pairs, recogniser: Path) -> RotationTask:
    return RotationTask(recipe, pairs=pairs, held_out=pairs, recogniser=recogniser)
