"""What was made lately, kept as long as there is room."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


class SizeLimitedCache(Generic[Key, Made]):
    """Keeps results up to a number of bytes; the ones that were not used for longest go first.

    Threads that ask for the same result wait for whichever makes it.

    Args:
        max_bytes: of all that is kept; a result that is larger is made anew each time.
        size_of: bytes of a result.
    """

    def __init__(self, max_bytes: int, *, size_of: Callable[[Made], int]) -> None:
        self._max_bytes, self._size_of = max_bytes, size_of
        self._kept: OrderedDict[Key, Made] = OrderedDict()
        self._bytes = 0
        self._making: dict[Key, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Key, make: Callable[[], Made]) -> Made:
        """The result of a key, made if it is not kept; what `make` raises is raised."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            mine = self._making.setdefault(key, threading.Lock())
        with mine:
            with self._lock:
                if key in self._kept:
                    return self._kept[key]
            try:
                made = make()
                self._keep(key, made)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made

    def _keep(self, key: Key, made: Made) -> None:
        size = self._size_of(made)
        with self._lock:
            if size > self._max_bytes:
                return
            self._kept[key] = made
            self._bytes += size
            while self._bytes > self._max_bytes:
                _, gone = self._kept.popitem(last=False)
                self._bytes -= self._size_of(gone)
