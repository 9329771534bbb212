"""The recipes in `configs/` and what a wrong one says."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from goodside.errors import SettingsError
from goodside.rotation import signal_channels
from goodside_train.config import read_recipe
from goodside_train.rotation.export import load_generator
from goodside_train.rotation.recipe import RotationRecipe
from tests.train.rotation.made import CONFIGS, TINY


@pytest.mark.parametrize(
    ("name", "channels"),
    [
        ("rotation-mesh", 21),
        ("rotation-mesh-continued", 21),
        ("rotation-mesh-sdfd", 21),
        ("rotation-capg", 13),
        ("rotation-capg-64", 13),
        ("rotation-capg-128", 13),
        ("rotation-tiny", 21),
    ],
)
def test_every_recipe_reads(name: str, channels: int) -> None:
    recipe = read_recipe(CONFIGS / f"{name}.toml", RotationRecipe)
    assert signal_channels(recipe.recipe, landmarks=5) == channels
    assert recipe.card.title
    assert "Not stated" not in recipe.card.terms + recipe.card.data


def test_the_patents_recipe_has_the_methods_weights() -> None:
    recipe = read_recipe(CONFIGS / "rotation-capg.toml", RotationRecipe)
    weights = recipe.loss_weights
    assert (weights.pixel, weights.identity, weights.total_variation) == (10, 0.02, 1e-4)
    assert (weights.adversarial_identity, weights.adversarial_pose) == (0.1, 0.1)
    assert (recipe.size_px, recipe.learning_rate, recipe.agents_from) == (128, 2e-4, 0)


def test_a_card_names_its_data_and_their_terms() -> None:
    card = read_recipe(CONFIGS / "rotation-mesh-sdfd.toml", RotationRecipe).card
    for word in ("faker", "CC0-1.0", "SDFD", "no licence", "VALID", "MIT"):
        assert word in card.data
    assert "SDFD" in card.terms


@pytest.mark.parametrize(
    "name",
    [
        "rotation-mesh",
        "rotation-mesh-continued",
        "rotation-mesh-template",
        "rotation-capg",
        "rotation-capg-64",
        "rotation-capg-128",
    ],
)
def test_a_free_recipe_trains_on_free_material_alone(name: str) -> None:
    free = read_recipe(CONFIGS / f"{name}.toml", RotationRecipe)
    assert free.data.photos == ("faces/faker",)
    assert "SDFD" not in free.card.data + free.card.terms


def test_both_sizes_of_the_deformable_recipe_share_their_pairs() -> None:
    small, large = (
        read_recipe(CONFIGS / f"rotation-capg-{size_px}.toml", RotationRecipe)
        for size_px in (64, 128)
    )
    assert small.data == large.data
    assert small.rendered_px == large.size_px == 128


def test_only_the_material_of_the_free_recipe_differs() -> None:
    free = read_recipe(CONFIGS / "rotation-mesh.toml", RotationRecipe)
    full = read_recipe(CONFIGS / "rotation-mesh-sdfd.toml", RotationRecipe)
    assert full.model_copy(update={"data": free.data, "card": free.card}) == free
    patent = read_recipe(CONFIGS / "rotation-capg.toml", RotationRecipe)
    assert patent.data == free.data


def test_the_shipped_run_differs_in_its_start_and_length_alone() -> None:
    free = read_recipe(CONFIGS / "rotation-mesh.toml", RotationRecipe)
    shipped = read_recipe(CONFIGS / "rotation-mesh-continued.toml", RotationRecipe)
    assert shipped.start is not None
    differing = ("start", "loop", "agents_from")
    assert shipped.model_copy(update={name: getattr(free, name) for name in differing}) == free


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("size_px = 30", "size_px"),
        ("batch = 1", "batch"),
        ('recipe = "other"', "recipe"),
        ("colour = 1", "colour"),
    ],
)
def test_a_wrong_recipe_is_told(tmp_path: Path, line: str, word: str) -> None:
    key = line.split(" = ", maxsplit=1)[0]
    kept = [row for row in TINY.read_text().splitlines() if not row.startswith(f"{key} =")]
    path = tmp_path / "wrong.toml"
    path.write_text("\n".join([line, *kept]), encoding="utf-8")
    with pytest.raises(SettingsError, match=word) as caught:
        read_recipe(path, RotationRecipe)
    assert caught.value.path == str(path)


def test_the_recipe_with_templates_reads_what_the_patents_target_shows() -> None:
    recipe = read_recipe(CONFIGS / "rotation-mesh-template.toml", RotationRecipe)
    assert (recipe.recipe, recipe.target) == ("mesh", "template")
    assert recipe.data.draft_wrong_share > 0
    assert recipe.draft_dropout > 0
    assert recipe.start is not None


@pytest.mark.parametrize("spoilt", [{"draft_dropout": 0.1}, {"data": {"draft_wrong_share": 0.1}}])
def test_only_weights_with_a_draft_can_have_it_spoilt(spoilt: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="only recipe mesh has drafts"):
        RotationRecipe.model_validate({"loop": {"steps": 1}, "recipe": "capg", **spoilt})


def test_pose_images_need_landmarks_that_the_pairs_carry() -> None:
    table = {"loop": {"steps": 1}, "recipe": "capg", "landmarks": 20}
    with pytest.raises(ValidationError, match="landmarks = 20 in the table data"):
        RotationRecipe.model_validate(table)
    recipe = RotationRecipe.model_validate(table | {"data": {"landmarks": 20}})
    assert (recipe.landmarks, recipe.data.landmarks) == (20, 20)


def test_weights_of_other_landmarks_are_not_exported(tmp_path: Path) -> None:
    table = {"loop": {"steps": 1}, "recipe": "capg", "data": {"landmarks": 20}}
    recipe = RotationRecipe.model_validate(table)
    with pytest.raises(SettingsError, match="five landmarks"):
        load_generator(recipe, runs=[tmp_path])
