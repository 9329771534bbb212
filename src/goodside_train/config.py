"""Training recipes: TOML files read into frozen models."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from goodside.errors import SettingsError


class RecipeTable(BaseModel):
    """A table of a recipe: unknown keys are errors, values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LoopRecipe(RecipeTable):
    """How long and how a task is trained, whatever it is.

    Attributes:
        seed: of every random draw.
        steps: upper limit on optimiser steps.
        minutes: upper limit on time; the schedule follows whichever limit is nearer. Without it a
            run is repeatable to the bit on one machine.
        precision: `bf16` multiplies in bfloat16 under autocast.
        device: `auto` takes CUDA where there is one.
        threads: of torch on the CPU; 0 leaves torch's choice.
        log_every, validate_every, checkpoint_every: in steps; 0 is never.
    """

    seed: int = 0
    steps: int = Field(gt=0)
    minutes: float | None = Field(default=None, gt=0)
    precision: Literal["float32", "bf16"] = "float32"
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: int = Field(default=0, ge=0)
    log_every: int = Field(default=20, ge=0)
    validate_every: int = Field(default=0, ge=0)
    checkpoint_every: int = Field(default=0, ge=0)

    def with_limits(self, *, minutes: float | None, device: str | None) -> LoopRecipe:
        """The same with another time limit or device; None keeps the recipe's."""
        asked = {"minutes": minutes, "device": device}
        return self.model_copy(
            update={name: value for name, value in asked.items() if value is not None}
        )


class StartRecipe(RecipeTable):
    """The network that a run starts from, in place of random weights.

    Attributes:
        weights: its name and version, such as `rotation-mesh 1.5.0`.
        sha256: of its file; None where it was not kept, and any file is taken.
        source: how it was made, from the first weights on, and where it can be had.
    """

    weights: str
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    source: str


RecipeT = TypeVar("RecipeT", bound=BaseModel)


def read_recipe(path: Path, kind: type[RecipeT]) -> RecipeT:
    """Read a recipe.

    Args:
        path: a TOML file.
        kind: the model it must fit.

    Raises:
        SettingsError: it cannot be read, or does not fit.
    """
    try:
        return kind.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsError(
            f"the recipe cannot be read: {error.strerror}",
            path=path,
            remedy="name a TOML file such as those in configs/",
        ) from error
    except ValidationError as error:
        wrong = (
            ": ".join(filter(None, [".".join(map(str, one["loc"])), one["msg"]]))
            for one in error.errors()
        )
        raise SettingsError(f"the recipe is wrong: {'; '.join(wrong)}", path=path) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"the recipe is no TOML: {error}", path=path) from error


def merged(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """A recipe with some entries replaced, in its tables too."""
    return base | {
        key: base.get(key, {}) | value if isinstance(value, dict) else value
        for key, value in change.items()
    }
