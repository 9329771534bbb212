"""Photographs decoded in another process, which is stopped when one takes too long."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from goodside.errors import ImageError
from goodside.images.decode import read_photo
from goodside.images.photo import Limits, Photo, from_array
from goodside.workers import Crew, Errand, Task, can_start, run_ahead

Source = TypeVar("Source", bound="str | Path | bytes | NDArray[Any]")
_Request = tuple[str | Path | bytes, int | None, float, Limits]

_MOST: Final = 8


def read_photo_in_worker(
    source: str | Path | bytes | NDArray[Any],
    *,
    fit_px: int | None = None,
    draft: float = 2.0,
    limits: Limits | None = None,
    errand: Errand | None = None,
) -> Photo:
    """`read_photo` with a limit on time: `limits.timeout_s`.

    The process that decodes is started at the first call, kept, and shared by threads. A script
    needs no `if __name__ == "__main__"` for it.

    Args:
        source: a file, a file's bytes, or (H, W, 3) uint8 sRGB, which is taken as it is.
        fit_px, draft: as for `read_photo`.
        limits: on bytes, pixels and time; by default `Limits()`.
        errand: lets another thread break it off.

    Raises:
        ImageTimeout: it took too long.
        WorkerError: the process died over it.
        ImageError: as for `read_photo`, and an array of the wrong shape or type.
        OutOfRange: `fit_px` or `draft` is below 1.
        GoodsideError: no process can be started.
    """
    if isinstance(source, np.ndarray):
        return from_array(source)
    limits = limits or Limits()
    if _is_read_here(source, limits) or limits.timeout_s is None:
        return read_photo(source, fit_px=fit_px, draft=draft, limits=limits)
    photo: Photo = _crew().do(
        (source, fit_px, draft, limits),
        timeout_s=limits.timeout_s,
        path=None if isinstance(source, bytes) else source,
        errand=errand,
    )
    return photo


def read_photos_in_worker(
    sources: Iterable[Source],
    *,
    fit_px: int | None = None,
    draft: float = 2.0,
    limits: Limits | None = None,
) -> Iterator[tuple[Source, Photo | ImageError]]:
    """Read any number of photographs in their order, a little ahead of what is taken.

    Args: as for `read_photo_in_worker`.

    Yields:
        A source, and its photograph or the error that explains why there is none.

    Raises:
        GoodsideError: as for `read_photo_in_worker`, where it concerns every photograph.
    """

    def read(source: Source, errand: Errand) -> Photo:
        return read_photo_in_worker(
            source, fit_px=fit_px, draft=draft, limits=limits, errand=errand
        )

    limits = limits or Limits()
    if isinstance(sources, Sequence) and not all(_is_read_here(one, limits) for one in sources):
        _crew().start()
    return run_ahead(sources, read, at_once=1, in_order=True)


def close_workers() -> None:
    """End the processes that decode; the next photograph starts one again."""
    global _shared
    with _choosing:
        crew, _shared = _shared, None
    if crew is not None:
        crew.close()


def open_decoder() -> Callable[[_Request], Photo]:
    """What such a process does; called in it."""

    def decode(request: _Request) -> Photo:
        source, fit_px, draft, limits = request
        photo = read_photo(source, fit_px=fit_px, draft=draft, limits=limits)
        photo.rgb  # noqa: B018 - an array crosses to another process without being copied
        return photo

    return decode


def _crew() -> Crew:
    global _shared  # noqa: PLW0603
    with _choosing:
        if _shared is None:
            _register()
            _shared = Crew(Task(open_decoder), size=min(os.cpu_count() or 1, _MOST))
        return _shared


@cache
def _register() -> None:
    atexit.register(close_workers)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_forked)


def _is_read_here(source: object, limits: Limits) -> bool:
    """Whether it takes no other process: pixels, or no limit on time is wanted or possible."""
    return isinstance(source, np.ndarray) or limits.timeout_s is None or not can_start()


def _forked() -> None:
    """In a fork: the processes are the parent's."""
    global _shared, _choosing
    crew, _shared, _choosing = _shared, None, threading.Lock()
    if crew is not None:
        crew.disown()


_choosing = threading.Lock()
_shared: Crew | None = None
