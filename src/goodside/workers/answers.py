"""What a worker process says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from goodside.errors import GoodsideError


@dataclass(frozen=True, slots=True)
class Ready:
    """It has loaded what it needs."""


@dataclass(frozen=True, slots=True)
class Begun:
    """It has a job before it: what happens from now on happens over that job."""


@dataclass(frozen=True, slots=True)
class Done:
    """The job's result."""

    result: Any


@dataclass(frozen=True, slots=True)
class Refused:
    """The job, or loading, ended with one of our errors; its traceback is in the error's notes."""

    error: GoodsideError


@dataclass(frozen=True, slots=True)
class OutgrewMemory:
    """The job asked for more memory than there is."""


@dataclass(frozen=True, slots=True)
class Broke:
    """The job ended with an error that nobody foresaw.

    Attributes:
        what: kind and text of the error.
        traceback: as printed.
    """

    what: str
    traceback: str


Answer = Ready | Begun | Done | Refused | OutgrewMemory | Broke
