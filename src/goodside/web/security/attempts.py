"""How often a password may be tried."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

_MOST_KNOWN = 4096


class Attempts:
    """Counts wrong passwords, from each address and from all of them.

    Args:
        each: wrong ones from one address within the window.
        all_: from all addresses together.
        window_s: how long each counts.
        clock: monotonic, in seconds.
    """

    def __init__(
        self,
        *,
        each: int = 5,
        all_: int = 50,
        window_s: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._each, self._all, self._window_s, self._clock = each, all_, window_s, clock
        self._failed: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, address: str) -> float:
        """How long an address must wait before it may try; 0: not at all."""
        now = self._clock()
        with self._lock:
            own = [at for at in self._failed.get(address, ()) if now - at < self._window_s]
            every = sorted(
                at for ats in self._failed.values() for at in ats if now - at < self._window_s
            )
        waits = [
            ats[-most] + self._window_s - now
            for ats, most in ((own, self._each), (every, self._all))
            if len(ats) >= most
        ]
        return max(waits, default=0.0)

    def note_failure(self, address: str) -> None:
        """Count a wrong password."""
        now = self._clock()
        with self._lock:
            own = [at for at in self._failed.pop(address, ()) if now - at < self._window_s]
            self._failed[address] = [*own[-self._each :], now]
            while len(self._failed) > _MOST_KNOWN:
                self._failed.popitem(last=False)

    def note_success(self, address: str) -> None:
        """Forget the wrong ones of an address."""
        with self._lock:
            self._failed.pop(address, None)
