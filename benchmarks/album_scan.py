"""How fast an album is scanned, beside decoding alone; the rescan; the memory.

    python -m benchmarks.album_scan --photos 200 --small 10000 --out benchmarks/results

Photographs of 12 megapixels are made (with the astronaut of the examples in every second one) and
scanned without and with faces; decoding them at the same size in as many processes is the measure.
Then `--small` tiny ones are scanned and scanned again unchanged, while the memory of all processes
is sampled. `--small 100000` takes the better part of an hour on two cores.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from benchmarks.made import jpeg, make_album, photograph
from goodside.album.catalog import open_catalog
from goodside.album.scan import ScanSummary, scan
from goodside.album.scan.capacity import worker_count
from goodside.images import read_photo

DIFFERENT = 12
SIZE = (4000, 3000)
FACE_PX = 700


def main() -> None:
    """Parse the command line, measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=200, help="of 12 megapixels")
    parser.add_argument("--small", type=int, default=10_000, help="tiny ones; 0: none")
    parser.add_argument("--workers", type=int, default=worker_count())
    parser.add_argument("--out", type=Path, help="folder of the table")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        rows = measure_speed(Path(home), asked.photos, workers=asked.workers)
        if asked.small:
            rows += measure_small(Path(home), asked.small, workers=asked.workers)
    today = datetime.now(UTC).date().isoformat()
    text = "\n".join(
        [
            "# Scanning an album",
            "",
            f"{today}, {platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
            f"{asked.workers} workers, Python {platform.python_version()}",
            "",
            "| | |",
            "|---|---|",
            *(f"| {what} | {figure} |" for what, figure in rows),
            "",
        ]
    )
    print(text)
    if asked.out:
        asked.out.mkdir(parents=True, exist_ok=True)
        (asked.out / f"{today}-album-scan.md").write_text(text, encoding="utf-8")


def measure_speed(home: Path, count: int, *, workers: int) -> list[tuple[str, str]]:
    """Photographs a second: decoded, scanned without faces, scanned with faces."""
    files = make_large(home / "large", count)
    megabytes = sum(path.stat().st_size for path in files) / len(files) / 1e6
    start = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        pool.map(decode, files, chunksize=4)
    decoding = count / (time.perf_counter() - start)
    rows = [
        ("photographs", f"{count} JPEG of 4000 x 3000, {megabytes:.1f} MB each"),
        ("decoding alone", f"{decoding:.1f} a second"),
    ]
    for name, faces in (("without faces", False), ("with faces", True)):
        with open_catalog(home / f"{faces}.db") as catalog:
            done = scan(catalog, [home / "large"], workers=workers, faces=faces)
        rate = done.read / done.seconds
        rows.append((f"scan {name}", f"{rate:.1f} a second, {rate / decoding:.2f} of decoding"))
    return rows


def measure_small(home: Path, count: int, *, workers: int) -> list[tuple[str, str]]:
    """Scan, rescan and memory of many tiny photographs."""
    album = make_album(home / "small", count)

    def run() -> ScanSummary:
        with open_catalog(home / "small.db") as catalog:
            return scan(catalog, [album], workers=workers)

    first, first_mb = with_memory(run)
    again, again_mb = with_memory(run)
    if (first.read, again.unchanged) != (count, count):
        raise SystemExit(f"expected {count} photographs, got {first} and {again}")
    return [
        (f"scan of {count} of 64 x 48", f"{first.seconds:.0f} s, {first_mb:.0f} MB at most"),
        (f"rescan of {count} unchanged", f"{again.seconds:.2f} s, {again_mb:.0f} MB at most"),
    ]


def make_large(folder: Path, count: int) -> list[Path]:
    """Photographs of 12 megapixels: a few pictures, many contents."""
    folder.mkdir()
    with Image.open(Path(__file__).parents[1] / "examples/faces/astronaut.jpg") as image:
        face = image.convert("RGB").resize((FACE_PX, FACE_PX))
    data = []
    for number in range(min(DIFFERENT, count)):
        picture = photograph(*SIZE, seed=number)
        if number % 2:
            picture.paste(face, (200 * number, 150 * number))
        data.append(jpeg(picture))
    files = [folder / f"{number:05}.jpg" for number in range(count)]
    for number, path in enumerate(files):
        path.write_bytes(data[number % DIFFERENT] + number.to_bytes(4, "big"))
    return files


def decode(path: Path) -> tuple[int, int]:
    """The same decode that a scan without faces does; nothing is copied to an array."""
    return read_photo(path, fit_px=1080, draft=1).picture.size


def with_memory(run: Callable[[], ScanSummary]) -> tuple[ScanSummary, float]:
    """What it gives, and the most memory (MB) that this process and its children had meanwhile."""
    peak, over = 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.2):
            children = [child.pid for child in multiprocessing.active_children()]
            peak = max(peak, resident_mb([os.getpid(), *filter(None, children)]))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        return run(), max(peak, resident_mb([os.getpid()]))
    finally:
        over.set()
        watcher.join()


def resident_mb(processes: Sequence[int]) -> float:
    """Memory that is theirs: proportional shares of what they share."""
    total = 0
    for process in processes:
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:  # it has ended
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1e3


if __name__ == "__main__":
    main()
