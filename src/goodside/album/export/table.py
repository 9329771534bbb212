"""Photographs as a table: CSV, JSON Lines, Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from goodside.album.search.query import SearchHit
from goodside.errors import SettingsError
from goodside.images import atomic_write
from goodside.json_text import dump_json
from goodside.spreadsheet import escape_cell, join_cells, path_to_text
from goodside.types import Json

TableFormat = Literal["csv", "jsonl", "parquet"]

COLUMNS = (
    "file", "taken_at", "camera", "lens", "width", "height", "latitude", "longitude",
    "score", "percentile", "high_quality", "tags", "people", "faces", "sharpness", "brightness",
    "flag", "stars", "likeness", "model", "sha256", "title", "description", "label", "keywords",
    "incomplete", "notes", "technical", "words",
)  # fmt: skip
TEXTS = (
    "file", "taken_at", "camera", "lens", "flag", "model", "sha256", "title", "description",
    "label", "notes",
)  # fmt: skip
WHOLE = ("width", "height", "faces", "stars")
LISTS = ("tags", "people", "keywords", "words")
FLAGS = ("incomplete",)
"""Columns by what they hold; the others hold numbers."""
ADDED_LATER = ("technical", "words")
"""Columns that tables of earlier versions lack."""


def rows(found: Iterable[SearchHit]) -> list[Json]:
    """One record a photograph, with `COLUMNS` as its keys; unknown values are None."""
    return [_row(one) for one in found]


def encode_table(found: Sequence[SearchHit], *, form: TableFormat) -> bytes:
    """A whole file.

    A path that is no UTF-8 is a file URI, see `path_to_text`. In CSV, tags and people are joined by
    `;`, and cells of text that a spreadsheet would run are made harmless, see `escape_cell`;
    `read_table` reads all of it back.

    Raises:
        SettingsError: Parquet is asked for and pyarrow is not installed.
    """
    records = rows(found)
    if form == "jsonl":
        return "".join(f"{dump_json(record)}\n" for record in records).encode()
    if form == "csv":
        return _csv(records)
    return _parquet(records)


def write_table(
    path: Path,
    found: Sequence[SearchHit],
    *,
    form: TableFormat | None = None,
    overwrite: bool = False,
) -> Path:
    """Write a table; without `form`, the suffix says which: .csv, .jsonl or .parquet.

    Raises:
        SettingsError: the suffix says nothing, or pyarrow is not installed.
        OutputError: the file exists or cannot be written.
    """
    chosen: TableFormat | None = form or _BY_SUFFIX.get(path.suffix.lower())
    if chosen is None:
        raise SettingsError(
            f"no table is known for the suffix {path.suffix!r}",
            path=path,
            remedy="end the name in .csv, .jsonl or .parquet",
        )
    data = encode_table(found, form=chosen)
    with atomic_write(path, overwrite=overwrite) as stream:
        stream.write(data)
    return path


_BY_SUFFIX: dict[str, TableFormat] = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}


def _row(one: SearchHit) -> Json:
    shot, facts, judged = one.shot, one.shot.photo.facts, one.shot.photo.judged
    aesthetic = None if judged is None else judged.aesthetic
    percentile = shot.percentile
    said = shot.photo.description
    return {
        "file": path_to_text(shot.photo.paths[0]),
        "taken_at": None if facts.taken is None else facts.taken.isoformat(),
        "camera": facts.camera,
        "lens": facts.lens,
        "width": facts.width,
        "height": facts.height,
        "latitude": facts.latitude_deg,
        "longitude": facts.longitude_deg,
        "score": aesthetic and round(aesthetic.score, 4),
        "percentile": None if percentile is None else round(percentile, 2),
        "high_quality": aesthetic and round(aesthetic.high_quality, 4),
        "tags": sorted(shot.tags),
        "people": sorted(shot.people),
        "faces": len(shot.faces),
        "sharpness": facts.sharpness,
        "brightness": facts.brightness,
        "flag": shot.flag,
        "stars": shot.stars,
        "likeness": one.likeness,
        "model": None if judged is None else judged.model,
        "sha256": shot.photo.sha256,
        "title": said.title,
        "description": said.description,
        "label": said.label,
        "keywords": list(shot.keywords),
        "incomplete": facts.incomplete,
        "notes": facts.notes,
        "technical": None if shot.technical is None else round(shot.technical, 4),
        "words": shot.words,
    }


def _csv(records: list[Json]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for record in records:
        writer.writerow({key: _cell(value) for key, value in record.items()})
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    """What a spreadsheet takes for text where it is text, and for a number where it is one."""
    if isinstance(value, list):
        return join_cells(value)
    return escape_cell(value) if isinstance(value, str) else value


def _parquet(records: list[Json]) -> bytes:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise SettingsError(
            "Parquet needs pyarrow", remedy="pip install 'goodside[parquet]'"
        ) from error
    kinds = {
        **dict.fromkeys(COLUMNS, pyarrow.float64()),
        **dict.fromkeys(TEXTS, pyarrow.string()),
        **dict.fromkeys(WHOLE, pyarrow.int64()),
        **dict.fromkeys(LISTS, pyarrow.list_(pyarrow.string())),
        **dict.fromkeys(FLAGS, pyarrow.bool_()),
    }
    table = pyarrow.Table.from_pylist(records, schema=pyarrow.schema(list(kinds.items())))
    stream = io.BytesIO()
    pyarrow.parquet.write_table(table, stream)
    return stream.getvalue()
