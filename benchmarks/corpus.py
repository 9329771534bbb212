"""Read every file below folders as an album would, and tell what became of them.

    python -m benchmarks.corpus ../corpora/pillow ../corpora/exif-samples

A worker process reads each file's metadata, decodes it to a small size and in full, and is stopped
when that takes too long. Printed are files, results, errors by kind, tracebacks (there should be
none), the slowest file, the worker's peak memory, and whether all files are what they were.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

_SMALL_PX = 1080
_ROWS = 10


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a file.

    Attributes:
        kind: `read`, `incomplete`, the name of an error's class, `traceback`, `died` or `timeout`.
        text: the error's message, the traceback, or the notes.
        seconds: how long it took.
        peak_mb: of the worker's memory so far.
    """

    kind: str
    text: str
    seconds: float
    peak_mb: float = 0.0


def read_each(files: Sequence[Path], *, timeout_s: float) -> Iterator[tuple[Path, Result]]:
    """Read files one after the other in a process that is replaced when it dies or hangs."""
    worker = _Worker()
    try:
        for path in files:
            result = worker.read(path, timeout_s=timeout_s)
            if result.kind in ("died", "timeout"):
                worker.end()
                worker = _Worker()
            yield path, result
    finally:
        worker.end()


class _Worker:
    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, inner = context.Pipe()
        self._process = context.Process(target=_work, args=(inner,), daemon=True)
        self._process.start()
        inner.close()
        self._pipe.recv()

    def read(self, path: Path, *, timeout_s: float) -> Result:
        start = time.monotonic()
        self._pipe.send(path)
        try:
            if not self._pipe.poll(timeout_s):
                return Result("timeout", f"not done after {timeout_s:g} s", timeout_s)
            result: Result = self._pipe.recv()
        except (EOFError, OSError):
            self._process.join()
            text = f"exit code {self._process.exitcode}"
            return Result("died", text, time.monotonic() - start)
        return result

    def end(self) -> None:
        self._pipe.close()
        self._process.kill()
        self._process.join()


def _work(pipe: Connection) -> None:
    from goodside.images.decoding.messages import claim_stderr

    claim_stderr()
    pipe.send(None)
    while True:
        try:
            path: Path = pipe.recv()
        except EOFError:
            return
        start = time.monotonic()
        kind, text = _read(path)
        pipe.send(Result(kind, text, time.monotonic() - start, _peak_mb()))


def _read(path: Path) -> tuple[str, str]:
    from goodside.errors import GoodsideError
    from goodside.images import read_photo
    from goodside.images.metadata.photo_metadata import read_metadata

    try:
        notes = read_metadata(path).notes
        read_photo(path, fit_px=_SMALL_PX)
        photo = read_photo(path)
        _ = photo.rgb
    except GoodsideError as error:
        return error.kind, error.message
    except Exception:  # what the runner is there to find
        return "traceback", traceback.format_exc()
    return "incomplete" if photo.incomplete else "read", "; ".join((*photo.notes, *notes))


def _peak_mb() -> float:
    """The kernel's account of this process (Linux), which begins anew with the program."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def list_files(folders: Sequence[Path]) -> list[Path]:
    """Every regular file below folders, whatever its name."""
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()) + [
        path for path in folders if path.is_file()
    ]


def hash_files(files: Sequence[Path]) -> str:
    """One hash over the names and contents of all files."""
    found = hashlib.sha256()
    for path in files:
        with path.open("rb") as stream:
            found.update(bytes(path) + hashlib.file_digest(stream, "sha256").digest())
    return found.hexdigest()


def summary(results: Sequence[tuple[Path, Result]], *, same: bool) -> str:
    """The figures as lines of text."""
    kinds = Counter(result.kind for _, result in results)
    good = {"read", "incomplete"}
    lines = [f"files        {len(results)}"]
    lines += [f"{kind:<12} {kinds[kind]}" for kind in ("read", "incomplete")]
    lines += [f"{kind:<12} {count}" for kind, count in kinds.most_common() if kind not in good]
    lines.append(f"tracebacks   {kinds['traceback'] + kinds['died'] + kinds['timeout']}")
    if results:
        path, slowest = max(results, key=lambda one: one[1].seconds)
        lines.append(f"slowest      {slowest.seconds:.1f} s  {path}")
        lines.append(f"peak memory  {max(result.peak_mb for _, result in results):.0f} MB")
    lines.append(f"originals    {'all the same' if same else 'CHANGED'}")
    return "\n".join(lines)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--timeout-s", type=float, default=60.0)
    parser.add_argument("--verbose", action="store_true", help="a line a file")
    asked = parser.parse_args()
    files = list_files(asked.folders)
    before = hash_files(files)
    results = []
    for path, result in read_each(files, timeout_s=asked.timeout_s):
        results.append((path, result))
        odd = result.kind in ("traceback", "died", "timeout")
        if asked.verbose or odd:
            text = result.text if odd else result.text.replace("\n", " ")
            print(f"{result.seconds:6.2f} s  {result.kind:<18} {path}  {text}", flush=True)
    print(summary(results, same=hash_files(files) == before))


if __name__ == "__main__":
    main()
