"""How quickly a large catalog on a PostgreSQL server is searched, and how exactly.

    python -m benchmarks.postgres_catalog --photos 1000000 --out benchmarks/results

It starts a server of its own, fills it with a made catalog, and ends it. A catalog that was filled
before is measured with `--catalog postgresql://…`, and nothing is written into it. Rows are made by
`benchmarks.made_catalog`: there is no photograph.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import numpy as np
from sqlalchemy import text

from benchmarks.made_catalog import make_catalog
from goodside.album.album import Album
from goodside.album.browse import AlbumIndex, BrowseQuery
from goodside.album.browse.likeness import find_similar
from goodside.album.catalog import Session, read_vectors, walk_vectors
from goodside.album.picks import PickCriteria
from goodside.database_url import DatabaseUrl, parse_location
from tests.postgres.server import find_programs, running_server

_SERVER = ("shared_buffers=1GB", "maintenance_work_mem=4GB", "max_wal_size=4GB", "autovacuum=on")
_NEAREST = 20
_QUERIES = (
    BrowseQuery(tags=("portrait",), people=("000000000003",), min_score=5.0),
    BrowseQuery(tags=("animal",), min_score=6.0, sort="score"),
    BrowseQuery(people=("000000000001",), sort="score"),
)
Row = tuple[str, str]


def measure(album: Album, *, repeats: int, seed: int = 0) -> list[Row]:
    """What is measured, and what came out."""
    rows: list[Row] = []
    with album, album.opened() as catalog:
        began = time.perf_counter()
        index = AlbumIndex(album)
        rows.append(("reading all columns, once a start", f"{time.perf_counter() - began:.1f} s"))
        ids = index.select(BrowseQuery()).ids
        rows.append(("photographs", f"{len(ids):,}"))
        find_ms = [_ms(lambda one=one: index.select(one), repeats) for one in _QUERIES]
        rows.append(("find by tag, score and person, slowest of three", f"{max(find_ms):.0f} ms"))
        rows.append(
            ("counts of all filters", f"{_ms(lambda: index.facets(_QUERIES[0]), 3):.0f} ms")
        )
        picks = _ms(lambda: index.picks(PickCriteria(n=20), BrowseQuery()), 3)
        rows.append(("20 picks of all", f"{picks / 1000:.2f} s"))
        chosen = np.random.default_rng(seed).choice(ids, size=repeats, replace=False).tolist()
        there = set(ids.tolist())
        with catalog.read() as session:
            rows += _likeness(session, chosen, there)
            rows += _sizes(session)
        index.close()
    return rows


def _likeness(session: Session, chosen: list[int], there: set[int]) -> list[Row]:
    """Time and recall of the nearest, against a comparison with all."""
    took, found = [], {}
    for one in chosen:
        began = time.perf_counter()
        found[one] = {other for other, _ in find_similar(session, one, _NEAREST, there=there)}
        took.append(1000 * (time.perf_counter() - began))
    began = time.perf_counter()
    exact = _exact(session, chosen)
    whole_s = time.perf_counter() - began
    recall = np.mean([len(found[one] & exact[one]) / _NEAREST for one in chosen])
    return [
        (f"{_NEAREST} like this, median", f"{np.median(took):.1f} ms"),
        (f"{_NEAREST} like this, 95th percentile", f"{np.percentile(took, 95):.1f} ms"),
        ("recall against all compared", f"{recall:.4f}"),
        (f"all compared, for {len(chosen)} at once", f"{whole_s:.1f} s"),
    ]


def _exact(session: Session, chosen: list[int]) -> dict[int, set[int]]:
    rows, own = read_vectors(session, chosen)
    like = own.astype(np.float32)
    cosines = [np.empty((0, len(rows)), np.float32)]
    numbers = [np.empty(0, np.int64)]
    for ids, vectors in walk_vectors(session):
        cosines.append(vectors.astype(np.float32) @ like.T)
        numbers.append(ids)
    table, ids = np.concatenate(cosines), np.concatenate(numbers)
    exact = {}
    for at, one in enumerate(rows.tolist()):
        best = ids[np.argsort(-table[:, at], kind="stable")[: _NEAREST + 1]].tolist()
        exact[one] = set([other for other in best if other != one][:_NEAREST])
    return exact


def _sizes(session: Session) -> list[Row]:
    query = text(
        "SELECT pg_total_relation_size('assessment') - pg_indexes_size('assessment'), "
        "pg_indexes_size('assessment'), pg_database_size(current_database()), version()"
    )
    table, indexes, whole, version = session.execute(query).one()
    return [
        ("assessments on disk", f"{table / 1e6:,.0f} MB"),
        ("their indexes", f"{indexes / 1e6:,.0f} MB"),
        ("the whole database", f"{whole / 1e6:,.0f} MB"),
        ("server", version.split(" on ")[0]),
    ]


def _ms(call: Callable[[], object], repeats: int) -> float:
    took = []
    for _ in range(repeats):
        began = time.perf_counter()
        call()
        took.append(1000 * (time.perf_counter() - began))
    return float(np.median(took))


def _write(rows: list[Row], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{date.today()}-postgres-catalog.md"
    lines = [
        "# A large catalog on a PostgreSQL server",
        "",
        f"`python -m benchmarks.postgres_catalog`, {platform.machine()}, Python "
        f"{platform.python_version()}. Rows made by script; no photograph.",
        "",
        "| what | |",
        "|---|---|",
        *(f"| {what} | {said} |" for what, said in rows),
    ]
    target.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return target


def main() -> None:
    """Make, measure, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=50)
    parser.add_argument("--catalog", type=parse_location, help="one that was made before")
    parser.add_argument("--out", type=Path, help="a folder for the table")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        rows: list[Row] = []
        location = arguments.catalog
        if location is None:
            server = stack.enter_context(running_server(find_programs(), settings=_SERVER))
            location = server
            began = time.perf_counter()
            make_catalog(location, photos=arguments.photos)
            took_s = time.perf_counter() - began
            rows.append(("rows and indexes made", f"{took_s / 60:.1f} min"))
        if not isinstance(location, DatabaseUrl):
            parser.error("a database on a server is measured")
        rows += measure(Album(location), repeats=arguments.repeats)
    for what, said in rows:
        print(f"{what:50} {said}")
    if arguments.out is not None:
        print(_write(rows, arguments.out))


if __name__ == "__main__":
    main()
