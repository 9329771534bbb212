"""Makes training pairs: photographs turned there and back, or away, and true views of people."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.errors import GoodsideError, ImageError
from goodside.face import Crop, FaceFinder, PersonMatte, five_points
from goodside.images import find_photos, read_photo, resize
from goodside.rotation.blend import to_bytes
from goodside.rotation.frame import to_shares
from goodside.rotation.head import HeadMesh, fit_rim, head_mesh, mesh_from_landmarks
from goodside.rotation.layers import MATTE_PX, Draft, Layers, draft, part_layers
from goodside.rotation.portrait import cut_portrait, shown_part
from goodside.rotation.sitter import take_apart
from goodside.rotation.target import Templates
from goodside.rotation.warp import Warp, warp_to
from goodside.types import FloatArray, Pose, RgbImage
from goodside_train.rotation.pairs import FLOW_SHARE, Pairs, stack
from goodside_train.rotation.recipe import DataRecipe
from goodside_train.rotation.shots import Room, Shot, View, is_held_out, look, over

_SOURCE_YAW_DEG = 60.0  # a photograph that is turned further is of no use
_TARGET_YAW_DEG = 75.0
_DRAWS = 3  # times as many draws as pairs, since some pictures show no face

_log = logging.getLogger(__name__)


def photo_pairs(
    folder: Path, *, recipe: DataRecipe, templates: Templates, size_px: int, held_out: bool
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
            seated = _cut_apart(head, rgb, matting=matting, size_px=size_px * 2)
            make = partial(_away, *seated, recipe=recipe, templates=templates, size_px=size_px)
            rows += [make(rng=rng) for _ in range(recipe.forward_turns)]
            rows += [make(rng=rng, home=True) for _ in range(recipe.home_turns)]
        yield stack(rows)


def view_pairs(
    room: Room, *, recipe: DataRecipe, templates: Templates, size_px: int, held_out: bool
) -> Iterator[Pairs]:
    """Pairs of true views of the people of a data set; rendered heads get a made background.

    Args: as for `photo_pairs`; `room` names the views.

    Yields:
        The pairs of one identity.
    """
    finder, matting = FaceFinder(), PersonMatte()
    count = recipe.head_pairs if room.rendered else recipe.view_pairs
    for identity, shots in room.people(recipe, held_out=held_out):
        rng = np.random.default_rng(_seed(identity))
        partners = {shot: _partners(shot, shots, room=room, recipe=recipe) for shot in shots}
        sources = [shot for shot in shots if _within(shot, _SOURCE_YAW_DEG) and partners[shot]]
        looked: dict[Shot, View | None] = {}
        rows: list[Pairs] = []
        for _ in range(count * _DRAWS if sources else 0):
            if len(rows) == count:
                break
            shot = sources[rng.integers(len(sources))]
            pair = (shot, partners[shot][rng.integers(len(partners[shot]))])
            for one in pair:
                if one not in looked:
                    looked[one] = _looked(one, room=room, finder=finder)
            source, target = (looked[one] for one in pair)
            if source is None or target is None or source.face is None:
                continue
            if target.face is None and not room.rendered:
                continue
            rows.append(
                _true_pair(
                    *(source, target),
                    matting=matting,
                    rng=rng,
                    lean_deg=_lean_deg(rng, recipe),
                    rendered=room.rendered,
                    templates=templates,
                    size_px=size_px,
                )
            )
        if rows:
            yield stack(rows)


def _partners(shot: Shot, shots: Sequence[Shot], *, room: Room, recipe: DataRecipe) -> list[Shot]:
    """The pictures that a picture may be turned into."""
    furthest = _TARGET_YAW_DEG if room.rendered else _SOURCE_YAW_DEG
    return [
        other
        for other in shots
        if other != shot
        and other.moment == shot.moment
        and (recipe.across_lights or other.light == shot.light)
        and _within(other, furthest)
    ]


def _within(shot: Shot, yaw_deg: float) -> bool:
    return shot.yaw_deg is None or abs(shot.yaw_deg) <= yaw_deg


def _looked(shot: Shot, *, room: Room, finder: FaceFinder) -> View | None:
    """A view; None for a photograph that cannot be read."""
    try:
        return look(shot, rendered=room.rendered, finder=finder)
    except ImageError as error:
        _log.warning("left out: %s", error)
        return None


def backdrop(rng: np.random.Generator, *, size_px: int) -> RgbImage:
    """A soft made background: a few colours, blended over the square, with a little grain."""
    coarse = rng.uniform(20, 235, (rng.integers(2, 6), rng.integers(2, 6), 3)).astype(np.uint8)
    smooth = resize(coarse, width_px=size_px, height_px=size_px, kernel="bicubic")
    grain = rng.normal(0, rng.uniform(0, 6), (size_px, size_px, 1))
    return np.clip(smooth + grain, 0, 255).astype(np.uint8)


def leaning(head: HeadMesh, lean_deg: float) -> HeadMesh:
    """The same head in a frame turned about its pivot, so that the head leans in it.

    Args:
        head: upright in its frame.
        lean_deg: roll of the head in the new frame, positive clockwise.
    """
    frame = head.frame
    pivot = frame.to_picture(head.pivot - 0.5, size_px=1)
    angle_deg = frame.angle_deg - lean_deg
    turned = replace(frame, angle_deg=angle_deg)
    x, y = pivot - (turned.to_picture(head.pivot - 0.5, size_px=1) - (frame.x, frame.y))
    return replace(
        head,
        pose=replace(head.pose, roll_deg=lean_deg),
        frame=replace(turned, x=float(x), y=float(y)),
    )


def _there_and_back(
    head: HeadMesh,
    rgb: RgbImage,
    *,
    matting: PersonMatte,
    rng: np.random.Generator,
    recipe: DataRecipe,
    templates: Templates,
    size_px: int,
) -> Pairs:
    """An upright, turned head as source; the answer is the photograph, which may lean."""
    head = leaning(head, _lean_deg(rng, recipe))
    head, portrait, layers = _cut_apart(head, rgb, matting=matting, size_px=size_px * 2)
    away = replace(head, pose=_turn(head, rng=rng, recipe=recipe))
    there = draft(layers, warp_to(head, away.pose, size_px=size_px * 2))
    turned = to_bytes(there.warped)
    away, layers = take_apart(away, turned, matting=matting)
    home = five_points(head.landmarks(head.pose))
    plan = warp_to(away, head.pose, size_px=size_px)
    return _pair(
        turned,
        resize(portrait, width_px=size_px, height_px=size_px, kernel="box"),
        drafted=draft(layers, plan),
        plan=plan,
        source_points=five_points(head.landmarks(away.pose)),
        target_points=_template_points(templates, head.pose),
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
    recipe: DataRecipe,
    templates: Templates,
    size_px: int,
    home: bool = False,
) -> Pairs:
    """The photograph as source; nobody has seen the answer, so the mended draft stands in for it.

    Turned home the two change places: the draft is the source, and the photograph the answer.
    """
    lean_deg = 0.0 if home else _lean_deg(rng, recipe)
    pose = replace(_turn(head, rng=rng, recipe=recipe), roll_deg=lean_deg)
    plan = warp_to(head, pose, size_px=size_px)
    drafted = draft(layers, plan)
    source, target = portrait, to_bytes(drafted.mended)
    first, last = head.pose, pose
    if home:
        source = resize(target, width_px=size_px * 2, height_px=size_px * 2)
        target = resize(portrait, width_px=size_px, height_px=size_px, kernel="box")
        first, last = last, first
        plan = warp_to(head, last, size_px=size_px, source=first)
        drafted = draft(_as_they_are(source, layers), plan)
    there = five_points(head.landmarks(last))
    return _pair(
        source,
        target,
        drafted=drafted,
        plan=plan,
        source_points=five_points(head.landmarks(first)),
        target_points=_template_points(templates, last),
        mesh_points=there,
        true_points=there,
        photo=True,
        true=home,
    )


def _as_they_are(portrait: RgbImage, layers: Layers) -> Layers:
    """Layers of a portrait that is not taken apart: the person is all of it."""
    everywhere = np.ones_like(layers.matte)
    return Layers(portrait, layers.backdrop, everywhere, bare=layers.bare, shown=everywhere)


def _cut_apart(
    head: HeadMesh, rgb: RgbImage, *, matting: PersonMatte, size_px: int
) -> tuple[HeadMesh, RgbImage, Layers]:
    """A head fitted to its portrait, the portrait at a size, and the portrait's layers."""
    height, width = rgb.shape[:2]
    portrait = cut_portrait(rgb, head.frame, size_px=size_px)
    shown = shown_part(head.frame, height=height, width=width, size_px=MATTE_PX)
    head, layers = take_apart(head, portrait, matting=matting, shown=shown)
    return head, portrait, layers


def _turn(head: HeadMesh, *, rng: np.random.Generator, recipe: DataRecipe) -> Pose:
    """A random upright pose within the recipe's reach."""
    yaw = float(rng.uniform(-recipe.yaw_deg, recipe.yaw_deg))
    pitch = head.pose.pitch_deg + rng.uniform(-1, 1) * recipe.pitch_deg
    return Pose(yaw, float(np.clip(pitch, -25, 25)), 0.0)


def _lean_deg(rng: np.random.Generator, recipe: DataRecipe) -> float:
    """A random roll for half of the pairs, 0 for the others: most results are asked upright."""
    lean = float(rng.uniform(-recipe.roll_deg, recipe.roll_deg))
    return lean if rng.random() < 0.5 else 0.0


def _true_pair(
    source: View,
    target: View,
    *,
    matting: PersonMatte,
    rng: np.random.Generator,
    lean_deg: float,
    rendered: bool,
    templates: Templates,
    size_px: int,
) -> Pairs:
    """Two views of one person. The source stands upright, the target leans by `lean_deg`.

    Rendered views have one camera, so that both share the source's frame, and their own alpha for a
    matte; a photograph has its own frame.
    """
    assert source.face is not None
    head = mesh_from_landmarks(source.face.landmarks, source.pose)
    aim = head
    if not rendered:
        assert target.face is not None
        aim = mesh_from_landmarks(target.face.landmarks, target.pose)
    frame = leaning(aim, lean_deg).frame
    behind = backdrop(rng, size_px=size_px * 2)
    (portrait, alpha), (answer, _) = (
        _cut(view, crop, behind=behind) for view, crop in ((source, head.frame), (target, frame))
    )
    if rendered:
        matte = resize(alpha, width_px=MATTE_PX, height_px=MATTE_PX)[..., 0].astype(np.float32)
        matte /= 255
        head, layers = fit_rim(head, matte), part_layers(portrait, matte)
    else:
        head, layers = take_apart(head, portrait, matting=matting)
    pose = replace(target.pose, roll_deg=lean_deg)
    plan = warp_to(head, pose, size_px=size_px)
    mesh_points = five_points(head.landmarks(pose))
    return _pair(
        portrait,
        resize(answer, width_px=size_px, height_px=size_px, kernel="box"),
        drafted=draft(layers, plan),
        plan=plan,
        source_points=to_shares(head.frame, source.face.points),
        target_points=_template_points(templates, pose),
        mesh_points=mesh_points,
        true_points=mesh_points if target.face is None else to_shares(frame, target.face.points),
        photo=not rendered,
    )


def _cut(view: View, frame: Crop, *, behind: RgbImage) -> tuple[RgbImage, RgbImage]:
    """(P, P, 3) a frame of a view, before a background that stays where it is, and its alpha."""
    size_px = len(behind)
    head = over(view.rgba, np.zeros_like(view.rgba[..., :3]))
    alpha = frame.cut(np.repeat(view.rgba[..., 3:], 3, axis=2), size_px=size_px)
    shown = frame.cut(head, size_px=size_px) + behind * (1 - alpha / 255)
    return to_bytes(shown), alpha


def _pair(
    portrait: RgbImage,
    target: RgbImage,
    *,
    drafted: Draft,
    plan: Warp,
    source_points: FloatArray,
    target_points: FloatArray,
    mesh_points: FloatArray,
    true_points: FloatArray,
    photo: bool,
    true: bool = True,
) -> Pairs:
    """One pair, its arrays without the first axis; the portrait comes at twice the size."""
    size_px = len(target)
    warped, mirrored, confidence, mirrored_confidence = (
        to_bytes(values)
        for values in (
            *(drafted.warped, drafted.mirrored),
            *(drafted.confidence * 255, drafted.mirrored_confidence * 255),
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


def _flow(plan: Warp, drafted: Draft) -> NDArray[np.float16]:
    """(S/2, S/2, 3) where a plan reads each place in the source, and how far that is shown there.

    As in the mended draft, the mirror twin stands in for what is hidden.
    """
    size_px = len(plan.where)
    axis = (np.arange(size_px, dtype=np.float32) + 0.5) / size_px
    place = np.stack(np.meshgrid(axis, axis), axis=-1)
    twin = 2 * (drafted.mirrored_confidence - drafted.confidence) > 1
    where = np.where(twin[..., None], plan.mirrored, plan.where)
    off = np.where(drafted.person[..., None] > 0.5, 2 * (where - place), 0)
    shown = np.where(twin, drafted.mirrored_confidence, drafted.confidence)
    cells = size_px // FLOW_SHARE
    every = np.concatenate([off, shown[..., None]], axis=-1)
    means = every.reshape(cells, FLOW_SHARE, cells, FLOW_SHARE, 3).mean(axis=(1, 3))
    flow: NDArray[np.float16] = means.astype(np.float16)
    return flow


def _template_points(templates: Templates, pose: Pose) -> FloatArray:
    first, last = float(templates.yaw_deg[0]), float(templates.yaw_deg[-1])
    reach = 2 * templates.pitch_step_deg
    return templates.at(
        float(np.clip(pose.yaw_deg, first, last)),
        pitch_deg=float(np.clip(pose.pitch_deg, -reach, reach)),
        roll_deg=pose.roll_deg,
    ).points


def _seed(name: str) -> Sequence[int]:
    return list(hashlib.sha256(name.encode()).digest()[:8])
