"""An empty catalog and a small album for the tests of scanning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from goodside.album.catalog import (
    Catalog,
    open_catalog,
)
from tests.album.scan.made import photo
from tests.postgres.places import place


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with open_catalog(place(tmp_path / "catalog.db")) as opened:
        yield opened


@pytest.fixture
def album(tmp_path: Path) -> Path:
    folder = tmp_path / "album"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.jpg").write_bytes(photo(number))
    return folder
