"""Examples and their batches: views know their originals, kept-apart photographs are in none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from goodside_train.aesthetics.datasets.kept_apart import Part
from goodside_train.aesthetics.datasets.rated_sets import read_set
from goodside_train.aesthetics.distillation.views import KINDS
from goodside_train.aesthetics.populations.batches import PopulationBatchMaker, walk
from goodside_train.aesthetics.populations.examples import Examples
from goodside_train.aesthetics.populations.recipe import PopulationsRecipe
from tests.train.aesthetics.populations.conftest import RECIPE, populations_of


@pytest.fixture
def maker(examples: Examples) -> PopulationBatchMaker:
    asked = populations_of(RECIPE)
    return PopulationBatchMaker(examples, recipe=asked, data=RECIPE.data, loop=RECIPE.loop)


def test_only_training_parts_are_examples(examples: Examples, sets_folder: Path) -> None:
    for name in ("oasis", "biq"):
        assert len(examples.photos[name]) == len(read_set(sets_folder, name, Part.TRAIN))
    photos = sum(map(len, examples.photos.values()))
    assert len(examples) == photos * (1 + len(KINDS))


def test_a_view_shows_its_original(examples: Examples) -> None:
    """A crop keeps much of its original's light; degraded copies are marked."""
    crops = [row for row in examples.views if not examples.degraded[row]]
    own = [examples.picture(int(row)).mean() for row in crops]
    of = [examples.picture(int(examples.original[row])).mean() for row in crops]
    assert np.corrcoef(own, of)[0, 1] > 0.9
    assert examples.degraded.sum() == 7 * sum(map(len, examples.photos.values()))


def test_each_population_speaks_for_its_own_photographs(examples: Examples) -> None:
    oasis, biq = examples.photos["oasis"], examples.photos["biq"]
    assert (examples.beauty["oasis"].trust[oasis] == 1).all()
    assert (examples.beauty["oasis"].trust[biq] == 0.5).all()  # guessed
    assert (examples.technical["biq"].trust[biq] == 1).all()
    assert (examples.beauty["oasis"].trust[examples.views] == 0).all()  # only NIMA looked at them
    assert (examples.beauty["ava"].trust == 1).all()
    assert abs(examples.beauty["oasis"].score[oasis].mean()) < 1e-5
    brightness = [examples.picture(int(row)).mean() for row in biq]
    assert np.corrcoef(brightness, examples.beauty["oasis"].score[biq])[0, 1] > 0.9


def test_teachers_that_did_not_look_say_nothing(examples: Examples) -> None:
    assert np.isfinite(examples.peers["nima-mobilenet"]).all()
    assert np.isnan(examples.peers["open-nsfw"][examples.views]).all()
    assert np.isnan(examples.imagenet[examples.views]).all()
    assert np.isfinite(examples.imagenet[examples.photos["biq"]]).all()


def test_a_batch_is_made_as_the_recipe_says(maker: PopulationBatchMaker) -> None:
    rows, places = maker.rows(0)
    assert len(rows) == 8 + 6 + 4 + 4
    assert places.shape == (4, 2)
    batch = maker(3)
    assert batch.pixels.shape == (22, 32, 32, 3)
    assert batch.scores.shape == batch.trusts.shape == (22, 2)
    assert batch.technical.shape == (22, 1)
    assert batch.peers.shape == (22, 3, 64)
    again = maker(3)
    assert (batch.pixels == again.pixels).all()
    assert not (batch.pixels == maker(4).pixels).all()


def test_pairs_are_a_photograph_and_its_degraded_copy(
    maker: PopulationBatchMaker, examples: Examples
) -> None:
    kinds = set()
    for step in range(6):
        rows, places = maker.rows(step)
        for better, worse in places:
            assert examples.original[rows[worse]] == rows[better]
            assert examples.degraded[rows[worse]]
            kinds.add(int(rows[worse] - examples.views[0]) % len(KINDS))
    assert len(kinds) == 7  # all of them take turns


def test_a_walk_sees_every_row_once_an_epoch() -> None:
    rows = np.arange(100, 110)
    seen = np.concatenate([walk(rows, step, 4, key=(1, 2)) for step in range(5)])
    assert sorted(seen[:10]) == sorted(seen[10:]) == rows.tolist()
    assert seen[:10].tolist() != seen[10:].tolist()
    assert len(walk(np.empty(0, np.int64), 3, 0, key=(1, 2))) == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mix": {"para": 1}}, "para"),
        ({"mix": {"oasis": 0}}, "share"),
        ({"peers": ["open-nsfw"]}, "nima-mobilenet"),
        ({"photos": {"oasis": 0}}, "photographs"),
        ({"view_teachers": ["clip"]}, "view_teachers"),
        ({"loss": {"margin": 4}}, "order loss"),
    ],
)
def test_recipes_that_contradict_themselves_are_refused(
    change: dict[str, object], message: str
) -> None:
    table = populations_of(RECIPE).model_dump() | change
    with pytest.raises(ValidationError, match=message):
        PopulationsRecipe.model_validate(table)
