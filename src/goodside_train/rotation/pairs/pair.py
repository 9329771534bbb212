"""One training pair from a portrait, its answer and the draft that the network is shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from goodside.images import resize
from goodside.rotation.generator.blend import to_bytes
from goodside.rotation.generator.templates import Templates
from goodside.rotation.geometry.head import HeadMesh
from goodside.rotation.geometry.layers import Draft, Layers, draft
from goodside.rotation.geometry.warp import Warp, warp_to
from goodside.types import FloatArray, Pose, RgbImage
from goodside_train.rotation.pairs.pairs import FLOW_SHARE, Pairs
from goodside_train.rotation.recipe import RotationDataRecipe


def make_pair(
    portrait: RgbImage,
    target: RgbImage,
    *,
    drafted: Draft,
    shown: Draft,
    plan: Warp,
    source_points: FloatArray,
    target_points: FloatArray,
    mesh_points: FloatArray,
    true_points: FloatArray,
    photo: bool,
    true: bool = True,
) -> Pairs:
    """One pair, its arrays without the first axis; the portrait comes at twice the size.

    The flow is that of the plan and its draft, whatever draft the network is shown.
    """
    size_px = len(target)
    warped, mirrored, confidence, mirrored_confidence = (
        to_bytes(values)
        for values in (
            *(shown.warped, shown.mirrored),
            *(shown.confidence * 255, shown.mirrored_confidence * 255),
        )
    )
    return Pairs(
        source=resize(portrait, width_px=size_px, height_px=size_px, kernel="box"),
        target=target,
        warped=warped,
        mirrored=mirrored,
        confidence=confidence,
        mirrored_confidence=mirrored_confidence,
        source_points=source_points,
        target_points=target_points,
        mesh_points=mesh_points,
        true_points=true_points,
        flow=_flow(plan, drafted),
        photo=np.asarray(photo),
        true=np.asarray(true),
    )


def wrong_draft(
    head: HeadMesh,
    pose: Pose,
    layers: Layers,
    *,
    rng: np.random.Generator,
    recipe: RotationDataRecipe,
) -> Draft | None:
    """The draft of another pose than the one asked for, in the recipe's share of cases."""
    if not recipe.draft_wrong_share or rng.random() >= recipe.draft_wrong_share:
        return None
    off = float(rng.uniform(-recipe.draft_wrong_deg, recipe.draft_wrong_deg))
    wrong = replace(pose, yaw_deg=pose.yaw_deg + off)
    return draft(layers, warp_to(head, wrong, size_px=len(layers.person) // 2))


def template_points(templates: Templates, pose: Pose) -> FloatArray:
    """(K, 2) landmarks of the template nearest to a pose, as shares of the frame's side."""
    first, last = float(templates.yaw_deg[0]), float(templates.yaw_deg[-1])
    reach = 2 * templates.pitch_step_deg
    return templates.at(
        float(np.clip(pose.yaw_deg, first, last)),
        pitch_deg=float(np.clip(pose.pitch_deg, -reach, reach)),
        roll_deg=pose.roll_deg,
    ).points


def _flow(plan: Warp, drafted: Draft) -> NDArray[np.float16]:
    """(S/2, S/2, 3) where a plan reads each place in the source, and how far that is shown there.

    As in the mended draft, the mirror image stands in for what is hidden.
    """
    size_px = len(plan.grid)
    axis = (np.arange(size_px, dtype=np.float32) + 0.5) / size_px
    place = np.stack(np.meshgrid(axis, axis), axis=-1)
    mirrored = 2 * (drafted.mirrored_confidence - drafted.confidence) > 1
    where = np.where(mirrored[..., None], plan.mirrored, plan.grid)
    off = np.where(drafted.person[..., None] > 0.5, 2 * (where - place), 0)
    shown = np.where(mirrored, drafted.mirrored_confidence, drafted.confidence)
    cells = size_px // FLOW_SHARE
    every = np.concatenate([off, shown[..., None]], axis=-1)
    means = every.reshape(cells, FLOW_SHARE, cells, FLOW_SHARE, 3).mean(axis=(1, 3))
    flow: NDArray[np.float16] = means.astype(np.float16)
    return flow
