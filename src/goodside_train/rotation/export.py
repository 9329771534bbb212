"""The generator as shipped weights: an ONNX file, its card and the angle templates beside it."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import torch
from torch import Tensor, nn

from goodside.errors import WeightsError
from goodside.rotation.target import FILENAME, read_templates
from goodside.runtime import ModelCard, Preprocessing
from goodside.types import FIVE_POINTS, Json
from goodside_train.checkpoint import load_checkpoint
from goodside_train.export import UNSEALED, ship
from goodside_train.loop import CHECKPOINT
from goodside_train.rotation.networks import Generator
from goodside_train.rotation.recipe import RotationRecipe


class Painter(nn.Module):
    """A generator with the outputs the runtime reads.

    Args:
        generator: of either recipe.
    """

    def __init__(self, generator: Generator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, signal: Tensor) -> tuple[Tensor, Tensor]:
        """(N, C, S, S) signal -> (N, 3, S, S) `painted` in [-1, 1], (N, 1, S, S) `trust` in [0, 1].

        For recipe `capg`, which keeps nothing of the photograph's pixels, `trust` is 0.
        """
        views = self.generator(signal)
        return views.painted, views.trust


def export_rotation(
    recipe: RotationRecipe, *, run: Path, pairs: Path | None, weights: Path, version: str
) -> ModelCard:
    """Turn a run's averaged generator into weights that `goodside.rotation.Rotator` loads.

    Args:
        recipe: of the run.
        run: its folder, with the checkpoint and the log.
        pairs: folder of its rendered pairs, where the templates lie; by default `pairs` below
            `run`.
        weights: receives `rotation-<recipe>.onnx`, its card and the templates.
        version: of the weights, by SemVer; the card they replace goes into the new one's history.

    Returns:
        The card.

    Raises:
        SettingsError: the card there has this version already, of other weights.
        WeightsError: checkpoint or templates cannot be read or are of another recipe, or torch and
            ONNX Runtime differ.
    """
    generator = load_generator(recipe, run=run)
    templates = (run / "pairs" if pairs is None else pairs) / FILENAME
    read_templates(templates)
    size_px = recipe.size_px
    card = ship(
        Painter(generator),
        torch.zeros(2, generator.stem.in_channels, size_px, size_px),
        card=_card(recipe, version=version, figures=_final_figures(run / "log.csv")),
        folder=weights,
        input_name="signal",
        output_names=("painted", "trust"),
    )
    if templates.resolve() != (weights / FILENAME).resolve():
        shutil.copyfile(templates, weights / FILENAME)
    return card


def load_generator(recipe: RotationRecipe, *, run: Path) -> Generator:
    """The averaged generator of a run's checkpoint, on the CPU, in evaluation mode.

    Raises:
        WeightsError: there is no checkpoint, or it is of another recipe.
    """
    path = run / CHECKPOINT
    state = load_checkpoint(path)
    generator = Generator(recipe.recipe, width=recipe.width)
    try:
        generator.load_state_dict(state["task"]["average"]["network"])
    except (KeyError, TypeError, RuntimeError) as error:
        raise WeightsError(
            "the checkpoint does not fit the recipe",
            path=path,
            remedy="export with the recipe it was trained with",
        ) from error
    return generator.eval()


def _card(recipe: RotationRecipe, *, version: str, figures: Json) -> ModelCard:
    name, said = f"rotation-{recipe.recipe}", recipe.card
    ranges = {"yaw": said.yaw_deg, "pitch": said.pitch_deg, "roll": said.roll_deg}
    return ModelCard(
        name=name,
        version=version,
        task="rotation",
        title=said.title,
        sha256=UNSEALED,
        size_bytes=1,
        license=said.license,
        terms=said.terms,
        source=f"our own training run, recipe configs/{name}.toml",
        data=said.data,
        preprocessing=Preprocessing(
            width_px=recipe.size_px, height_px=recipe.size_px, fit="aligned"
        ),
        metrics={"held_out_pairs": figures},
        facts={
            "recipe": recipe.recipe,
            "target": recipe.target,
            "landmarks": len(FIVE_POINTS),
            "range_deg": {angle: list(ends) for angle, ends in ranges.items()},
        },
    )


def _final_figures(log: Path) -> Json:
    """The last validation's figures of a run's log; none where there is no log."""
    if not log.exists():
        return {}
    with log.open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["part"] == "final"]
    return {row["name"]: round(float(row["value"]), 4) for row in rows}
