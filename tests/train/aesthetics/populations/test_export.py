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
    export_populations,
    load_populations_network,
)
from goodside_train.aesthetics.populations.exported_network import ExportedPopulations
from goodside_train.aesthetics.populations.figures import measure_parts
from goodside_train.aesthetics.populations.recipe import PopulationsRecipe
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
    card, small = export_populations(
        RECIPE, runs=[run_folder], data=sets_folder, weights=weights, version="1.0.0", int8=True
    )
    assert small.name == "aesthetics-made-int8"
    assert small.metrics["against_float32"]["srcc"] > 0.9
    assert small.size_bytes < card.size_bytes
    assert set(card.facts["attributes_by_semantic"]) == {"all"}
    assert len(card.facts["attributes_by_semantic"]["all"]["technical"]) == 21
    assert 0.4 <= card.facts["temperature"] <= 3
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


def _exported(run_folder: Path, recipe: PopulationsRecipe) -> tuple[dict[str, torch.Tensor], ...]:
    network = load_populations_network(RECIPE, runs=[run_folder])
    pixels = torch.from_numpy(np.stack([photo(1)[:32, :32], photo(2)[:32, :32]]))
    exported = ExportedPopulations(network, recipe=recipe).eval()
    with torch.inference_mode():
        image = normalized(pixels)
        return dict(zip(exported.outputs, exported(image), strict=True)), network(image)


def test_the_score_is_the_mean_of_the_populations_in_the_mix(run_folder: Path) -> None:
    made, out = _exported(run_folder, populations_of(RECIPE))
    heads = [out["beauty_oasis"].softmax(dim=1), out["beauty_ava"].softmax(dim=1)]
    bins = torch.arange(1, 11, dtype=torch.float32)
    score = made["distribution"] @ bins
    expected = 0.7 * heads[0] @ bins + 0.3 * heads[1] @ bins
    torch.testing.assert_close(score, expected, atol=0.02, rtol=0)
    spreads = [(one @ bins.square() - (one @ bins).square()).sqrt() for one in heads]
    spread = (made["distribution"] @ bins.square() - score.square()).sqrt()
    torch.testing.assert_close(spread, 0.7 * spreads[0] + 0.3 * spreads[1], atol=0.05, rtol=0)
    logits = made["quality_logits"]
    torch.testing.assert_close(logits[:, 1], 1.702 * (score - 5.5) / spread, atol=1e-4, rtol=1e-4)
    assert not logits[:, 0].any()


def test_technical_quality_has_its_share_and_the_score_is_stretched(run_folder: Path) -> None:
    recipe = populations_of(RECIPE).model_copy(update={"technical_share": 1.0, "spread": 1.3})
    made, out = _exported(run_folder, recipe)
    bins = torch.arange(1, 11, dtype=torch.float32)
    beauty = 0.7 * out["beauty_oasis"].softmax(dim=1) @ bins
    beauty += 0.3 * out["beauty_ava"].softmax(dim=1) @ bins
    expected = 5.5 + 1.3 * 0.5 * (beauty - 5.5 + 1.5 * out["technical_biq"][:, 0])
    torch.testing.assert_close(made["distribution"] @ bins, expected, atol=0.02, rtol=0)


def test_one_population_alone_keeps_its_own_distribution(run_folder: Path) -> None:
    recipe = populations_of(RECIPE).model_copy(update={"mix": {"oasis": 1.0}})
    made, out = _exported(run_folder, recipe)
    torch.testing.assert_close(made["distribution"], out["beauty_oasis"].softmax(dim=1))
