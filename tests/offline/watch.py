"""Runs a program so that sockets, look-ups of names and files outside some folders are noticed.

Native libraries are seen too, in every process and thread that the program starts: by `strace`, or
where that is missing by a filter in the kernel that kills a process which opens a socket.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

_WRITERS = {
    *("creat", "mkdir", "mkdirat", "mknod", "mknodat", "truncate", "unlink", "unlinkat", "rmdir"),
    *("rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat"),
    *("chmod", "fchmodat", "fchmodat2", "chown", "lchown", "fchownat"),
}
_OPENERS = {"open", "openat", "openat2"}
_TRACED = ("%network", "?io_uring_setup", *(f"?{name}" for name in sorted(_WRITERS | _OPENERS)))
_FOR_WRITING = re.compile(r"\bO_(WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)\b")
_CALL = re.compile(r"^\d+ +(\w+)\((.*)$")
_PATH = re.compile(r'(?:(?:AT_FDCWD|\d+)(?:<([^>]*)>)?, )?"((?:[^"\\]|\\.)*)"')
_RESOLVER = {"/etc/resolv.conf", "/etc/hosts", "/etc/gai.conf"}
_HARMLESS = ("/dev/null", "/dev/tty", "/dev/shm/sem.", "/dev/shm/torch_")

_FILTER = Path(__file__).with_name("socket_filter.py")

Watcher = Literal["strace", "filter"]


@cache
def working_watchers() -> tuple[Watcher, ...]:
    """What is installed and allowed here, the better one first."""
    return tuple(name for name in ("strace", "filter") if _works(name))


def start(
    command: Sequence[str],
    *,
    log: Path,
    cwd: Path,
    variables: Mapping[str, str],
    watcher: Watcher | None = None,
) -> subprocess.Popen[str]:
    """Start a command under watch.

    Args:
        command: a program and its arguments.
        log: receives what strace sees, for `find_attempts`.
        cwd: the working folder.
        variables: the whole environment, but for `PATH`.
        watcher: by default the best one.
    """
    return subprocess.Popen(
        [*_prefix(watcher or working_watchers()[0], log=log), *command],
        cwd=cwd,
        env={"PATH": os.environ.get("PATH", os.defpath), **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def find_attempts(log: Path, *, allowed: Sequence[Path], cwd: Path) -> list[str]:
    """Lines of strace that should not be there, failed attempts included.

    Args:
        log: what strace wrote.
        allowed: folders in which anything may be written.
        cwd: of the program.

    Returns:
        Nothing where another watcher was at work: that one kills.
    """
    if not log.exists():
        return []
    with log.open(encoding="utf-8", errors="replace") as lines:
        return sorted(set(_forbidden(lines, allowed=allowed, cwd=cwd)))


def _forbidden(lines: Iterable[str], *, allowed: Sequence[Path], cwd: Path) -> Iterator[str]:
    for line in lines:
        call = _CALL.match(line)
        if call is None:
            continue
        name, arguments = call.groups()
        told = f"{name}({arguments.rstrip()}"
        if name in ("socket", "socketpair"):
            if not arguments.startswith(("AF_UNIX", "AF_LOCAL")):
                yield told
        elif name == "io_uring_setup" or (name.startswith("send") and "hosts" in arguments):
            yield told
        elif name in _OPENERS:
            (path,) = _paths(arguments, cwd=cwd)[:1] or [cwd]
            for_writing = _FOR_WRITING.search(arguments) is not None
            if str(path) in _RESOLVER or (for_writing and not _may_write(path, allowed)):
                yield told
        elif name in _WRITERS:
            paths = _paths(arguments, cwd=cwd)
            if name.startswith(("link", "symlink")):
                paths = paths[-1:]
            made_already = name.startswith("mkdir")
            for path in paths:
                above = made_already and any(folder.is_relative_to(path) for folder in allowed)
                if not above and not _may_write(path, allowed):
                    yield told


def _paths(arguments: str, *, cwd: Path) -> list[Path]:
    found = _PATH.findall(arguments)
    return [Path(os.path.normpath(Path(folder or cwd) / path)) for folder, path in found]


def _may_write(path: Path, allowed: Sequence[Path]) -> bool:
    inside = any(path.is_relative_to(folder) for folder in allowed)
    return inside or str(path).startswith(_HARMLESS)


def _works(watcher: Watcher) -> bool:
    command = [*_prefix(watcher, log=Path(os.devnull)), sys.executable, "-c", ""]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _prefix(watcher: Watcher, *, log: Path) -> list[str]:
    if watcher == "filter":
        return [sys.executable, str(_FILTER)]
    options = ["-f", "-qq", "-y", "--seccomp-bpf", "-e", "signal=none"]
    return ["strace", *options, "-e", f"trace={','.join(_TRACED)}", "-o", str(log)]
