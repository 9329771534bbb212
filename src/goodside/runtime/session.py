"""ONNX Runtime behind a small face: opened on first use, one thread, no spinning."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.errors import WeightsError
from goodside.runtime.card import ModelCard
from goodside.runtime.onnx_runtime import import_onnxruntime
from goodside.runtime.store import WeightsStore

_WANTED_PROVIDERS = ("CUDAExecutionProvider", "CPUExecutionProvider")


class Session:
    """One network, loaded when it is first run; safe to share between threads.

    Args:
        store: where the weights lie.
        name: the model's name.
        threads: intra-op threads; a process a core scales better than threads do.
        providers: ONNX Runtime execution providers in order of preference; by default CUDA where
            the installed ONNX Runtime has it, and always the CPU.
        frees_memory: give the memory of a run back after it, which takes a few milliseconds; else
            ONNX Runtime keeps as much as all runs at once ever needed. For networks that need
            hundreds of megabytes and are run now and then.
    """

    def __init__(
        self,
        store: WeightsStore,
        name: str,
        *,
        threads: int = 1,
        providers: Sequence[str] | None = None,
        frees_memory: bool = False,
    ) -> None:
        self.name = name
        self.card: ModelCard = store.card(name)
        self._store = store
        self._threads = threads
        self._providers = providers
        self._frees_memory = frees_memory
        self._session: Any = None
        self._lock = threading.Lock()

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Run the network.

        Args:
            inputs: one array an input, by its name in the graph.

        Returns:
            One array an output, by its name in the graph.

        Raises:
            WeightsError: the weights are missing, corrupt, or ONNX Runtime cannot load them.
        """
        session = self._loaded()
        names = [output.name for output in session.get_outputs()]
        feed = {key: np.ascontiguousarray(value) for key, value in inputs.items()}
        options = self._run_options(session) if self._frees_memory else None
        return dict(zip(names, session.run(names, feed, options), strict=True))

    def load(self) -> None:
        """Load the network now rather than when it is first run.

        Raises:
            WeightsError: as for `run`.
        """
        self._loaded()

    def _loaded(self) -> Any:
        with self._lock:
            if self._session is None:
                self._session = self._load()
        return self._session

    @staticmethod
    def _run_options(session: Any) -> Any:
        options = import_onnxruntime().RunOptions()
        used = ["gpu:0"] if "CUDAExecutionProvider" in session.get_providers() else []
        options.add_run_config_entry(
            "memory.enable_memory_arena_shrinkage", ";".join(["cpu:0", *used])
        )
        return options

    def _load(self) -> Any:
        path = self._store.path(self.name)
        ort = import_onnxruntime()
        options = ort.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        wanted = self._providers or _WANTED_PROVIDERS
        available = set(ort.get_available_providers())
        providers = [provider for provider in wanted if provider in available]
        try:
            return ort.InferenceSession(str(path), options, providers=providers)
        except Exception as error:  # ONNX Runtime has no common base class for its errors
            raise WeightsError(
                f"ONNX Runtime {ort.__version__} cannot load the weights: {error}",
                path=path,
                remedy="install the ONNX Runtime version that goodside's requirements name",
            ) from error


def open_session(
    name: str,
    *,
    store: WeightsStore | None = None,
    threads: int = 1,
    providers: Sequence[str] | None = None,
    frees_memory: bool = False,
) -> Session:
    """A session over the weights in the package, or in `store`; arguments as for `Session`."""
    return Session(
        store or WeightsStore(),
        name,
        threads=threads,
        providers=providers,
        frees_memory=frees_memory,
    )
