"""The loop with a made task: budgets, rhythm, and going on after a stop."""

from __future__ import annotations

import csv
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from goodside_train.config import LoopRecipe
from goodside_train.loop import Metrics, train


class Counting:
    """Adds up random numbers; `seen` lists (step, progress)."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.total = torch.zeros(())
        self.seen: list[tuple[int, float]] = []
        self.validated: list[int] = []
        self._stop_at = stop_at

    def batch(self, step: int) -> int:
        return step * 10

    def training_step(self, batch: int, *, step: int, progress: float) -> Metrics:
        if step == self._stop_at:
            raise KeyboardInterrupt
        assert batch == step * 10
        self.total += torch.rand(())
        self.seen.append((step, progress))
        return {"loss": float(step)}

    def validate(self, *, step: int) -> Metrics:
        self.validated.append(step)
        return {"total": float(self.total)}

    def preview(self, folder: Path, *, step: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{step}.txt").write_text("seen", encoding="utf-8")

    def state(self) -> dict[str, Any]:
        return {"total": self.total}

    def restore(self, state: dict[str, Any]) -> None:
        self.total = state["total"]


def _clock(seconds_a_call: float) -> Callable[[], float]:
    now = 0.0

    def tick() -> float:
        nonlocal now
        now += seconds_a_call
        return now

    return tick


def _log(folder: Path, part: str) -> list[tuple[int, str, float]]:
    with (folder / "log.csv").open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["part"] == part]
    return [(int(row["step"]), row["name"], float(row["value"])) for row in rows]


def test_steps_progress_and_rhythm(tmp_path: Path) -> None:
    task = Counting()
    recipe = LoopRecipe(steps=6, log_every=2, validate_every=3)
    final = train(task, recipe=recipe, out=tmp_path)
    assert [step for step, _ in task.seen] == list(range(6))
    assert [progress for _, progress in task.seen] == pytest.approx([i / 6 for i in range(6)])
    assert task.validated == [3, 6, 6]
    assert _log(tmp_path, "train") == [(2, "loss", 0.5), (4, "loss", 2.5), (6, "loss", 4.5)]
    assert final == {"total": float(task.total)}
    assert sorted(path.name for path in (tmp_path / "previews").iterdir()) == ["3.txt", "6.txt"]


def test_minutes_end_a_run_before_its_steps(tmp_path: Path) -> None:
    task = Counting()
    recipe = LoopRecipe(steps=1000, minutes=1)
    train(task, recipe=recipe, out=tmp_path, clock=_clock(6.0))
    assert len(task.seen) == 10
    assert task.seen[5][1] == pytest.approx(0.5)


def test_the_time_left_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    recipe = LoopRecipe(steps=1000, minutes=2, log_every=5)
    with caplog.at_level(logging.INFO):
        train(Counting(), recipe=recipe, out=tmp_path, clock=_clock(6.0))
    messages = [record.getMessage() for record in caplog.records if record.args]
    assert "train step 5 30 s, 0:01:30 left" in messages[0]
    assert "train step 10 60 s, 0:01:00 left" in messages[1]


def test_going_on_equals_never_having_stopped(tmp_path: Path) -> None:
    recipe = LoopRecipe(steps=9, seed=4, checkpoint_every=3, log_every=1)
    whole, first, second = Counting(), Counting(stop_at=7), Counting()
    train(whole, recipe=recipe, out=tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        train(first, recipe=recipe, out=tmp_path / "cut")
    train(second, recipe=recipe, out=tmp_path / "cut", resume=True)
    assert torch.equal(second.total, whole.total)
    assert [step for step, _ in second.seen] == [6, 7, 8]
    assert _log(tmp_path / "cut", "train") == _log(tmp_path / "whole", "train")


def test_a_finished_run_has_nothing_left_to_do(tmp_path: Path) -> None:
    recipe = LoopRecipe(steps=3)
    train(Counting(), recipe=recipe, out=tmp_path)
    again = Counting()
    train(again, recipe=recipe, out=tmp_path, resume=True)
    assert again.seen == []
