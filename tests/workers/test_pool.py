"""Worker processes: what each can do to itself costs one job."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodside.errors import (
    GoodsideError,
    ImageError,
    ImageTimeout,
    OutOfMemory,
    UnreadableImage,
    WeightsError,
    WorkerError,
)
from goodside.workers import PendingJob, Task, WorkerPool, map_ahead
from tests.workers.made import Job, open_acts, open_at_second_start, open_never


@pytest.fixture(scope="module")
def crew() -> Iterator[WorkerPool]:
    crew = WorkerPool(Task(open_acts), size=1)
    yield crew
    crew.close()


def _do(crew: WorkerPool, act: str, value: Any = None, *, timeout_s: float = 60.0) -> Any:
    return crew.do((act, value), timeout_s=timeout_s, path="a.jpg")


def test_arrays_cross_as_they_are(crew: WorkerPool) -> None:
    picture = np.random.default_rng(0).integers(0, 128, (300, 200, 3), dtype=np.uint8)
    doubled = _do(crew, "double", picture)
    np.testing.assert_array_equal(doubled, picture * 2)
    doubled[0] = 0  # it is ours, and can be written to
    assert _do(crew, "echo", b"x" * 10_000_000) == b"x" * 10_000_000


@pytest.mark.parametrize(
    ("act", "value", "kind", "said"),
    [
        ("exit", 3, WorkerError, "it ended with exit code 3"),
        ("exit", 0, WorkerError, "it ended with exit code 0"),
        ("signal", signal.SIGKILL, WorkerError, "it was killed by SIGKILL"),
        ("signal", signal.SIGTERM, WorkerError, "it was killed by SIGTERM"),
        ("signal", signal.SIGSEGV, WorkerError, "it crashed with SIGSEGV"),
        ("signal", signal.SIGABRT, WorkerError, "it crashed with SIGABRT"),
        ("fail", "of no\nuse", WorkerError, "ValueError: of no"),
        ("grow", None, OutOfMemory, "too little memory"),
        ("refuse", "b.jpg", UnreadableImage, "it is bad"),
        ("weights", "gone", WeightsError, "gone"),
    ],
)
def test_what_goes_wrong_is_told_and_costs_one_job(
    crew: WorkerPool, act: str, value: Any, kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said) as caught:
        _do(crew, act, value)
    assert type(caught.value) is kind
    assert ("memory" in str(caught.value)) == (kind is OutOfMemory)
    assert _do(crew, "echo", 5) == 5


def test_a_job_that_never_ends_is_stopped(crew: WorkerPool) -> None:
    began = time.monotonic()
    with pytest.raises(ImageTimeout, match=r"a\.jpg: it was not done after 0\.2 s .*TIMEOUT_S"):
        _do(crew, "sleep", 300, timeout_s=0.2)
    assert time.monotonic() - began < 60
    assert _do(crew, "echo", 5) == 5


def test_want_of_memory_is_told_where_the_kernel_says_so(
    crew: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    _do(crew, "echo")
    monkeypatch.setattr("goodside.workers.process.count_memory_kills", lambda: 1_000_000)
    with pytest.raises(OutOfMemory):
        _do(crew, "signal", signal.SIGKILL)
    with pytest.raises(WorkerError):
        _do(crew, "signal", signal.SIGKILL)  # as many such kills as before


def test_what_is_printed_harms_nothing(crew: WorkerPool) -> None:
    assert _do(crew, "print", "hello") is None
    assert _do(crew, "echo", 5) == 5


def test_one_that_is_killed_while_it_waits_is_replaced(crew: WorkerPool) -> None:
    first = _do(crew, "pid")
    assert _do(crew, "pid") == first
    os.kill(first, signal.SIGKILL)
    assert _do(crew, "pid") != first


def test_ctrl_c_is_none_of_their_business(crew: WorkerPool) -> None:
    assert _do(crew, "signal", signal.SIGINT) is None
    assert _do(crew, "echo", 5) == 5


def test_one_that_is_killed_while_it_loads_is_replaced(tmp_path: Path) -> None:
    crew = WorkerPool(Task(open_at_second_start, (tmp_path / "mark",)), size=1)
    assert _do(crew, "echo", 5) == 5
    crew.close()


def test_none_is_replaced_for_ever() -> None:
    crew = WorkerPool(Task(open_never), size=1)
    with pytest.raises(GoodsideError, match=r"does not start: it was killed by SIGTERM, 3 times"):
        _do(crew, "echo")
    crew.close()


def test_jobs_ahead_come_in_their_order_with_their_errors() -> None:
    crew = WorkerPool(Task(open_acts), size=2)

    def do(job: Job, errand: PendingJob) -> Any:
        return crew.do(job, timeout_s=60.0, errand=errand)

    jobs = [("echo", 1), ("grow", None), ("echo", 2), ("exit", 1), ("echo", 3)]
    found = [result for _, result in map_ahead(jobs, do, at_once=2, in_order=True)]
    assert [one for one in found if not isinstance(one, ImageError)] == [1, 2, 3]
    assert [type(one) for one in (found[1], found[3])] == [OutOfMemory, WorkerError]
    with pytest.raises(WeightsError):
        list(map_ahead([("weights", "gone")], do, at_once=2, in_order=False))
    crew.close()


def test_what_nobody_takes_any_more_is_broken_off() -> None:
    crew = WorkerPool(Task(open_acts), size=1)

    def do(job: Job, errand: PendingJob) -> Any:
        return crew.do(job, timeout_s=300.0, errand=errand)

    results = map_ahead([("echo", 1), ("sleep", 300)], do, at_once=1, in_order=True)
    assert next(results) == (("echo", 1), 1)
    began = time.monotonic()
    results.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 60
    assert _do(crew, "echo", 5) == 5
    crew.close()
