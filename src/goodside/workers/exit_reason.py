"""Why a process ended, as far as the system tells."""

from __future__ import annotations

import signal
from pathlib import Path

_CRASHES = {
    getattr(signal, name)
    for name in ("SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT", "SIGSYS")
    if hasattr(signal, name)
}


def describe_exit(code: int) -> str:
    """An exit code in words: `it ended with exit code 3`, `it was killed by SIGKILL`.

    Args:
        code: as `subprocess` gives it, negative for a signal.
    """
    if code >= 0:
        return f"it ended with exit code {code}"
    try:
        known = signal.Signals(-code)
    except ValueError:
        return f"it was killed by signal {-code}"
    return (
        f"it crashed with {known.name}" if known in _CRASHES else f"it was killed by {known.name}"
    )


def is_kill(code: int) -> bool:
    """Whether an exit code is that of a process killed without a chance to say why."""
    return code == -getattr(signal, "SIGKILL", 9)


def count_memory_kills(*, root: Path = Path("/")) -> int:
    """How often the kernel killed a process of our control group for want of memory.

    Args:
        root: where `proc` and `sys` stand.

    Returns:
        0 also where nothing tells: no Linux, or no control groups of version 2.
    """
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
        group = next(line[3:] for line in lines if line.startswith("0::"))
        events = root / "sys/fs/cgroup" / group.strip("/") / "memory.events"
        counters = dict(line.split() for line in events.read_text().splitlines())
        return int(counters["oom_kill"])
    except (OSError, StopIteration, ValueError, KeyError):
        return 0
