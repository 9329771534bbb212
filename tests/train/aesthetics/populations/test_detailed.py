"""PARA among the populations: its labels have heads and losses of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from goodside.aesthetics import Assessor
from goodside.errors import SettingsError
from goodside.runtime import WeightsStore
from goodside_train.aesthetics.datasets import para_shards as para
from goodside_train.aesthetics.datasets.kept_apart import Part
from goodside_train.aesthetics.datasets.rated_sets import read_set
from goodside_train.aesthetics.networks import multi_task as net
from goodside_train.aesthetics.networks.build import build_network
from goodside_train.aesthetics.populations.batches import PopulationBatchMaker
from goodside_train.aesthetics.populations.examples import Examples, read_examples
from goodside_train.aesthetics.populations.export import (
    export_populations,
    load_populations_network,
)
from goodside_train.aesthetics.populations.exported_network import ExportedDetailed
from goodside_train.aesthetics.populations.task import PopulationsTask, population_heads
from goodside_train.aesthetics.recipe import AestheticsRecipe
from goodside_train.config import StartRecipe
from goodside_train.device import open_device
from goodside_train.loop import train
from goodside_train.provenance import Provenance
from tests.train.aesthetics.made import photo
from tests.train.aesthetics.made_sets import made_teachers, write_para, write_sets
from tests.train.aesthetics.populations.conftest import RECIPE, populations_of

DETAILED = AestheticsRecipe.model_validate(
    RECIPE.model_dump()
    | {
        "populations": {
            "photos": {"para": 8, "biq": 6},
            "labelled": 3,
            "looked": 12,
            "views": 4,
            "pairs": 4,
            "viewed": ["biq"],
            "mix": {"para": 1.0},
        },
        "loss": {"correlation": 1.0, "relation": 3e-4, "relation_every": 5},
    }
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_para(write_sets(tmp_path_factory.mktemp("para-sets")))


@pytest.fixture(scope="module")
def examples(folder: Path) -> Examples:
    return read_examples(
        populations_of(DETAILED),
        data=folder,
        cache=folder / "cache",
        teachers=made_teachers(),
        size_px=DETAILED.data.stored_px,
    )


def test_labels_stand_beside_the_photographs_of_para(examples: Examples, folder: Path) -> None:
    rated = read_set(folder, "para", Part.TRAIN)
    assert examples.detailed is not None
    assert examples.detailed.names == rated.names
    assert not examples.detailed.validation.any()
    np.testing.assert_allclose(examples.detailed.score, rated.beauty)
    looked = np.isfinite(examples.imagenet[examples.photos["para"]].astype(float)).all(axis=1)
    assert looked.sum() == 12
    assert np.isfinite(examples.imagenet[examples.photos["biq"]].astype(float)).all()


def test_a_batch_carries_the_labels_of_its_photographs(examples: Examples) -> None:
    recipe = populations_of(DETAILED)
    make = PopulationBatchMaker(examples, recipe=recipe, data=DETAILED.data, loop=DETAILED.loop)
    rows, _ = make.rows(2)
    batch = make(2)
    assert batch.detailed is not None
    assert examples.detailed is not None
    assert batch.detailed_places.tolist() == list(range(8))
    own = rows[:8] - examples.photos["para"][0]
    np.testing.assert_allclose(batch.detailed.score, examples.detailed.score[own])
    assert torch.isfinite(batch.detailed.tags[:3]).all()  # the labelled ones first
    assert torch.isfinite(batch.imagenet[3:8]).all()  # of the others, what the teachers looked at


def test_every_head_of_para_learns(examples: Examples) -> None:
    torch.manual_seed(0)
    network = build_network(DETAILED, heads=population_heads(populations_of(DETAILED)))
    task = PopulationsTask(
        network, examples, development=(), recipe=DETAILED, device=open_device(DETAILED.loop)
    )
    names = (
        net.HIGH_LOW,
        net.DISTRIBUTION,
        net.TECHNICAL,
        net.SEMANTIC,
        net.EMOTION,
        net.ATTRIBUTE,
    )
    before = {n: network.heads.get_submodule(n).get_parameter("weight").clone() for n in names}
    losses = []
    for step in range(30):
        figures = task.training_step(task.batch(step), step=step, progress=step / 30)
        losses.append(figures["para_emd"])
        assert np.isfinite(list(figures.values())).all()
    assert np.mean(losses[-5:]) < 0.7 * np.mean(losses[:5])
    for name, weight in before.items():
        assert not torch.equal(weight, network.heads.get_submodule(name).get_parameter("weight"))
    again = PopulationsTask(
        build_network(DETAILED, heads=population_heads(populations_of(DETAILED))),
        examples,
        development=(),
        recipe=DETAILED,
        device=open_device(DETAILED.loop),
    )
    again.restore(task.state())
    pictures = np.stack([examples.picture(row) for row in range(4)])
    for name, value in task.predict(pictures).items():
        np.testing.assert_array_equal(value, again.predict(pictures)[name])


def test_they_are_exported_as_an_assessor_with_kinds_and_attributes(
    examples: Examples, folder: Path, tmp_path: Path
) -> None:
    recipe = DETAILED.model_copy(
        update={"loop": DETAILED.loop.model_copy(update={"steps": 6, "checkpoint_every": 6})}
    )
    task = PopulationsTask(
        build_network(recipe, heads=population_heads(populations_of(recipe))),
        examples,
        development=(),
        recipe=recipe,
        device=open_device(recipe.loop),
    )
    run = tmp_path / "run"
    train(task, recipe=recipe.loop, out=run, provenance=Provenance("aesthetics-made.toml", seed=5))
    card, small = export_populations(
        recipe, runs=[run], data=folder, weights=tmp_path / "w", version="2.0.0", int8=True
    )
    assert card.metrics["parity_with_torch"] < 1e-4
    assert card.metrics["para_validation"]["n"] == len(read_set(folder, "para", Part.TEST))
    assert {"oasis_test", "biq_test", "parts_made_pairs"} <= set(card.metrics)
    assert card.facts["semantic_labels"] == list(para.SEMANTICS)
    assert card.facts["learnt_from"] == ["PARA", "BIQ"]
    assert card.facts["relations"]["labels"][:2] == ["low", "high"]
    assert "against_float32" in small.metrics
    found = Assessor(store=WeightsStore(tmp_path / "w"), model=card.name).assess(photo(3))
    assert len(found.semantics) == len(para.SEMANTICS)
    assert found.technical is not None
    start = StartRecipe(weights="x 1.0.0", source="made")
    started = recipe.model_copy(update={"start": start})
    with pytest.raises(SettingsError, match="ImageNet"):
        load_populations_network(started, runs=[run], share=0.5)


def test_the_score_leans_towards_what_would_be_shared() -> None:
    recipe = populations_of(DETAILED).model_copy(update={"liked_share": 0.5, "liked_offset": 0.2})
    torch.manual_seed(0)
    network = build_network(DETAILED, heads=population_heads(recipe)).eval()
    image = torch.randn(5, 3, 32, 32)
    with torch.inference_mode():
        network.heads.get_submodule(net.DISTRIBUTION).get_parameter("weight").mul_(30)
        plain = ExportedDetailed(network, recipe=populations_of(DETAILED)).eval()(image)
        leaning = ExportedDetailed(network, recipe=recipe).eval()(image)
    bins = torch.arange(1, 11, dtype=torch.float32)
    score, liked = plain[0] @ bins, leaning[6][:, para.ATTRIBUTES.index("willingness_to_share")]
    asked = (score + 0.5 * (liked + 0.2)) / 1.5
    moved = leaning[0] @ bins
    assert torch.corrcoef(torch.stack([moved - score, asked - score]))[0, 1] > 0.9
    assert ((moved - score).sign() == (asked - score).sign()).all()
    torch.testing.assert_close(plain[1], leaning[1])
