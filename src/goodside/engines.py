"""The engines as the settings say: one place for the command line and the one-call functions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goodside.aesthetics import Assessor
    from goodside.face import FaceFinder
    from goodside.images import Limits
    from goodside.rotation import Rotator
    from goodside.runtime import WeightsStore
    from goodside.settings import Settings


def open_assessor(*, model: str | None = None, taste: Path | None = None) -> Assessor:
    """A new assessor.

    Args:
        model: name of the weights; by default the shipped float32 ones.
        taste: a file of `goodside taste learn`.

    Raises:
        SettingsError: an environment variable of goodside's is wrong.
        WeightsError: there are no such weights; the taste cannot be read, or was learnt on others.
    """
    from goodside.aesthetics import Assessor, Taste
    from goodside.aesthetics.assess import DEFAULT_MODEL

    settings, store, limits = surroundings()
    liked = None if taste is None else Taste.read(taste)
    return Assessor(
        store=store,
        threads=settings.threads,
        model=model or DEFAULT_MODEL,
        limits=limits,
        taste=liked,
    )


def open_rotator(*, model: str | None = None) -> Rotator:
    """A new rotator; errors as for `open_assessor`.

    Args:
        model: name of the generator's weights; by default the shipped ones of our own recipe.
    """
    from goodside.rotation import Rotator
    from goodside.rotation.rotate import DEFAULT_MODEL

    settings, store, limits = surroundings()
    return Rotator(
        store=store, threads=settings.threads, model=model or DEFAULT_MODEL, limits=limits
    )


def open_finder() -> tuple[FaceFinder, Limits]:
    """A new face finder, and the limits to read its photographs under; errors likewise."""
    from goodside.face import FaceFinder

    settings, store, limits = surroundings()
    return FaceFinder(store=store, threads=settings.threads), limits


def surroundings() -> tuple[Settings, WeightsStore, Limits]:
    """The settings, and the weights and limits they name; errors likewise."""
    from goodside.images import Limits
    from goodside.runtime import WeightsStore
    from goodside.settings import Settings

    settings = Settings()
    limits = Limits(
        max_megapixels=settings.max_megapixels,
        max_megabytes=settings.max_megabytes,
        max_memory_megabytes=settings.max_memory_megabytes,
        timeout_s=settings.timeout_s,
    )
    return settings, WeightsStore(settings.weights_dir), limits
