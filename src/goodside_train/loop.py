"""The training loop, on one screen: it knows neither losses nor networks."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol, TypeVar

import torch

from goodside.errors import OutputError, WeightsError
from goodside_train import ranks
from goodside_train.checkpoint import CHECKPOINT, load_checkpoint, save_checkpoint
from goodside_train.config import LoopRecipe
from goodside_train.provenance import Provenance
from goodside_train.run_log import RunLog

Metrics = dict[str, float]
_Provenance = dict[str, Any] | None
BatchT = TypeVar("BatchT")

_log = logging.getLogger(__name__)


class TrainingTask(Protocol[BatchT]):
    """What the loop trains: networks, losses and optimisers joined."""

    def batch(self, step: int) -> BatchT:
        """The data of one step, or this process's share of them (see `ranks`); a pure function of
        the step, called ahead in another thread.
        """

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


def check_out(out: Path, *, resume: bool) -> None:
    """Refuse a folder whose run a new one would write over.

    Raises:
        OutputError: there is a checkpoint, and the run is not to go on from it.
    """
    if not resume and (out / CHECKPOINT).exists():
        raise OutputError(
            "a run has its checkpoint here",
            path=out,
            remedy="go on from it with --resume, or name another folder with --out",
        )


def train(
    task: TrainingTask[BatchT],
    *,
    recipe: LoopRecipe,
    out: Path,
    resume: bool = False,
    provenance: Provenance | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Metrics:
    """Train until the recipe's steps or minutes are spent.

    Of several processes of one run (see `ranks`) the leader logs, validates and writes.

    Args:
        task: what to train.
        recipe: budget and rhythm.
        out: folder for the log, the previews and the checkpoint.
        resume: go on from the checkpoint in `out`; the result equals an uninterrupted run's.
        provenance: of the weights, kept in the checkpoint; a run that goes on has its own.
        clock: seconds.

    Returns:
        The last validation's figures; nothing but in the leader.

    Raises:
        WeightsError: the checkpoint to go on from is missing, damaged, or of another recipe.
    """
    torch.manual_seed(recipe.seed + ranks.rank())
    step, spent_s, said = 0, 0.0, None if provenance is None else provenance.state()
    if resume:
        step, spent_s, said = _resumed(task, out / CHECKPOINT)
    recorder = None
    if ranks.rank() == 0:
        recorder = _RunRecorder(task, recipe, out, from_step=step, provenance=said)
    started = clock() - spent_s
    progress = ranks.agreed(_progress(recipe, step, spent_s))
    for batch in _ahead(task.batch, first=step, last=recipe.steps):
        figures = task.training_step(batch, step=step, progress=progress)
        step, spent_s = step + 1, clock() - started
        progress = ranks.agreed(_progress(recipe, step, spent_s))
        if recorder is not None:
            recorder.step(figures, step=step, spent_s=spent_s, progress=progress)
        if progress >= 1:
            break
    return {} if recorder is None else recorder.finish(step=step, spent_s=spent_s)


class _RunRecorder:
    """Writes down a run: its log, its previews, its checkpoints."""

    def __init__(
        self,
        task: TrainingTask[Any],
        recipe: LoopRecipe,
        out: Path,
        *,
        from_step: int,
        provenance: _Provenance,
    ) -> None:
        self._task, self._recipe, self._out = task, recipe, out
        self._provenance = provenance
        self._log = RunLog(out, from_step=from_step)
        self._mean = _RunningMean()

    def step(self, figures: Metrics, *, step: int, spent_s: float, progress: float) -> None:
        """After a step: whatever the recipe's rhythm asks for."""
        self._mean.add(figures)
        if _due(step, self._recipe.log_every):
            left_s = spent_s * (1 - progress) / progress
            self._report(self._mean.take(), step=step, spent_s=spent_s, part="train", left_s=left_s)
        if _due(step, self._recipe.validate_every):
            self._validate(step=step, spent_s=spent_s, part="valid")
        if _due(step, self._recipe.checkpoint_every):
            self._save(step=step, spent_s=spent_s)

    def finish(self, *, step: int, spent_s: float) -> Metrics:
        """The last checkpoint and the last validation."""
        self._save(step=step, spent_s=spent_s)
        final = self._validate(step=step, spent_s=spent_s, part="final")
        self._log.close()
        return final

    def _save(self, *, step: int, spent_s: float) -> None:
        state = {
            "step": step,
            "spent_s": spent_s,
            "rng": torch.get_rng_state(),
            "task": self._task.state(),
            "provenance": self._provenance,
        }
        save_checkpoint(self._out / CHECKPOINT, state)

    def _validate(self, *, step: int, spent_s: float, part: str) -> Metrics:
        figures = self._task.validate(step=step)
        self._report(figures, step=step, spent_s=spent_s, part=part)
        self._task.preview(self._out / "previews", step=step)
        return figures

    def _report(
        self, figures: Metrics, *, step: int, spent_s: float, part: str, left_s: float | None = None
    ) -> None:
        self._log.write(figures, step=step, elapsed_s=spent_s, part=part)
        text = " ".join(f"{name}={value:.4g}" for name, value in figures.items())
        left = "" if left_s is None else f", {timedelta(seconds=round(left_s))} left"
        _log.info("%s step %d %.0f s%s %s", part, step, spent_s, left, text)


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


def _resumed(task: TrainingTask[Any], path: Path) -> tuple[int, float, _Provenance]:
    state = load_checkpoint(path)
    try:
        task.restore(state["task"])
    except (KeyError, RuntimeError, ValueError) as error:
        raise WeightsError(
            "the checkpoint is not of this recipe and this data",
            path=path,
            remedy="resume with those that it was made with, or start anew without --resume",
        ) from error
    if ranks.rank() == 0:  # the state is the leader's
        torch.set_rng_state(state["rng"])
    return int(state["step"]), float(state["spent_s"]), state.get("provenance")
