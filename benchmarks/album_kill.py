"""Kill a scan at random moments, go on, and compare with a scan that nobody disturbed.

    python -m benchmarks.album_kill --kills 20 --photos 400

Each round scans a made album in a process that is killed (SIGKILL, the process alone or with its
workers) after a random share of the time an undisturbed scan takes, then scans again to the end.
The catalogs have to be equal but for row numbers and moments, the integrity check clean, and every
photograph bit for bit what it was.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.made import make_album
from goodside.album.catalog import (
    Catalog,
    entries,
    list_faces,
    list_failures,
    list_files,
    list_folders,
    list_photos,
    open_catalog,
    read_crops,
    read_face_vectors,
    read_thumbnails,
    read_vectors,
)
from goodside.album.scan import scan

_CHILD = """
import sys
from goodside.album.catalog import open_catalog
from goodside.album.scan import scan
album, catalog, workers, faces, batch = sys.argv[1:]
with open_catalog(catalog) as opened:
    scan(
        opened,
        [album],
        workers=int(workers),
        faces=faces == "faces",
        batch=int(batch),
        on_progress=lambda at: print(at.done, flush=True),
    )
"""


def start(album: Path, catalog: Path, *, workers: int, faces: bool, batch: int) -> Any:
    """A scan in a process group of its own that prints how many photographs it has read."""
    arguments = (str(album), str(catalog), str(workers), "faces" if faces else "none", str(batch))
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD, *arguments],
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )


def kill(process: Any, *, workers_too: bool) -> None:
    """End it as the kernel does; its workers alone find out by themselves."""
    if workers_too:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
    process.stdout.close()


def snapshot(catalog: Catalog) -> dict[str, Any]:
    """All that a catalog holds, without row numbers and moments."""
    with catalog.read() as session:
        files = list_files(session)
        photos = list_photos(session, gone=True)
        faces = list_faces(session)
        names = {photo.id: photo.sha256 for photo in photos}
        paths = {file.id: file.path for file in files}
        places = {face.id: face.ref for face in faces}
        thumbnails = read_thumbnails(session, names)
        crops = read_crops(session, places)
        return {
            "folders": set(list_folders(session)),
            "files": {
                file.path: (
                    file.role,
                    paths.get(file.main_id or 0),
                    file.sha256,
                    file.first_sha256,
                    file.stamp,
                    file.missing_since is None,
                    file.attempts,
                    file.measured_by,
                    file.judged_by,
                    file.faces_by,
                )
                for file in files
            },
            "failures": {one.path: (one.kind, one.message) for one in list_failures(session)},
            "photos": {
                p.sha256: (p.paths, p.facts, p.judged, p.description, thumbnails.get(p.id))
                for p in photos
            },
            "vectors": {
                names[row]: vector.tobytes() for row, vector in _rows(read_vectors(session))
            },
            "faces": {f.ref: (f.pose, f.sharpness, f.eyes_open, crops.get(f.id)) for f in faces},
            "face vectors": {
                places[row]: vector.tobytes() for row, vector in _rows(read_face_vectors(session))
            },
            "journal": [entry.decision for entry in entries(session)],
        }


def contents(album: Path) -> dict[Path, str]:
    """What every file of an album holds."""
    files = sorted(path for path in album.rglob("*") if path.is_file())
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _rows(table: Any) -> Any:
    return zip(table[0].tolist(), table[1], strict=True)


def main() -> int:
    """Run it; exit code 1 if a round differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--photos", type=int, default=400)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        album = make_album(folder / "album", asked.photos)
        (album / "broken.jpg").write_bytes(b"no picture")
        before = contents(album)
        began = time.monotonic()
        with open_catalog(folder / "whole.db") as catalog:
            scan(catalog, [album], workers=asked.workers)
            whole = snapshot(catalog)
        lasted = time.monotonic() - began
        print(f"undisturbed: {len(whole['photos'])} photographs in {lasted:.1f} s")
        differing = 0
        for number in range(asked.kills):
            path = folder / f"killed-{number}.db"
            child = start(album, path, workers=asked.workers, faces=True, batch=50)
            moment = rng.uniform(0.05, 0.95) * lasted
            time.sleep(moment)
            kill(child, workers_too=bool(number % 2))
            with open_catalog(path) as catalog:
                catalog.check()
                done = scan(catalog, [album], workers=asked.workers)
                catalog.check()
                equal = snapshot(catalog) == whole and contents(album) == before
            differing += not equal
            kept = len(whole["photos"]) - done.read
            print(
                f"{number + 1:>3}. killed after {moment:.1f} s, {kept} kept: "
                f"{'equal' if equal else 'DIFFERENT'}"
            )
            shutil.rmtree(path, ignore_errors=True)
    print(f"{asked.kills - differing} of {asked.kills} equal")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
