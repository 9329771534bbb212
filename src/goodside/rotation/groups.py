"""Whether some groups of people are turned worse than others: the same figures by group."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from goodside.errors import SettingsError
from goodside.rotation.marks import Marks
from goodside.types import Json

Labels = Mapping[str, Mapping[str, str]]
"""Group by column, by the name of a photograph's file."""


def read_labels(path: Path) -> Labels:
    """Read a CSV file with the column `image` and one column a kind of group.

    Raises:
        SettingsError: it is missing, or lacks the columns.
    """
    try:
        with path.open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        labels = {Path(row.pop("image")).name: dict(row) for row in rows}
        if not any(labels.values()):
            raise ValueError("it names no group")
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise SettingsError(
            f"the list of groups cannot be read: {error}",
            path=path,
            remedy="it needs the column image, and one column a kind of group",
        ) from error
    return labels


def compare_groups(
    labels: Labels, *, faces: Sequence[str], refused: Sequence[str], marks: Sequence[Marks]
) -> list[Json]:
    """The figures of every group, all yaws together.

    Args:
        labels: from `read_labels`; photographs that are not in it are left out.
        faces: file names of the photographs used, in the order of the marks' index.
        refused: file names of those that were not.
        marks: of the network's results, one a yaw.

    Returns:
        `column`, `group`, `faces`, `refused`, and the figures of `Marks.summary`.
    """
    rows = []
    columns = dict.fromkeys(column for groups in labels.values() for column in groups)
    for column in columns:
        for group in sorted({groups[column] for groups in labels.values()}):
            inside = [
                index
                for index, name in enumerate(faces)
                if labels.get(name, {}).get(column) == group
            ]
            turned_down = [name for name in refused if labels.get(name, {}).get(column) == group]
            if inside or turned_down:
                figures = Marks.joined(marks).of(inside).summary()
                counts = {"faces": len(inside), "refused": len(turned_down)}
                rows.append({"column": column, "group": group, **counts, **figures})
    return rows
