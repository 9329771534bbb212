"""How long the report of an album takes, and how large it is.

    python -m benchmarks.album_report --photos 2000 --out benchmarks/results

Small photographs are made, scanned without faces and grouped; only the report is timed. With
`--size 4000 3000` the picks, which are read again, cost as much as real ones, and the scan is long.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.made import make_album
from goodside.album.catalog import open_catalog
from goodside.album.groups import regroup
from goodside.album.report import make_report, write_report
from goodside.album.scan import scan


def main() -> None:
    """Parse the command line, measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=2000)
    parser.add_argument("--size", type=int, nargs=2, default=(640, 480), metavar=("W", "H"))
    parser.add_argument("--out", type=Path, help="folder of the table")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        rows = measure(Path(home), asked.photos, size=tuple(asked.size))
    today = datetime.now(UTC).date().isoformat()
    about = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
    lines = ["# The report of an album", "", f"{today}, {about}", "", "| | |", "|---|---|"]
    text = "\n".join([*lines, *(f"| {what} | {figure} |" for what, figure in rows), ""])
    print(text)
    if asked.out:
        asked.out.mkdir(parents=True, exist_ok=True)
        (asked.out / f"{today}-album-report.md").write_text(text, encoding="utf-8")


def measure(home: Path, count: int, *, size: tuple[int, int]) -> list[tuple[str, str]]:
    """Seconds to gather and to write the report of a made album, and its size."""
    album = make_album(home / "album", count, size=size)
    with open_catalog(home / "catalog.db") as catalog:
        done = scan(catalog, [album], faces=False)
        regroup(catalog)
        start = time.perf_counter()
        made = make_report(catalog, title="Made")
        gathered = time.perf_counter()
        path = write_report(home / "report.html", made)
        written = time.perf_counter()
    return [
        ("photographs", f"{done.read} of {size[0]} x {size[1]}"),
        ("shown", f"{len(made.picks)} picks, {len(made.series)} series"),
        ("gathered", f"{gathered - start:.2f} s"),
        ("written", f"{written - gathered:.2f} s"),
        ("together", f"{written - start:.2f} s"),
        ("size", f"{path.stat().st_size / 1e6:.1f} MB"),
    ]


if __name__ == "__main__":
    main()
