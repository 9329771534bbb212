"""Which of two copies of one picture is the original, and what was done to the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from goodside.album.catalog import PhotoFacts, Source
from goodside.types import FloatArray

_MIN_SIZE_RATIO = 1.05
"""Sides that differ by less are taken for equal."""
_MIN_BANDS, _TOP_BANDS = 6, 4
_MIN_BEND_DB = 0.8
"""How much the larger of two gains or loses over the finest half octave that both hold: scaled
down, the smaller one was smoothed there; scaled up, the larger one was."""
_SHARPENED_DB, _BLURRED_DB, _RISING_DB = 1.2, -3.5, 1.0
_COMPRESSED_DB = 0.25
_NOISE_DB = -30.0
"""Weaker detail than this is rounding, not picture."""
_MAX_BYTES_RATIO, _MAX_BYTES_RATIO_SHARPENED = 0.9, 0.45


@dataclass(frozen=True, slots=True)
class Origin:
    """What distinguishes an original from a copy of it.

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
    def metadata_score(self) -> int:
        """How much its metadata suggest an original: camera 1, time 1, editing program -2."""
        camera, dated = self.facts.camera is not None, self.facts.taken_at is not None
        return camera + dated - 2 * (self.source.program is not None)

    @property
    def rank(self) -> tuple[int, int, int]:
        """A first guess at how original it is; the highest is the likeliest."""
        return self.metadata_score, self.short_px, self.source.size_bytes


class IdentifiedCopy(NamedTuple):
    """Which of two is the copy, 0 or 1, and what was done to it."""

    copy: int
    why: str


def find_copy(first: Origin, second: Origin) -> IdentifiedCopy | None:
    """Find which of two equal pictures is the copy.

    Tested in this order, until one test decides: how much detail there really is (pixels that an
    enlargement added hold none), whether detail was amplified by sharpening or lost to compression,
    what the metadata say, and how many bytes there are.

    Args:
        first, second: of pictures that look alike.

    Returns:
        None where no test decides, as between two frames of one camera.
    """
    pair = (first, second)
    for test in (_by_detail, _by_spectrum, _by_metadata, _by_bytes):
        if (identified := test(pair)) is not None:
            return identified
    return None


Pair = tuple[Origin, Origin]


def _by_detail(pair: Pair) -> IdentifiedCopy | None:
    """By real resolution, where one has more pixels."""
    large = int(pair[1].short_px > pair[0].short_px)
    small = 1 - large
    if pair[large].short_px < _MIN_SIZE_RATIO * pair[small].short_px:
        return None
    spectra = _spectra(pair)
    if spectra is None:
        return IdentifiedCopy(*_by_pixel_count(pair, large=large))
    common = np.isfinite(spectra[0]) & np.isfinite(spectra[1])
    if common.sum() < _MIN_BANDS:
        return IdentifiedCopy(*_by_pixel_count(pair, large=large))
    lead = (spectra[large] - spectra[small])[common]
    bend = float(lead[-1] - lead[-3])
    if bend <= -_MIN_BEND_DB:
        return IdentifiedCopy(large, "enlarged")
    if bend >= _MIN_BEND_DB:
        return IdentifiedCopy(small, "smaller")
    return IdentifiedCopy(*_by_pixel_count(pair, large=large))


def _by_pixel_count(pair: Pair, *, large: int) -> tuple[int, str]:
    """By the number of pixels, where their detail is unknown; unless the metadata contradict it."""
    if pair[large].metadata_score < pair[1 - large].metadata_score:
        return large, "enlarged"
    return 1 - large, "smaller"


def _by_spectrum(pair: Pair) -> IdentifiedCopy | None:
    """By how the strength of detail differs, band by band."""
    spectra = _spectra(pair)
    if spectra is None:
        return None
    common = np.isfinite(spectra[0]) & np.isfinite(spectra[1])
    if common.sum() < _MIN_BANDS:
        return None
    crisp = int((spectra[1] - spectra[0])[common][-_TOP_BANDS:].mean() > 0)
    low = spectra[1 - crisp][common]
    lead = spectra[crisp][common] - low
    rise = float(np.median(lead[len(lead) // 2 :]) - lead[0])
    if rise >= _SHARPENED_DB:
        steps = np.diff(lead)
        still_rising = float(steps[-2:].mean()) >= max(_RISING_DB, 0.75 * float(steps.max()))
        fades = still_rising and float(np.diff(low)[-_TOP_BANDS:].mean()) < _BLURRED_DB
        if (
            pair[1 - crisp].source.size_bytes
            < _MAX_BYTES_RATIO_SHARPENED * pair[crisp].source.size_bytes
        ):
            return IdentifiedCopy(1 - crisp, "recompressed")  # sharpening does not triple a file
        return IdentifiedCopy(1 - crisp, "blurred") if fades else IdentifiedCopy(crisp, "sharpened")
    fewer = pair[1 - crisp].source.size_bytes < pair[crisp].source.size_bytes
    lost = float(lead[-_TOP_BANDS:].mean() - np.median(lead[: len(lead) // 2]))
    if lost >= _COMPRESSED_DB and fewer:
        return IdentifiedCopy(1 - crisp, "recompressed")
    return None


def _by_metadata(pair: Pair) -> IdentifiedCopy | None:
    scores = [one.metadata_score for one in pair]
    if scores[0] == scores[1]:
        return None
    copy = int(scores[1] < scores[0])
    program = pair[copy].source.program
    return IdentifiedCopy(
        copy, "without its metadata" if program is None else f"saved by {program}"
    )


def _by_bytes(pair: Pair) -> IdentifiedCopy | None:
    sizes = [one.source.size_bytes for one in pair]
    from_cameras = all(one.facts.camera is not None for one in pair)
    if min(sizes) >= (_MAX_BYTES_RATIO if from_cameras else 1) * max(sizes):
        return None
    return IdentifiedCopy(int(sizes[1] < sizes[0]), "recompressed")


def _spectra(pair: Pair) -> tuple[FloatArray, FloatArray] | None:
    first, second = (one.source.spectrum for one in pair)
    if first is None or second is None:
        return None
    return np.maximum(first, _NOISE_DB), np.maximum(second, _NOISE_DB)
