"""`goodside serve` in a process of its own, as a person starts it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

_LINK = re.compile(r"https?://\S+")
_START_S = 120.0
_END_S = 30.0


class RunningGallery:
    """A service on a free port of the loopback; use it as a context manager.

    Args:
        catalog: the album's.
        options: further ones of `goodside serve`.
        home: where it keeps what it caches.

    Attributes:
        link: what it printed: the address with the token.
    """

    def __init__(self, catalog: Path, *, options: Sequence[str] = (), home: Path) -> None:
        self.catalog = catalog
        self.link = ""
        self._said: list[str] = []
        self._linked = threading.Event()
        environment = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
        command = [sys.executable, "-m", "goodside", "serve", "--catalog", str(catalog)]
        self._process = subprocess.Popen(
            [*command, "--port", "0", "--no-open", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            env={**environment, "PYTHONUNBUFFERED": "1"},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return "/".join(self.link.split("/", 3)[:3])

    @property
    def said(self) -> str:
        """All that it printed so far."""
        return "".join(self._said)

    @property
    def resident_megabytes(self) -> float:
        """Memory that it takes."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def __enter__(self) -> Self:
        until = time.monotonic() + _START_S
        while not self._linked.wait(0.1):
            if self._process.poll() is not None or time.monotonic() > until:
                self.close()
                raise RuntimeError(f"goodside serve printed no link: {self.said}")
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End it as Ctrl-C does."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(_END_S)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._said.append(line)
            if not self.link and (found := _LINK.search(line)):
                self.link = found.group()
                self._linked.set()
