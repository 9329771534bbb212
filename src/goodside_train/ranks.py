"""The processes of one run: torchrun starts them, each takes its share of every batch.

A run that is started without torchrun is its own leader, and every function here leaves it alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import distributed, nn

from goodside.errors import SettingsError

_ItemsT = TypeVar("_ItemsT", NDArray[np.int64], list[str])
_NetworkT = TypeVar("_NetworkT", bound=nn.Module)


def join_ranks(*, cuda: bool) -> None:
    """Meet the other processes of the run, if torchrun has started any.

    Args:
        cuda: whether each of them multiplies on a GPU of its own, the one of its local rank.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) == 1 or distributed.is_initialized():
        return
    if cuda:
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    distributed.init_process_group("cpu:gloo,cuda:nccl" if cuda else "gloo")


def leave_ranks() -> None:
    """Part from the other processes once all of them are done.

    Waits for them: one that left while another was still speaking to it could take both down.
    """
    if distributed.is_initialized():
        distributed.barrier()
        distributed.destroy_process_group()


def rank() -> int:
    """Which of the processes this is; the leader is 0."""
    return distributed.get_rank() if distributed.is_initialized() else 0


def count() -> int:
    """How many processes there are."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def share(items: _ItemsT) -> _ItemsT:
    """The part of a batch's items that falls to this process; all parts make up the batch.

    Raises:
        SettingsError: the processes cannot share them evenly.
    """
    if len(items) % count():
        raise SettingsError(
            f"{len(items)} items of a batch cannot be shared evenly by {count()} processes",
            remedy="choose sizes in the recipe that the number of processes divides",
        )
    return items[rank() :: count()]


def average_gradients(optimizer: torch.optim.Optimizer) -> None:
    """From now on, let every step of an optimiser start from the mean gradient of all processes.

    The mean of the processes' gradients is the gradient of the whole batch, because each one's loss
    is a mean over an equal share; nearly so where labels are missing, since a loss then divides by
    those that its own share has. All have to give gradients to the same parameters.
    """
    if count() > 1:
        optimizer.register_step_pre_hook(_average)


def normalize_together(network: _NetworkT) -> _NetworkT:
    """Let batch normalisation see the whole batch; on the CPU each process keeps to its share."""
    if count() == 1 or next(network.parameters()).device.type != "cuda":
        return network
    together: _NetworkT = nn.SyncBatchNorm.convert_sync_batchnorm(network)  # type: ignore[no-untyped-call]
    return together


def agreed(value: float) -> float:
    """The leader's value, in every process."""
    if count() == 1:
        return value
    shared = torch.tensor(value, dtype=torch.float64)
    distributed.broadcast(shared, src=0)
    return float(shared)


@contextmanager
def leader_first() -> Iterator[None]:
    """Let the leader go through a block before the others, who then find what it has stored."""
    if count() > 1 and rank() > 0:
        distributed.barrier()
    yield
    if count() > 1 and rank() == 0:
        distributed.barrier()


def _average(optimizer: torch.optim.Optimizer, *_: Any) -> None:
    gradients = [
        parameter.grad
        for group in optimizer.param_groups
        for parameter in group["params"]
        if parameter.grad is not None
    ]
    joined = torch.cat([gradient.flatten() for gradient in gradients])
    distributed.all_reduce(joined)
    joined /= count()
    parts = torch.split(joined, [gradient.numel() for gradient in gradients])
    for gradient, part in zip(gradients, parts, strict=True):
        gradient.copy_(part.view_as(gradient))
