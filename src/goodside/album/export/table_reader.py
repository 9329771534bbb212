"""Tables of photographs read back as they were before they were written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from goodside.album.export.table import ADDED_LATER, COLUMNS, FLAGS, LISTS, TEXTS, WHOLE
from goodside.errors import SettingsError, reason_of
from goodside.json_text import parse_json
from goodside.spreadsheet import path_from_text, split_cells, unescape_cell
from goodside.types import Json


def read_table(path: str | Path) -> list[Json]:
    """Read a table of `write_table`; the suffix says which kind it is.

    Returns:
        One record a photograph, with `COLUMNS` as its keys and unknown values None; `file` is the
        exact `Path`, whatever its bytes are.

    Raises:
        SettingsError: it is no such table, or pyarrow is not installed.
    """
    path = Path(path)
    readers = {".csv": _csv, ".jsonl": _jsonl, ".ndjson": _jsonl, ".parquet": _parquet}
    try:
        records = list(readers[path.suffix.lower()](path.read_bytes()))
        unknown: Json = {name: [] if name in LISTS else None for name in ADDED_LATER}
        return [{**unknown, **one, "file": path_from_text(one["file"])} for one in records]
    except ImportError as error:
        raise SettingsError(
            "Parquet needs pyarrow", remedy="pip install 'goodside[parquet]'"
        ) from error
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise SettingsError(
            f"no table of photographs can be read from it: {reason_of(error)}",
            path=path,
            remedy="name a table of goodside album find --out",
        ) from error


def _csv(data: bytes) -> Iterator[Json]:
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    there = set(reader.fieldnames or ())
    missing = set(COLUMNS) - {*there, *ADDED_LATER}
    if missing:
        raise ValueError(f"it lacks the columns {', '.join(sorted(missing))}")
    for row in reader:
        yield {name: _value(name, row[name]) for name in COLUMNS if name in there}


def _value(name: str, cell: str) -> Any:
    if name in LISTS:
        return split_cells(cell)
    if not cell:
        return None
    if name in TEXTS:
        return unescape_cell(cell)
    if name in FLAGS:
        return cell == "True"
    return int(cell) if name in WHOLE else float(cell)


def _jsonl(data: bytes) -> Iterator[Json]:
    for number, line in enumerate(data.decode().split("\n"), start=1):
        if line:
            yield parse_json(line, first_line=number)


def _parquet(data: bytes) -> list[Json]:
    import pyarrow.parquet

    records: list[Json] = pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()
    return records
