"""Checkpoints: written whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from goodside.errors import WeightsError
from goodside.images import atomic_write

State = dict[str, Any]

CHECKPOINT = "checkpoint.pt"
"""Name of the file in a run's folder."""


def save_checkpoint(path: Path, state: State) -> None:
    """Write a checkpoint; a crash half way leaves the one before untouched.

    Args:
        path: the file, replaced at once when the new one is complete on disk.
        state: tensors, numbers, strings, and lists and dicts of these.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path, overwrite=True) as stream:
        torch.save(state, stream)


def load_checkpoint(path: Path) -> State:
    """Read a checkpoint onto the CPU; nothing in it is executed.

    Raises:
        WeightsError: it is missing or is no checkpoint.
    """
    try:
        state: State = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise WeightsError(
            "there is no checkpoint here", path=path, remedy="train first, or check the folder"
        ) from error
    except Exception as error:  # torch raises many kinds for a damaged file
        raise WeightsError(f"the checkpoint cannot be read: {error}", path=path) from error
    return state


def load_averaged_state(path: Path) -> dict[str, Tensor]:
    """The averaged weights of a run's network.

    Raises:
        WeightsError: there is no checkpoint, or it is none of a run.
    """
    try:
        weights: dict[str, Tensor] = load_checkpoint(path)["task"]["average"]["network"]
    except (KeyError, TypeError) as error:
        raise _unfit(path) from error
    return weights


def load_from_checkpoint(network: nn.Module, path: Path) -> None:
    """Give a network the averaged weights of an earlier run.

    Raises:
        WeightsError: there is no checkpoint, or it is of another network.
    """
    try:
        network.load_state_dict(load_averaged_state(path))
    except RuntimeError as error:
        raise _unfit(path) from error


def _unfit(path: Path) -> WeightsError:
    return WeightsError(
        "the checkpoint does not fit the recipe",
        path=path,
        remedy="use it with the recipe it was trained with",
    )
