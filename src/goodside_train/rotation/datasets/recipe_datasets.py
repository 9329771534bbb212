"""The data sets that a recipe names."""

from __future__ import annotations

from pathlib import Path

from goodside_train.rotation.datasets.large_pose import large_pose
from goodside_train.rotation.datasets.lists import listed_photos, rendered_heads
from goodside_train.rotation.datasets.multipie import multipie
from goodside_train.rotation.datasets.portraits import PortraitDataset
from goodside_train.rotation.recipe import RotationDataRecipe


def open_datasets(data: Path, recipe: RotationDataRecipe) -> list[PortraitDataset]:
    """Every data set of people at several angles, its pictures listed and not read yet.

    Args:
        data: the data folder.
        recipe: names the data sets below it.

    Raises:
        SettingsError: one of them is missing or has another layout.
    """
    datasets = []
    if recipe.heads and recipe.head_pairs:
        datasets.append(rendered_heads(data / recipe.heads))
    if recipe.multipie:
        datasets.append(multipie(data / recipe.multipie, setting=recipe.multipie_setting))
    datasets += [large_pose(data / folder) for folder in recipe.large_pose]
    datasets += [listed_photos(data / name) for name in recipe.lists]
    return datasets
