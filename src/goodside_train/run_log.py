"""The log of a run: a CSV file in long form, and TensorBoard's where that is installed."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from goodside.images import atomic_write

_COLUMNS = ("step", "elapsed_s", "part", "name", "value")


class RunLog:
    """Figures of a run, one a line: `step, elapsed_s, part, name, value`.

    Args:
        folder: receives `log.csv` and TensorBoard's event files.
        from_step: lines of later steps, left by a run that was cut off, are dropped; 0 starts anew.
    """

    def __init__(self, folder: Path, *, from_step: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "log.csv"
        kept = self._kept(from_step) if from_step else []
        table = StringIO(newline="")
        csv.writer(table).writerows([_COLUMNS, *kept])
        with atomic_write(self._path, overwrite=True) as stream:
            stream.write(table.getvalue().encode())
        self._board = _open_board(folder)

    def write(
        self, figures: Mapping[str, float], *, step: int, elapsed_s: float, part: str
    ) -> None:
        """Add the figures of one part (`train`, `validation`) at one step."""
        with self._path.open("a", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows(
                (step, f"{elapsed_s:.1f}", part, name, f"{value:.6g}")
                for name, value in figures.items()
            )
        if self._board is not None:
            for name, value in figures.items():
                self._board.add_scalar(f"{part}/{name}", value, step)
            self._board.flush()

    def close(self) -> None:
        """Close TensorBoard's file."""
        if self._board is not None:
            self._board.close()

    def _kept(self, from_step: int) -> list[list[str]]:
        if not self._path.exists():
            return []
        with self._path.open(newline="", encoding="utf-8") as stream:
            whole = [row for row in csv.reader(stream) if len(row) == len(_COLUMNS)][1:]
        return [row for row in whole if int(row[0]) <= from_step]


def _open_board(folder: Path) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(folder))


def final_figures(log: Path) -> dict[str, float]:
    """The figures of the last validation in a run's log; none where there is no log or no end."""
    if not log.exists():
        return {}
    with log.open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["part"] == "final"]
    return {row["name"]: float(row["value"]) for row in rows}
