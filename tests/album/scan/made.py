"""Made albums for the tests of scanning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from goodside.album.catalog import Catalog, FileRecord, FileStamp, list_files
from goodside.album.scan import ScanSummary, scan
from goodside.album.scan.walk import FoundFile, Kind
from tests.images.made import encode, textured

EXAMPLES = Path(__file__).parents[3] / "examples"


def photo(seed: int = 0, *, size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    """A small JPEG; another seed is another content."""
    return encode(textured(*size, seed=seed), "JPEG", quality=85, **options)


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
