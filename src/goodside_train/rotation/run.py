"""A training run from a recipe and a data folder."""

from __future__ import annotations

from pathlib import Path

from goodside.errors import SettingsError
from goodside.runtime import WeightsStore
from goodside_train.device import open_device
from goodside_train.loop import Metrics, check_out, train
from goodside_train.ranks import leader_first
from goodside_train.rotation.pairs.prepare import prepare
from goodside_train.rotation.pairs.shrink import shrunk
from goodside_train.rotation.recipe import RotationRecipe
from goodside_train.rotation.task import RotationTask

RECOGNISER = "face-mobilefacenet"


def train_rotation(
    recipe: RotationRecipe,
    *,
    data: Path,
    out: Path,
    pairs: Path | None = None,
    weights: Path | None = None,
    resume: bool = False,
) -> Metrics:
    """Train the generator.

    Args:
        recipe: everything about the run.
        data: folder that holds the recipe's photos and heads.
        out: receives the log, the previews and the checkpoint.
        pairs: folder of rendered pairs and templates, filled if it is not yet; by default `pairs`
            below `out`.
        weights: folder of shipped weights to begin with, instead of random ones; the agents begin
            anew.
        resume: go on from the checkpoint in `out`.

    Returns:
        Figures on the pairs that are held out.

    Raises:
        SettingsError: the data is missing or yields nothing, or a run that goes on is given
            weights to begin with.
        WeightsError: the recogniser's weights, those to begin with, the rendered pairs or the
            checkpoint cannot be read.
        OutputError: `out` holds another run.
    """
    if resume and weights is not None:
        raise SettingsError(
            "a run that goes on has its weights", remedy="leave out either --resume or --weights"
        )
    check_out(out, resume=resume)
    folder = out / "pairs" if pairs is None else pairs
    open_device(recipe.loop)  # so that the processes of a run know each other
    with leader_first():
        rendered_px = recipe.rendered_px or recipe.size_px
        prepared = prepare(data, recipe=recipe.data, size_px=rendered_px, out=folder)
    task = RotationTask(
        recipe,
        pairs=shrunk(prepared.pairs, size_px=recipe.size_px),
        held_out=shrunk(prepared.held_out, size_px=recipe.size_px),
        recogniser=WeightsStore().path(RECOGNISER),
    )
    if weights is not None:
        task.start_from(WeightsStore(weights).path(f"rotation-{recipe.recipe}"))
    return train(task, recipe=recipe.loop, out=out, resume=resume)
