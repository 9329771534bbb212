"""`train`, `export` and `evaluate` of the face rotator."""

from __future__ import annotations

import json
from pathlib import Path

import click

from goodside_train.config import read_recipe
from goodside_train.rotation.recipe import RotationRecipe

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_MINUTES = click.FloatRange(min=0, min_open=True)
_DEVICE = click.Choice(["auto", "cpu", "cuda"])


@click.command("rotation")
@click.option("--config", type=_FILE, required=True, help="Recipe, a TOML file.")
@click.option("--data", type=_FOLDER, required=True, help="Folder with the recipe's pictures.")
@click.option("--out", type=_FOLDER, required=True, help="Receives log, previews and checkpoint.")
@click.option("--pairs", type=_FOLDER, help="Rendered pairs to use or to fill. [OUT/pairs]")
@click.option("--start", type=_FILE, help="Weights or checkpoint that the recipe starts from.")
@click.option("--from-scratch", is_flag=True, help="Train without the start the recipe names.")
@click.option("--resume", is_flag=True, help="Go on from the checkpoint in --out.")
@click.option("--minutes", type=_MINUTES, help="Time budget, instead of the recipe's.")
@click.option("--device", type=_DEVICE, help="Where to multiply, instead of the recipe's choice.")
def train(
    *,
    config: Path,
    data: Path,
    out: Path,
    pairs: Path | None,
    start: Path | None,
    from_scratch: bool,
    resume: bool,
    minutes: float | None,
    device: str | None,
) -> None:
    """Train the face rotator."""
    from goodside_train.ranks import leave_ranks
    from goodside_train.rotation.run import train_rotation

    recipe = read_recipe(config, RotationRecipe)
    loop = recipe.loop.with_limits(minutes=minutes, device=device)
    recipe = recipe.model_copy(update={"loop": loop})
    figures = train_rotation(
        recipe,
        data=data,
        out=out,
        pairs=pairs,
        start=start,
        from_scratch=from_scratch,
        resume=resume,
        recipe_file=config.name,
    )
    leave_ranks()
    for name, value in figures.items():
        click.echo(f"{name:16} {value:.4f}")


@click.command("rotation")
@click.option("--config", type=_FILE, required=True, help="Recipe of the run, a TOML file.")
@click.option(
    "--run", "runs", type=_FOLDER, required=True, multiple=True, help="Its folder; several: mean."
)
@click.option("--pairs", type=_FOLDER, help="Folder of its rendered pairs. [RUN/pairs]")
@click.option("--weights", type=_FOLDER, required=True, help="Receives ONNX, card and templates.")
@click.option("--version", required=True, help="Version of the weights, such as 1.0.0.")
@click.option("--flow", is_flag=True, help="Only what finds the flow, as rotation-flow.")
def export(
    *,
    config: Path,
    runs: tuple[Path, ...],
    pairs: Path | None,
    weights: Path,
    version: str,
    flow: bool,
) -> None:
    """Turn a trained rotator into shipped weights and their card."""
    from goodside_train.rotation.export import export_rotation
    from goodside_train.rotation.export_flow import export_flow

    recipe = read_recipe(config, RotationRecipe)
    write = export_flow if flow else export_rotation
    card = write(recipe, runs=runs, pairs=pairs, weights=weights, version=version)
    parity = card.metrics["parity_with_torch"]
    click.echo(f"{card.identifier}: {card.size_bytes} bytes, torch and ONNX differ by {parity:.2g}")


@click.command("rotation")
@click.option("--data", type=_FOLDER, required=True, help="Folder of portraits, one person each.")
@click.option("--weights", type=_FOLDER, help="Folder of weights. [those of the package]")
@click.option("--model", default="rotation-mesh", show_default=True, help="Name of the weights.")
@click.option("--yaws", default="-60,-45,-30,-15,0,15,30,45,60", show_default=True)
@click.option("--config", type=_FILE, help="Recipe: measure only the people it keeps out.")
def evaluate(
    *, data: Path, weights: Path | None, model: str, yaws: str, config: Path | None
) -> None:
    """Measure identity and pose of turned portraits; prints one JSON object."""
    from goodside.images import find_photos
    from goodside.rotation import Rotator
    from goodside.rotation.evaluation.evaluate import evaluate_rotation, prepare_each
    from goodside.rotation.evaluation.report import to_json
    from goodside.runtime import WeightsStore
    from goodside_train.rotation.datasets.portraits import is_held_out

    photos = list(find_photos([data]))
    if config is not None:
        recipe = read_recipe(config, RotationRecipe)
        photos = [photo for photo in photos if is_held_out(photo.stem, recipe.data)]
    rotator = Rotator(store=WeightsStore(weights), model=model)
    asked = [float(yaw) for yaw in yaws.split(",")]
    subjects, refused = prepare_each(photos, rotator=rotator)
    report = evaluate_rotation(subjects, rotator=rotator, yaws_deg=asked, refused=refused)
    click.echo(json.dumps(to_json(report), indent=2))
