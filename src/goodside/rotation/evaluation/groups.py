"""Whether some groups of people are turned worse than others: the same figures by group.

A group is whatever a list of labels says: skin tone, age, gender presentation, glasses. Groups are
small, so every figure comes with an interval over people, and with none where people are too few.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from goodside.aesthetics.evaluation.metrics import bootstrap
from goodside.aesthetics.evaluation.rated_photos import read_rows
from goodside.errors import SettingsError
from goodside.rotation.evaluation.measurements import Marks
from goodside.types import Json

Labels = Mapping[str, Mapping[str, str]]
"""Group by column, by the name of a photograph's file."""

LEAST_PEOPLE = 8
"""Of fewer people no interval is told: resampling would make it too narrow."""

_FIGURES = (
    ("embedder_cosine", "cosine"),
    ("judge_distance", "distance"),
    ("pose_error_deg", "error_deg"),
)
_Z = 1.96  # 95 % of the normal distribution


def read_labels(path: Path) -> Labels:
    """Read a CSV file with the column `image` and one column a kind of group.

    An empty cell leaves a photograph out of that kind.

    Raises:
        SettingsError: it is missing, cannot be read, or lacks the columns.
    """
    labels = {
        Path(row["image"]).name: {
            column: group.strip()
            for column, group in row.items()
            if column and column != "image" and isinstance(group, str) and group.strip()
        }
        for row in read_rows(path, needed=["image"])
    }
    if not any(labels.values()):
        raise SettingsError(
            "the list of groups names no group",
            path=path,
            remedy="it needs the column image, and one column a kind of group",
        )
    return labels


def compare_groups(
    labels: Labels,
    *,
    faces: Sequence[str],
    refused: Sequence[str],
    marks: Sequence[Marks],
    seed: int = 0,
) -> list[Json]:
    """The figures of every group, all yaws together.

    Args:
        labels: from `read_labels`; photographs that are not in it are left out.
        faces: file names of the photographs used, in the order of the marks' index.
        refused: file names of those that were not.
        marks: of the network's results, one a yaw.
        seed: of the resampling.

    Returns:
        `column`, `group`, `faces`, `refused`, `refused_interval` (of their share) and the figures
        of `Marks.summary`; `intervals`: 95 % over people of `embedder_cosine`, `judge_distance`
        and `pose_error_deg`, each null where fewer than `LEAST_PEOPLE` were measured.
    """
    everything = Marks.joined(marks)
    rows = []
    columns = dict.fromkeys(column for groups in labels.values() for column in groups)
    for column in columns:
        for group in sorted({one[column] for one in labels.values() if column in one}):
            inside = [
                index
                for index, name in enumerate(faces)
                if labels.get(name, {}).get(column) == group
            ]
            turned_down = [name for name in refused if labels.get(name, {}).get(column) == group]
            if not inside and not turned_down:
                continue
            mine = everything.of(inside)
            row = {
                "column": column,
                "group": group,
                "faces": len(inside),
                "refused": len(turned_down),
                "refused_interval": _share_interval(
                    len(turned_down), of=len(inside) + len(turned_down)
                ),
                **mine.summary(),
                "intervals": {
                    name: _interval(getattr(mine, values), people=mine.index, seed=seed)
                    for name, values in _FIGURES
                },
            }
            rows.append(row)
    return rows


def _interval(
    values: Sequence[float], *, people: Sequence[int], seed: int
) -> tuple[float, float] | None:
    """Percentile interval of the mean, people drawn anew with all of their results."""
    if not values:
        return None
    whose = np.unique(people, return_inverse=True)[1]
    counts, sums = np.bincount(whose), np.bincount(whose, weights=values)
    if len(counts) < LEAST_PEOPLE:
        return None
    low, high = bootstrap(
        lambda drawn: float(sums[drawn].sum() / counts[drawn].sum()),
        count=len(counts),
        rng=np.random.default_rng(seed),
    )
    return round(low, 3), round(high, 3)


def _share_interval(count: int, *, of: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson, 1927)."""
    share, spread = count / of, _Z**2 / of
    middle = (share + spread / 2) / (1 + spread)
    reach = _Z * math.sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return round(max(middle - reach, 0.0), 3), round(min(middle + reach, 1.0), 3)
