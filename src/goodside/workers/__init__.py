"""Worker processes: each does one job at a time, can be stopped, and is replaced when it dies."""

from goodside.workers.pending_job import PendingJob, map_ahead
from goodside.workers.pool import WorkerPool
from goodside.workers.process import Task, can_start

__all__ = ["PendingJob", "Task", "WorkerPool", "can_start", "map_ahead"]
