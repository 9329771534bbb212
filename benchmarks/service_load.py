"""Throughput of `/v1/assess` under load, beside the engine in this process.

    python -m benchmarks.service_load --photos DIR --connections 64 --seconds 30

The engine alone judges the photographs, shrunk to `--side` pixels, with as many threads as the
service has; then as many connections as asked send the same photographs to `goodside serve`, a
process of its own, as fast as they are answered, and whoever is told 429 sends again at once. The
two take turns, `--rounds` times, so that a machine that slows down slows both; the shares are those
of neighbours in time. Only 200 and 429 may come back. Run it while nothing else runs: the load and
the service share the cores, so what the sender takes is told, too.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import count
from pathlib import Path

import numpy as np

from goodside.aesthetics import Assessor
from goodside.images import find_photos, read_photo
from goodside.web.options import usable_cores, usual_concurrency

_TOKEN = "0123456789abcdef0123456789abcdef"
_WANTED = 0.85


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, required=True, help="folder of photographs")
    parser.add_argument("--side", type=int, default=320, help="of the photographs sent, px")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=30.0, help="of each kind, all rounds")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=usual_concurrency(), help="of the engine")
    parser.add_argument("--queue", type=int, default=64, help="of the service")
    options = parser.parse_args()
    photos = [_small(path, side_px=options.side) for path in find_photos([options.photos])][:64]
    if not photos:
        parser.error(f"there is no photograph below {options.photos}")
    print(f"{platform.machine()}, {usable_cores()} cores, {options.threads} threads; ", end="")
    print(f"{len(photos)} photographs of {np.mean([len(one) for one in photos]) / 1000:.0f} kB\n")
    with tempfile.TemporaryDirectory() as home, _service(Path(home), options) as port:
        asyncio.run(_send(photos, port, connections=4, seconds=2.0))  # until all is loaded
        alone = _Alone(photos, threads=options.threads)
        rounds = [_round(alone, photos, port, options) for _ in range(options.rounds)]
    print("| | " + " | ".join(str(n + 1) for n in range(len(rounds))) + " |")
    print("|---" + "|--:" * len(rounds) + "|")
    _print_row("the engine in this process, photographs a second", [r.alone for r in rounds], ".1f")
    _print_row(f"{options.connections} connections", [r.answered for r in rounds], ".1f")
    shares = [r.answered / r.alone for r in rounds]
    _print_row("share", shares, ".0%")
    _print_row("the sender's share of a core", [r.sender for r in rounds], ".0%")
    times_s = [time_s for r in rounds for time_s in r.times_s]
    statuses = sum((r.statuses for r in rounds), Counter[int]())
    print("\n| | |\n|---|--:|")
    for share in (50, 95, 99):
        print(f"| p{share} of those answered, ms | {1000 * np.percentile(times_s, share):.0f} |")
    for status, number in sorted(statuses.items()):
        print(f"| answered {status} | {number} |")
    for batch in (4, 8):
        rate = alone.rate(seconds=options.seconds / options.rounds, batch=batch)
        print(f"| the engine, {batch} at once, photographs a second | {rate:.1f} |")
    kept = np.median(shares) >= _WANTED and set(statuses) <= {200, 429}
    print(f"\n{'kept' if kept else 'NOT kept'}: only 200 and 429, and {_WANTED:.0%} or more")


@dataclass(frozen=True, slots=True)
class _Round:
    alone: float
    """Photographs a second of the engine in this process."""
    answered: float
    """Photographs a second of the service."""
    statuses: Counter[int]
    times_s: list[float]
    """How long each 200 took."""
    sender: float
    """What sending took of a core."""


def _round(
    alone: _Alone, photos: Sequence[bytes], port: int, options: argparse.Namespace
) -> _Round:
    seconds = options.seconds / options.rounds
    rate = alone.rate(seconds=seconds)
    before, begun = _processor_s(), time.perf_counter()
    statuses, times_s = asyncio.run(
        _send(photos, port, connections=options.connections, seconds=seconds)
    )
    spent_s = time.perf_counter() - begun
    sender = (_processor_s() - before) / spent_s
    return _Round(rate, statuses[200] / spent_s, statuses, times_s, sender)


def _print_row(name: str, values: Sequence[float], form: str) -> None:
    print(f"| {name} | " + " | ".join(format(value, form) for value in values) + " |")


def _small(path: Path, *, side_px: int) -> bytes:
    image = read_photo(path, fit_px=side_px).picture
    image.thumbnail((side_px, side_px))
    stream = BytesIO()
    image.save(stream, "JPEG", quality=88)
    return stream.getvalue()


class _Alone:
    """The engine itself, in this process."""

    def __init__(self, photos: Sequence[bytes], *, threads: int) -> None:
        self._photos, self._threads = photos, threads
        self._assessor = Assessor()
        self._assessor.assess(photos[0])

    def rate(self, *, seconds: float, batch: int = 1) -> float:
        """Photographs a second."""
        until = time.perf_counter() + seconds
        numbers = count()

        def work() -> int:
            done = 0
            while time.perf_counter() < until:
                first = next(numbers) * batch
                some = [self._photos[(first + n) % len(self._photos)] for n in range(batch)]
                self._assessor.assess_batch(some)
                done += batch
            return done

        begun = time.perf_counter()
        with ThreadPoolExecutor(self._threads) as pool:
            jobs = [pool.submit(work) for _ in range(self._threads)]
            done = sum(one.result() for one in jobs)
        return done / (time.perf_counter() - begun)


@contextmanager
def _service(home: Path, options: argparse.Namespace) -> Iterator[int]:
    """`goodside serve` in a process of its own; its port."""
    service = subprocess.Popen(
        [sys.executable, "-m", "goodside", "serve", "--catalog", str(home / "album.db"),
         "--port", "0", "--no-open", "--concurrency", str(options.threads),
         "--queue", str(options.queue)],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "GOODSIDE_TOKEN": _TOKEN},
    )  # fmt: skip
    try:
        yield _port(service)
    finally:
        service.terminate()
        service.wait(60)


def _port(service: subprocess.Popen[str]) -> int:
    assert service.stdout is not None
    for line in service.stdout:
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        if found:
            threading.Thread(target=service.stdout.read, daemon=True).start()
            return int(found[1])
    raise RuntimeError("goodside serve did not start")


async def _send(
    photos: Sequence[bytes], port: int, *, connections: int, seconds: float
) -> tuple[Counter[int], list[float]]:
    statuses: Counter[int] = Counter()
    times_s: list[float] = []
    until = time.perf_counter() + seconds
    numbers = count()

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < until:
            photo = photos[next(numbers) % len(photos)]
            begun = time.perf_counter()
            writer.write(_head(len(photo)) + photo)
            await writer.drain()
            status = await _status(reader)
            statuses[status] += 1
            if status == 200:
                times_s.append(time.perf_counter() - begun)
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return statuses, times_s


def _head(size: int) -> bytes:
    return (
        "POST /v1/assess HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: image/jpeg\r\n"
        f"Authorization: Bearer {_TOKEN}\r\nContent-Length: {size}\r\n\r\n"
    ).encode()


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    size = int(re.search(rb"content-length: (\d+)", head.lower())[1])  # type: ignore[index]
    await reader.readexactly(size)
    return int(head.split(b" ", 2)[1])


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
