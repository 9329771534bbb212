"""Throughput of `/v1/assess` under load, beside the engine in this process.

    python -m benchmarks.service_load --photos DIR --connections 64 --seconds 30

First the engine alone judges the photographs, shrunk to `--side` pixels, with as many threads as
the service has, one by one and in batches. Then `goodside serve` runs in a process of its own, and
as many connections as asked send the same photographs as fast as they are answered; whoever is told
429 sends again at once. Only 200 and 429 may come back. Run it while nothing else runs: the load
and the service share the cores, so what the sender takes is told, too.
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
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import count
from pathlib import Path

import numpy as np

from goodside.aesthetics import Assessor
from goodside.images import find_photos, read_photo
from goodside.web.options import usable_cores

_TOKEN = "0123456789abcdef0123456789abcdef"
_WANTED = 0.85


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, required=True, help="folder of photographs")
    parser.add_argument("--side", type=int, default=320, help="of the photographs sent, px")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=30.0, help="of each measurement")
    parser.add_argument("--threads", type=int, default=usable_cores(), help="of the engine")
    parser.add_argument("--queue", type=int, default=64, help="of the service")
    options = parser.parse_args()
    photos = [_small(path, side_px=options.side) for path in find_photos([options.photos])][:64]
    if not photos:
        parser.error(f"there is no photograph below {options.photos}")
    print(f"{platform.machine()}, {usable_cores()} cores, {options.threads} threads; ", end="")
    print(f"{len(photos)} photographs of {np.mean([len(one) for one in photos]) / 1000:.0f} kB\n")
    alone = {
        batch: _alone(photos, threads=options.threads, batch=batch, seconds=options.seconds)
        for batch in (1, 4, 8)
    }
    print("| the engine in this process | photographs a second |\n|---|--:|")
    for batch, rate in alone.items():
        print(f"| {options.threads} threads, {batch} at once | {rate:.1f} |")
    with tempfile.TemporaryDirectory() as home:
        statuses, times_s, sender_s, spent_s = _served(photos, Path(home), options)
    answered = statuses[200] / spent_s
    print(f"\n| {options.connections} connections, {spent_s:.0f} s | |\n|---|--:|")
    print(f"| photographs a second | {answered:.1f} |")
    print(f"| share of the engine's, one by one | {answered / alone[1]:.0%} |")
    for share in (50, 95, 99):
        print(f"| p{share} of those answered, ms | {1000 * np.percentile(times_s, share):.0f} |")
    for status, number in sorted(statuses.items()):
        print(f"| answered {status} | {number} |")
    print(f"| the sender's share of a core | {sender_s / spent_s:.0%} |")
    kept = answered >= _WANTED * alone[1] and set(statuses) <= {200, 429}
    print(f"\n{'kept' if kept else 'NOT kept'}: only 200 and 429, and {_WANTED:.0%} or more")


def _small(path: Path, *, side_px: int) -> bytes:
    image = read_photo(path, fit_px=side_px).picture
    image.thumbnail((side_px, side_px))
    stream = BytesIO()
    image.save(stream, "JPEG", quality=88)
    return stream.getvalue()


def _alone(photos: Sequence[bytes], *, threads: int, batch: int, seconds: float) -> float:
    """Photographs a second of the engine itself."""
    assessor = Assessor()
    assessor.assess(photos[0])
    until = time.perf_counter() + seconds
    numbers = count()

    def work() -> int:
        done = 0
        while time.perf_counter() < until:
            first = next(numbers) * batch
            some = [photos[(first + n) % len(photos)] for n in range(batch)]
            assessor.assess_batch(some)
            done += batch
        return done

    begun = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        done = sum(one.result() for one in [pool.submit(work) for _ in range(threads)])
    return done / (time.perf_counter() - begun)


def _served(
    photos: Sequence[bytes], home: Path, options: argparse.Namespace
) -> tuple[Counter[int], list[float], float, float]:
    """What came back, how long each 200 took, the sender's processor time, and the whole time."""
    service = subprocess.Popen(
        [sys.executable, "-m", "goodside", "serve", "--catalog", str(home / "album.db"),
         "--port", "0", "--no-open", "--concurrency", str(options.threads),
         "--queue", str(options.queue)],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "GOODSIDE_TOKEN": _TOKEN},
    )  # fmt: skip
    try:
        port = _port(service)
        asyncio.run(_send(photos, port, connections=4, seconds=2.0))  # until all is loaded
        before = _processor_s()
        begun = time.perf_counter()
        statuses, times_s = asyncio.run(
            _send(photos, port, connections=options.connections, seconds=options.seconds)
        )
        spent_s = time.perf_counter() - begun
        return statuses, times_s, _processor_s() - before, spent_s
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
