"""What was seen in photographs: words and a kind, by the name of the picture.

The table `photo_labels.csv` beside this file is our own: somebody looked at the photographs of
BIQ2021 and wrote down what each shows. OASIS' pictures are named for what they show.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from goodside.types import FloatArray
from goodside_train.aesthetics.datasets.kept_apart import oasis_theme
from goodside_train.aesthetics.words.vocabulary import SearchWord

_FILE = Path(__file__).with_name("photo_labels.csv")
_FROM_THEME_ALONE = ("animal", "food", "vehicle", "building", "plant")
"""Words that a photograph of a theme without them need not lack."""


@dataclass(frozen=True, slots=True)
class PhotoLabels:
    """What N photographs show.

    Attributes:
        words: (N, W) float32, 1 and 0; NaN where nobody knows.
        kinds: N kinds of picture, one of PARA's ten; empty where nobody said.
    """

    words: FloatArray
    kinds: tuple[str, ...]


def read_photo_labels(
    names: Sequence[str], vocabulary: Sequence[SearchWord], *, path: Path = _FILE
) -> PhotoLabels:
    """Labels by the table, for the photographs that stand in it.

    Every word of a photograph was written down, so that a word that is not there is a 0, but for
    those its row calls unsure. What a word implies holds too.

    Args:
        names: of N photographs.
        vocabulary: W words.
        path: the table: `image, kind, words, unsure`, words parted by `;`.

    Raises:
        ValueError: the table has a word that is not in the vocabulary.
    """
    with path.open(newline="", encoding="utf-8") as stream:
        rows = {row["image"]: row for row in csv.DictReader(stream)}
    labels = np.full((len(names), len(vocabulary)), np.nan, np.float32)
    for place, name in enumerate(names):
        if name in rows:
            labels[place] = _row(rows[name]["words"], rows[name]["unsure"], vocabulary)
    kinds = tuple(rows[name]["kind"] if name in rows else "" for name in names)
    return PhotoLabels(labels, kinds)


def read_oasis_labels(names: Sequence[str], vocabulary: Sequence[SearchWord]) -> PhotoLabels:
    """Labels by the names of OASIS' pictures.

    A name says what a picture is of, not all that is in it: only what is named is a 1, and nothing
    is a 0.

    Args:
        names: of N pictures.
        vocabulary: W words.
    """
    labels = np.full((len(names), len(vocabulary)), np.nan, np.float32)
    column = {word.label: place for place, word in enumerate(vocabulary)}
    for row, name in enumerate(names):
        for word in vocabulary:
            if oasis_theme(name) in word.oasis:
                labels[row, [column[label] for label in (word.label, *word.implies)]] = 1
    return PhotoLabels(labels, ("",) * len(names))


def _row(words: str, unsure: str, vocabulary: Sequence[SearchWord]) -> FloatArray:
    """One photograph's labels, (W,)."""
    column = {word.label: place for place, word in enumerate(vocabulary)}
    row = np.zeros(len(vocabulary), np.float32)
    for text, value in ((unsure, np.nan), (words, 1.0)):
        for label in filter(None, text.split(";")):
            if label not in column:
                raise ValueError(f"{label!r} is no word of the vocabulary")
            implied = vocabulary[column[label]].implies
            row[[column[other] for other in (label, *implied)]] = value
    return row
