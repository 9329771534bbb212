"""What `goodside serve` was asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


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
    max_upload_megabytes: float = 64.0
    concurrency: int = 2
    queue: int = 32
    timeout_s: float = 60.0
