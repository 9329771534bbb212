"""The generator as shipped weights: an ONNX file, its card and the angle templates beside it."""

from __future__ import annotations

import csv
import hashlib
import logging
import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from goodside.errors import SettingsError, WeightsError
from goodside.rotation.target import FILENAME, read_templates
from goodside.runtime import ModelCard, Preprocessing, WeightsStore, open_session
from goodside.types import FIVE_POINTS, FloatArray, Json
from goodside_train.checkpoint import load_checkpoint
from goodside_train.loop import CHECKPOINT
from goodside_train.rotation.networks import Generator
from goodside_train.rotation.recipe import RotationRecipe

PARITY = 1e-4
"""Largest difference allowed between torch and ONNX Runtime, on outputs in [-1, 1]."""


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
    name = f"rotation-{recipe.recipe}"
    generator = load_generator(recipe, run=run)
    templates = (run / "pairs" if pairs is None else pairs) / FILENAME
    read_templates(templates)
    weights.mkdir(parents=True, exist_ok=True)
    draft = weights / f"{name}.onnx.part"
    write_onnx(generator, draft, size_px=recipe.size_px)
    content = draft.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    card = ModelCard(
        name=name,
        version=version,
        task="rotation",
        title=recipe.card.title,
        sha256=sha256,
        size_bytes=len(content),
        license=recipe.card.license,
        terms=recipe.card.terms,
        source=f"our own training run, recipe configs/{name}.toml",
        data=recipe.card.data,
        preprocessing=Preprocessing(
            width_px=recipe.size_px, height_px=recipe.size_px, fit="aligned"
        ),
        metrics={"held_out_pairs": _final_figures(run / "log.csv")},
        facts={
            "recipe": recipe.recipe,
            "landmarks": len(FIVE_POINTS),
            "range_deg": {
                "yaw": list(recipe.card.yaw_deg),
                "pitch": list(recipe.card.pitch_deg),
                "roll": list(recipe.card.roll_deg),
            },
        },
        history=_history(weights / f"{name}.json", version=version, sha256=sha256),
    )
    draft.replace(weights / f"{name}.onnx")
    if templates.resolve() != (weights / FILENAME).resolve():
        shutil.copyfile(templates, weights / FILENAME)
    write_card(card, folder=weights)
    return _checked(card, generator, folder=weights)


def load_generator(recipe: RotationRecipe, *, run: Path) -> Generator:
    """The averaged generator of a run's checkpoint, on the CPU, in evaluation mode.

    Raises:
        WeightsError: there is no checkpoint, or it is of another recipe.
    """
    path = run / CHECKPOINT
    generator = Generator(recipe.recipe, width=recipe.width)
    try:
        generator.load_state_dict(load_checkpoint(path)["task"]["average"]["network"])
    except (KeyError, RuntimeError) as error:
        raise WeightsError(
            "the checkpoint does not fit the recipe",
            path=path,
            remedy="export with the recipe it was trained with",
        ) from error
    return generator.eval()


def write_onnx(generator: Generator, path: Path, *, size_px: int) -> None:
    """Write a generator as ONNX: input `signal`, outputs `painted` and `trust`, any batch size."""
    channels = generator.stem.in_channels
    signal = torch.zeros(2, channels, size_px, size_px)
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own internals
        program = torch.onnx.export(
            Painter(generator).eval(),
            (signal,),
            input_names=["signal"],
            output_names=["painted", "trust"],
            dynamic_shapes=({0: torch.export.Dim("n", min=1)},),
            opset_version=20,
            dynamo=True,
            verbose=False,
        )
    if program is None:
        raise WeightsError("torch exported nothing", path=path)
    model: Any = program.model_proto
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def write_card(card: ModelCard, *, folder: Path) -> None:
    """Write a card beside its weights."""
    path = folder / f"{card.name}.json"
    path.write_text(card.model_dump_json(indent=2) + "\n", encoding="utf-8")


def parity(card: ModelCard, generator: Generator, *, folder: Path) -> float:
    """Largest difference between torch and ONNX Runtime on a batch of three noise signals."""
    rng = np.random.default_rng(0)
    size_px, channels = card.preprocessing.width_px, generator.stem.in_channels
    signal: FloatArray = rng.uniform(-1, 1, (3, channels, size_px, size_px)).astype(np.float32)
    made = open_session(card.name, store=WeightsStore(folder)).run({"signal": signal})
    with torch.no_grad():
        expected = Painter(generator)(torch.from_numpy(signal))
    pairs = zip(expected, (made["painted"], made["trust"]), strict=True)
    return max(float(np.abs(a.numpy() - b).max()) for a, b in pairs)


def _final_figures(log: Path) -> Json:
    """The last validation's figures of a run's log; none where there is no log."""
    if not log.exists():
        return {}
    with log.open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["part"] == "final"]
    return {row["name"]: round(float(row["value"]), 4) for row in rows}


def _checked(card: ModelCard, generator: Generator, *, folder: Path) -> ModelCard:
    difference = parity(card, generator, folder=folder)
    if difference > PARITY:
        raise WeightsError(
            f"torch and ONNX Runtime differ by {difference:.2g}, more than {PARITY:g}",
            path=folder / f"{card.name}.onnx",
            remedy="do not ship these weights; look for an operator that exports wrongly",
        )
    metrics = card.metrics | {"parity_with_torch": float(f"{difference:.2g}")}
    card = card.model_copy(update={"metrics": metrics})
    write_card(card, folder=folder)
    return card


def _history(path: Path, *, version: str, sha256: str) -> list[Json]:
    if not path.exists():
        return []
    old = WeightsStore(path.parent).card(path.stem)
    if old.sha256 == sha256:
        return old.history
    if old.version == version:
        raise SettingsError(
            f"the card here is of other weights with the same version {version}",
            path=path,
            remedy="name a higher --version, or delete the old weights",
        )
    return [*old.history, {"version": old.version, "metrics": old.metrics}]
