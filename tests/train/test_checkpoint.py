"""Checkpoints are whole or absent."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from goodside.errors import WeightsError
from goodside_train.checkpoint import load_checkpoint, save_checkpoint


def test_a_checkpoint_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "checkpoint.pt"
    save_checkpoint(path, {"step": 3, "weights": {"a": torch.arange(4.0)}})
    state = load_checkpoint(path)
    assert state["step"] == 3
    assert torch.equal(state["weights"]["a"], torch.arange(4.0))
    assert [found.name for found in path.parent.iterdir()] == ["checkpoint.pt"]


def test_a_failed_write_leaves_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, {"step": 1})
    with pytest.raises(Exception, match="pickle"):
        save_checkpoint(path, {"step": 2, "bad": lambda: None})
    assert load_checkpoint(path)["step"] == 1


def test_missing_and_damaged_ones_are_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no checkpoint"):
        load_checkpoint(tmp_path / "checkpoint.pt")
    (tmp_path / "checkpoint.pt").write_bytes(b"nothing of use")
    with pytest.raises(WeightsError, match="cannot be read"):
        load_checkpoint(tmp_path / "checkpoint.pt")
