"""Decoding under our rules: our limit on pixels, Pillow's warnings kept to itself, memory.

Pillow's limit and Python's warning filters belong to the whole process. They are changed when the
first of several concurrent decodes begins and put back when the last one ends.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from goodside.errors import OutOfMemory

_lock = threading.Lock()
_active = 0
_filters: warnings.catch_warnings[None] | None = None
_pixels_before: int | None = None


@contextmanager
def pillow_guard(*, max_pixels: float) -> Iterator[None]:
    """Let Pillow open pictures of up to `max_pixels` and silence the warnings of its modules."""
    _enter(max_pixels)
    try:
        yield
    finally:
        _leave()


def _enter(max_pixels: float) -> None:
    global _active, _filters, _pixels_before  # noqa: PLW0603
    with _lock:
        if _active == 0:
            _pixels_before = Image.MAX_IMAGE_PIXELS
            _filters = warnings.catch_warnings()
            _filters.__enter__()
            warnings.filterwarnings("ignore", module=r"PIL\.")
        _active += 1
        if Image.MAX_IMAGE_PIXELS is not None:
            Image.MAX_IMAGE_PIXELS = max(Image.MAX_IMAGE_PIXELS, int(max_pixels))


def _leave() -> None:
    global _active, _filters  # noqa: PLW0603
    with _lock:
        _active -= 1
        if _active == 0 and _filters is not None:
            _filters.__exit__(None, None, None)
            _filters = None
            Image.MAX_IMAGE_PIXELS = _pixels_before


@contextmanager
def memory_guard(path: str | Path | None = None) -> Iterator[None]:
    """Make a want of memory the error of the photograph that is being worked on.

    Raises:
        OutOfMemory: in place of a `MemoryError`.
    """
    try:
        yield
    except MemoryError as error:
        raise OutOfMemory.of_photo(path) from error
