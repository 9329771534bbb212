"""`train`, `export` and `evaluate` of the face rotator."""

from __future__ import annotations

from pathlib import Path

import click

from goodside_train.config import read_recipe
from goodside_train.rotation.recipe import RotationRecipe

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("rotation")
@click.option("--config", type=_FILE, required=True, help="Recipe, a TOML file.")
@click.option("--data", type=_FOLDER, required=True, help="Folder with the recipe's pictures.")
@click.option("--out", type=_FOLDER, required=True, help="Receives log, previews and checkpoint.")
@click.option("--pairs", type=_FOLDER, help="Rendered pairs to use or to fill. [OUT/pairs]")
@click.option("--resume", is_flag=True, help="Go on from the checkpoint in --out.")
@click.option("--minutes", type=float, help="Time budget, instead of the recipe's.")
def train(
    *, config: Path, data: Path, out: Path, pairs: Path | None, resume: bool, minutes: float | None
) -> None:
    """Train the face rotator."""
    from goodside_train.rotation.run import train_rotation

    recipe = read_recipe(config, RotationRecipe)
    if minutes is not None:
        loop = recipe.loop.model_copy(update={"minutes": minutes})
        recipe = recipe.model_copy(update={"loop": loop})
    figures = train_rotation(recipe, data=data, out=out, pairs=pairs, resume=resume)
    for name, value in figures.items():
        click.echo(f"{name:16} {value:.4f}")
