"""A training run from a recipe and a data folder."""

from __future__ import annotations

from pathlib import Path

from goodside.runtime import WeightsStore
from goodside_train.device import open_device
from goodside_train.loop import Metrics, check_out, train
from goodside_train.provenance import Provenance, find_start
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
    start: Path | None = None,
    from_scratch: bool = False,
    resume: bool = False,
    recipe_file: str = "without a file",
) -> Metrics:
    """Train the generator.

    Args:
        recipe: everything about the run.
        data: folder that holds the recipe's photos and heads.
        out: receives the log, the previews and the checkpoint.
        pairs: folder of rendered pairs and templates, filled if it is not yet; by default `pairs`
            below `out`.
        start: the earlier generator that the recipe starts from: shipped weights (`.onnx`) or a
            run's checkpoint; the discriminators begin anew.
        from_scratch: start from random weights, although the recipe names an earlier generator.
        resume: go on from the checkpoint in `out`.
        recipe_file: name of the recipe's file, for the card.

    Returns:
        Figures on the pairs that are held out.

    Raises:
        SettingsError: the data is missing or yields nothing, or the recipe's start is not given.
        WeightsError: the recogniser's weights, those to start from, the rendered pairs or the
            checkpoint cannot be read.
        OutputError: `out` holds another run.
    """
    check_out(out, resume=resume)
    found = find_start(recipe.start, given=start, from_scratch=from_scratch, resume=resume)
    provenance = Provenance(recipe_file, seed=recipe.loop.seed, start=found)
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
    if start is not None:
        task.start_from(start)
    return train(task, recipe=recipe.loop, out=out, resume=resume, provenance=provenance)
