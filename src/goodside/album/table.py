"""Photographs as a table: CSV, JSON Lines, Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from goodside.album.find import Found
from goodside.errors import SettingsError
from goodside.images.save import replacing
from goodside.types import Json

TableFormat = Literal["csv", "jsonl", "parquet"]

COLUMNS = (
    "file", "taken_at", "camera", "lens", "width", "height", "latitude", "longitude",
    "score", "percentile", "high_quality", "tags", "people", "faces", "sharpness", "brightness",
    "flag", "stars", "likeness", "model", "sha256", "title", "description", "label", "keywords",
)  # fmt: skip


def rows(found: Iterable[Found]) -> list[Json]:
    """One record a photograph, with `COLUMNS` as its keys; unknown values are None."""
    return [_row(one) for one in found]


def encode_table(found: Sequence[Found], *, form: TableFormat) -> bytes:
    """A whole file.

    In CSV, tags, people and keywords are joined by `;`. In a name that is no UTF-8, the stray bytes
    are shown as replacement characters.

    Raises:
        SettingsError: Parquet is asked for and pyarrow is not installed.
    """
    records = rows(found)
    if form == "jsonl":
        lines = (json.dumps(record, ensure_ascii=False) for record in records)
        return "".join(f"{line}\n" for line in lines).encode()
    if form == "csv":
        return _csv(records)
    return _parquet(records)


def write_table(
    path: Path, found: Sequence[Found], *, form: TableFormat | None = None, overwrite: bool = False
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
    with replacing(path, overwrite=overwrite) as stream:
        stream.write(data)
    return path


_BY_SUFFIX: dict[str, TableFormat] = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}


def _row(one: Found) -> Json:
    shot, facts, judged = one.shot, one.shot.photo.facts, one.shot.photo.judged
    aesthetic = None if judged is None else judged.aesthetic
    said = shot.photo.description
    return {
        "file": _text(shot.photo.paths[0]),
        "taken_at": None if facts.taken is None else facts.taken.isoformat(),
        "camera": facts.camera,
        "lens": facts.lens,
        "width": facts.width,
        "height": facts.height,
        "latitude": facts.latitude_deg,
        "longitude": facts.longitude_deg,
        "score": aesthetic and round(aesthetic.score, 4),
        "percentile": aesthetic and round(aesthetic.percentile, 2),
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
    }


def _text(path: Path) -> str:
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _csv(records: list[Json]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for record in records:
        joined = {key: ";".join(record[key]) for key in ("tags", "people", "keywords")}
        writer.writerow(record | joined)
    return text.getvalue().encode()


def _parquet(records: list[Json]) -> bytes:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise SettingsError(
            "Parquet needs pyarrow", remedy="pip install 'goodside[parquet]'"
        ) from error
    texts = (
        "file", "taken_at", "camera", "lens", "flag", "model", "sha256", "title", "description",
        "label",
    )  # fmt: skip
    whole = ("width", "height", "faces", "stars")
    kinds = {
        **dict.fromkeys(COLUMNS, pyarrow.float64()),
        **dict.fromkeys(texts, pyarrow.string()),
        **dict.fromkeys(whole, pyarrow.int64()),
        **dict.fromkeys(("tags", "people", "keywords"), pyarrow.list_(pyarrow.string())),
    }
    table = pyarrow.Table.from_pylist(records, schema=pyarrow.schema(list(kinds.items())))
    stream = io.BytesIO()
    pyarrow.parquet.write_table(table, stream)
    return stream.getvalue()
