"""`train`, `export` and `evaluate` of the aesthetic assessor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import click

from goodside_train.aesthetics.heads.command import check_options, train_features
from goodside_train.aesthetics.recipe import AestheticsRecipe, Layout
from goodside_train.config import read_recipe

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_MINUTES = click.FloatRange(min=0, min_open=True)
_DEVICE = click.Choice(["auto", "cpu", "cuda"])


def _of_32(_ctx: click.Context, _parameter: click.Parameter, size_px: int | None) -> int | None:
    """The trunks halve their input five times."""
    if size_px is not None and (size_px <= 0 or size_px % 32):
        raise click.BadParameter(f"{size_px} is no multiple of 32")
    return size_px


@click.command("aesthetics")
@click.option("--config", type=_FILE, help="Recipe, a TOML file.")
@click.option("--data", type=_FOLDER, help="Folder of rated photographs.")
@click.option("--layout", type=click.Choice(get_args(Layout)), help="Of --data.  [told from files]")
@click.option("--out", type=_FOLDER, help="Receives log, caches and checkpoint.")
@click.option("--start", type=_FILE, help="Checkpoint of the run that the recipe starts from.")
@click.option("--from-scratch", is_flag=True, help="Train without the start the recipe names.")
@click.option("--resume", is_flag=True, help="Go on from the checkpoint in --out.")
@click.option("--peers", type=_FOLDER, help="Weights folder of the peer that the recipe names.")
@click.option("--minutes", type=_MINUTES, help="Time budget, instead of the recipe's.")
@click.option("--device", type=_DEVICE, help="Where to multiply, instead of the recipe's choice.")
@click.option("--features", is_flag=True, help="Learn heads on an encoder of yours; no recipe.")
@click.option("--model", help="With --features: the encoder's name.")
@click.option("--ratings", type=_FILE, help="With --features: a table, in place of --data.")
@click.option("--images", type=_FOLDER, help="With --ratings: the photographs.  [the table's]")
@click.option("--name", help="With --features: of the new weights.  [MODEL-heads]")
@click.option(
    "--weights", type=_FOLDER, help="With --features: receives them.  [your models' folder]"
)
@click.option("--version", help="With --features: of the new weights.  [1.0.0]")
@click.option("--overwrite", is_flag=True, help="With --features: replace weights of this name.")
def train(
    *,
    config: Path | None,
    data: Path | None,
    layout: Layout | None,
    out: Path | None,
    start: Path | None,
    from_scratch: bool,
    resume: bool,
    peers: Path | None,
    minutes: float | None,
    device: str | None,
    features: bool,
    model: str | None,
    ratings: Path | None,
    images: Path | None,
    name: str | None,
    weights: Path | None,
    version: str | None,
    overwrite: bool,
) -> None:
    """Train the aesthetic assessor; or with --features only heads on an encoder of your own.

    Heads are learnt from --ratings TABLE (image,score and more) or from a data set in --data, on
    features that are computed once, and kept in --out where it is named: minutes on a CPU, and
    without the extra goodside[train].
    """
    of_a_recipe: dict[str, object] = {
        "--config": config,
        "--start": start,
        "--from-scratch": from_scratch,
        "--resume": resume,
        "--peers": peers,
        "--minutes": minutes,
        "--device": device,
    }
    of_features: dict[str, object] = {
        "--model": model,
        "--ratings": ratings,
        "--images": images,
        "--name": name,
        "--weights": weights,
        "--version": version,
        "--overwrite": overwrite,
    }
    if features:
        _refuse(of_a_recipe, because="heads on features have no recipe: leave it out")
        if images is not None and ratings is None:
            raise click.UsageError("--images goes with --ratings")
        train_features(
            model=check_options(model=model, ratings=ratings, data=data),
            ratings=ratings,
            images=images,
            data=data,
            layout=layout,
            out=out,
            name=name,
            weights=weights,
            version=version or "1.0.0",
            overwrite=overwrite,
        )
        return
    _refuse(of_features, because="it goes with --features")
    if config is None or data is None or out is None:
        lacking = next(
            option
            for option, value in (("--config", config), ("--data", data), ("--out", out))
            if value is None
        )
        raise click.UsageError(f"Missing option '{lacking}'.")
    from goodside_train.aesthetics.run import train_aesthetics
    from goodside_train.ranks import leave_ranks

    recipe = read_recipe(config, AestheticsRecipe)
    loop = recipe.loop.with_limits(minutes=minutes, device=device)
    recipe = recipe.model_copy(update={"loop": loop}).with_layout(layout)
    figures = train_aesthetics(
        recipe,
        data=data,
        out=out,
        peers=peers,
        start=start,
        from_scratch=from_scratch,
        resume=resume,
        recipe_file=config.name,
    )
    leave_ranks()
    for figure, value in figures.items():
        click.echo(f"{figure:16} {value:.4f}")


def _refuse(options: Mapping[str, object], *, because: str) -> None:
    """End where one of the options was given."""
    for option, value in options.items():
        if value is not None and value is not False:
            raise click.UsageError(f"{option}: {because}")


@click.command("aesthetics")
@click.option("--config", type=_FILE, required=True, help="Recipe of the run, a TOML file.")
@click.option(
    "--run", "runs", type=_FOLDER, required=True, multiple=True, help="Its folder; several: mean."
)
@click.option("--data", type=_FOLDER, required=True, help="What the run was trained on.")
@click.option("--weights", type=_FOLDER, required=True, help="Receives the ONNX file and card.")
@click.option("--version", required=True, help="Of the weights, such as 1.0.0.")
@click.option(
    "--input-px", type=int, callback=_of_32, help="Side of the input, instead of the training's."
)
@click.option("--int8", is_flag=True, help="Write NAME-int8 beside NAME.")
@click.option(
    "--share",
    type=click.FloatRange(0, 1),
    default=1.0,
    show_default=True,
    help="Of the trained trunk; the rest are its ImageNet weights. For recipes with populations.",
)
def export(
    *,
    config: Path,
    runs: tuple[Path, ...],
    data: Path,
    weights: Path,
    version: str,
    input_px: int | None,
    int8: bool,
    share: float,
) -> None:
    """Write a run's weights and card for the runtime."""
    from goodside_train.aesthetics.export.assessor import export_aesthetics
    from goodside_train.aesthetics.populations.export import export_populations

    recipe = read_recipe(config, AestheticsRecipe)
    if input_px is not None:
        size = recipe.data.model_copy(update={"input_px": input_px})
        recipe = recipe.model_copy(update={"data": size})
    if recipe.populations is not None:
        cards = export_populations(
            recipe,
            runs=runs,
            data=data,
            weights=weights,
            version=version,
            share=share,
            int8=int8,
        )
    elif share < 1:
        raise click.BadOptionUsage("share", "--share is for recipes with populations")
    else:
        cards = export_aesthetics(
            recipe, runs=runs, data=data, weights=weights, version=version, int8=int8
        )
    for card in cards:
        click.echo(json.dumps({"model": card.identifier, **card.metrics}, indent=2))


@click.command("aesthetics")
@click.option("--data", type=_FOLDER, required=True, help="Folder of rated photographs.")
@click.option("--layout", type=click.Choice(get_args(Layout)), help="Of --data.  [told from files]")
@click.option("--test", is_flag=True, help="On the official test part, not the validation rows.")
@click.option("--weights", type=_FOLDER, help="Folder of weights. [those in the package]")
@click.option("--model", default="aesthetics-lite0", show_default=True, help="Their name.")
def evaluate(
    *, data: Path, layout: Layout | None, test: bool, weights: Path | None, model: str
) -> None:
    """Measure shipped weights on a data set's validation rows and on made pairs; prints JSON."""
    from goodside_train.aesthetics.evaluate import evaluate_on

    figures = evaluate_on(data, weights=weights, model=model, layout=layout, test=test)
    click.echo(json.dumps(figures, indent=2))
