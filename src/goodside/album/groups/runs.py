"""Sequences that one camera took without a pause: brackets, panoramas, bursts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, pairwise

from goodside.album.groups.frame import Frame
from goodside.album.groups.overlap import pan_between
from goodside.album.groups.partition import Partition

BURST_GAP_S = 2.0
"""Longest pause inside a burst; whole seconds are all that many cameras note."""

_BRACKET_GAP_S = 4.0
_PANORAMA_GAP_S = 15.0
_STOP = 0.6
_SPAN = 1.2
_BRACKET_BITS = 24
_BURST_BITS = 24
_BURST_LIKENESS = 0.6
_BURST_REACH = 8

Run = tuple[Frame, ...]


def find_runs(frames: Sequence[Frame]) -> dict[str, list[Run]]:
    """Brackets, panoramas and bursts among photographs; a photograph is in one of them at most.

    Brackets come first, then panoramas, then bursts: the frames of a bracket also follow each other
    like a burst, but only together are they what the person wanted.

    Args:
        frames: in order of capture; those without a time belong to none.

    Returns:
        The runs of at least two frames (brackets, panoramas: three), by kind.
    """
    dated = [frame for frame in frames if frame.photo.facts.taken_at is not None]
    found: dict[str, list[Run]] = {"bracket": [], "panorama": [], "burst": []}
    for chain in chains(dated):
        rest: list[Frame] = []
        for run, is_bracket in _brackets(chain):
            if is_bracket:
                found["bracket"].append(run)
            else:
                rest.extend(run)
        for run in _panoramas(rest):
            found["panorama"].append(run)
            rest = [frame for frame in rest if frame not in run]
        for quick in _cut(rest, _follows(BURST_GAP_S)):
            found["burst"] += _bursts(quick)
    return found


def chains(frames: Iterable[Frame]) -> Iterator[Run]:
    """Cut an album where no run goes on; each piece can be searched by itself.

    Args:
        frames: in order of capture; those without a time are alone.
    """
    return _cut(frames, _follows(_PANORAMA_GAP_S))


def _cut(frames: Iterable[Frame], goes_on: Callable[[Frame, Frame], bool]) -> Iterator[Run]:
    """Cut a sequence wherever it does not go on."""
    run: list[Frame] = []
    for frame in frames:
        if run and not goes_on(run[-1], frame):
            yield tuple(run)
            run = []
        run.append(frame)
    if run:
        yield tuple(run)


def _follows(gap_s: float) -> Callable[[Frame, Frame], bool]:
    return lambda a, b: a.same_camera(b) and 0 <= a.seconds_to(b) <= gap_s


def _bursts(quick: Run) -> list[Run]:
    """Cut frames that follow each other quickly where they begin to show something else.

    Two frames that are alike hold together all between them: one frame that failed, or somebody who
    walked through, does not end a burst.
    """
    parts = Partition(len(quick))
    for first, last in combinations(range(len(quick)), 2):
        if last - first <= _BURST_REACH and _alike(quick[first], quick[last]):
            for between in range(first, last):
                parts.join(between, between + 1)
    return [tuple(quick[index] for index in part) for part in parts.parts() if len(part) > 1]


def _alike(a: Frame, b: Frame) -> bool:
    return a.bits_to(b) <= _BURST_BITS or a.likeness(b) >= _BURST_LIKENESS


def _brackets(chain: Run) -> Iterator[tuple[Run, bool]]:
    """Take a chain apart into brackets and what lies between, each with whether it is a bracket.

    A bracket is three frames or more of one view whose exposures all differ by most of a stop.
    """
    start = 0
    while start < len(chain):
        end = start + 1
        while end < len(chain) and _brackets_on(chain[start:end], chain[end]):
            end += 1
        exposures = [frame.exposure_ev or 0.0 for frame in chain[start:end]]
        whole = end - start >= 3 and max(exposures) - min(exposures) >= _SPAN
        end = end if whole else start + 1
        yield chain[start:end], whole
        start = end


def _brackets_on(run: Run, frame: Frame) -> bool:
    last, exposure = run[-1], frame.exposure_ev
    if exposure is None or not _follows(_BRACKET_GAP_S)(last, frame):
        return False
    others = [each.exposure_ev for each in run]
    apart = all(other is not None and abs(other - exposure) >= _STOP for other in others)
    return apart and last.bits_to(frame) <= _BRACKET_BITS


def _panoramas(frames: Sequence[Frame]) -> Iterator[Run]:
    """Three frames or more of one exposure, each shifted against the one before the same way."""
    pans = [
        pan_between(a, b) if _follows(_PANORAMA_GAP_S)(a, b) and _equal_exposure(a, b) else None
        for a, b in pairwise(frames)
    ]
    start = 0
    while start < len(pans):
        end = start
        while end < len(pans) and pans[end] is not None and pans[end] == pans[start]:
            end += 1
        if end - start >= 2:
            yield tuple(frames[start : end + 1])
        start = max(end, start + 1)


def _equal_exposure(a: Frame, b: Frame) -> bool:
    here, there = a.exposure_ev, b.exposure_ev
    return here is None or there is None or abs(here - there) < _STOP
