"""For the whole suite: drawn examples are the same in every run, and nothing waits for a disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.postgres.places import Places

_MEMORY = Path("/dev/shm")
_PREFIX = "goodside-tests-"
_NEEDED_BYTES = 4 * 2**30
_SLOWEST_FIRST = (
    "web/browser/test_views.py",
    "test_docs.py",
    "offline/test_offline.py",
    "album/scan/test_kill.py",
    "web/browser/test_grid.py",
    "web/browser",
    "images/decoding/test_bombs.py",
    "album/browse/test_agreement.py",
    "benchmarks/test_multipie.py",
    "train/rotation/networks/test_deformable.py",
    "train/rotation/test_task.py",
    "train/rotation/test_commands.py",
    "train/aesthetics/test_run.py",
    "train/aesthetics/export/test_int8.py",
    "web/api/test_openapi.py",
    "web/security",
    "album/people/test_undo.py",
    "train",
)  # files and folders below this one
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

# Models of whoever runs the tests are none of theirs.
os.environ["GOODSIDE_MODELS_DIR"] = str(Path(__file__).parent / "no-models")
os.environ.pop("GOODSIDE_AESTHETICS_MODEL", None)

# A busy machine draws slowly; that says nothing about the code.
settings.register_profile(
    "suite", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")

# Two processes of tests share the processor already; libraries read this when they are imported.
for _name in _ONE_THREAD:
    os.environ.setdefault(_name, "1")


def pytest_configure(config: pytest.Config) -> None:
    """Keep temporary files in memory, as a catalog waits for the disk at each of its changes.

    Not where `TMPDIR` or `--basetemp` names a folder, which then holds them after the run.
    """
    chosen = {"TMPDIR", "PYTEST_XDIST_WORKER"} & set(os.environ)
    if chosen or config.getoption("basetemp") or not _has_room(_MEMORY):
        return
    for left in _MEMORY.glob(f"{_PREFIX}*"):  # by runs that were killed
        if not Path(f"/proc/{left.name.removeprefix(_PREFIX).partition('-')[0]}").exists():
            shutil.rmtree(left, ignore_errors=True)
    home = tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=_MEMORY)
    os.environ["TMPDIR"] = home
    tempfile.tempdir = None  # so that it is looked up again
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))


def _has_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free > _NEEDED_BYTES and os.access(folder, os.W_OK)
    except OSError:
        return False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that all processes end at the same time.

    Raises:
        pytest.UsageError: one of them is no longer there.
    """
    root = Path(__file__).parent
    slowest = [root / name for name in _SLOWEST_FIRST]
    if gone := [str(path) for path in slowest if not path.exists()]:
        raise pytest.UsageError(f"tests/conftest.py names files that are not there: {gone}")

    def place(item: pytest.Item) -> int:
        above = {item.path, *item.path.parents}
        return next((at for at, path in enumerate(slowest) if path in above), len(slowest))

    items.sort(key=place)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked so with catalogs in files, and again with catalogs on a server."""
    if metafunc.definition.get_closest_marker("both_databases") is not None:
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def server() -> Iterator[Places]:
    """A PostgreSQL server of the tests; without its programs what needs it is skipped."""
    from tests.postgres.places import start
    from tests.postgres.server import NoServer

    with ExitStack() as stack:
        try:
            places = start(stack)
        except NoServer as missing:
            pytest.skip(str(missing))
        yield places


@pytest.fixture(autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Which kind of catalog a test makes: see `tests.postgres.places.place`."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield "sqlite"
        return
    from tests.postgres.places import on_server

    with on_server(request.getfixturevalue("server")):
        yield "postgresql"
