"""The words photographs are searched by, and what a teacher of ImageNet's classes says of them.

The words stand in `words.toml` beside this file, each with the classes that fold into it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.types import FloatArray

CLASSES = 1000
"""How many classes ImageNet's challenge has."""

_FILE = Path(__file__).with_name("words.toml")


@dataclass(frozen=True, slots=True)
class SearchWord:
    """A word that photographs are searched by.

    Attributes:
        label: the word.
        classes: ImageNet's classes that fold into it, those of words that imply it among them.
        implies: every word that holds wherever this one does.
        oasis: themes of OASIS whose photographs show it, in small letters.
    """

    label: str
    classes: tuple[int, ...]
    implies: frozenset[str]
    oasis: frozenset[str]


def read_vocabulary(path: Path = _FILE) -> tuple[SearchWord, ...]:
    """The words of a file such as `words.toml`, in the alphabet's order.

    Raises:
        ValueError: a word implies one that is not there, or a class is not within 0-999.
    """
    table: dict[str, dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))
    direct = {label: set(entry.get("implies", ())) for label, entry in table.items()}
    if unknown := set().union(*direct.values()) - set(table):
        raise ValueError(f"{path.name}: implied, but no words: {', '.join(sorted(unknown))}")
    implied = {label: frozenset(_reached(label, direct)) for label in table}
    own = {label: _classes(entry.get("imagenet", ())) for label, entry in table.items()}
    return tuple(
        SearchWord(
            label=label,
            classes=tuple(
                sorted(
                    own[label].union(*(own[other] for other in table if label in implied[other]))
                )
            ),
            implies=implied[label],
            oasis=frozenset(table[label].get("oasis", ())),
        )
        for label in sorted(table)
    )


def silent_classes(vocabulary: Iterable[SearchWord]) -> tuple[int, ...]:
    """ImageNet's classes that fold into no word."""
    return tuple(
        sorted(set(range(CLASSES)) - {number for word in vocabulary for number in word.classes})
    )


def fold_chances(vocabulary: Iterable[SearchWord], logits: NDArray[np.floating[Any]]) -> FloatArray:
    """A teacher's chance of each word: the sum of the chances of its classes.

    Args:
        vocabulary: W words.
        logits: (N, 1000) of ImageNet's classes.

    Returns:
        (N, W) within 0-1; NaN for a word without classes.
    """
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    chances = np.exp(shifted)
    chances /= chances.sum(axis=1, keepdims=True)
    missing = np.full(len(logits), np.nan)
    columns = [
        chances[:, list(word.classes)].sum(axis=1) if word.classes else missing
        for word in vocabulary
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _reached(label: str, direct: dict[str, set[str]]) -> set[str]:
    """Every word that follows from one, step by step, without itself."""
    reached: set[str] = set()
    waiting = set(direct[label])
    while waiting:
        word = waiting.pop()
        reached.add(word)
        waiting |= direct[word] - reached
    return reached - {label}


def _classes(ranges: Iterable[str]) -> set[int]:
    """`12` and `20-25`, both ends counted, as numbers."""
    numbers: set[int] = set()
    for text in ranges:
        first, _, last = text.partition("-")
        numbers |= set(range(int(first), int(last or first) + 1))
    if numbers and not (min(numbers) >= 0 and max(numbers) < CLASSES):
        raise ValueError(f"ImageNet has the classes 0-{CLASSES - 1}, not {sorted(numbers)[-1]}")
    return numbers
