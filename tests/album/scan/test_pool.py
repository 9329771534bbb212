from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from goodside.album.catalog import FileStamp
from goodside.album.scan.analyzer import Setup
from goodside.album.scan.job import Finding, Job
from goodside.album.scan.pool import run_jobs
from goodside.errors import GoodsideError, WeightsError
from tests.album.scan.made import photo


class _OnArrival:
    """A part of a job that does something when a worker unpacks it."""

    def __init__(self, act: Any, *arguments: Any) -> None:
        self._call = (act, arguments)

    def __reduce__(self) -> Any:
        return self._call


_KILLS = _OnArrival(eval, "__import__('os').kill(__import__('os').getpid(), 9)")
_CRASHES = _OnArrival(eval, "__import__('os')._exit(3)")
_HANGS = _OnArrival(time.sleep, 300)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    path = tmp_path / "a.jpg"
    path.write_bytes(photo())
    return Job(path, tmp_path, FileStamp(1, 2, 3), figures=False, faces=False)


def _bad(job: Job, part: Any) -> Job:
    return replace(job, sidecars=(part,))


def _run(jobs: list[Job], **options: Any) -> list[Finding]:
    given: dict[str, Any] = {
        "setup": Setup(),
        "workers": 1,
        "timeout_s": 60.0,
        "stop": lambda: False,
    }
    return list(run_jobs(jobs, **given | options))


def test_a_dying_worker_costs_its_photograph_only(job: Job) -> None:
    findings = _run([job, _bad(job, _KILLS), job, _bad(job, _CRASHES), job])
    errors = [finding.error for finding in findings]
    assert [error is None for error in errors] == [True, False, True, False, True]
    assert "killed by SIGKILL" in str(errors[1])
    assert "memory" not in str(errors[1])
    assert "exit code 3" in str(errors[3])
    assert {finding.sha256 for finding in findings if finding.error is None} != {None}


def test_a_photograph_that_takes_too_long(job: Job) -> None:
    (finding,) = _run([_bad(job, _HANGS)], timeout_s=0.5)
    assert "not done after 0.5 s" in str(finding.error)


def test_what_is_begun_is_finished_after_a_stop(job: Job) -> None:
    taken = 0

    def stop() -> bool:
        return taken > 0

    for _finding in run_jobs([job] * 50, setup=Setup(), workers=1, timeout_s=60.0, stop=stop):
        taken += 1
    assert 1 <= taken <= 3


@pytest.mark.parametrize("workers", [0, 1])
def test_missing_weights_end_it(job: Job, tmp_path: Path, workers: int) -> None:
    with pytest.raises(WeightsError, match="model card is missing"):
        _run([job], setup=Setup(weights=tmp_path), workers=workers)


def test_a_worker_that_does_not_start(job: Job) -> None:
    setup: Any = _CRASHES
    with pytest.raises(GoodsideError, match="does not start"):
        _run([job], setup=setup)


def test_without_jobs_nothing_starts() -> None:
    assert _run([], workers=4) == []
