"""Worker processes: each does one job at a time, can be stopped, and is replaced when it dies."""

from goodside.workers.crew import Crew
from goodside.workers.errand import Errand, run_ahead
from goodside.workers.process import Task, can_start

__all__ = ["Crew", "Errand", "Task", "can_start", "run_ahead"]
