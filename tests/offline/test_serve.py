"""`goodside serve`, the one command with a socket, listens where it is told and calls nobody."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.offline.plan import Places
from tests.offline.watch import find_attempts, start, working_watchers

_OWN = re.compile(r"^socket\(AF_INET6?, SOCK_STREAM|^socket\(AF_UNIX|^socketpair\(AF_UNIX")
_START_S = 120


@pytest.mark.skipif("strace" not in working_watchers(), reason="needs strace")
def test_it_listens_on_its_address_and_calls_nobody(tmp_path: Path) -> None:
    places, log = Places(tmp_path / "places").make(), tmp_path / "watched.log"
    command = ["goodside", "serve", "--no-open", "--port", "0", "--json", str(places.photos)]
    process = start(
        [sys.executable, "-m", *command],
        log=log,
        cwd=places.out,
        variables=places.variables,
        watcher="strace",
    )
    try:
        origin, token = _link(process)
        for method, path in (("GET", "/v1/photos"), ("POST", "/v1/assess"), ("POST", "/v1/faces")):
            photo = (places.photos / "cat.jpg").read_bytes()
            request = urllib.request.Request(
                origin + path,
                data=photo if method == "POST" else None,
                headers={"Authorization": f"Bearer {token}", "Content-Type": "image/jpeg"},
            )
            with urllib.request.urlopen(request, timeout=120) as answer:
                assert answer.status == 200
        os.kill(_child_of(process.pid), signal.SIGINT)
        process.communicate(timeout=120)
    finally:
        process.kill()
        process.communicate()
    text = log.read_text(encoding="utf-8", errors="replace")
    attempts = find_attempts(log, allowed=[places.out, places.temporary], cwd=places.out)
    assert [one for one in attempts if not _OWN.match(one)] == []
    bound = re.findall(r" bind\(.*", text)
    assert len([one for one in bound if "AF_INET" in one]) == 1
    assert all('inet_addr("127.0.0.1")' in one for one in bound if "AF_INET" in one)
    called = re.findall(r" (?:connect|sendto|sendmsg|sendmmsg)\(.*", text)
    assert [one for one in called if "sa_family=AF_INET" in one] == []
    assert list(places.home.iterdir()) == []


def _link(process: subprocess.Popen[str]) -> tuple[str, str]:
    assert process.stdout is not None
    until = time.monotonic() + _START_S
    said = []
    for line in process.stdout:
        said.append(line)
        found = re.search(r"open (http://[^/]+)/\?token=(\S+)", line)
        if found:
            return found[1], found[2]
        assert time.monotonic() < until
    raise AssertionError("".join(said))


def _child_of(pid: int) -> int:
    """The program that strace started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return int(children[0])
