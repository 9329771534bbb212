"""Whether rotation helps to know the people of an album: computed on request, beside the pages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from goodside.album.people import Evidence
from goodside.errors import GoodsideError


@dataclass
class EvidenceJob:
    """One computation at a time; threads may share it."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _state: Literal["idle", "running", "done", "failed"] = "idle"
    _found: Evidence | None = None
    _message: str = ""

    @property
    def state(self) -> Literal["idle", "running", "done", "failed"]:
        """Where it stands."""
        return self._state

    @property
    def found(self) -> Evidence | None:
        """What was found; None before it is done."""
        return self._found

    @property
    def message(self) -> str:
        """Why it failed."""
        return self._message

    def start(self, gather: Callable[[], Evidence]) -> bool:
        """Begin, unless it is at work already; says whether it began.

        Args:
            gather: called in a thread of its own.
        """
        with self._lock:
            if self._state == "running":
                return False
            self._state, self._found, self._message = "running", None, ""
        threading.Thread(target=self._work, args=(gather,), name="evidence", daemon=True).start()
        return True

    def _work(self, gather: Callable[[], Evidence]) -> None:
        try:
            found = gather()
        except GoodsideError as error:
            with self._lock:
                self._state, self._message = "failed", str(error)
            return
        except BaseException:
            with self._lock:
                self._state = "failed"
            raise
        with self._lock:
            self._state, self._found = "done", found
