"""How far a long piece of work on an album is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Stage = Literal[
    "scanning", "grouping", "turning side faces", "looking for a face", "judging photographs"
]


@dataclass(frozen=True, slots=True)
class StageProgress:
    """How far a stage of the work is.

    Attributes:
        stage: what is being done.
        done: files read, or faces turned.
        total: how many there are; 0 where nobody counts.
    """

    stage: Stage
    done: int = 0
    total: int = 0
