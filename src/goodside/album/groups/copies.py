"""Which of two copies of one picture is the original, and what was done to the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from goodside.album.catalog import PhotoFacts, Source
from goodside.types import FloatArray

_LARGER = 1.05
"""Sides that differ by less are taken for equal."""
_FEWEST_BANDS, _TOP = 6, 4
_BEND_DB = 0.8
"""How much the larger of two gains or loses over the finest half octave that both hold: scaled
down, the smaller one was smoothed there; scaled up, the larger one was."""
_SHARPENED_DB, _BLURRED_DB, _RISING_DB = 1.2, -3.5, 1.0
_COMPRESSED_DB = 0.25
_NOISE_DB = -30.0
"""Weaker detail than this is rounding, not picture."""
_FEWER_BYTES, _FAR_FEWER_BYTES = 0.9, 0.45


@dataclass(frozen=True, slots=True)
class Origin:
    """What tells where a picture comes from.

    Attributes:
        facts: its figures; size, camera and time count.
        source: its bytes, program and detail.
    """

    facts: PhotoFacts
    source: Source

    @property
    def short_px(self) -> int:
        return min(self.facts.width or 0, self.facts.height or 0)

    @property
    def told(self) -> int:
        """How much its metadata speak for it: a camera, a time, no editing program."""
        camera, dated = self.facts.camera is not None, self.facts.taken_at is not None
        return camera + dated - 2 * (self.source.program is not None)

    @property
    def rank(self) -> tuple[int, int, int]:
        """A first guess at how original it is; the highest is the likeliest."""
        return self.told, self.short_px, self.source.size_bytes


class Verdict(NamedTuple):
    """Which of two is the copy, 0 or 1, and what was done to it."""

    copy: int
    why: str


def find_copy(first: Origin, second: Origin) -> Verdict | None:
    """Tell which of two equal pictures is the copy.

    Asked in this order, until something tells: how much detail there really is (pixels that an
    enlargement added hold none), whether detail was lifted by sharpening or lost to compression,
    what the metadata say, and how many bytes there are.

    Args:
        first, second: of pictures that look alike.

    Returns:
        None where nothing tells, as between two frames of one camera.
    """
    pair = (first, second)
    for judge in (_by_detail, _by_spectrum, _by_metadata, _by_bytes):
        if (verdict := judge(pair)) is not None:
            return verdict
    return None


Pair = tuple[Origin, Origin]


def _by_detail(pair: Pair) -> Verdict | None:
    """By real resolution, where one has more pixels."""
    large = int(pair[1].short_px > pair[0].short_px)
    small = 1 - large
    if pair[large].short_px < _LARGER * pair[small].short_px:
        return None
    spectra = _spectra(pair)
    if spectra is None:
        return Verdict(*_by_claim(pair, large=large))
    common = np.isfinite(spectra[0]) & np.isfinite(spectra[1])
    if common.sum() < _FEWEST_BANDS:
        return Verdict(*_by_claim(pair, large=large))
    lead = (spectra[large] - spectra[small])[common]
    bend = float(lead[-1] - lead[-3])
    if bend <= -_BEND_DB:
        return Verdict(large, "enlarged")
    if bend >= _BEND_DB:
        return Verdict(small, "smaller")
    return Verdict(*_by_claim(pair, large=large))


def _by_claim(pair: Pair, *, large: int) -> tuple[int, str]:
    """By pixels, where it cannot be seen what they hold; unless the metadata speak against it."""
    if pair[large].told < pair[1 - large].told:
        return large, "enlarged"
    return 1 - large, "smaller"


def _by_spectrum(pair: Pair) -> Verdict | None:
    """By how the strength of detail differs, band by band."""
    spectra = _spectra(pair)
    if spectra is None:
        return None
    common = np.isfinite(spectra[0]) & np.isfinite(spectra[1])
    if common.sum() < _FEWEST_BANDS:
        return None
    crisp = int((spectra[1] - spectra[0])[common][-_TOP:].mean() > 0)
    low = spectra[1 - crisp][common]
    lead = spectra[crisp][common] - low
    rise = float(np.median(lead[len(lead) // 2 :]) - lead[0])
    if rise >= _SHARPENED_DB:
        steps = np.diff(lead)
        still_rising = float(steps[-2:].mean()) >= max(_RISING_DB, 0.75 * float(steps.max()))
        fades = still_rising and float(np.diff(low)[-_TOP:].mean()) < _BLURRED_DB
        if pair[1 - crisp].source.size_bytes < _FAR_FEWER_BYTES * pair[crisp].source.size_bytes:
            return Verdict(1 - crisp, "recompressed")  # sharpening does not triple a file
        return Verdict(1 - crisp, "blurred") if fades else Verdict(crisp, "sharpened")
    fewer = pair[1 - crisp].source.size_bytes < pair[crisp].source.size_bytes
    lost = float(lead[-_TOP:].mean() - np.median(lead[: len(lead) // 2]))
    if lost >= _COMPRESSED_DB and fewer:
        return Verdict(1 - crisp, "recompressed")
    return None


def _by_metadata(pair: Pair) -> Verdict | None:
    told = [one.told for one in pair]
    if told[0] == told[1]:
        return None
    copy = int(told[1] < told[0])
    program = pair[copy].source.program
    return Verdict(copy, "without its metadata" if program is None else f"saved by {program}")


def _by_bytes(pair: Pair) -> Verdict | None:
    sizes = [one.source.size_bytes for one in pair]
    from_cameras = all(one.facts.camera is not None for one in pair)
    if min(sizes) >= (_FEWER_BYTES if from_cameras else 1) * max(sizes):
        return None
    return Verdict(int(sizes[1] < sizes[0]), "recompressed")


def _spectra(pair: Pair) -> tuple[FloatArray, FloatArray] | None:
    first, second = (one.source.spectrum for one in pair)
    if first is None or second is None:
        return None
    return np.maximum(first, _NOISE_DB), np.maximum(second, _NOISE_DB)
