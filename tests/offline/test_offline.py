"""goodside opens no connection, looks up no name, and writes only where it is told to.

Every command and every public Python call runs under watch, and goes on for 20 s in which libraries
may do what they put off. See `tests.offline.watch` for how they are watched.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import goodside
from goodside.cli import cli
from goodside_train.cli import cli as train_cli
from tests.offline.plan import Places, command_of, commands_of, plan_runtime, plan_training
from tests.offline.walk import ENDS, Job
from tests.offline.watch import find_attempts, start, working_watchers
from tests.train.aesthetics.datasets.shards import write_shards
from tests.train.rotation.made import write_data

_WAIT_S = 20
_TIMEOUT_S = 900
_HERE = Path(__file__).parent
_LISTENING = {"serve"}
"""What opens a socket by its nature; `test_serve.py` watches that it does no more than listen."""

_LEFT_BY_TORCH = "torchinductor_"
"""Of torch's compiler, which training does not use: an empty folder for its cache."""


class Walk:
    """A plan that is being run under watch.

    Args:
        places: the folders.
        plan: see `tests.offline.walk`.
    """

    def __init__(self, places: Places, plan: list[list[Job]]) -> None:
        self.places = places
        self._plan = plan
        self._log = places.root / "watched.log"
        file = places.data / "plan.json"
        file.write_text(json.dumps(plan), encoding="utf-8")
        command = [sys.executable, str(_HERE / "walk.py"), str(file), str(_WAIT_S)]
        self._process = start(command, log=self._log, cwd=places.out, variables=places.variables)

    def check(self) -> None:
        """Every job went well, nothing was attempted, nothing lies where nothing should."""
        printed, _ = self._process.communicate(timeout=_TIMEOUT_S)
        assert (self.places.out / ENDS).exists(), printed
        ends: dict[str, str] = json.loads((self.places.out / ENDS).read_text(encoding="utf-8"))
        for name, end in ends.items():
            log = (self.places.out / f"{name}.log").read_text(encoding="utf-8")
            assert end == "done", f"{name}: {end}\n{log[-3000:]}"
        assert set(ends) == {job["name"] for jobs in self._plan for job in jobs}
        allowed = [self.places.out, self.places.temporary]
        assert find_attempts(self._log, allowed=allowed, cwd=self.places.out) == []
        assert list(self.places.home.iterdir()) == []
        left = {path.name for path in self.places.temporary.rglob("*")}
        assert {name for name in left if not name.startswith(_LEFT_BY_TORCH)} == set()

    def end(self) -> None:
        """Let nothing run on after a test that failed."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Walk]]:
    """Both walks, begun together so that they wait together."""
    runtime = Places(tmp_path_factory.mktemp("runtime")).make()
    training = Places(tmp_path_factory.mktemp("training")).make()
    ratings, heads = training.data / "ratings", training.data / "heads"
    ratings.mkdir()
    heads.mkdir()
    plan = plan_training(training, ratings=write_shards(ratings), heads=write_data(heads))
    found = {
        "training": Walk(training, plan),
        "runtime": Walk(runtime, plan_runtime(runtime)),
    }
    yield found
    for walk in found.values():
        walk.end()


@pytest.mark.skipif(
    not working_watchers(), reason="neither strace nor a filter of the kernel's works here"
)
@pytest.mark.parametrize("name", ["runtime", "training"])
def test_nothing_leaves_the_machine_or_is_written_elsewhere(
    name: str, walks: dict[str, Walk]
) -> None:
    walks[name].check()


def test_every_command_and_call_is_walked(tmp_path: Path) -> None:
    places = Places(tmp_path / "places").make()
    training = plan_training(places, ratings=tmp_path, heads=tmp_path)
    jobs = [job for jobs in (*plan_runtime(places), *training) for job in jobs]
    lines = [words for job in jobs if job["program"] != "calls" for words in job["words"]]
    for group in (cli, train_cli):
        walked = {command_of(group, words) for words in lines}
        assert commands_of(group) - _LISTENING <= walked
        assert not walked & _LISTENING
    called = re.findall(r"goodside\.(\w+)", (_HERE / "calls.py").read_text(encoding="utf-8"))
    rooms = {"calls", "aesthetics", "face", "rotation"}
    assert {name for name, room in goodside._HOMES.items() if room in rooms} <= set(called)
