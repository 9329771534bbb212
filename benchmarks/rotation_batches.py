"""Whether turning faces in batches pays on this processor: the network alone, and whole turns.

    python -m benchmarks.rotation_batches --faces DIR --rounds 20

Every round runs each batch size once, in turn, so that whatever else the machine does falls on all
alike; the medians are printed as milliseconds a face. Run it while nothing else runs.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from goodside.images import find_photos, read_photo
from goodside.rotation import Rotator, signal_channels
from goodside.runtime import open_session

SIZES = (1, 2, 4, 8, 16)
_YAW_DEG = 30.0


def main() -> None:
    """Parse the command line, time, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faces", type=Path, required=True, help="folder of portraits")
    parser.add_argument("--model", default="rotation-mesh", help="name of the weights")
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    network = [network_runner(options.model, size) for size in SIZES]
    photos = list(find_photos([options.faces]))[: max(SIZES)]
    whole = [turn_runner(options.model, photos, size) for size in SIZES]
    print("| faces at once | network, ms a face | read, find, turn, measure, ms a face |")
    print("|--:|--:|--:|")
    times = zip(
        SIZES,
        median_ms(network, rounds=options.rounds),
        median_ms(whole, rounds=max(2, options.rounds // 10)),
        strict=True,
    )
    for size, alone, every in times:
        print(f"| {size} | {alone / size:.1f} | {every / max(len(photos), 1):.1f} |")


def network_runner(model: str, size: int) -> Callable[[], object]:
    """One run of the network over a batch of noise."""
    session = open_session(model)
    side = session.card.preprocessing.width_px
    facts = session.card.facts
    channels = signal_channels(facts["recipe"], landmarks=facts["landmarks"])
    shape = (size, channels, side, side)
    signal = np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)
    return lambda: session.run({"signal": signal})


def turn_runner(model: str, photos: Sequence[Path], size: int) -> Callable[[], object]:
    """All photographs through a rotator that takes them so many at a time."""
    rotator = Rotator(model=model)
    pictures = [read_photo(path).rgb for path in photos]
    return lambda: list(rotator.rotate_each(pictures, _YAW_DEG, size_px=256, batch=size))


def median_ms(runners: Sequence[Callable[[], object]], *, rounds: int) -> list[float]:
    """Median milliseconds of each, one after the other in every round; the first does not count."""
    spent = np.zeros((rounds + 1, len(runners)))
    for times in spent:
        for at, run in enumerate(runners):
            started = time.perf_counter()
            run()
            times[at] = 1000 * (time.perf_counter() - started)
    medians: list[float] = np.median(spent[1:], axis=0).tolist()
    return medians


if __name__ == "__main__":
    main()
