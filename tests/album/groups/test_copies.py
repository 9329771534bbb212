"""Which of two equal pictures is the copy, by made spectra at and around the bounds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pytest

from goodside.album.catalog import PhotoFacts, Source
from goodside.album.groups.copies import Origin, find_copy
from goodside.types import FloatArray

_FLAT = (-10.0,) * 8


def _origin(
    short_px: int = 600,
    *,
    size_bytes: int = 100_000,
    bands_db: Sequence[float] | None = _FLAT,
    camera: bool = False,
    dated: bool = False,
    program: str | None = None,
) -> Origin:
    spectrum: FloatArray | None = None
    if bands_db is not None:
        spectrum = np.array(bands_db, np.float32)
    facts = PhotoFacts(
        width=2 * short_px,
        height=short_px,
        camera="C1" if camera else None,
        taken_at=datetime(2026, 5, 4) if dated else None,
    )
    return Origin(facts, Source(size_bytes, program, spectrum))


def _raised(*decibels: float) -> tuple[float, ...]:
    """The flat spectrum with these added to its last bands."""
    rest = (0.0,) * (len(_FLAT) - len(decibels))
    return tuple(level + more for level, more in zip(_FLAT, rest + decibels, strict=True))


@pytest.mark.parametrize(
    ("camera", "dated", "program", "score"),
    [
        (True, True, None, 2),
        (True, False, None, 1),
        (False, True, None, 1),
        (False, False, None, 0),
        (True, True, "GIMP", 0),
        (False, False, "GIMP", -2),
    ],
)
def test_metadata_score(camera: bool, dated: bool, program: str | None, score: int) -> None:
    one = _origin(camera=camera, dated=dated, program=program)
    assert one.metadata_score == score
    assert one.rank == (score, 600, 100_000)


@pytest.mark.parametrize(
    ("larger", "expected"),
    [
        (_raised(-0.81), (0, "enlarged")),
        (_raised(-0.79), (1, "smaller")),
        (_raised(0.81), (1, "smaller")),
        (_raised(-0.5, -1.0), (0, "enlarged")),  # a half octave is two bands
        (_FLAT, (1, "smaller")),
    ],
)
def test_real_resolution_by_the_finest_half_octave(
    larger: tuple[float, ...], expected: tuple[int, str]
) -> None:
    assert find_copy(_origin(900, bands_db=larger), _origin(600)) == expected


def test_metadata_decide_where_detail_does_not() -> None:
    large = _origin(900, program="GIMP")
    assert find_copy(large, _origin(600, camera=True)) == (0, "enlarged")
    large = _origin(900, bands_db=None, program="GIMP")
    assert find_copy(large, _origin(600)) == (0, "enlarged")
    assert find_copy(large, _origin(600, program="GIMP")) == (1, "smaller")
    assert find_copy(_origin(600, program="GIMP"), large) == (0, "smaller")
    assert find_copy(_origin(600), large) == (1, "enlarged")


@pytest.mark.parametrize(("short_px", "expected"), [(571, (1, "smaller")), (572, None)])
def test_sides_within_five_hundredths_are_equal(
    short_px: int, expected: tuple[int, str] | None
) -> None:
    camera = {"camera": True, "dated": True}
    pair = _origin(600, **camera), _origin(short_px, **camera)  # type: ignore[arg-type]
    assert find_copy(*pair) == expected


@pytest.mark.parametrize("bands", [5, 6])
def test_fewer_than_six_common_bands_say_nothing(bands: int) -> None:
    """By the spectra the larger would be enlarged; by pixels the smaller is the copy."""
    missing = (float("nan"),) * (8 - bands)
    larger = _origin(900, bands_db=(*missing, *_raised(-2.0)[8 - bands :]))
    assert find_copy(larger, _origin(600)) == ((0, "enlarged") if bands == 6 else (1, "smaller"))


@pytest.mark.parametrize(
    ("bands_db", "expected"),
    [
        (_raised(1.3, 1.3, 1.3, 1.3), (0, "sharpened")),
        (_raised(1.19, 1.19, 1.19, 1.19), None),
    ],
)
def test_detail_lifted_evenly_was_sharpened(
    bands_db: tuple[float, ...], expected: tuple[int, str] | None
) -> None:
    camera = _origin(bands_db=bands_db, camera=True), _origin(camera=True)
    assert find_copy(*camera) == expected


def _falling(*steps_db: float, lost_db: float = 0.0) -> Origin:
    """A spectrum that falls by these steps, and from its middle on by `lost_db` more a band."""
    levels = np.cumsum((10.0, *steps_db))
    levels -= lost_db * np.maximum(0, np.arange(8) - 3)
    return _origin(bands_db=levels.tolist(), camera=True)


@pytest.mark.parametrize(
    ("steps_db", "lost_db", "expected"),
    [
        ((-3.0,) * 7, 1.2, (1, "blurred")),
        ((-3.0,) * 7, 1.05, (1, "blurred")),
        ((-3.0,) * 7, 0.95, (0, "sharpened")),  # the loss no longer grows by a decibel a band
        ((-1.0,) * 7, 1.2, (0, "sharpened")),  # what is left does not fade as blur does
        ((-1.0, -1.0, -1.0, -0.1, -3.0, -3.0, -3.0), 1.2, (0, "sharpened")),
    ],
)
def test_detail_that_fades_faster_and_faster_was_blurred(
    steps_db: tuple[float, ...], lost_db: float, expected: tuple[int, str]
) -> None:
    crisp, soft = _falling(*steps_db), _falling(*steps_db, lost_db=lost_db)
    assert find_copy(crisp, soft) == expected
    assert find_copy(soft, crisp) == (1 - expected[0], expected[1])


def test_an_even_lead_over_what_fades_is_no_blur() -> None:
    soft = np.cumsum((10.0, *(-4.0,) * 7))
    lead = np.array([0, 0, 0, 1.3, 1.3, 1.3, 1.3, 1.3])
    crisp = _origin(bands_db=(soft + lead).tolist(), camera=True)
    assert find_copy(crisp, _origin(bands_db=soft.tolist(), camera=True)) == (0, "sharpened")


@pytest.mark.parametrize("first", [True, False])
def test_bands_that_one_picture_lacks_are_not_compared(first: bool) -> None:
    lacking = _origin(bands_db=(float("nan"), *_raised(1.5, 1.5, 1.5, 1.5)[1:]), camera=True)
    pair = (lacking, _origin(camera=True)) if first else (_origin(camera=True), lacking)
    assert find_copy(*pair) == (0 if first else 1, "sharpened")


@pytest.mark.parametrize(
    ("size_bytes", "expected"), [(44_000, (1, "recompressed")), (46_000, (0, "sharpened"))]
)
def test_a_file_of_less_than_half_the_bytes_was_recompressed(
    size_bytes: int, expected: tuple[int, str]
) -> None:
    lifted = _origin(bands_db=_raised(1.5, 1.5, 1.5, 1.5), camera=True)
    other = _origin(size_bytes=size_bytes, camera=True)
    assert find_copy(lifted, other) == expected
    assert find_copy(other, lifted) == (1 - expected[0], expected[1])


@pytest.mark.parametrize(("lost_db", "is_found"), [(0.26, True), (0.24, False)])
@pytest.mark.parametrize("fewer", [True, False])
def test_lost_detail_and_fewer_bytes_mean_compression(
    lost_db: float, is_found: bool, fewer: bool
) -> None:
    whole = _origin(camera=True)
    lossy = _origin(
        size_bytes=95_000 if fewer else 100_000,
        bands_db=_raised(*[-lost_db] * 4),
        camera=True,
    )
    found = find_copy(whole, lossy)
    assert found == ((1, "recompressed") if is_found and fewer else None)
    found = find_copy(lossy, whole)
    assert found == ((0, "recompressed") if is_found and fewer else None)


def test_detail_below_thirty_decibels_is_rounding() -> None:
    faint = tuple(-30.0 - at for at in range(8))
    loud = tuple(-31.0 + 0 * at for at in range(8))
    pair = _origin(bands_db=faint, camera=True), _origin(bands_db=loud, camera=True)
    assert find_copy(*pair) is None


@pytest.mark.parametrize(
    ("camera", "size_bytes", "expected"),
    [
        (True, 89_000, (1, "recompressed")),
        (True, 90_000, None),
        (False, 99_000, (1, "recompressed")),
        (False, 100_000, None),
    ],
)
def test_bytes_decide_last(camera: bool, size_bytes: int, expected: tuple[int, str] | None) -> None:
    pair = _origin(camera=camera), _origin(camera=camera, size_bytes=size_bytes)
    assert find_copy(*pair) == expected
