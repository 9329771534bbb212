"""A made PARA folder: coloured squares whose brightness is their score."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.train.aesthetics.datasets.shards import write_shards


@pytest.fixture(scope="session")
def para_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the PARA layout with 96 made photographs in two shards."""
    return write_shards(tmp_path_factory.mktemp("para"))
