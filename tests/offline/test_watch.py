"""The watchers notice what they are there for: else they would let everything pass."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.offline.watch import Watcher, find_attempts, start, working_watchers

_SOCKETS = {
    "itself": "import socket; socket.socket(socket.AF_INET)",
    "datagrams over IPv6": "import socket; socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
    "netlink": "import socket; socket.socket(socket.AF_NETLINK)",
    "native code": "import ctypes; ctypes.CDLL(None).socket(2, 1, 0)",
    "a thread": "import socket, threading; threading.Thread(target=socket.socket).start()",
    "a process": "import subprocess, sys\n"
    "code = 'import socket; socket.socket()'\n"
    "sys.exit(abs(subprocess.run([sys.executable, '-c', code]).returncode))",
    "a name's look-up": "import contextlib, socket\n"
    "with contextlib.suppress(OSError): socket.getaddrinfo('a.invalid', 80)",
}
_FILES = {
    "a file": "open('../elsewhere', 'w')",
    "a file that is there": "open('../there', 'r+')",
    "an attempt that fails": "import os\ntry: os.mkdir('/proc/none')\nexcept OSError: pass",
    "a link": "import os; os.symlink('inside', '../elsewhere')",
    "a move": "import os; open('inside', 'w'); os.rename('inside', '../elsewhere')",
    "beside an open folder": "import os; folder = os.open('..', os.O_RDONLY)\n"
    "os.open('elsewhere', os.O_CREAT | os.O_WRONLY, dir_fd=folder)",
    "permissions": "import os; os.chmod('../there', 0o600)",
    "a removal": "import os; os.remove('../there')",
}
_FINE = """
import multiprocessing, os, socket, sys, tempfile
socket.socketpair()
open("inside", "w").write("x")
os.makedirs("a/b/c", exist_ok=True)
os.rename("inside", "a/b/moved")
os.symlink("/etc/passwd", "link")
open("/etc/passwd").read()
open(os.devnull, "w")
multiprocessing.get_context("spawn").Lock()
"""
_IMPATIENT = {"RES_OPTIONS": "timeout:1 attempts:1"}
"""For look-ups of names where nothing answers."""


def _attempts(code: str, folder: Path, watcher: Watcher) -> tuple[int, list[str]]:
    cwd, log = folder / "cwd", folder / "log"
    cwd.mkdir()
    (folder / "there").touch()
    command = [sys.executable, "-IS", "-c", code]
    process = start(command, log=log, cwd=cwd, variables=_IMPATIENT, watcher=watcher)
    process.communicate(timeout=60)
    return process.returncode, find_attempts(log, allowed=[cwd], cwd=cwd)


@pytest.mark.parametrize("watcher", working_watchers())
@pytest.mark.parametrize("code", _SOCKETS.values(), ids=_SOCKETS)
def test_sockets_are_noticed(code: str, watcher: Watcher, tmp_path: Path) -> None:
    exit_code, attempts = _attempts(code, tmp_path, watcher)
    assert attempts if watcher == "strace" else exit_code != 0


@pytest.mark.skipif("strace" not in working_watchers(), reason="strace is not installed")
@pytest.mark.parametrize("code", _FILES.values(), ids=_FILES)
def test_files_elsewhere_are_noticed(code: str, tmp_path: Path) -> None:
    exit_code, attempts = _attempts(code, tmp_path, "strace")
    assert exit_code == 0
    assert attempts


@pytest.mark.parametrize("watcher", working_watchers())
def test_what_is_allowed_passes(watcher: Watcher, tmp_path: Path) -> None:
    assert _attempts(_FINE, tmp_path, watcher) == (0, [])
