"""`train`, `export` and `evaluate` of the aesthetic assessor."""

from __future__ import annotations

from pathlib import Path

import click

from goodside_train.aesthetics.recipe import AestheticsRecipe
from goodside_train.config import read_recipe

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("aesthetics")
@click.option("--config", type=_FILE, required=True, help="Recipe, a TOML file.")
@click.option("--data", type=_FOLDER, required=True, help="PARA folder: labels.csv and shards.")
@click.option("--out", type=_FOLDER, required=True, help="Receives log, caches and checkpoint.")
@click.option("--resume", is_flag=True, help="Go on from the checkpoint in --out.")
@click.option("--minutes", type=float, help="Time budget, instead of the recipe's.")
def train(config: Path, data: Path, out: Path, resume: bool, minutes: float | None) -> None:
    """Train the aesthetic assessor."""
    from goodside_train.aesthetics.run import train_aesthetics

    recipe = read_recipe(config, AestheticsRecipe)
    if minutes is not None:
        loop = recipe.loop.model_copy(update={"minutes": minutes})
        recipe = recipe.model_copy(update={"loop": loop})
    for name, value in train_aesthetics(recipe, data=data, out=out, resume=resume).items():
        click.echo(f"{name:16} {value:.4f}")
