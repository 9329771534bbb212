"""Renders everything a rotation run draws from, once, before it starts."""

from __future__ import annotations

import ast
import hashlib
import inspect
import logging
import os
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from goodside.errors import SettingsError
from goodside.face import fit_pose
from goodside.images import find_photos
from goodside.rotation.generator.templates import (
    FILENAME,
    Templates,
    read_templates,
    write_templates,
)
from goodside.rotation.geometry.frame import Window
from goodside.rotation.geometry.head import HeadMesh
from goodside.rotation.geometry.head_fit import mesh_from_landmarks
from goodside.rotation.geometry.head_shape import HeadShape
from goodside.rotation.geometry.layers import split_layers
from goodside.rotation.geometry.raster import rasterize
from goodside.rotation.geometry.texels import texel_trust
from goodside.rotation.geometry.topology import head_topology
from goodside.rotation.geometry.visibility import visibility
from goodside.rotation.geometry.warp import warp_to
from goodside.rotation.portrait import cut_portrait
from goodside.runtime import WeightsStore
from goodside_train.rotation.datasets.portraits import (
    PortraitDataset,
    load_portrait,
    with_someone_held_out,
)
from goodside_train.rotation.datasets.recipe_datasets import open_datasets
from goodside_train.rotation.pairs.landmarks import pick_landmarks
from goodside_train.rotation.pairs.make_pairs import photo_pairs, view_pairs
from goodside_train.rotation.pairs.pair import make_pair
from goodside_train.rotation.pairs.pairs import (
    Pairs,
    join,
    read_digest,
    read_pairs,
    write_pairs,
)
from goodside_train.rotation.pairs.templates import build_templates
from goodside_train.rotation.recipe import RotationDataRecipe

_SIDES = {"pairs": False, "held-out": True}  # file, and whether it holds who is kept out
_DECIDES = (
    fit_pose, Window, HeadShape, HeadMesh, mesh_from_landmarks, head_topology, texel_trust,
    visibility, warp_to, split_layers, cut_portrait, rasterize, Templates, Pairs,
    photo_pairs, make_pair, load_portrait, build_templates, pick_landmarks,
)  # fmt: skip
"""One name of every module that decides what a pair looks like."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PreparedPairs:
    """The rendered data of a run: training pairs, pairs of people kept out, and templates."""

    pairs: Pairs
    held_out: Pairs
    templates: Templates


def prepare(data: Path, *, recipe: RotationDataRecipe, size_px: int, out: Path) -> PreparedPairs:
    """Read the rendered pairs below `out`; render them first if there are none that fit.

    Pairs fit if the same recipe, size and code rendered them. Pictures that came or went in the
    data folder are not noticed: delete the pairs then.

    Args:
        data: folder with the recipe's data sets.
        recipe: what to render.
        size_px: side of the pairs.
        out: folder for `rotation-templates.npz`, `pairs.npz` and `held-out.npz`.

    Raises:
        SettingsError: a folder is missing or yields nothing.
    """
    wanted = pairs_digest(recipe, size_px=size_px)
    paths = {name: out / f"{name}.npz" for name in _SIDES}
    outdated = [name for name, path in paths.items() if read_digest(path) != wanted]
    if outdated or not (out / FILENAME).exists():
        out.mkdir(parents=True, exist_ok=True)
        _render_all(data, recipe=recipe, size_px=size_px, out=out, mark=wanted)
    kept, held_out = (read_pairs(path) for path in paths.values())
    return PreparedPairs(kept, held_out, read_templates(out / FILENAME))


def pairs_digest(recipe: RotationDataRecipe, *, size_px: int) -> str:
    """A hash of what decides the pairs: recipe, size, and code whatever its layout and comments."""
    sources = [inspect.getsource(sys.modules[named.__module__]) for named in _DECIDES]
    parts = [recipe.model_dump_json(), str(size_px), *(ast.dump(ast.parse(s)) for s in sources)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _render_all(
    data: Path, *, recipe: RotationDataRecipe, size_px: int, out: Path, mark: str
) -> None:
    """Render templates and the pairs of both sides, each data set in a process of its own."""
    sets: list[Path | PortraitDataset] = [data / photos for photos in recipe.photos]
    sets += open_datasets(data, recipe)
    recipe = with_someone_held_out(recipe, {name for one in sets for name in _identities(one)})
    if recipe.heads:
        templates = build_templates(data / recipe.heads, recipe=recipe)
    else:
        templates = read_templates(WeightsStore().data(FILENAME))
        if templates.points.shape[1] != recipe.landmarks:
            raise SettingsError(
                f"the package's templates have {templates.points.shape[1]} landmarks, the recipe "
                f"asks for {recipe.landmarks}",
                remedy="name a folder of rendered heads under heads, of which templates are made",
            )
    write_templates(out / FILENAME, templates)
    # A forked child would inherit the threads of torch and ONNX Runtime half alive.
    fresh, count = get_context("spawn"), min(len(sets), os.cpu_count() or 1)
    with ProcessPoolExecutor(max(1, count), mp_context=fresh) as workers:
        for name, held_out in _SIDES.items():
            render = partial(
                _render, recipe=recipe, templates=templates, size_px=size_px, held_out=held_out
            )
            parts = [part for part in workers.map(render, sets) if part is not None]
            if not parts:
                raise SettingsError(
                    f"nothing to render for {name}",
                    path=data,
                    remedy="check the recipe's folders, and who it keeps out",
                )
            write_pairs(out / f"{name}.npz", join(parts), pairs_digest=mark)
            _log.info("%s: %d", name, sum(map(len, parts)))


def _identities(source: Path | PortraitDataset) -> Iterator[str]:
    """Those that a pair can be made of."""
    if isinstance(source, Path):
        yield from (path.stem for path in find_photos([source]))
        return
    views = Counter(portrait.identity for portrait in source.portraits)
    yield from (identity for identity, count in views.items() if count > 1)


def _render(
    source: Path | PortraitDataset,
    *,
    recipe: RotationDataRecipe,
    templates: Templates,
    size_px: int,
    held_out: bool,
) -> Pairs | None:
    make = (
        partial(view_pairs, source)
        if isinstance(source, PortraitDataset)
        else partial(photo_pairs, source)
    )
    made = make(recipe=recipe, templates=templates, size_px=size_px, held_out=held_out)
    parts = list(made)
    return join(parts) if parts else None
