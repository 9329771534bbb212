"""The PARA photographs: shards of images and a table of labels, read once into arrays.

Layout: a folder with `labels.csv` and `images-*.tar`. The table's `image` column names the members
of the shards. Rows with `split` = `labelled` carry a histogram of votes, a semantic class and
attribute means; the others only mean scores and emotion votes.
"""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.scores import USUAL_SPREAD, distribution_from_votes
from goodside.errors import SettingsError, reason_of
from goodside_train.aesthetics.datasets.distributions import distribution_from_mean, to_ten
from goodside_train.aesthetics.datasets.labels import Labels, known_rows

VOTE_VALUES = (1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0)
EMOTIONS = (
    "amusement", "awe", "contentment", "disgust", "excitement", "fear", "neutral", "sadness",
)  # fmt: skip
ATTRIBUTES = (
    "composition", "color", "depth_of_field", "light", "content",
    "content_preference", "willingness_to_share", "object_emphasis",
)  # fmt: skip
SEMANTICS = (
    "animal", "building", "food", "indoor", "nightScene",
    "others", "plant", "portrait", "scene", "stilllife",
)  # fmt: skip
HIGH_FROM = 3.0
"""On PARA's 1-5 scale: a mean of this or more is high quality."""


def is_validation(name: str, *, split: str) -> bool:
    """Whether a row is kept for validation: labelled, and the hash of its name is even."""
    return split == "labelled" and hashlib.sha256(name.encode()).digest()[0] % 2 == 0


def read_labels(folder: Path) -> Labels:
    """Read `labels.csv`.

    Raises:
        SettingsError: the table is missing, lacks a column or holds something else.
    """
    path = folder / "labels.csv"
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(
            f"the table of labels cannot be read: {reason_of(error)}",
            path=path,
            remedy="give the PARA folder with --data",
        ) from error
    try:
        held = np.array([is_validation(row["image"], split=row["split"]) for row in rows])
        return labels_from_rows(rows, validation=held)
    except KeyError as error:
        raise SettingsError(f"the table lacks the column {error}", path=path) from error
    except ValueError as error:
        raise SettingsError(f"the table holds something else: {error}", path=path) from error


def labels_from_rows(rows: list[dict[str, str]], *, validation: NDArray[np.bool_]) -> Labels:
    """Labels from the rows of a table with the columns of `labels.csv`.

    Args:
        rows: text by column; empty where nothing is known.
        validation: (N,) bool.

    Raises:
        KeyError: a column is missing.
        ValueError: a cell holds no number, or a photograph has no mean score.
    """
    names = tuple(row["image"] for row in rows)
    means = _column(rows, "aesthetic_mean")
    if unknown := [name for name, mean in zip(names, means, strict=True) if not np.isfinite(mean)]:
        raise ValueError(f"{unknown[0]} has no mean score")
    votes = np.stack([_column(rows, f"votes_{value}") for value in VOTE_VALUES], axis=1)
    true_votes = known_rows(votes) & (votes.sum(axis=1) > 0)
    spread = _spread_by_mean(means, _column(rows, "aesthetic_std"), known=true_votes & ~validation)
    distribution = distribution_from_mean(to_ten(means), std=spread)
    distribution[true_votes] = distribution_from_votes(
        votes[true_votes], values=to_ten(np.asarray(VOTE_VALUES))
    )
    emotions = np.stack([_column(rows, f"emotion_{name}") for name in EMOTIONS], axis=1)
    emotions /= np.maximum(emotions.sum(axis=1, keepdims=True), 1e-9)
    attributes = np.stack([_column(rows, f"{name}_mean") for name in ATTRIBUTES], axis=1)
    attributes[:, :-1] = to_ten(attributes[:, :-1])
    attributes[:, -1] = 1 + 9 * attributes[:, -1]
    tags = np.full((len(rows), len(SEMANTICS)), np.nan, dtype=np.float32)
    for index, row in enumerate(rows):
        if row["semantic"] in SEMANTICS:  # a class of another name is no label
            tags[index] = [float(row["semantic"] == name) for name in SEMANTICS]
    return Labels(
        names=names,
        score=to_ten(means).astype(np.float32),
        distribution=distribution.astype(np.float32),
        true_votes=true_votes,
        high=(means >= HIGH_FROM).astype(np.int64),
        tags=tags,
        quality=to_ten(_column(rows, "quality_mean")).astype(np.float32),
        emotions=emotions.astype(np.float32),
        attributes=attributes.astype(np.float32),
        validation=validation,
        tag_names=SEMANTICS,
        emotion_names=EMOTIONS,
        attribute_names=ATTRIBUTES,
        high_from=float(to_ten(np.asarray(HIGH_FROM))),
    )


def _column(rows: list[dict[str, str]], name: str) -> NDArray[np.float64]:
    return np.array([float(row[name]) if row[name] else np.nan for row in rows])


def _spread_by_mean(
    means: NDArray[np.float64], stds: NDArray[np.float64], *, known: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Standard deviation of the votes on the ten-point scale, a parabola of the mean."""
    known = known & np.isfinite(stds)
    if known.sum() < 3:
        return np.full_like(means, USUAL_SPREAD)
    parabola = np.polyfit(means[known], stds[known], deg=2)
    low, high = stds[known].min(), stds[known].max()
    spread: NDArray[np.float64] = np.clip(np.polyval(parabola, means), low, high)
    return spread * 9 / 4
