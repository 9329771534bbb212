"""Several processes of one run, on the CPU, as torchrun starts them."""

from __future__ import annotations

import multiprocessing
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from goodside.errors import SettingsError
from goodside_train import ranks
from goodside_train.config import LoopRecipe
from goodside_train.device import open_device
from goodside_train.loop import Metrics, train

RECIPE = LoopRecipe(steps=1000, minutes=1, device="cpu", threads=1, log_every=2)
BATCH = 8
STEPS = 6


class Regression:
    """Learns noisy sums; keeps no more of a batch than its process's share."""

    def __init__(self) -> None:
        torch.manual_seed(1)
        self.network = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 1))
        self.optimizer = torch.optim.AdamW(self.network.parameters(), lr=0.05)
        ranks.average_gradients(self.optimizer)
        self.rows_seen = 0
        self.validated = 0

    def batch(self, step: int) -> torch.Tensor:
        rows = np.random.default_rng((0, step)).normal(size=(BATCH, 3))
        return torch.from_numpy(rows[ranks.share(np.arange(BATCH))].astype(np.float32))

    def training_step(self, batch: torch.Tensor, *, step: int, progress: float) -> Metrics:
        self.rows_seen += len(batch)
        self.optimizer.param_groups[0]["lr"] = 0.05 * (1 - progress)
        loss = (self.network(batch)[:, 0] - batch.sum(dim=1)).square().mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return {"loss": float(loss.detach())}

    def validate(self, *, step: int) -> Metrics:
        self.validated += 1
        return {"steps": float(step)}

    def preview(self, folder: Path, *, step: int) -> None:
        """Nothing to see."""

    def state(self) -> dict[str, Any]:
        return {"network": self.network.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(state["network"])


def _run(out: Path, *, seconds_a_step: float) -> dict[str, Any]:
    """Train, and tell what the process has seen."""
    open_device(RECIPE)
    with ranks.leader_first():
        first = not (out / "stored").exists()
        (out / "stored").touch()
    task = Regression()
    final = train(task, recipe=RECIPE, out=out, clock=_clock(seconds_a_step))
    return {
        "first": first,
        "final": final,
        "rows_seen": task.rows_seen,
        "validated": task.validated,
        "weights": torch.cat([p.detach().flatten() for p in task.network.parameters()]).numpy(),
        "agreed": ranks.agreed(float(ranks.rank() + 7)),
    }


def _clock(seconds_a_call: float) -> Callable[[], float]:
    now = 0.0

    def tick() -> float:
        nonlocal now
        now += seconds_a_call
        return now

    return tick


def _process(rank: int, port: int, out: Path, results: Any) -> None:
    os.environ |= {"RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": "2"}
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    # The second clock runs faster; the leader's says when to stop and how fast to learn.
    results.put((rank, _run(out, seconds_a_step=(60 / STEPS) * (1 + rank))))
    ranks.leave_ranks()


def test_two_processes_learn_what_one_learns(tmp_path: Path) -> None:
    alone = _run(tmp_path, seconds_a_step=60 / STEPS)
    out = tmp_path / "two"
    out.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    context = multiprocessing.get_context("spawn")
    results = context.SimpleQueue()
    processes = [
        context.Process(target=_process, args=(rank, port, out, results), daemon=True)
        for rank in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=120)
        assert process.exitcode == 0
    found = dict(results.get() for _ in processes)
    for rank in range(2):
        np.testing.assert_allclose(found[rank]["weights"], alone["weights"], atol=1e-6)
        assert found[rank]["rows_seen"] == alone["rows_seen"] / 2 == STEPS * BATCH / 2
        assert found[rank]["agreed"] == 7
    assert [found[rank]["first"] for rank in range(2)] == [True, False]
    assert [found[rank]["validated"] for rank in range(2)] == [1, 0]
    assert [found[rank]["final"] for rank in range(2)] == [{"steps": STEPS}, {}]
    assert (out / "checkpoint.pt").exists()


def test_a_process_alone_has_everything() -> None:
    rows = np.arange(5)
    assert ranks.share(rows).tolist() == rows.tolist()
    assert (ranks.rank(), ranks.count(), ranks.agreed(0.25)) == (0, 1, 0.25)
    network = nn.Sequential(nn.Conv2d(1, 1, 1), nn.BatchNorm2d(1))
    assert ranks.normalize_together(network) is network


def test_rows_that_cannot_be_shared_evenly_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranks, "count", lambda: 3)
    with pytest.raises(SettingsError, match="8 items of a batch cannot be shared evenly by 3"):
        ranks.share(np.arange(8))


def test_several_processes_share_without_a_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranks, "count", lambda: 2)
    parts = []
    for rank in range(2):
        monkeypatch.setattr(ranks, "rank", lambda rank=rank: rank)
        parts.append(ranks.share(np.arange(8)).tolist())
        parts.append(ranks.share(["a", "b"]))
    assert parts == [[0, 2, 4, 6], ["a"], [1, 3, 5, 7], ["b"]]
