"""Sequences that one camera took without a pause: brackets, panoramas, bursts."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from goodside.album.groups.comparable_photo import ComparablePhoto
from goodside.album.groups.features import FeatureSource
from goodside.album.groups.panorama import pan_between

MAX_BURST_GAP_S = 2.0
"""Longest pause inside a burst; whole seconds are all that many cameras note."""

_MAX_BRACKET_GAP_S = 4.0
_MAX_PANORAMA_GAP_S = 15.0
_MIN_STEP_EV = 0.6
_MIN_SPAN_EV = 1.2
_MAX_BRACKET_BITS = 24
_MAX_BURST_BITS = 24
_MIN_BURST_SIMILARITY = 0.6
_MAX_BURST_LOOKBACK = 8

Run = tuple[ComparablePhoto, ...]


def find_sequences(
    frames: Iterable[ComparablePhoto], *, features: FeatureSource
) -> dict[str, list[Run]]:
    """Brackets, panoramas and bursts among photographs; a photograph is in one of them at most.

    Brackets come first, then panoramas, then bursts: the frames of a bracket also follow each other
    like a burst, but only together are they what the person wanted.

    Args:
        frames: in order of capture; those without a time belong to none.
        features: reads vectors and thumbnails of the photographs that need them.

    Returns:
        The runs of at least two frames (brackets, panoramas: three), by kind.
    """
    dated = (frame for frame in frames if frame.photo.facts.taken_at is not None)
    found: dict[str, list[Run]] = {"bracket": [], "panorama": [], "burst": []}
    for chain in _split(dated, _follows(_MAX_PANORAMA_GAP_S)):
        rest: list[ComparablePhoto] = []
        for run, is_bracket in _brackets(chain):
            if is_bracket:
                found["bracket"].append(run)
            else:
                rest.extend(run)
        panoramas = list(_panoramas(rest, features))
        found["panorama"] += panoramas
        whole = {frame.photo.id for run in panoramas for frame in run}
        rest = [frame for frame in rest if frame.photo.id not in whole]
        for quick in _split(rest, _follows(MAX_BURST_GAP_S)):
            found["burst"] += _bursts(quick, features)
    return found


def _split(
    frames: Iterable[ComparablePhoto], goes_on: Callable[[ComparablePhoto, ComparablePhoto], bool]
) -> Iterator[Run]:
    """Cut a sequence wherever it does not go on."""
    run: list[ComparablePhoto] = []
    for frame in frames:
        if run and not goes_on(run[-1], frame):
            yield tuple(run)
            run = []
        run.append(frame)
    if run:
        yield tuple(run)


def _follows(gap_s: float) -> Callable[[ComparablePhoto, ComparablePhoto], bool]:
    return lambda a, b: a.same_camera(b) and 0 <= a.seconds_to(b) <= gap_s


def _bursts(quick: Run, features: FeatureSource) -> list[Run]:
    """Cut frames that follow each other quickly where they begin to show something else.

    Two frames that are alike hold together all between them: one frame that failed, or somebody who
    walked through, does not end a burst.
    """
    if all(a.hamming_distance(b) <= _MAX_BURST_BITS for a, b in pairwise(quick)):
        return [quick] if len(quick) > 1 else []
    holds = [False] * (len(quick) - 1)
    before: deque[ComparablePhoto] = deque(maxlen=_MAX_BURST_LOOKBACK)
    for at, frame in enumerate(features.vectors(quick)):
        for back, other in zip(range(len(before), 0, -1), before, strict=True):
            if _alike(other, frame):
                holds[at - back : at] = [True] * back
                break
        before.append(frame)
    ends = [0, *(at + 1 for at, held in enumerate(holds) if not held), len(quick)]
    return [quick[start:end] for start, end in pairwise(ends) if end - start > 1]


def _alike(a: ComparablePhoto, b: ComparablePhoto) -> bool:
    return a.hamming_distance(b) <= _MAX_BURST_BITS or a.similarity(b) >= _MIN_BURST_SIMILARITY


def _brackets(chain: Run) -> Iterator[tuple[Run, bool]]:
    """Take a chain apart into brackets and what lies between, each with whether it is a bracket.

    A bracket is three frames or more of one view whose exposures all differ by most of a stop.
    """
    start = 0
    while start < len(chain):
        end = start + 1
        while end < len(chain) and _continues_bracket(chain[start:end], chain[end]):
            end += 1
        exposures = [frame.exposure_ev or 0.0 for frame in chain[start:end]]
        whole = end - start >= 3 and max(exposures) - min(exposures) >= _MIN_SPAN_EV
        end = end if whole else start + 1
        yield chain[start:end], whole
        start = end


def _continues_bracket(run: Run, frame: ComparablePhoto) -> bool:
    last, exposure = run[-1], frame.exposure_ev
    if exposure is None or not _follows(_MAX_BRACKET_GAP_S)(last, frame):
        return False
    others = [each.exposure_ev for each in run]
    apart = all(other is not None and abs(other - exposure) >= _MIN_STEP_EV for other in others)
    return apart and last.hamming_distance(frame) <= _MAX_BRACKET_BITS


def _panoramas(frames: Sequence[ComparablePhoto], features: FeatureSource) -> Iterator[Run]:
    """Three frames or more of one exposure, each shifted against the one before the same way."""
    for steady in _split(frames, _holds_exposure):
        if len(steady) < 3:
            continue
        pans = [pan_between(a, b) for a, b in pairwise(features.pictures(steady))]
        start = 0
        while start < len(pans):
            end = start
            while end < len(pans) and pans[end] is not None and pans[end] == pans[start]:
                end += 1
            if end - start >= 2:
                yield steady[start : end + 1]
            start = max(end, start + 1)


def _holds_exposure(a: ComparablePhoto, b: ComparablePhoto) -> bool:
    return _follows(_MAX_PANORAMA_GAP_S)(a, b) and _equal_exposure(a, b)


def _equal_exposure(a: ComparablePhoto, b: ComparablePhoto) -> bool:
    here, there = a.exposure_ev, b.exposure_ev
    return here is None or there is None or abs(here - there) < _MIN_STEP_EV
