"""Where and in which precision a training run multiplies."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch

from goodside.errors import SettingsError
from goodside_train.config import LoopRecipe
from goodside_train.ranks import join_ranks


@dataclass(frozen=True, slots=True)
class Device:
    """A torch device with its precision.

    Attributes:
        torch: `cpu` or `cuda`.
        bf16: multiply in bfloat16 under autocast.
    """

    torch: torch.device
    bf16: bool = False

    def autocast(self) -> AbstractContextManager[Any]:
        """The context for a forward pass and its losses; leave it before `backward`."""
        if not self.bf16:
            return nullcontext()
        return torch.autocast(self.torch.type, dtype=torch.bfloat16)


def open_device(recipe: LoopRecipe) -> Device:
    """The device a recipe asks for; sets torch's thread count where the recipe names one.

    Under torchrun it also joins the processes of the run, each with a GPU of its own.

    Raises:
        SettingsError: it asks for CUDA where there is none.
    """
    name = recipe.device
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda" and not torch.cuda.is_available():
        raise SettingsError(
            "this torch finds no CUDA device",
            remedy="--device cpu, or a build of torch for CUDA and its driver",
        )
    if recipe.threads:
        torch.set_num_threads(recipe.threads)
    join_ranks(cuda=name == "cuda")
    return Device(torch.device(name), bf16=recipe.precision == "bf16")
