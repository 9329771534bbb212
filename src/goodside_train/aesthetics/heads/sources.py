"""Rated photographs as files or bytes, so that an encoder sees them in their own shape."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from goodside.errors import SettingsError
from goodside_train.aesthetics.datasets import para_shards as para
from goodside_train.aesthetics.datasets.labels import Labels
from goodside_train.aesthetics.datasets.layouts import READERS, SHARDS, detect_layout
from goodside_train.aesthetics.datasets.own_table import read_rated_table
from goodside_train.aesthetics.datasets.tar_images import PATTERN


@dataclass(frozen=True, slots=True)
class RatedSources:
    """Rated photographs before they are read, without those of an official test part.

    Attributes:
        layout: of the data set.
        labels: of N photographs.
        sources: N calls that give a file's path or its bytes.
        test_count: how many photographs of the official test part were left out.
        says_validation: whether the data set says itself which photographs are for validation.
    """

    layout: str
    labels: Labels
    sources: tuple[Callable[[], Path | bytes], ...]
    test_count: int
    says_validation: bool

    def __len__(self) -> int:
        return len(self.labels)


def open_rated(
    *, table: Path | None = None, photos: Path | None = None, data: Path | None = None,
    layout: str | None = None,
) -> RatedSources:  # fmt: skip
    """Open a table of ratings, or the folder of a data set.

    Args:
        table: a CSV file, see `own_table`.
        photos: the folder of its photographs; by default the table's.
        data: folder of a data set, in place of a table.
        layout: of the folder; by default told from its files.

    Raises:
        SettingsError: the table or folder cannot be read, or its layout is unknown.
    """
    if table is not None:
        found, layout = read_rated_table(table, photos=photos or table.parent), "own"
    elif data is None:
        raise SettingsError("there are no ratings", remedy="name a table or a data set's folder")
    else:
        layout = layout or detect_layout(data)
        if layout == SHARDS:
            return _of_shards(data)
        if layout not in READERS:
            raise SettingsError(f"the layout {layout!r} is unknown")
        found = READERS[layout](data)
    rows = np.flatnonzero(~found.test)
    paths = [found.paths[row] for row in rows]
    return RatedSources(
        layout,
        found.labels.take(rows),
        tuple(_constant(path) for path in paths),
        test_count=int(found.test.sum()),
        says_validation=found.says_validation,
    )


def _constant(path: Path) -> Callable[[], Path]:
    return lambda: path


def _of_shards(folder: Path) -> RatedSources:
    labels = para.read_labels(folder)
    wanted, places = set(labels.names), dict[str, Callable[[], bytes]]()
    for shard in sorted(folder.glob(PATTERN)):
        try:
            with tarfile.open(shard, "r:") as archive:
                for member in archive:
                    name = Path(member.name).name
                    if name in wanted and member.isfile():
                        places[name] = _member(shard, member.offset_data, member.size)
        except (OSError, tarfile.TarError) as error:
            raise SettingsError(
                f"the shard is damaged: {error}", path=shard, remedy="copy it again"
            ) from error
    if lacking := wanted - set(places):
        raise SettingsError(
            f"{len(lacking)} photographs are in none of the shards, {min(lacking)} for one",
            path=folder,
        )
    sources = tuple(places[name] for name in labels.names)
    return RatedSources(SHARDS, labels, sources, test_count=0, says_validation=True)


def _member(shard: Path, offset: int, size: int) -> Callable[[], bytes]:
    def read() -> bytes:
        with shard.open("rb") as stream:
            stream.seek(offset)
            return stream.read(size)

    return read
