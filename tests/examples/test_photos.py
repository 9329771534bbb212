"""The bundled photographs: all there, small, readable, credited."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from goodside.images import find_photos, read_photo
from tools.degrade import PAIR_NAMES, degrade
from tools.make_examples import COPIES, SOURCES

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "photos"
NAMES = sorted([*SOURCES, *(f"{name}-{kind}" for name, kind in COPIES)])


def test_the_folder_holds_what_the_script_makes() -> None:
    assert sorted(path.name for path in find_photos([FOLDER])) == sorted(
        f"{name}.jpg" for name in NAMES
    )
    assert set(PAIR_NAMES) <= set(SOURCES)
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 4_000_000


@pytest.mark.parametrize("name", NAMES)
def test_photograph(name: str) -> None:
    path = FOLDER / f"{name}.jpg"
    photo = read_photo(path)
    assert photo.format == "JPEG"
    assert 300 <= max(photo.width, photo.height) <= 1200
    assert path.stat().st_size < 300_000
    with Image.open(path) as image:
        assert not image.getexif()


@pytest.mark.parametrize(("name", "kind"), COPIES)
def test_copies_come_from_the_same_code(name: str, kind: str) -> None:
    """Made from the stored original they differ from the stored copy by JPEG's losses only."""
    again = degrade(read_photo(FOLDER / f"{name}.jpg").rgb, kind, name=name)
    stored = read_photo(FOLDER / f"{name}-{kind}.jpg").rgb
    assert again.shape == stored.shape
    assert np.abs(again.astype(int) - stored).mean() < 8


def test_every_file_has_its_row_in_the_credits() -> None:
    listed = (ROOT / "examples" / "CREDITS.md").read_text(encoding="utf-8")
    rows = {
        found[1]: found[0]
        for found in re.finditer(r"^\| `([\w-]+)\.jpg` \|.*$", listed, re.MULTILINE)
    }
    assert set(NAMES) <= set(rows)
    for name in NAMES:
        _, file, title, author, licence, source, changes, _ = rows[name].split("|")
        assert all(cell.strip() for cell in (file, title, author, licence, source, changes))
        assert "CC" in licence or "public domain" in licence


def test_every_original_stands_in_the_notice() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert [name for name in NAMES if name not in notice] == []
