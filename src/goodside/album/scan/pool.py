"""Jobs of a scan done in worker processes, or in this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from goodside.album.scan.analyzer import Analyzer, Setup
from goodside.album.scan.job import Finding, Job
from goodside.errors import ImageError
from goodside.images.decoding.messages import claim_stderr
from goodside.workers import PendingJob, Task, WorkerPool, map_ahead


def run_jobs(
    jobs: Sequence[Job],
    *,
    setup: Setup,
    workers: int,
    timeout_s: float,
    stop: Callable[[], bool],
) -> Iterator[Finding]:
    """Do jobs in worker processes and give what comes back, as it comes.

    A job that kills its worker or takes too long fails; the others go on. No more jobs are begun
    than findings are taken.

    Args:
        jobs: in the order in which they are begun.
        setup: of the workers' analysts.
        workers: how many; 0 does them one after the other in this process.
        timeout_s: how long one job may take.
        stop: asked often; after it says yes only the jobs that are begun are finished.

    Raises:
        WeightsError: a network is missing or corrupt.
        GoodsideError: no worker starts.
    """
    if workers == 0:
        analyst = Analyzer(setup)
        for job in jobs:
            if stop():
                return
            yield analyst.analyze(job)
        return
    if not jobs:
        return
    crew = WorkerPool(Task(open_analyzer, (setup,)), size=min(workers, len(jobs)))

    def analyze(job: Job, errand: PendingJob) -> Finding:
        finding: Finding = crew.do(job, timeout_s=timeout_s, path=job.path, errand=errand)
        return finding

    try:
        for job, found in map_ahead(
            jobs, analyze, at_once=min(workers, len(jobs)), in_order=False, stop=stop
        ):
            yield Finding(job, job.stamp, error=found) if isinstance(found, ImageError) else found
    finally:
        crew.close()


def open_analyzer(setup: Setup) -> Callable[[Job], Finding]:
    """What a worker process does; called in it."""
    claim_stderr()
    return Analyzer(setup).analyze
