"""How quickly the gallery's service answers for a large album, through the real application.

    python -m benchmarks.made_catalog made.db --photos 100000
    python -m benchmarks.gallery made.db --out benchmarks/results

For a quiet machine. The catalog is worked on in a copy, as decisions are taken.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from starlette.testclient import TestClient

from goodside.album.album import Album
from goodside.web.app import create_app
from goodside.web.options import ServeOptions

_TOKEN = "0" * 32
_ORIGIN = "http://127.0.0.1:8765"
_REQUESTS = (
    ("first page of photographs", "/v1/photos?limit=100"),
    ("sorted by score", "/v1/photos?sort=score&limit=100"),
    ("sorted by name", "/v1/photos?sort=name&order=desc&limit=100"),
    ("sorted by stars", "/v1/photos?sort=stars&limit=100"),
    ("one tag", "/v1/photos?tag=portrait&limit=100"),
    ("a person and four stars", "/v1/photos?person=000000000003&stars=4&limit=100"),
    ("words of file names", "/v1/photos?q=img_0123&limit=100"),
    ("a camera in one year", "/v1/photos?camera=canon&since=2019-01-01&until=2019-12-31&limit=100"),
    ("the grid's page", "/"),
    ("one photograph", "/v1/photos/50000?similar=0"),
    ("one photograph with similar ones", "/v1/photos/50000"),
    ("a thumbnail", "/thumbnails/50000"),
    ("people", "/v1/people?limit=100"),
    ("groups", "/v1/groups?kind=burst&limit=50"),
    ("20 picks", "/v1/picks?n=20"),
    ("the journal", "/v1/journal?limit=100"),
)


def measure(catalog: Path, *, repeats: int) -> list[tuple[str, float, float, float]]:
    """Time requests: what, the first answer, the median and the 95th percentile, in ms."""
    rows = []
    with Album(catalog) as album, album.opened():
        began = time.perf_counter()
        app = create_app(album, options=ServeOptions(token=_TOKEN))
        rows.append(("start of the service", 1000 * (time.perf_counter() - began), 0.0, 0.0))
        with TestClient(app, base_url=_ORIGIN) as client:
            client.headers["Authorization"] = f"Bearer {_TOKEN}"
            for what, address in _REQUESTS:
                rows.append((what, *_timed(partial(client.get, address), repeats)))
            stars = iter(range(10**6))

            def rate() -> object:
                body = {"photos": [50_000], "stars": next(stars) % 6}
                return client.post("/v1/decisions/rating", json=body)

            rows.append(("a rating", *_timed(rate, repeats)))
            rows.append(
                ("an undo", *_timed(lambda: client.post("/v1/journal/undo", json={}), repeats))
            )
            rows.append(("counts of all filters", *_timed(_facets(app), repeats)))
        app.state.site.pool.close()
    return rows


def memory_mb() -> tuple[float, float]:
    """What the process holds now, and held at most; Linux only."""
    lines = dict(
        line.split(":", 1) for line in Path("/proc/self/status").read_text("ascii").splitlines()
    )
    now, most = (int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    return now, most


def _facets(app: object) -> Callable[[], object]:
    from goodside.album.browse import BrowseQuery

    index = app.state.site.index  # type: ignore[attr-defined]
    return lambda: index.facets(BrowseQuery())


def _timed(ask: Callable[[], object], repeats: int) -> tuple[float, float, float]:
    taken = []
    for _ in range(repeats + 1):
        began = time.perf_counter()
        answer = ask()
        taken.append(1000 * (time.perf_counter() - began))
        status = getattr(answer, "status_code", 200)
        if status != 200:
            raise SystemExit(f"answered {status}: {getattr(answer, 'text', '')[:300]}")
    return taken[0], float(np.median(taken[1:])), float(np.percentile(taken[1:], 95))


def main() -> None:
    """Measure, print, and write a dated table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("catalog", type=Path)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    with TemporaryDirectory(dir=arguments.catalog.parent) as home:
        copy = Path(home) / "catalog.db"
        shutil.copyfile(arguments.catalog, copy)
        rows = measure(copy, repeats=arguments.repeats)
    now, most = memory_mb()
    lines = [
        "| request | first, ms | median, ms | p95, ms |",
        "|---|---|---|---|",
        *(f"| {what} | {a:.1f} | {b:.1f} | {c:.1f} |" for what, a, b, c in rows),
        "",
        f"Memory: {now:.0f} MB, at most {most:.0f} MB. {platform.machine()}, "
        f"Python {platform.python_version()}.",
    ]
    print("\n".join(lines))
    if arguments.out is not None:
        target = arguments.out / f"gallery-{date.today().isoformat()}.md"
        target.write_text("\n".join(["# The gallery's service", "", *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
