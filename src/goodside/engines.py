"""The engines as the settings say: for commands, one-call functions and albums alike."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from goodside.aesthetics import Assessor
    from goodside.face import FaceFinder
    from goodside.images import Limits
    from goodside.rotation import Rotator
    from goodside.runtime import WeightsStore
    from goodside.settings import Settings

Engine = TypeVar("Engine")


class Engines:
    """The engines that share one set of settings, and what they are built from.

    Nothing is read or loaded before it is needed. An engine is built once and shared by the threads
    that ask for it.

    Args:
        settings: which weights, how many threads, how large a photograph may be; by default those
            of the environment, read when they are first needed.
        store: weights in place of those that the settings name.
    """

    def __init__(
        self, settings: Settings | None = None, *, store: WeightsStore | None = None
    ) -> None:
        self._given, self._store = settings, store
        self._built: dict[Hashable, Any] = {}
        self._building = threading.RLock()

    @cached_property
    def settings(self) -> Settings:
        """The settings.

        Raises:
            SettingsError: an environment variable of goodside's is wrong.
        """
        from goodside.settings import Settings

        return Settings() if self._given is None else self._given

    @cached_property
    def store(self) -> WeightsStore:
        """The weights that the settings name, and then a person's own models; errors as for
        `settings`.
        """
        from goodside.runtime import WeightsStore

        if self._store is not None:
            return self._store
        return WeightsStore(self.settings.weights_dir, others=WeightsStore(self.models_folder))

    @cached_property
    def models_folder(self) -> Path:
        """Where a person's own models lie, or will; errors as for `settings`."""
        from goodside.runtime import default_models_folder

        return self.settings.models_dir or default_models_folder()

    @cached_property
    def limits(self) -> Limits:
        """How large a photograph may be, and how long it may take; errors as for `settings`."""
        from goodside.images import Limits

        return Limits(
            max_megapixels=self.settings.max_megapixels,
            max_megabytes=self.settings.max_megabytes,
            max_memory_megabytes=self.settings.max_memory_megabytes,
            timeout_s=self.settings.timeout_s,
        )

    @cached_property
    def aesthetics_model(self) -> str:
        """Name of the weights that judge photographs; errors as for `settings`."""
        from goodside.aesthetics.assess import DEFAULT_MODEL

        return self.settings.aesthetics_model or DEFAULT_MODEL

    def with_weights(self, folder: Path) -> Engines:
        """Engines with other weights and the same settings; errors as for `settings`."""
        return Engines(self.settings.model_copy(update={"weights_dir": folder}))

    def with_export(self, folder: Path) -> Engines:
        """Engines with the networks of an export, and all others as the settings say; errors as for
        `settings`.
        """
        from goodside.runtime import WeightsStore

        return Engines(self.settings, store=WeightsStore(folder, others=self.store))

    def assessor(self, *, model: str | None = None, taste: Path | None = None) -> Assessor:
        """What judges photographs.

        Args:
            model: name of the weights; by default those that the settings name.
            taste: a file of `goodside taste learn`.

        Raises:
            SettingsError: an environment variable of goodside's is wrong.
            WeightsError: there are no such weights; the taste cannot be read, or was learnt on
                other weights.
        """
        return self._once(
            ("assessor", model or self.aesthetics_model, taste),
            lambda: self._build_assessor(model, taste=taste),
        )

    def rotator(self, *, model: str | None = None) -> Rotator:
        """What turns faces; errors as for `assessor`.

        Args:
            model: name of the generator's weights; by default the shipped ones of our own recipe.
        """
        return self._once(("rotator", model), lambda: self._build_rotator(model))

    def face_finder(self) -> FaceFinder:
        """What finds faces; errors as for `assessor`."""
        return self._once("face_finder", self._build_face_finder)

    def _once(self, name: Hashable, build: Callable[[], Engine]) -> Engine:
        with self._building:
            if name not in self._built:
                self._built[name] = build()
            engine: Engine = self._built[name]
        return engine

    def _build_assessor(self, model: str | None, *, taste: Path | None) -> Assessor:
        from goodside.aesthetics import Assessor, Taste

        return Assessor(
            store=self.store,
            threads=self.settings.threads,
            model=model or self.aesthetics_model,
            limits=self.limits,
            taste=None if taste is None else Taste.read(taste),
        )

    def _build_rotator(self, model: str | None) -> Rotator:
        from goodside.rotation import Rotator
        from goodside.rotation.rotate import DEFAULT_MODEL

        return Rotator(
            store=self.store,
            threads=self.settings.threads,
            model=model or DEFAULT_MODEL,
            limits=self.limits,
        )

    def _build_face_finder(self) -> FaceFinder:
        from goodside.face import FaceFinder

        return FaceFinder(store=self.store, threads=self.settings.threads, frees_memory=True)
