"""The training loop, on one screen: it knows neither losses nor networks."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

import torch

from goodside_train.checkpoint import load_checkpoint, save_checkpoint
from goodside_train.config import LoopRecipe
from goodside_train.journal import Journal

Metrics = dict[str, float]
BatchT = TypeVar("BatchT")

CHECKPOINT = "checkpoint.pt"
_log = logging.getLogger(__name__)


class Task(Protocol[BatchT]):
    """What the loop trains: networks, losses and optimisers joined."""

    def batch(self, step: int) -> BatchT:
        """The data of one step; a pure function of the step, called ahead in another thread."""

    def training_step(self, batch: BatchT, *, step: int, progress: float) -> Metrics:
        """Forward, backward and the optimisers' steps; `progress` goes from 0 to 1."""

    def validate(self, *, step: int) -> Metrics:
        """Figures on data never trained on."""

    def preview(self, folder: Path, *, step: int) -> None:
        """Write whatever a person should look at; may do nothing."""

    def state(self) -> dict[str, Any]:
        """Networks and optimisers, for a checkpoint."""

    def restore(self, state: dict[str, Any]) -> None:
        """The inverse of `state`."""


def train(
    task: Task[BatchT],
    *,
    recipe: LoopRecipe,
    out: Path,
    resume: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> Metrics:
    """Train until the recipe's steps or minutes are spent.

    Args:
        task: what to train.
        recipe: budget and rhythm.
        out: folder for the log, the previews and the checkpoint.
        resume: go on from the checkpoint in `out`; the result equals an uninterrupted run's.
        clock: seconds.

    Returns:
        The last validation's figures.
    """
    torch.manual_seed(recipe.seed)
    step, spent_s = _resumed(task, out / CHECKPOINT) if resume else (0, 0.0)
    journal = Journal(out, from_step=step)
    started = clock() - spent_s
    mean = _RunningMean()
    for batch in _ahead(task.batch, first=step, last=recipe.steps):
        figures = task.training_step(batch, step=step, progress=_progress(recipe, step, spent_s))
        step, spent_s = step + 1, clock() - started
        mean.add(figures)
        if _due(step, recipe.log_every):
            _report(journal, mean.take(), step=step, elapsed_s=spent_s, part="train")
        if _due(step, recipe.validate_every):
            _report(journal, task.validate(step=step), step=step, elapsed_s=spent_s, part="valid")
            task.preview(out / "previews", step=step)
        if _due(step, recipe.checkpoint_every):
            _save(task, out / CHECKPOINT, step=step, spent_s=spent_s)
        if _progress(recipe, step, spent_s) >= 1:
            break
    _save(task, out / CHECKPOINT, step=step, spent_s=spent_s)
    final = task.validate(step=step)
    _report(journal, final, step=step, elapsed_s=clock() - started, part="final")
    task.preview(out / "previews", step=step)
    journal.close()
    return final


class _RunningMean:
    def __init__(self) -> None:
        self._sums: Metrics = {}
        self._counts: dict[str, int] = {}

    def add(self, figures: Metrics) -> None:
        for name, value in figures.items():
            self._sums[name] = self._sums.get(name, 0.0) + value
            self._counts[name] = self._counts.get(name, 0) + 1

    def take(self) -> Metrics:
        means = {name: total / self._counts[name] for name, total in self._sums.items()}
        self.__init__()  # type: ignore[misc]
        return means


def _ahead(make: Callable[[int], BatchT], *, first: int, last: int) -> Iterator[BatchT]:
    """Batches of the steps `first` up to `last`, each made while the one before is used."""
    if first >= last:
        return
    with ThreadPoolExecutor(max_workers=1) as worker:
        coming = worker.submit(make, first)
        for step in range(first, last):
            batch = coming.result()
            if step + 1 < last:
                coming = worker.submit(make, step + 1)
            yield batch


def _progress(recipe: LoopRecipe, step: int, spent_s: float) -> float:
    by_time = 0.0 if recipe.minutes is None else spent_s / (60 * recipe.minutes)
    return min(1.0, max(step / recipe.steps, by_time))


def _due(step: int, every: int) -> bool:
    return every > 0 and step % every == 0


def _report(journal: Journal, figures: Metrics, *, step: int, elapsed_s: float, part: str) -> None:
    journal.write(figures, step=step, elapsed_s=elapsed_s, part=part)
    text = " ".join(f"{name}={value:.4g}" for name, value in figures.items())
    _log.info("%s step %d %.0f s %s", part, step, elapsed_s, text)


def _save(task: Task[Any], path: Path, *, step: int, spent_s: float) -> None:
    save_checkpoint(
        path,
        {"step": step, "spent_s": spent_s, "rng": torch.get_rng_state(), "task": task.state()},
    )


def _resumed(task: Task[Any], path: Path) -> tuple[int, float]:
    state = load_checkpoint(path)
    task.restore(state["task"])
    torch.set_rng_state(state["rng"])
    return int(state["step"]), float(state["spent_s"])
