"""Builds the angle templates: the mean of the training images of each angle."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from goodside.errors import SettingsError
from goodside.face import FaceFinder
from goodside.rotation.generator.templates import Templates
from goodside.rotation.geometry.frame import to_shares
from goodside.rotation.geometry.head import HeadMesh
from goodside.rotation.geometry.head_fit import mesh_from_landmarks
from goodside.types import FloatArray, RgbImage
from goodside_train.rotation.datasets.lists import rendered_heads
from goodside_train.rotation.datasets.portraits import LoadedPortrait, composite, load_portrait
from goodside_train.rotation.pairs.landmarks import pick_landmarks
from goodside_train.rotation.recipe import RotationDataRecipe

_TEMPLATE_PX = 96
_SEEN_YAW_DEG = 60.0  # beyond it the landmarks come from the turned mesh of the level view


def build_templates(folder: Path, *, recipe: RotationDataRecipe) -> Templates:
    """Average aligned training views of every angle.

    All views of an identity share the portrait frame of its frontal view, so that the mean shows
    where a turned face really goes.

    Args:
        folder: rendered heads with `views.csv`; identities that are held out do not take part.
        recipe: says which those are.

    Raises:
        SettingsError: the folder holds no usable views.
    """
    pictures: dict[tuple[float, float], list[RgbImage]] = {}
    points: dict[tuple[float, float], list[FloatArray]] = {}
    finder, dataset = FaceFinder(), rendered_heads(folder)
    for _, portraits in dataset.people(recipe, held_out=False):
        views = [
            load_portrait(portrait, rendered=dataset.rendered, finder=finder)
            for portrait in portraits
        ]
        fronts = [v for v in views if v.pose.yaw_deg == v.pose.pitch_deg == 0 and v.face]
        if not fronts or fronts[0].face is None:
            continue
        head = mesh_from_landmarks(fronts[0].face.landmarks, fronts[0].pose)
        for view in views:
            angle = (view.pose.yaw_deg, view.pose.pitch_deg)
            grey = np.full_like(view.rgba[..., :3], 128)
            pictures.setdefault(angle, []).append(
                head.frame.cut(composite(view.rgba, grey), size_px=_TEMPLATE_PX)
            )
            points.setdefault(angle, []).append(_points(view, head, count=recipe.landmarks))
    yaws = sorted(yaw for yaw, pitch in pictures if pitch == 0)
    pitches = sorted({abs(pitch) for _, pitch in pictures if pitch})
    if len(yaws) < 2 or not pitches:
        raise SettingsError(
            "too few views for templates",
            path=folder,
            remedy="it takes at least two level yaws and one pitch to both sides",
        )
    step = pitches[0]
    tilted = sorted(y for y, p in pictures if p == step and (y, -step) in pictures)
    return Templates(
        yaw_deg=np.asarray(yaws, np.float32),
        images=np.stack([np.mean(pictures[y, 0], axis=0).round().astype(np.uint8) for y in yaws]),
        points=np.stack([np.mean(points[y, 0], axis=0) for y in yaws]).astype(np.float32),
        pitch_yaw_deg=np.asarray(tilted, np.float32),
        pitch_step_deg=step,
        pitch_points=np.stack(
            [[np.mean(points[y, side], axis=0) for side in (-step, step)] for y in tilted]
        ).astype(np.float32),
    )


def _points(view: LoadedPortrait, head: HeadMesh, *, count: int) -> FloatArray:
    if view.face is not None and abs(view.pose.yaw_deg) <= _SEEN_YAW_DEG:
        return to_shares(head.frame, pick_landmarks(view.face.landmarks[:, :2], count=count))
    return pick_landmarks(head.landmarks(view.pose), count=count)
