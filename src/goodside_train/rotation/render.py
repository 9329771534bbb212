"""Makes training pairs: photographs turned there and back, and true views of rendered heads."""

from __future__ import annotations

import csv
import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from goodside.errors import GoodsideError, SettingsError
from goodside.face import FaceFinder, five_points
from goodside.images import find_photos, read_photo, resize
from goodside.rotation.frame import to_shares
from goodside.rotation.mesh import HeadMesh, Warp, head_mesh, mesh_from_landmarks, warp_to
from goodside.rotation.raster import sample
from goodside.rotation.target import Templates
from goodside.types import Face, FloatArray, Pose, RgbImage
from goodside_train.rotation.pairs import Pairs, stack
from goodside_train.rotation.recipe import DataRecipe

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class View:
    """One rendered picture of an identity.

    Attributes:
        rgba: (H, W, 4) uint8, transparent around the head.
        pose: the true pose.
        face: what the face finder sees in it; None past its range.
    """

    rgba: RgbImage
    pose: Pose
    face: Face | None


def is_held_out(name: str, recipe: DataRecipe) -> bool:
    """Whether an identity is kept from training: named in the recipe, or by a hash of its name."""
    digest = hashlib.sha256(name.encode()).digest()
    return name in recipe.held_out or digest[0] < 256 * recipe.held_out_share


def photo_pairs(
    folder: Path, *, recipe: DataRecipe, templates: Templates, size_px: int, held_out: bool
) -> Iterator[Pairs]:
    """Turn every portrait of a folder by its own mesh and back; the answer is the photograph.

    Args:
        folder: single portraits, the file's stem being the identity.
        recipe: how many turns, how far, and who is kept out.
        templates: where the target's landmarks come from.
        size_px: side of the pairs.
        held_out: make the pairs of the identities that are kept out, instead of the others.

    Yields:
        The pairs of one photograph.
    """
    finder = FaceFinder()
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
        yield stack(
            [
                _there_and_back(
                    head, rgb, rng=rng, recipe=recipe, templates=templates, size_px=size_px
                )
                for _ in range(recipe.turns)
            ]
        )


def head_pairs(
    folder: Path, *, recipe: DataRecipe, templates: Templates, size_px: int, held_out: bool
) -> Iterator[Pairs]:
    """Pairs of true views of rendered heads, before the same made background.

    Args: as for `photo_pairs`; `folder` holds `views.csv`.

    Yields:
        The pairs of one identity.
    """
    if not recipe.head_pairs:
        return
    for identity, views in read_views(folder, recipe=recipe, held_out=held_out):
        rng = np.random.default_rng(_seed(identity))
        sources = [v for v in views if v.face is not None and abs(v.pose.yaw_deg) <= 60]
        rows = []
        for _ in range(recipe.head_pairs):
            source = sources[rng.integers(len(sources))]
            near = [v for v in views if abs(v.pose.yaw_deg) <= 75]
            target = near[rng.integers(len(near))]
            rows.append(_true_pair(source, target, rng=rng, templates=templates, size_px=size_px))
        yield stack(rows)


def read_views(
    folder: Path, *, recipe: DataRecipe, held_out: bool
) -> Iterator[tuple[str, list[View]]]:
    """Every identity of `views.csv` with its views; faces are found where the finder reaches.

    Raises:
        SettingsError: `views.csv` or one of its pictures is missing or cannot be read.
    """
    rows = _rows(folder / "views.csv")
    finder = FaceFinder()
    for identity in sorted({row["identity"] for row in rows}):
        if is_held_out(identity, recipe) is not held_out:
            continue
        views = []
        for row in rows:
            if row["identity"] != identity:
                continue
            rgba = _rgba(folder / row["image"])
            found = finder.find(over(rgba, np.full_like(rgba[..., :3], 128)))
            pose = Pose(float(row["yaw_deg"]), float(row["pitch_deg"]), 0.0)
            views.append(View(rgba, pose, found[0] if found else None))
        yield identity, views


def _rows(path: Path) -> list[dict[str, str]]:
    """The lines of a list of views, its columns and angles checked."""
    try:
        with path.open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        for row in rows:
            _ = row["image"], row["identity"], float(row["yaw_deg"]), float(row["pitch_deg"])
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise SettingsError(
            f"the list of views cannot be read: {error}",
            path=path,
            remedy="it needs the columns image, identity, yaw_deg, pitch_deg",
        ) from error
    return rows


def _rgba(path: Path) -> RgbImage:
    try:
        with Image.open(path) as image:
            return np.asarray(image.convert("RGBA"))
    except (OSError, ValueError, SyntaxError) as error:
        raise SettingsError(
            f"a rendered view cannot be read: {error}",
            path=path,
            remedy="render it again, or take its line out of views.csv",
        ) from error


def over(rgba: RgbImage, background: RgbImage) -> RgbImage:
    """A picture with alpha laid over a background of its size: (H, W, 3) uint8."""
    alpha = rgba[..., 3:].astype(np.float32) / 255
    laid = rgba[..., :3] * alpha + background * (1 - alpha)
    return np.rint(laid).astype(np.uint8)


def backdrop(rng: np.random.Generator, *, size_px: int) -> RgbImage:
    """A soft made background: a few colours, blended over the square, with a little grain."""
    coarse = rng.uniform(20, 235, (rng.integers(2, 6), rng.integers(2, 6), 3)).astype(np.uint8)
    smooth = resize(coarse, width_px=size_px, height_px=size_px, kernel="bicubic")
    grain = rng.normal(0, rng.uniform(0, 6), (size_px, size_px, 1))
    return np.clip(smooth + grain, 0, 255).astype(np.uint8)


def _there_and_back(
    head: HeadMesh,
    rgb: RgbImage,
    *,
    rng: np.random.Generator,
    recipe: DataRecipe,
    templates: Templates,
    size_px: int,
) -> Pairs:
    portrait = head.frame.cut(rgb, size_px=size_px * 2)
    away = Pose(
        float(rng.uniform(-recipe.yaw_deg, recipe.yaw_deg)),
        float(np.clip(head.pose.pitch_deg + rng.uniform(-1, 1) * recipe.pitch_deg, -25, 25)),
        0.0,
    )
    there = warp_to(head, away, size_px=size_px * 2)
    turned = np.rint(sample(portrait, there.where)).astype(np.uint8)
    back = warp_to(head, head.pose, size_px=size_px, source=away)
    home = Pose(head.pose.yaw_deg, head.pose.pitch_deg, 0.0)
    return _pair(
        turned,
        resize(portrait, width_px=size_px, height_px=size_px, kernel="box"),
        warp=back,
        source_points=five_points(head.landmarks(away)),
        target_points=_template_points(templates, home),
        true_points=five_points(head.landmarks(home)),
        photo=True,
    )


def _true_pair(
    source: View, target: View, *, rng: np.random.Generator, templates: Templates, size_px: int
) -> Pairs:
    assert source.face is not None
    head = mesh_from_landmarks(source.face.landmarks, source.pose)
    side = len(source.rgba)
    background = backdrop(rng, size_px=side)
    portraits = [
        head.frame.cut(over(view.rgba, background), size_px=size_px * 2)
        for view in (source, target)
    ]
    true_points = five_points(head.landmarks(target.pose))
    if target.face is not None:
        true_points = to_shares(head.frame, target.face.points)
    return _pair(
        portraits[0],
        resize(portraits[1], width_px=size_px, height_px=size_px, kernel="box"),
        warp=warp_to(head, target.pose, size_px=size_px),
        source_points=to_shares(head.frame, source.face.points),
        target_points=_template_points(templates, target.pose),
        true_points=true_points,
        photo=False,
    )


def _pair(
    portrait: RgbImage,
    target: RgbImage,
    *,
    warp: Warp,
    source_points: FloatArray,
    target_points: FloatArray,
    true_points: FloatArray,
    photo: bool,
) -> Pairs:
    """One pair, its arrays without the first axis; the portrait comes at twice the size."""
    size_px = len(target)
    warped, mirrored = (np.rint(p).astype(np.uint8) for p in warp.apply(portrait))
    return Pairs(
        source=resize(portrait, width_px=size_px, height_px=size_px, kernel="box"),
        target=target,
        warped=warped,
        mirrored=mirrored,
        confidence=np.rint(warp.confidence * 255).astype(np.uint8),
        mirrored_confidence=np.rint(warp.mirrored_confidence * 255).astype(np.uint8),
        source_points=source_points,
        target_points=target_points,
        true_points=true_points,
        photo=np.asarray(photo),
    )


def _template_points(templates: Templates, pose: Pose) -> FloatArray:
    first, last = float(templates.yaw_deg[0]), float(templates.yaw_deg[-1])
    reach = 2 * templates.pitch_step_deg
    return templates.at(
        float(np.clip(pose.yaw_deg, first, last)),
        pitch_deg=float(np.clip(pose.pitch_deg, -reach, reach)),
    ).points


def _seed(name: str) -> Sequence[int]:
    return list(hashlib.sha256(name.encode()).digest()[:8])
