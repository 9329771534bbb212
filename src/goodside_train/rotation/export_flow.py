"""The flow of a trained generator as weights of their own: what turns the head's mesh.

`goodside.rotation` fits the mesh to it; nothing of what the generator paints is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from goodside.errors import SettingsError
from goodside.rotation.generator.templates import FILENAME, read_templates
from goodside.runtime import ModelCard, WeightsStore, open_session
from goodside.types import FloatArray
from goodside_train.export import with_metrics
from goodside_train.loop import Metrics
from goodside_train.provenance import describe_runs
from goodside_train.rotation.export import (
    BESIDE_A_FLOW,
    INPUT,
    copy_templates,
    draft_card,
    export_in_int8,
    load_generator,
    spread_sample,
)
from goodside_train.rotation.networks.deformable import DeformableGenerator, FlowNetwork
from goodside_train.rotation.pairs.pairs import Pairs, flow_goal, read_pairs, signal_of
from goodside_train.rotation.pairs.shrink import shrunk
from goodside_train.rotation.recipe import RotationRecipe

FLOW_OUTPUTS = "flow", "shares"
"""Names in the graph."""


class ExportedFlow(nn.Module):
    """The part of a generator that finds the flow, with the outputs the runtime reads.

    Args:
        flow: of a generator with deformable skips.
    """

    def __init__(self, flow: FlowNetwork) -> None:
        super().__init__()
        self.flow = flow

    def forward(self, signal: Tensor) -> tuple[Tensor, Tensor]:
        """(N, C, S, S) signal -> (N, 4, F, F) `flow`, the photograph's (x, y) and its mirror
        image's, in halves of the side; (N, 2, F, F) `shares` of both in the result, 0-1.
        """
        found = self.flow(signal)
        return torch.cat([found.flow, found.mirrored_flow], dim=1), found.shares()


def export_flow(
    recipe: RotationRecipe,
    *,
    runs: Sequence[Path],
    pairs: Path | None,
    weights: Path,
    version: str,
) -> ModelCard:
    """Turn the flow of a run's averaged generator into weights named `rotation-flow`.

    They are in int8 but for the flow's full size, as those of `export_rotation`; `flow_error_px` of
    the pairs kept out and `places_apart_px` of float32 are among the card's metrics, in pixels of
    the signal.

    Args:
        recipe, runs, pairs, weights, version: as for `export_rotation`.

    Raises:
        SettingsError: the generator has no flow; or as `export_rotation`.
        WeightsError: as `export_rotation`.
    """
    generator = load_generator(recipe, runs=runs)
    if not isinstance(generator, DeformableGenerator):
        raise SettingsError(
            "the recipe's generator has no flow",
            remedy="use one whose skips are deformable, such as configs/rotation-capg-128.toml",
        )
    source = describe_runs(runs, also=recipe.card.source)
    rendered = runs[-1] / "pairs" if pairs is None else pairs
    read_templates(rendered / FILENAME)
    seen, held_out = (
        spread_sample(shrunk(read_pairs(rendered / f"{side}.npz"), size_px=recipe.size_px))
        for side in ("pairs", "held-out")
    )
    signals, asked = (
        signal_of(some, recipe=recipe.recipe, target=recipe.target) for some in (seen, held_out)
    )

    def measured(exact: WeightsStore, made: WeightsStore, card: ModelCard) -> ModelCard:
        flows = [_flow_of(store, card=card, signals=asked) for store in (exact, made)]
        apart = float(np.abs(flows[1] - flows[0]).mean()) * recipe.size_px / 2
        figures = _error_px(flows[1], pairs=held_out)
        return with_metrics(card, {"places_apart_px": round(apart, 3), "held_out_pairs": figures})

    card = export_in_int8(
        ExportedFlow(generator.flow).eval(),
        signals=signals,
        outputs=FLOW_OUTPUTS,
        operations=BESIDE_A_FLOW,
        card=draft_card(recipe, version=version, source=source, figures={}, kind="flow"),
        weights=weights,
        measure=measured,
    )
    copy_templates(rendered / FILENAME, weights=weights)
    return card


def _flow_of(store: WeightsStore, *, card: ModelCard, signals: FloatArray) -> FloatArray:
    """(P, 4, F, F) the flow by a store's weights."""
    flow: FloatArray = open_session(card.name, store=store).run({INPUT: signals})["flow"]
    return flow


def _error_px(flow: FloatArray, *, pairs: Pairs) -> Metrics:
    """How far a flow is off where the photograph, or its mirror image, shows the place: a mean over
    both directions, in pixels of the pairs' pictures. Nothing where no pair knows its flow.
    """
    goal, cells = flow_goal(pairs), flow.shape[-1]
    blocks = goal.shape[-1] // cells
    coarse = goal.reshape(*goal.shape[:3], cells, blocks, cells, blocks).mean(axis=(4, 6))
    off = np.abs(flow.reshape(len(flow), 2, 2, cells, cells) - coarse[:, :, :2]).mean(axis=2)
    counts = coarse[:, :, 2]
    if not counts.any():
        return {}
    error = float((off * counts).sum() / counts.sum()) * pairs.source.shape[1] / 2
    return {"flow_error_px": round(error, 3)}
