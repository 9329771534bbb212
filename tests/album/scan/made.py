"""Made albums for the tests of scanning."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from goodside.album.catalog import Catalog, FileRecord, FileStamp, list_files
from goodside.album.scan import ScanSummary, scan
from goodside.album.scan.walk import FoundFile, Kind
from tests.images.made import encode, textured

EXAMPLES = Path(__file__).parents[3] / "examples"

_SHOWN = "pagoda dahlia cat raccoon sunset two-dogs dragonfly fig nuthatch photographer".split()
_TEXTURED = 0.25  # of a made photograph; so much tells two of the same scene apart


def photo(seed: int = 0, *, size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    """A small JPEG that is taken for a photograph; another seed is another content."""
    rng, scene = np.random.default_rng(seed), _scene(_SHOWN[seed % len(_SHOWN)])
    sides = np.array(scene.size)
    shown = sides * rng.uniform(0.6, 1)
    corner = rng.uniform(0, 1, 2) * (sides - shown)
    part = scene.resize(size, Image.Resampling.BILINEAR, box=(*corner, *(corner + shown)))
    blended = (1 - _TEXTURED) * np.asarray(part) + _TEXTURED * textured(*size, seed=seed)
    return encode(blended.astype(np.uint8), "JPEG", quality=85, **options)


@cache
def _scene(name: str) -> Image.Image:
    with Image.open(EXAMPLES / "photos" / f"{name}.jpg") as opened:
        return opened.convert("RGB")


def quick_scan(catalog: Catalog, *folders: Path, **options: Any) -> ScanSummary:
    """A scan in this process, without faces."""
    return scan(catalog, folders, **{"workers": 0, "faces": False} | options)


def files(catalog: Catalog) -> dict[str, FileRecord]:
    """What the catalog knows, by name."""
    with catalog.read() as session:
        return {file.path.name: file for file in list_files(session)}


def found(name: str, *, kind: Kind = "photo", stamp: int = 1, folder: str = "/album") -> FoundFile:
    """A file as a walk gives it."""
    return FoundFile(Path(folder) / name, Path(folder), kind, FileStamp(100 + stamp, stamp, stamp))
