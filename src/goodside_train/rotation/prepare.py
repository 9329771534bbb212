"""Renders everything a rotation run draws from, once, before it starts."""

from __future__ import annotations

import logging
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from goodside.errors import SettingsError
from goodside.rotation.target import FILENAME, Templates, read_templates, write_templates
from goodside_train.rotation.pairs import Pairs, join, read_pairs, write_pairs
from goodside_train.rotation.recipe import DataRecipe
from goodside_train.rotation.render import head_pairs, photo_pairs
from goodside_train.rotation.templates import build_templates

_SIDES = {"pairs": False, "held-out": True}  # file, and whether it holds who is kept out
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rendered data of a run: training pairs, pairs of people kept out, and templates."""

    pairs: Pairs
    held_out: Pairs
    templates: Templates


def prepare(data: Path, *, recipe: DataRecipe, size_px: int, out: Path) -> Prepared:
    """Read the rendered pairs below `out`, or render them first.

    Args:
        data: folder with the recipe's photos and heads.
        recipe: what to render.
        size_px: side of the pairs.
        out: folder for `rotation-templates.npz`, `pairs.npz` and `held-out.npz`. Delete them when
            the recipe's data has changed.

    Raises:
        SettingsError: a folder is missing or yields nothing.
    """
    out.mkdir(parents=True, exist_ok=True)
    if not (out / FILENAME).exists():
        write_templates(out / FILENAME, build_templates(data / recipe.heads, recipe=recipe))
    templates = read_templates(out / FILENAME)
    missing = [name for name in _SIDES if not (out / f"{name}.npz").exists()]
    if missing:
        folders = [*(data / photos for photos in recipe.photos), data / recipe.heads]
        # A forked child would inherit the threads of torch and ONNX Runtime half alive.
        fresh, count = get_context("spawn"), min(len(folders), os.cpu_count() or 1)
        with ProcessPoolExecutor(count, mp_context=fresh) as workers:
            for name in missing:
                render = partial(
                    _render,
                    recipe=recipe,
                    templates=templates,
                    size_px=size_px,
                    held_out=_SIDES[name],
                )
                parts = [part for part in workers.map(render, folders) if part is not None]
                if not parts:
                    raise SettingsError(
                        f"nothing to render for {name}",
                        path=data,
                        remedy="check the recipe's folders, and who it keeps out",
                    )
                write_pairs(out / f"{name}.npz", join(parts))
                _log.info("%s: %d", name, sum(map(len, parts)))
    return Prepared(read_pairs(out / "pairs.npz"), read_pairs(out / "held-out.npz"), templates)


def _render(
    folder: Path, *, recipe: DataRecipe, templates: Templates, size_px: int, held_out: bool
) -> Pairs | None:
    make = head_pairs if (folder / "views.csv").exists() else photo_pairs
    parts = list(
        make(folder, recipe=recipe, templates=templates, size_px=size_px, held_out=held_out)
    )
    return join(parts) if parts else None
