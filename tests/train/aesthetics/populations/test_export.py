"""Exported weights of several populations: what torch says, measured on what was kept apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from goodside.aesthetics import Assessor
from goodside.aesthetics.model import AestheticModel
from goodside.runtime import WeightsStore
from goodside_train.aesthetics.networks.trunks import normalized
from goodside_train.aesthetics.populations.export import (
    ExportedPopulations,
    export_populations,
    load_populations_network,
    measure_parts,
)
from goodside_train.aesthetics.populations.task import PopulationsTask
from goodside_train.loop import train
from goodside_train.provenance import Provenance
from tests.train.aesthetics.made import photo
from tests.train.aesthetics.populations.conftest import RECIPE, populations_of


@pytest.fixture
def run_folder(task: PopulationsTask, tmp_path: Path) -> Path:
    said = Provenance("aesthetics-made.toml", seed=5)
    train(task, recipe=RECIPE.loop, out=tmp_path / "run", provenance=said)
    return tmp_path / "run"


def test_weights_are_exported_and_measured(
    run_folder: Path, sets_folder: Path, tmp_path: Path
) -> None:
    weights = tmp_path / "weights"
    card = export_populations(
        RECIPE, runs=[run_folder], data=sets_folder, weights=weights, version="1.0.0"
    )
    assert "aesthetics-made.toml, seed 5, 50 steps" in card.source
    assert card.metrics["parity_with_torch"] < 1e-4
    assert card.metrics["oasis_test"]["srcc"] > 0.7
    assert "srcc" not in card.metrics["biq_test"]
    assert set(card.metrics["made_pairs"]) >= {"blur", "noise", "compress"}
    assert not any(name.startswith("para") for name in card.metrics)  # no such folder
    store = WeightsStore(weights)
    again = measure_parts(
        AestheticModel(store, card.name),
        data=sets_folder,
        cache=run_folder / "photos",
        size_px=RECIPE.data.stored_px,
    )
    assert again["oasis_test"] == card.metrics["oasis_test"]
    found = Assessor(store=store, model=card.name).assess_batch(
        [photo(3, level=0.1), photo(3, level=0.9)]
    )
    assert found[0].aesthetic.score < found[1].aesthetic.score
    assert found[0].aesthetic.high_quality < found[1].aesthetic.high_quality
    assert found[0].semantics == ()
    model = AestheticModel(store, card.name)
    pixels = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3)).astype(np.uint8)
    assert set(model.attributes(model.run(pixels), 0)) == {"technical"}


def test_the_score_is_the_mean_of_the_populations_in_the_mix(run_folder: Path) -> None:
    network = load_populations_network(RECIPE, runs=[run_folder])
    asked = populations_of(RECIPE)
    pixels = torch.from_numpy(np.stack([photo(1)[:32, :32], photo(2)[:32, :32]]))
    with torch.inference_mode():
        image = normalized(pixels)
        distribution, logits, _, _ = ExportedPopulations(network, recipe=asked).eval()(image)
        out = network(image)
    expected = 0.7 * out["beauty_oasis"].softmax(dim=1) + 0.3 * out["beauty_ava"].softmax(dim=1)
    torch.testing.assert_close(distribution, expected)
    bins = torch.arange(1, 11, dtype=torch.float32)
    score = distribution @ bins
    spread = (distribution @ bins.square() - score.square()).sqrt()
    torch.testing.assert_close(logits[:, 1], 1.702 * (score - 5.5) / spread)
    assert not logits[:, 0].any()
