"""The generator as shipped weights: an ONNX file, its card and the angle templates beside it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from goodside.errors import SettingsError
from goodside.images import atomic_write
from goodside.rotation.generator.templates import FILENAME, read_templates
from goodside.runtime import ModelCard, Preprocessing, WeightsStore, open_session, renew_checksums
from goodside.types import FIVE_POINTS, FloatArray
from goodside_train.export import (
    NO_SHA256,
    DraftWeights,
    check_parity,
    export_graph,
    load_averaged,
    with_metrics,
    with_sha256,
    write_onnx,
)
from goodside_train.loop import Metrics
from goodside_train.provenance import describe_runs
from goodside_train.quantization import quantize
from goodside_train.rotation.networks.build import AnyGenerator, build_generator
from goodside_train.rotation.pairs.pairs import Pairs, read_pairs, signal_of, to_signed
from goodside_train.rotation.pairs.shrink import shrunk
from goodside_train.rotation.recipe import RotationRecipe
from goodside_train.rotation.run import RECOGNISER
from goodside_train.rotation.task import RotationTask

INPUT, OUTPUTS = "signal", ("painted", "trust")
"""Names in the graph."""

_IN_INT8 = "Conv", "Concat", "Resize"  # what moves the maps between convolutions, too
BESIDE_A_FLOW = ("Conv",)  # joined maps share one scale, and places are finer than colours
_FLOW_IN_FLOAT = "flow.stem.", "flow.first.", "flow.decode.2.", "flow.to_flow."
_SAMPLE = 64  # pairs that set the scales of int8, and as many that measure it


class ExportedGenerator(nn.Module):
    """A generator with the outputs the runtime reads.

    Args:
        generator: of either recipe.
    """

    def __init__(self, generator: AnyGenerator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, signal: Tensor) -> tuple[Tensor, Tensor]:
        """(N, C, S, S) signal -> (N, 3, S, S) `painted` in [-1, 1], (N, 1, S, S) `trust` in [0, 1].

        For recipe `capg`, which keeps nothing of the photograph's pixels, `trust` is 0.
        """
        views = self.generator(signal)
        return views.painted, views.trust


def export_rotation(
    recipe: RotationRecipe,
    *,
    runs: Sequence[Path],
    pairs: Path | None,
    weights: Path,
    version: str,
) -> ModelCard:
    """Turn a run's averaged generator into weights that `goodside.rotation.Rotator` loads.

    Of several runs it is the mean, see `goodside_train.moving_average.mean_weights`.

    They are in int8, calibrated on the run's training pairs, but for what would be seen: the
    convolution that paints and those of a flow at its full size; `psnr_to_float32` among the card's
    metrics says how near their faces come to those in float32.

    Args:
        recipe: of the run.
        runs: its folder, with the checkpoint; or several.
        pairs: folder of its rendered pairs and templates; by default `pairs` below the last run.
        weights: receives `rotation-<recipe>.onnx`, its card and the templates.
        version: of the weights, by SemVer; the figures of those they replace go into `history/`.

    Returns:
        The card.

    Raises:
        SettingsError: the card there has this version already, of other weights.
        WeightsError: checkpoint or templates cannot be read or are of another recipe, or torch and
            ONNX Runtime differ.
    """
    generator = load_generator(recipe, runs=runs)
    source = describe_runs(runs, also=recipe.card.source)
    rendered = runs[-1] / "pairs" if pairs is None else pairs
    templates = rendered / FILENAME
    read_templates(templates)
    seen, held_out = (
        shrunk(read_pairs(rendered / f"{side}.npz"), size_px=recipe.size_px)
        for side in ("pairs", "held-out")
    )
    figures = measure_generator(generator, recipe=recipe, pairs=held_out)
    signals = signal_of(spread_sample(seen), recipe=recipe.recipe, target=recipe.target)

    def measured(exact: WeightsStore, made: WeightsStore, card: ModelCard) -> ModelCard:
        likeness = _likeness(exact, made, card=card, pairs=spread_sample(held_out))
        return with_metrics(card, {"psnr_to_float32": likeness})

    card = export_in_int8(
        ExportedGenerator(generator),
        signals=signals,
        outputs=OUTPUTS,
        operations=BESIDE_A_FLOW if recipe.skips == "deformable" else _IN_INT8,
        card=draft_card(recipe, version=version, source=source, figures=figures),
        weights=weights,
        measure=measured,
    )
    copy_templates(templates, weights=weights)
    return card


def export_in_int8(
    network: nn.Module,
    *,
    signals: FloatArray,
    outputs: Sequence[str],
    operations: Sequence[str],
    card: ModelCard,
    weights: Path,
    measure: Callable[[WeightsStore, WeightsStore, ModelCard], ModelCard],
) -> ModelCard:
    """Write a network that reads signals in int8, but for its `exact_nodes`, and its card.

    Args:
        network: (N, C, S, S) signal in, a tuple of tensors out.
        signals: (P, C, S, S), which set the scales of int8; on the first two torch and ONNX Runtime
            are compared in float32.
        outputs: their names in the graph.
        operations: what is in int8.
        card: as it should be, but for sha256, size and parity.
        weights: receives the ONNX file and the card.
        measure: completes the card by the weights in float32 and those in int8.

    Raises:
        SettingsError, WeightsError: as `export_rotation`.
    """
    with tempfile.TemporaryDirectory() as folder:
        path, example = Path(folder) / f"{card.name}.onnx", torch.from_numpy(signals[:2])
        write_onnx(network, example, path, input_name=INPUT, output_names=outputs)
        card = with_sha256(card, path)
        exact = DraftWeights(path.parent, card)
        difference = check_parity(network, example, draft=exact, card=card, input_name=INPUT)
        card = with_metrics(card, {"parity_with_torch": difference})
        return export_graph(
            lambda target: quantize(
                path,
                target,
                inputs=signals,
                operations=operations,
                in_float=exact_nodes,
                reduce_range=True,
            ),
            card=card,
            folder=weights,
            measure=lambda made, card: measure(exact, made, card),
        )


def copy_templates(templates: Path, *, weights: Path) -> None:
    """Put a run's angle templates beside its weights."""
    if templates.resolve() != (weights / FILENAME).resolve():
        with atomic_write(weights / FILENAME, overwrite=True) as stream:
            stream.write(templates.read_bytes())
        renew_checksums(weights / FILENAME, folder=weights)


def spread_sample(pairs: Pairs) -> Pairs:
    """A sample of rendered pairs, spread evenly over them."""
    return pairs.take(np.linspace(0, len(pairs) - 1, _SAMPLE).astype(np.int64))


def exact_nodes(graph: Any) -> list[str]:
    """Names of the nodes whose errors would be seen: the last, which paints colours and trust, and
    those of a flow at its full size, which takes exact places in and gives exact places out.
    """
    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    flow = [node for node in convolutions if any(name in node.input[1] for name in _FLOW_IN_FLOAT)]
    return [node.name for node in (*flow, *convolutions[-1:])]


def _likeness(exact: WeightsStore, made: WeightsStore, *, card: ModelCard, pairs: Pairs) -> float:
    """Peak signal-to-noise ratio in dB of the turned faces by two stores' weights."""
    recipe = card.facts["recipe"]
    signals = signal_of(pairs, recipe=recipe, target=card.facts["target"])
    results = []
    for store in (exact, made):
        views = open_session(card.name, store=store).run({INPUT: signals})
        keep = views["trust"] if recipe == "mesh" else 0
        results.append(keep * to_signed(pairs.warped) + (1 - keep) * views["painted"])
    error = np.mean((results[0] - results[1]) ** 2)
    return round(float(10 * np.log10(2**2 / error)), 1)


def load_generator(recipe: RotationRecipe, *, runs: Sequence[Path]) -> AnyGenerator:
    """The averaged generator of the runs' checkpoints; errors as of `load_averaged`.

    Raises:
        SettingsError: the runtime, which shows five landmarks, cannot use it.
    """
    if {recipe.landmarks, recipe.data.landmarks} != {len(FIVE_POINTS)}:
        raise SettingsError(
            "exported weights have five landmarks, and so have their templates",
            remedy="train with landmarks = 5, in the recipe and in its table data",
        )
    return load_averaged(runs, build=lambda _: build_generator(recipe))


def measure_generator(generator: AnyGenerator, *, recipe: RotationRecipe, pairs: Pairs) -> Metrics:
    """Figures of a generator on rendered pairs, as a run's validation gives them."""
    recogniser = WeightsStore().path(RECOGNISER)
    plain = recipe.model_copy(update={"loop": recipe.loop.with_limits(minutes=None, device="cpu")})
    task = RotationTask(plain, pairs=pairs, held_out=pairs, recogniser=recogniser)
    task.average.network.load_state_dict(generator.state_dict())
    return task.validate(step=0)


def draft_card(
    recipe: RotationRecipe,
    *,
    version: str,
    source: str,
    figures: Mapping[str, float],
    kind: str | None = None,
) -> ModelCard:
    """The card of weights to be, but for sha256 and size.

    Args:
        recipe: of the run.
        version: of the weights.
        source: how they were made.
        figures: of pairs kept out.
        kind: what the runtime makes of them, by default the recipe's own name.
    """
    kind, said = kind or recipe.recipe, recipe.card
    ranges = {"yaw": said.yaw_deg, "pitch": said.pitch_deg, "roll": said.roll_deg}
    return ModelCard(
        name=f"rotation-{kind}",
        version=version,
        task="rotation",
        title=said.title,
        sha256=NO_SHA256,
        size_bytes=1,
        license=said.license,
        terms=said.terms,
        source=source,
        data=said.data,
        preprocessing=Preprocessing(
            width_px=recipe.size_px, height_px=recipe.size_px, fit="aligned"
        ),
        metrics={"held_out_pairs": {name: round(value, 4) for name, value in figures.items()}},
        facts={
            "recipe": kind,
            "target": recipe.target,
            "landmarks": len(FIVE_POINTS),
            "range_deg": {angle: list(ends) for angle, ends in ranges.items()},
        },
    )
