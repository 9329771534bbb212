"""Whether some groups of people are turned worse than others: the same figures by group.

A group is whatever a list of labels says: skin tone, age, gender presentation, glasses. Groups are
small, so every figure comes with an interval over people, and with none where people are too few.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from goodside.aesthetics.evaluation.metrics import bootstrap
from goodside.aesthetics.evaluation.rated_photos import read_rows
from goodside.errors import SettingsError
from goodside.rotation.evaluation.measurements import Measurements, MeasurementSummary
from goodside.rotation.evaluation.report import INLINE, key

Labels = Mapping[str, Mapping[str, str]]
"""Group by column, by the name of a photograph's file."""

FEWEST_PEOPLE = 8
"""Of fewer people no interval is given: resampling would make it too narrow."""

_Z = 1.96  # 95 % of the normal distribution

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class FigureIntervals:
    """95 % intervals over people; None where fewer than `FEWEST_PEOPLE` were measured.

    Attributes:
        cosine, second_distance, yaw_error_deg: of the mean of that name.
    """

    cosine: Interval | None = field(metadata=key("embedder_cosine"))
    second_distance: Interval | None = field(metadata=key("judge_distance"))
    yaw_error_deg: Interval | None = field(metadata=key("pose_error_deg"))


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """The figures of one group, all yaws together.

    Attributes:
        column: the kind of group.
        group: its name.
        faces: photographs used.
        refused: photographs that were not.
        refused_interval: 95 % interval of their share.
        summary: means over the results.
        intervals: of those means.
    """

    column: str
    group: str
    faces: int
    refused: int
    refused_interval: Interval
    summary: MeasurementSummary = field(metadata=INLINE)
    intervals: FigureIntervals


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
    measurements: Sequence[Measurements],
    seed: int = 0,
) -> list[GroupFigures]:
    """The figures of every group, all yaws together.

    Args:
        labels: from `read_labels`; photographs that are not in it are left out.
        faces: file names of the photographs used, in the order of the measurements' index.
        refused: file names of those that were not.
        measurements: of the network's results, one a yaw.
        seed: of the resampling.
    """
    everything = Measurements.joined(measurements)
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
            interval = partial(_interval, people=mine.index, seed=seed)
            rows.append(
                GroupFigures(
                    column=column,
                    group=group,
                    faces=len(inside),
                    refused=len(turned_down),
                    refused_interval=_share_interval(
                        len(turned_down), of=len(inside) + len(turned_down)
                    ),
                    summary=mine.summary(),
                    intervals=FigureIntervals(
                        cosine=interval(mine.cosine),
                        second_distance=interval(mine.second_distance),
                        yaw_error_deg=interval(mine.yaw_error_deg),
                    ),
                )
            )
    return rows


def _interval(values: Sequence[float], *, people: Sequence[int], seed: int) -> Interval | None:
    """Percentile interval of the mean, people drawn anew with all of their results."""
    if not values:
        return None
    whose = np.unique(people, return_inverse=True)[1]
    counts, sums = np.bincount(whose), np.bincount(whose, weights=values)
    if len(counts) < FEWEST_PEOPLE:
        return None
    low, high = bootstrap(
        lambda drawn: float(sums[drawn].sum() / counts[drawn].sum()),
        count=len(counts),
        rng=np.random.default_rng(seed),
    )
    return round(low, 3), round(high, 3)


def _share_interval(count: int, *, of: int) -> Interval:
    """95 % interval of a share (Wilson, 1927)."""
    share, spread = count / of, _Z**2 / of
    middle = (share + spread / 2) / (1 + spread)
    reach = _Z * math.sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return round(max(middle - reach, 0.0), 3), round(min(middle + reach, 1.0), 3)
