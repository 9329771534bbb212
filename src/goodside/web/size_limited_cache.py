"""A cache of results whose total size is limited; the least recently used are dropped first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


class SizeLimitedCache(Generic[Key, Made]):
    """Keeps results up to a total size; the least recently used are dropped first.

    Threads may share it. While one of them makes a result, others that ask for it wait.

    Args:
        max_size: of everything that is kept, in the unit of `size_of`, as a rule bytes; a single
            result that is larger is made anew each time.
        size_of: size of one result.
    """

    def __init__(self, max_size: int, *, size_of: Callable[[Made], int]) -> None:
        self._max_size, self._size_of = max_size, size_of
        self._kept: OrderedDict[Key, Made] = OrderedDict()
        self._size = 0
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
            if size > self._max_size:
                return
            replaced = self._kept.pop(key, None)
            self._size += size - (0 if replaced is None else self._size_of(replaced))
            self._kept[key] = made
            while self._size > self._max_size:
                _, gone = self._kept.popitem(last=False)
                self._size -= self._size_of(gone)
