"""Photographs decoded in another process, which is stopped when one takes too long."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from goodside.errors import ImageError
from goodside.images.decoding.decode import read_photo
from goodside.images.decoding.messages import claim_stderr
from goodside.images.decoding.plain_jpeg import is_plain_jpeg
from goodside.images.photo import Limits, Photo, from_array

if TYPE_CHECKING:
    from goodside.workers import PendingJob, WorkerPool

Source = TypeVar("Source", bound="str | Path | bytes | NDArray[Any]")
_Request = tuple[Any, int | None, float, Limits]

_MOST: Final = 8


def read_photo_guarded(
    source: str | Path | bytes | NDArray[Any],
    *,
    fit_px: int | None = None,
    draft: float = 2.0,
    limits: Limits | None = None,
) -> Photo:
    """`read_photo` with a limit on time: `limits.timeout_s`.

    What may take long is decoded in another process. That is started when it is first needed,
    kept, and shared by threads; a script needs no `if __name__ == "__main__"` for it.

    Args:
        source: a file, a file's bytes, or (H, W, 3) uint8 sRGB, which is taken as it is.
        fit_px, draft: as for `read_photo`.
        limits: on bytes, pixels and time; by default `Limits()`.

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
    if _is_quick(source, limits) or _is_read_here(source, limits):
        return read_photo(source, fit_px=fit_px, draft=draft, limits=limits)
    return _read_elsewhere((source, fit_px, draft, limits))


def read_photos_guarded(
    sources: Iterable[Source],
    *,
    fit_px: int | None = None,
    draft: float = 2.0,
    limits: Limits | None = None,
) -> Iterator[tuple[Source, Photo | ImageError]]:
    """Read any number of photographs in their order, a little ahead of what is taken.

    Args: as for `read_photo_guarded`.

    Yields:
        A source, and its photograph or the error that explains why there is none.

    Raises:
        GoodsideError: as for `read_photo_guarded`, where it concerns every photograph.
    """
    limits = limits or Limits()
    if isinstance(sources, Sequence):
        if len(sources) == 1 and _is_quick(sources[0], limits):
            limits = replace(limits, timeout_s=None)
        if all(_is_read_here(source, limits) for source in sources):
            return _read_here(sources, fit_px=fit_px, draft=draft, limits=limits)
        _crew().start()  # so that it loads while the caller does
    from goodside.workers import map_ahead

    def read(source: Source, errand: PendingJob) -> Photo:
        if _is_read_here(source, limits):
            return read_photo_guarded(source, fit_px=fit_px, draft=draft, limits=limits)
        return _read_elsewhere((source, fit_px, draft, limits), errand=errand)

    return map_ahead(sources, read, at_once=1, in_order=True)


def close_workers() -> None:
    """End the processes that decode; the next photograph starts one again."""
    global _shared
    with _choosing:
        crew, _shared = _shared, None
    if crew is not None:
        crew.close()


def open_decoder() -> Callable[[_Request], Photo]:
    """What such a process does; called in it."""
    claim_stderr()

    def decode(request: _Request) -> Photo:
        source, fit_px, draft, limits = request
        photo = read_photo(source, fit_px=fit_px, draft=draft, limits=limits)
        photo.rgb  # noqa: B018 - an array crosses to another process without being copied
        return photo

    return decode


def _read_here(
    sources: Iterable[Source], *, fit_px: int | None, draft: float, limits: Limits
) -> Iterator[tuple[Source, Photo | ImageError]]:
    for source in sources:
        read: Photo | ImageError
        try:
            read = read_photo_guarded(source, fit_px=fit_px, draft=draft, limits=limits)
        except ImageError as error:
            read = error
        yield source, read


def _read_elsewhere(request: _Request, *, errand: PendingJob | None = None) -> Photo:
    source, limits = request[0], request[-1]
    photo: Photo = _crew().do(
        request,
        timeout_s=limits.timeout_s or 0.0,
        path=None if isinstance(source, bytes) else source,
        errand=errand,
    )
    return photo


def _crew() -> WorkerPool:
    global _shared  # noqa: PLW0603
    from goodside.workers import Task, WorkerPool

    with _choosing:
        if _shared is None:
            _register()
            _shared = WorkerPool(Task(open_decoder), size=min(os.cpu_count() or 1, _MOST))
        return _shared


@cache
def _register() -> None:
    atexit.register(close_workers)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_forked)


def _is_read_here(source: object, limits: Limits) -> bool:
    """Whether it takes no other process: no file, or no limit on time is wanted or possible."""
    if not isinstance(source, str | os.PathLike | bytes) or limits.timeout_s is None:
        return True
    from goodside.workers import can_start

    return not can_start()


def _is_quick(source: object, limits: Limits) -> bool:
    """Whether it is sure to be read in a moment, so that a single one is worth no process."""
    return isinstance(source, str | Path | bytes) and is_plain_jpeg(source, limits=limits)


def _forked() -> None:
    """In a fork: the processes are the parent's."""
    global _shared, _choosing
    crew, _shared, _choosing = _shared, None, threading.Lock()
    if crew is not None:
        crew.disown()


_choosing = threading.Lock()
_shared: WorkerPool | None = None
