"""The shipped weights can be gone on from: they load into the network that trains."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from goodside.runtime import WeightsStore, open_session
from goodside_train.config import read_recipe
from goodside_train.rotation.export import ExportedGenerator
from goodside_train.rotation.networks.build import build_generator
from goodside_train.rotation.networks.from_onnx import load_from_onnx
from goodside_train.rotation.pairs.pairs import signal_of
from goodside_train.rotation.recipe import RotationRecipe
from tests.train.rotation.made import CONFIGS, made_pairs


@pytest.mark.parametrize("config", ["rotation-mesh-continued", "rotation-capg-128"])
def test_the_shipped_weights_load_into_the_network_that_made_them(config: str) -> None:
    recipe = read_recipe(CONFIGS / f"{config}.toml", RotationRecipe)
    name = f"rotation-{recipe.recipe}"
    torch.manual_seed(5)
    generator = build_generator(recipe)
    load_from_onnx(generator, WeightsStore().path(name))
    pairs = made_pairs(2, size_px=recipe.size_px, rng=np.random.default_rng(3))
    signals = signal_of(pairs, recipe=recipe.recipe, target=recipe.target)
    with torch.inference_mode():
        painted, trust = ExportedGenerator(generator.eval())(torch.from_numpy(signals))
    shipped = open_session(name, store=WeightsStore()).run({"signal": signals})
    # what ships in int8 comes back to half a step of its scale, and its layers round between them
    assert np.abs(painted.numpy() - shipped["painted"]).mean() < 0.03
    assert np.abs(trust.numpy() - shipped["trust"]).mean() < 0.03
    assert shipped["painted"].std() > 0.1
