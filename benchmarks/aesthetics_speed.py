"""Time of several networks on one thread, paired; and what reading a photograph costs beside them.

    python -m benchmarks.aesthetics_speed --model aesthetics-lite0 --model peers/nima-mobilenet \
        --photos DIR --out benchmarks/results

Every round runs each network once on one picture of its own input's size, in turn, so that whatever
else the machine does falls on all alike. The process holds no torch: its threads would slow ONNX
Runtime. A model is a name among the shipped weights, or a path: folder of weights, slash, name. The
result is a file `DATE-aesthetics-speed.md`.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.images import find_photos, read_photo
from goodside.runtime import Session, WeightsStore

WARM_UP = 5


def main() -> None:
    """Parse the command line, time, write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", action="append", required=True, help="name, or FOLDER/name")
    parser.add_argument("--photos", type=Path, help="folder of photographs to decode")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--out", type=Path, required=True, help="folder of the table")
    options = parser.parse_args()
    sessions = [open_model(model) for model in options.model]
    times_ms = paired_ms([runner(session) for session in sessions], rounds=options.rounds)
    decoding = decode_ms(options.photos, sessions[0]) if options.photos else None
    if "torch" in sys.modules:
        raise SystemExit("torch is in this process: its threads spoil the figures")
    text = table(sessions, times_ms, decoding=decoding)
    today = datetime.now(UTC).date().isoformat()
    options.out.mkdir(parents=True, exist_ok=True)
    target = options.out / f"{today}-aesthetics-speed.md"
    target.write_text(f"# Speed of assessors\n\n{today}, {text}", encoding="utf-8")
    print(text)


def open_model(model: str) -> Session:
    """One network on one thread."""
    place = Path(model)
    folder = place.parent if place.parent != Path() else None
    return Session(WeightsStore(folder), place.name, threads=1)


def runner(session: Session) -> Callable[[], object]:
    """The network on one noisy picture of its input's size."""
    size = session.card.preprocessing
    noise = np.random.default_rng(0).integers(0, 256, (1, size.height_px, size.width_px, 3))
    image = {"image": size.normalize(noise.astype(np.uint8))}
    return lambda: session.run(image)


def paired_ms(runs: Sequence[Callable[[], object]], *, rounds: int) -> NDArray[np.float64]:
    """Times of every run in every round, (rounds, runs); the first few rounds are not counted."""
    times_ms = np.zeros((WARM_UP + rounds, len(runs)))
    for turn in range(len(times_ms)):
        for index in np.roll(np.arange(len(runs)), turn).tolist():
            start = time.perf_counter()
            runs[index]()
            times_ms[turn, index] = 1000 * (time.perf_counter() - start)
    return times_ms[WARM_UP:]


def decode_ms(folder: Path, session: Session) -> tuple[float, float, int]:
    """Median time to read a photograph for the network, median megapixels, and how many."""
    size = session.card.preprocessing
    times_ms, megapixels = [], []
    for path in find_photos([folder]):
        start = time.perf_counter()
        photo = read_photo(path, fit_px=2 * max(size.width_px, size.height_px))
        times_ms.append(1000 * (time.perf_counter() - start))
        megapixels.append(photo.width * photo.height / 1e6)
    return float(np.median(times_ms)), float(np.median(megapixels)), len(times_ms)


def table(
    sessions: list[Session],
    times_ms: NDArray[np.float64],
    *,
    decoding: tuple[float, float, int] | None,
) -> str:
    """Markdown: a row a network; the ratio is the median over rounds to the first network."""
    lines = [
        f"{_processor()}, one thread, {len(times_ms)} rounds in turn.",
        "",
        "| network | input | file MB | median ms | 10th to 90th percentile | times the first |",
        "|---|---|---|---|---|---|",
    ]
    for session, column in zip(sessions, times_ms.T, strict=True):
        size = session.card.preprocessing
        low, middle, high = np.percentile(column, (10, 50, 90))
        ratio = float(np.median(column / times_ms[:, 0]))
        cells = (
            session.card.identifier,
            f"{size.width_px} x {size.height_px}",
            f"{session.card.size_bytes / 1e6:.1f}",
            f"{middle:.2f}",
            f"{low:.2f} to {high:.2f}",
            f"{ratio:.2f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    if decoding is not None:
        median_ms, megapixels, count = decoding
        share = median_ms / float(np.median(times_ms[:, 0]))
        lines += [
            "",
            f"Reading a photograph for the first network: {median_ms:.1f} ms (median of {count}, "
            f"{megapixels:.1f} megapixels), {share:.1f} times the network.",
        ]
    return "\n".join(lines) + "\n"


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
