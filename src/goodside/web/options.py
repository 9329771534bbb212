"""What `goodside serve` was asked to do."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from goodside.web.security.hosts import is_loopback


def usable_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def usual_concurrency() -> int:
    """Requests to the engines at once: one more than cores, for one often waits for Python."""
    return usable_cores() + 1


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What a person may choose about the service.

    Attributes:
        host: address to listen on.
        port: 0: any free one.
        read_only: no decision, scan or export is taken.
        roots: folders below which others may be chosen for scanning; without any, none may.
        folders: scanned as soon as the service answers.
        password_hash: of whoever comes from another machine, as `security.passwords` writes it.
        token: lets programs in, and whoever opens the link; None: a random one.
        names: host names by which others reach the service, as through a proxy.
        max_upload_megabytes: of one request's body.
        concurrency: requests to the engines that are worked on at once; others wait.
        queue: requests that may wait; more are told to come again.
        timeout_s: how long a request may take.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    read_only: bool = False
    roots: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    password_hash: str | None = None
    token: str | None = field(default=None, repr=False)
    names: tuple[str, ...] = ()
    max_upload_megabytes: float = 64.0
    concurrency: int = field(default_factory=usual_concurrency)
    queue: int = 64
    timeout_s: float = 60.0

    @property
    def is_public(self) -> bool:
        """Whether others than this computer's programs reach it."""
        return bool(self.names) or not is_loopback(self.host)
