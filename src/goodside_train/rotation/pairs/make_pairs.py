"""Makes training pairs: photographs turned there and back, or away, and true views of people."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from goodside.errors import GoodsideError, ImageError
from goodside.face import Crop, FaceFinder, PersonMatte
from goodside.images import find_photos, read_photo, resize
from goodside.rotation.generator.blend import to_bytes
from goodside.rotation.generator.templates import Templates
from goodside.rotation.geometry.frame import to_shares
from goodside.rotation.geometry.head import HeadMesh
from goodside.rotation.geometry.head_fit import fit_rim, head_mesh, mesh_from_landmarks
from goodside.rotation.geometry.layers import MATTE_PX, Layers, draft, split_layers
from goodside.rotation.geometry.warp import warp_to
from goodside.rotation.portrait import cut_portrait, shown_part
from goodside.rotation.subject import segment_portrait
from goodside.types import Face, FloatArray, Pose, RgbImage
from goodside_train.rotation.datasets.portraits import (
    LoadedPortrait,
    PortraitDataset,
    PosedPortrait,
    composite,
    is_held_out,
    load_portrait,
)
from goodside_train.rotation.pairs.landmarks import pick_landmarks
from goodside_train.rotation.pairs.pair import make_pair, template_points, wrong_draft
from goodside_train.rotation.pairs.pairs import Pairs, stack
from goodside_train.rotation.recipe import RotationDataRecipe

_SOURCE_YAW_DEG = 60.0  # a photograph that is turned further is of no use
_TARGET_YAW_DEG = 75.0
_DRAWS = 3  # times as many draws as pairs, since some pictures show no face

_log = logging.getLogger(__name__)


def photo_pairs(
    folder: Path, *, recipe: RotationDataRecipe, templates: Templates, size_px: int, held_out: bool
) -> Iterator[Pairs]:
    """Turn every portrait of a folder by its own mesh and back; the answer is the photograph.

    Portraits that are trained on are also turned away, where the answer is the draft as far as the
    photograph shows the place.

    Args:
        folder: single portraits, the file's stem being the identity.
        recipe: how many turns, how far, and who is kept out.
        templates: where the target's landmarks come from.
        size_px: side of the pairs.
        held_out: make the pairs of the identities that are kept out, instead of the others.

    Yields:
        The pairs of one photograph.
    """
    finder, matting = FaceFinder(), PersonMatte()
    for path in find_photos([folder]):
        if is_held_out(path.stem, recipe) is not held_out:
            continue
        try:
            rgb = read_photo(path).rgb
        except GoodsideError as error:
            _log.warning("left out: %s", error)
            continue
        faces = finder.find(rgb)
        if not faces:
            _log.warning("left out, no face: %s", path)
            continue
        rng = np.random.default_rng(_seed(path.stem))
        head = head_mesh(faces[0])
        rows = [
            _there_and_back(
                head,
                rgb,
                matting=matting,
                rng=rng,
                recipe=recipe,
                templates=templates,
                size_px=size_px,
            )
            for _ in range(recipe.turns)
        ]
        if (recipe.forward_turns or recipe.home_turns) and not held_out:
            separated = _separate_layers(head, rgb, matting=matting, size_px=size_px * 2)
            make = partial(_away, *separated, recipe=recipe, templates=templates, size_px=size_px)
            rows += [make(rng=rng) for _ in range(recipe.forward_turns)]
            rows += [make(rng=rng, home=True) for _ in range(recipe.home_turns)]
        yield stack(rows)


def view_pairs(
    dataset: PortraitDataset,
    *,
    recipe: RotationDataRecipe,
    templates: Templates,
    size_px: int,
    held_out: bool,
) -> Iterator[Pairs]:
    """Pairs of true views of the people of a data set; rendered heads get a made background.

    Args: as for `photo_pairs`; `dataset` names the views.

    Yields:
        The pairs of one identity.
    """
    finder, matting = FaceFinder(), PersonMatte()
    count = recipe.head_pairs if dataset.rendered else recipe.view_pairs
    for identity, portraits in dataset.people(recipe, held_out=held_out):
        rng = np.random.default_rng(_seed(identity))
        partners = {
            portrait: _partners(portrait, portraits, dataset=dataset, recipe=recipe)
            for portrait in portraits
        }
        sources = [
            portrait
            for portrait in portraits
            if _within(portrait, _SOURCE_YAW_DEG) and partners[portrait]
        ]
        loaded: dict[PosedPortrait, LoadedPortrait | None] = {}
        rows: list[Pairs] = []
        for _ in range(count * _DRAWS if sources else 0):
            if len(rows) == count:
                break
            portrait = sources[rng.integers(len(sources))]
            pair = (portrait, partners[portrait][rng.integers(len(partners[portrait]))])
            for one in pair:
                if one not in loaded:
                    loaded[one] = _load_or_none(one, dataset=dataset, finder=finder)
            source, target = (loaded[one] for one in pair)
            if source is None or target is None or source.face is None:
                continue
            if target.face is None and not dataset.rendered:
                continue
            rows.append(
                _true_pair(
                    *(source, target),
                    matting=matting,
                    rng=rng,
                    recipe=recipe,
                    roll_deg=_draw_roll_deg(rng, recipe),
                    rendered=dataset.rendered,
                    templates=templates,
                    size_px=size_px,
                )
            )
        if rows:
            yield stack(rows)


def _partners(
    portrait: PosedPortrait,
    portraits: Sequence[PosedPortrait],
    *,
    dataset: PortraitDataset,
    recipe: RotationDataRecipe,
) -> list[PosedPortrait]:
    """The pictures that a picture may be turned into."""
    furthest = _TARGET_YAW_DEG if dataset.rendered else _SOURCE_YAW_DEG
    return [
        other
        for other in portraits
        if other != portrait
        and other.moment == portrait.moment
        and (recipe.across_lights or other.light == portrait.light)
        and _within(other, furthest)
    ]


def _within(portrait: PosedPortrait, yaw_deg: float) -> bool:
    return portrait.yaw_deg is None or abs(portrait.yaw_deg) <= yaw_deg


def _load_or_none(
    portrait: PosedPortrait, *, dataset: PortraitDataset, finder: FaceFinder
) -> LoadedPortrait | None:
    """A view; None for a photograph that cannot be read."""
    try:
        return load_portrait(portrait, rendered=dataset.rendered, finder=finder)
    except ImageError as error:
        _log.warning("left out: %s", error)
        return None


def backdrop(rng: np.random.Generator, *, size_px: int) -> RgbImage:
    """A soft made background: a few colours, blended over the square, with a little grain."""
    coarse = rng.uniform(20, 235, (rng.integers(2, 6), rng.integers(2, 6), 3)).astype(np.uint8)
    smooth = resize(coarse, width_px=size_px, height_px=size_px, kernel="bicubic")
    grain = rng.normal(0, rng.uniform(0, 6), (size_px, size_px, 1))
    return np.clip(smooth + grain, 0, 255).astype(np.uint8)


def with_roll(head: HeadMesh, roll_deg: float) -> HeadMesh:
    """The same head in a frame turned about its pivot, so that the head leans in it.

    Args:
        head: upright in its frame.
        roll_deg: roll of the head in the new frame, positive clockwise.
    """
    frame = head.frame
    pivot = frame.to_picture(head.pivot - 0.5, size_px=1)
    angle_deg = frame.angle_deg - roll_deg
    turned = replace(frame, angle_deg=angle_deg)
    x, y = pivot - (turned.to_picture(head.pivot - 0.5, size_px=1) - (frame.x, frame.y))
    return replace(
        head,
        pose=replace(head.pose, roll_deg=roll_deg),
        frame=replace(turned, x=float(x), y=float(y)),
    )


def _there_and_back(
    head: HeadMesh,
    rgb: RgbImage,
    *,
    matting: PersonMatte,
    rng: np.random.Generator,
    recipe: RotationDataRecipe,
    templates: Templates,
    size_px: int,
) -> Pairs:
    """An upright, turned head as source; the answer is the photograph, which may lean."""
    head = with_roll(head, _draw_roll_deg(rng, recipe))
    head, portrait, layers = _separate_layers(head, rgb, matting=matting, size_px=size_px * 2)
    away = replace(head, pose=_draw_pose(head, rng=rng, recipe=recipe))
    there = draft(layers, warp_to(head, away.pose, size_px=size_px * 2))
    turned = to_bytes(there.warped)
    away, layers = segment_portrait(away, turned, matting=matting)
    home = pick_landmarks(head.landmarks(head.pose), count=recipe.landmarks)
    plan = warp_to(away, head.pose, size_px=size_px)
    drafted = draft(layers, plan)
    return make_pair(
        turned,
        resize(portrait, width_px=size_px, height_px=size_px, kernel="box"),
        drafted=drafted,
        shown=wrong_draft(away, head.pose, layers, rng=rng, recipe=recipe) or drafted,
        plan=plan,
        source_points=pick_landmarks(head.landmarks(away.pose), count=recipe.landmarks),
        target_points=template_points(templates, head.pose),
        mesh_points=home,
        true_points=home,
        photo=True,
    )


def _away(
    head: HeadMesh,
    portrait: RgbImage,
    layers: Layers,
    *,
    rng: np.random.Generator,
    recipe: RotationDataRecipe,
    templates: Templates,
    size_px: int,
    home: bool = False,
) -> Pairs:
    """The photograph as source; nobody has seen the answer, so the mended draft stands in for it.

    Turned home the two change places: the draft is the source, and the photograph the answer.
    """
    roll_deg = 0.0 if home else _draw_roll_deg(rng, recipe)
    pose = replace(_draw_pose(head, rng=rng, recipe=recipe), roll_deg=roll_deg)
    plan = warp_to(head, pose, size_px=size_px)
    drafted = shown = draft(layers, plan)
    source, target = portrait, to_bytes(drafted.mended)
    first, last = head.pose, pose
    if home:
        source = resize(target, width_px=size_px * 2, height_px=size_px * 2)
        target = resize(portrait, width_px=size_px, height_px=size_px, kernel="box")
        first, last = last, first
        plan = warp_to(head, last, size_px=size_px, source=first)
        whole = _as_one_layer(source, layers)
        drafted = draft(whole, plan)
        turned_head = replace(head, pose=first)
        shown = wrong_draft(turned_head, last, whole, rng=rng, recipe=recipe) or drafted
    there = pick_landmarks(head.landmarks(last), count=recipe.landmarks)
    return make_pair(
        source,
        target,
        drafted=drafted,
        shown=shown,
        plan=plan,
        source_points=pick_landmarks(head.landmarks(first), count=recipe.landmarks),
        target_points=template_points(templates, last),
        mesh_points=there,
        true_points=there,
        photo=True,
        true=home,
    )


def _as_one_layer(portrait: RgbImage, layers: Layers) -> Layers:
    """Layers of a portrait that is not separated: the person is all of it."""
    everywhere = np.ones_like(layers.matte)
    return Layers(portrait, layers.backdrop, everywhere, bare=layers.bare, shown=everywhere)


def _separate_layers(
    head: HeadMesh, rgb: RgbImage, *, matting: PersonMatte, size_px: int
) -> tuple[HeadMesh, RgbImage, Layers]:
    """A head fitted to its portrait, the portrait at a size, and the portrait's layers."""
    height, width = rgb.shape[:2]
    portrait = cut_portrait(rgb, head.frame, size_px=size_px)
    shown = shown_part(head.frame, height=height, width=width, size_px=MATTE_PX)
    head, layers = segment_portrait(head, portrait, matting=matting, shown=shown)
    return head, portrait, layers


def _draw_pose(head: HeadMesh, *, rng: np.random.Generator, recipe: RotationDataRecipe) -> Pose:
    """A random upright pose within the recipe's reach."""
    yaw = float(rng.uniform(-recipe.yaw_deg, recipe.yaw_deg))
    pitch = head.pose.pitch_deg + rng.uniform(-1, 1) * recipe.pitch_deg
    return Pose(yaw, float(np.clip(pitch, -25, 25)), 0.0)


def _draw_roll_deg(rng: np.random.Generator, recipe: RotationDataRecipe) -> float:
    """A random roll for half of the pairs, 0 for the others: most results are asked upright."""
    lean = float(rng.uniform(-recipe.roll_deg, recipe.roll_deg))
    return lean if rng.random() < 0.5 else 0.0


def _true_pair(
    source: LoadedPortrait,
    target: LoadedPortrait,
    *,
    matting: PersonMatte,
    rng: np.random.Generator,
    recipe: RotationDataRecipe,
    roll_deg: float,
    rendered: bool,
    templates: Templates,
    size_px: int,
) -> Pairs:
    """Two views of one person. The source stands upright, the target leans by `roll_deg`.

    Rendered views have one camera, so that both share the source's frame, and their own alpha for a
    matte; a photograph has its own frame.
    """
    assert source.face is not None
    head = mesh_from_landmarks(source.face.landmarks, source.pose)
    aim = head
    if not rendered:
        assert target.face is not None
        aim = mesh_from_landmarks(target.face.landmarks, target.pose)
    frame = with_roll(aim, roll_deg).frame
    behind = backdrop(rng, size_px=size_px * 2)
    (portrait, alpha), (answer, _) = (
        _cut(view, crop, behind=behind) for view, crop in ((source, head.frame), (target, frame))
    )
    if rendered:
        matte = resize(alpha, width_px=MATTE_PX, height_px=MATTE_PX)[..., 0].astype(np.float32)
        matte /= 255
        head, layers = fit_rim(head, matte), split_layers(portrait, matte)
    else:
        head, layers = segment_portrait(head, portrait, matting=matting)
    pose = replace(target.pose, roll_deg=roll_deg)
    plan = warp_to(head, pose, size_px=size_px)
    drafted = draft(layers, plan)
    mesh_points = pick_landmarks(head.landmarks(pose), count=recipe.landmarks)
    return make_pair(
        portrait,
        resize(answer, width_px=size_px, height_px=size_px, kernel="box"),
        drafted=drafted,
        shown=wrong_draft(head, pose, layers, rng=rng, recipe=recipe) or drafted,
        plan=plan,
        source_points=_seen(source.face, head.frame, recipe=recipe),
        target_points=template_points(templates, pose),
        mesh_points=mesh_points,
        true_points=(
            mesh_points if target.face is None else _seen(target.face, frame, recipe=recipe)
        ),
        photo=not rendered,
    )


def _seen(face: Face, frame: Crop, *, recipe: RotationDataRecipe) -> FloatArray:
    """(K, 2) where a face shows its landmarks, as shares of a frame's side."""
    return to_shares(frame, pick_landmarks(face.landmarks[:, :2], count=recipe.landmarks))


def _cut(view: LoadedPortrait, frame: Crop, *, behind: RgbImage) -> tuple[RgbImage, RgbImage]:
    """(P, P, 3) a frame of a view, before a background that stays where it is, and its alpha."""
    size_px = len(behind)
    head = composite(view.rgba, np.zeros_like(view.rgba[..., :3]))
    alpha = frame.cut(np.repeat(view.rgba[..., 3:], 3, axis=2), size_px=size_px)
    shown = frame.cut(head, size_px=size_px) + behind * (1 - alpha / 255)
    return to_bytes(shown), alpha


def _seed(name: str) -> Sequence[int]:
    return list(hashlib.sha256(name.encode()).digest()[:8])
