"""How many workers this machine, or the container we are in, has room for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_WORKER_MB = 500
"""A worker with all networks that decodes photographs of up to some 50 megapixels."""
_OTHERS_MB = 400
"""The process that writes, and what else has to run."""


def worker_count(*, root: Path = Path("/")) -> int:
    """Workers that cores and memory allow; at least one.

    Counted are the cores this process may run on, the memory that is free, and the limits of the
    control groups (version 2) around it.

    Args:
        root: where `proc` and `sys` stand.
    """
    room = (memory_mb(root=root) - _OTHERS_MB) / _WORKER_MB
    return max(1, int(min(cores(root=root), room)))


def cores(*, root: Path = Path("/")) -> int:
    """Cores this process may use at a time, at least 1."""
    allowed = getattr(os, "sched_getaffinity", lambda _: range(os.cpu_count() or 1))
    found = float(len(allowed(0)))
    for said in _limits(root, "cpu.max"):
        quota, period = said.split()
        if quota != "max":
            found = min(found, int(quota) / int(period))
    return max(1, round(found))


def memory_mb(*, root: Path = Path("/")) -> float:
    """Memory this process and its children may still take, in millions of bytes."""
    found = _available(root)
    for said in _limits(root, "memory.max"):
        if said != "max":
            found = min(found, int(said))
    return found / 1e6


def _available(root: Path) -> float:
    try:
        lines = (root / "proc/meminfo").read_text().splitlines()
    except OSError:  # no Linux: nothing says how much is free
        return float("inf")
    memory = dict(line.split(":", 1) for line in lines if ":" in line)
    return (
        1024 * int(memory["MemAvailable"].split()[0]) if "MemAvailable" in memory else float("inf")
    )


def _limits(root: Path, name: str) -> Iterator[str]:
    """What the control group of this process and those around it say."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    own = next((line[3:] for line in lines if line.startswith("0::")), None)
    if own is None:
        return
    top = root / "sys/fs/cgroup"
    group = top / own.strip("/")
    for folder in (group, *group.parents):
        if not folder.is_relative_to(top):
            return
        try:
            yield (folder / name).read_text().strip()
        except OSError:
            continue
