"""Processes that decide and scan at once on one catalog: nothing is lost, nothing stands twice."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from goodside.album.catalog import entries, list_files, open_catalog, photo_ids
from goodside.database_url import DatabaseUrl
from tests.album.catalog.made import fresh
from tests.postgres.places import place

_WRITERS, _DECISIONS, _FILES = 8, 10, 20
_WRITER = """
import hashlib, sys
from datetime import UTC, datetime
from pathlib import Path
from goodside.album.catalog import (
    FileStamp, PhotoFacts, Rate, SetTags, add_folder, open_catalog, put_facts, put_file, undo,
)
from goodside.album.catalog.photos import photo_id

location, name, decisions, files = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
at = datetime.now(UTC)
with open_catalog(location, create=False, by=name) as catalog:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(files):  # all of them find the same files, each in another order
        number = (number * 7 + int(name) * 5) % files
        content = hashlib.sha256(str(number // 2).encode()).hexdigest()
        with catalog.write() as session:
            folder = add_folder(session, Path("/a"), at=at)
            put_file(session, Path(f"/a/{number}.jpg"), folder_id=folder,
                     stamp=FileStamp(1, 2, 3), sha256=content, at=at)
            put_facts(session, photo_id(session, content), PhotoFacts(width=int(name) + 1),
                      thumbnail=b"picture", by="1")
    for number in range(decisions):
        own = hashlib.sha256(f"{name} {number}".encode()).hexdigest()
        shared = hashlib.sha256(str(number).encode()).hexdigest()
        with catalog.command():
            catalog.decide(Rate(photos=(own,), stars=number % 6))
            catalog.decide(SetTags(photos=(shared,), add=(f"tag {name}",)))
    catalog.decide(Rate(photos=(own,), stars=None))
    undo(catalog, at=at)
"""


@pytest.mark.both_databases
def test_eight_processes_lose_no_decision_and_store_nothing_twice(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    fresh(path).close()
    location = place(path)
    text = location.secret_text if isinstance(location, DatabaseUrl) else str(location)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, text, str(name), str(_DECISIONS), str(_FILES)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for name in range(_WRITERS)
    ]  # fmt: skip
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        _, complaint = writer.communicate(timeout=240)
        assert writer.returncode == 0, complaint
    with open_catalog(location, create=False) as catalog:
        catalog.check()
        with catalog.read() as session:
            journal = entries(session)
            files, contents = list_files(session), photo_ids(session)
        decided = catalog.decisions()
    kinds = Counter((entry.by, entry.decision.kind) for entry in journal)
    each = {"rate": _DECISIONS + 1, "tags": _DECISIONS, "undo": 1}
    assert kinds == {(str(n), kind): count for n in range(_WRITERS) for kind, count in each.items()}
    numbers = [entry.number for entry in journal]
    assert numbers == sorted(set(numbers)), "in the order in which they were kept"
    assert len(decided.stars) == _WRITERS * _DECISIONS
    assert [sorted(tags) for tags in decided.tags.values()] == [
        [f"tag {name}" for name in range(_WRITERS)]
    ] * _DECISIONS
    assert [file.path for file in files] == sorted(Path(f"/a/{n}.jpg") for n in range(_FILES))
    assert len(contents) == _FILES // 2
