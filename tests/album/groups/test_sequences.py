"""Bursts, brackets and panoramas: told apart, and not torn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from goodside.album.groups import ComparablePhoto
from goodside.album.groups.panorama import _correlations, pan_between
from goodside.album.groups.sequences import find_sequences
from tests.album.groups.made import Given, frame, ids, landscape
from tests.images.made import textured

VIEW = textured(96, 64, seed=1)
OTHER = textured(96, 64, seed=2)


@pytest.mark.parametrize(
    ("gaps_s", "bursts"),
    [
        ((0.2, 0.2, 0.2), [[0, 1, 2, 3]]),
        ((1, 1, 10), [[0, 1, 2]]),
        ((1, 60, 1), [[0, 1], [2, 3]]),
        ((30, 30, 30), []),
    ],
)
def test_bursts_end_at_a_pause(gaps_s: tuple[float, ...], bursts: list[list[int]]) -> None:
    times = np.cumsum((0, *gaps_s))
    frames = [frame(n, at_s=float(at), rgb=VIEW) for n, at in enumerate(times)]
    assert ids(find_sequences(frames, features=Given())["burst"]) == bursts


def test_a_burst_ends_where_something_else_is_seen() -> None:
    frames = [frame(n, at_s=n, rgb=VIEW if n < 2 else OTHER) for n in range(4)]
    assert ids(find_sequences(frames, features=Given())["burst"]) == [[0, 1], [2, 3]]


def test_alike_features_keep_a_burst_together_where_the_framing_changed() -> None:
    same = np.full(4, 0.5, dtype=np.float32)
    frames = [frame(n, at_s=n, vector=same) for n in range(3)]
    assert ids(find_sequences(frames, features=Given())["burst"]) == [[0, 1, 2]]


def test_two_cameras_make_no_burst() -> None:
    frames = [frame(n, at_s=n, rgb=VIEW, camera=f"C{n % 2}") for n in range(4)]
    assert find_sequences(frames, features=Given())["burst"] == []


def test_without_a_time_there_is_no_run() -> None:
    assert not any(
        find_sequences([frame(n, at_s=None, rgb=VIEW) for n in range(3)], features=Given()).values()
    )


@pytest.mark.parametrize("bias_ev", [(0.0, -2.0, 2.0), (0.0, -0.7, 0.7)])
def test_a_bracket_by_compensation(bias_ev: tuple[float, ...]) -> None:
    frames = [frame(n, at_s=n, rgb=VIEW, bias_ev=ev) for n, ev in enumerate(bias_ev)]
    runs = find_sequences(frames, features=Given())
    assert ids(runs["bracket"]) == [[0, 1, 2]]
    assert runs["burst"] == []


def test_two_brackets_in_a_row_are_two() -> None:
    frames = [frame(n, at_s=n, rgb=VIEW, bias_ev=ev) for n, ev in enumerate((0, -1, 1, 0, -1, 1))]
    assert ids(find_sequences(frames, features=Given())["bracket"]) == [[0, 1, 2], [3, 4, 5]]


def test_a_bracket_by_shutter() -> None:
    frames = [
        frame(n, at_s=n, rgb=VIEW, exposure_s=time, f_number=8.0, iso=100)
        for n, time in enumerate((1 / 100, 1 / 400, 1 / 25))
    ]
    assert ids(find_sequences(frames, features=Given())["bracket"]) == [[0, 1, 2]]


def test_automatic_exposure_makes_no_bracket() -> None:
    frames = [
        frame(n, at_s=n, rgb=VIEW, exposure_s=time, f_number=4.0, iso=100)
        for n, time in enumerate((1 / 100, 1 / 125, 1 / 110))
    ]
    runs = find_sequences(frames, features=Given())
    assert runs["bracket"] == []
    assert ids(runs["burst"]) == [[0, 1, 2]]


def test_a_panorama() -> None:
    wide = landscape(3)
    frames = [frame(n, at_s=3 * n, rgb=wide[:, 40 * n : 40 * n + 90]) for n in range(4)]
    runs = find_sequences(frames, features=Given())
    assert ids(runs["panorama"]) == [[0, 1, 2, 3]]
    assert runs["burst"] == []


def test_back_and_forth_is_no_panorama() -> None:
    wide = landscape(3)
    starts = (0, 40, 0, 40)
    frames = [frame(n, at_s=3 * n, rgb=wide[:, at : at + 90]) for n, at in enumerate(starts)]
    assert find_sequences(frames, features=Given())["panorama"] == []


def test_a_frame_that_failed_does_not_end_a_burst() -> None:
    frames = [frame(n, at_s=n, rgb=OTHER if n == 1 else VIEW) for n in range(4)]
    assert ids(find_sequences(frames, features=Given())["burst"]) == [[0, 1, 2, 3]]


def test_overlaps_are_those_of_every_shift_by_itself() -> None:
    rng = np.random.default_rng(0)
    wide = np.kron(rng.uniform(0, 255, (6, 8)), np.ones((12, 12)))
    first, second = (wide[2:50, left : left + 48].astype(np.float32) for left in (0, 15))
    table = _correlations(first, second)
    for down, right in ((0, 0), (0, 15), (3, 20), (-2, 36), (2, -9), (-36, -3)):
        rows, columns = (
            slice(max(0, down), 48 + min(0, down)),
            slice(max(0, right), 48 + min(0, right)),
        )
        a = first[rows, columns]
        b = second[max(0, -down) : 48 + min(0, -down), max(0, -right) : 48 + min(0, -right)]
        assert table[down, right] == pytest.approx(
            np.corrcoef(a.ravel(), b.ravel())[0, 1], abs=1e-6
        )
    assert table[0, 15] == pytest.approx(1)


def test_pictures_too_small_to_compare_are_no_panorama() -> None:
    frames = [frame(number, at_s=number, rgb=textured(200, 8, seed=1)) for number in range(3)]
    small = [ComparablePhoto(each.photo, luma=np.ones((8, 64), np.float32)) for each in frames]
    assert find_sequences(small, features=Given())["panorama"] == []


def _hashed(number: int, bits: int, *, at_s: float, **facts: Any) -> ComparablePhoto:
    """A frame whose fingerprint has so many bits set."""
    one = frame(number, at_s=at_s, rgb=VIEW, **facts)
    return replace(one, photo=replace(one.photo, facts=replace(one.photo.facts, phash=2**bits - 1)))


@pytest.mark.parametrize(("gap_s", "is_burst"), [(0.0, True), (2.0, True), (2.1, False)])
def test_a_burst_pauses_for_two_seconds_at_most(gap_s: float, is_burst: bool) -> None:
    frames = [_hashed(n, 0, at_s=n * gap_s) for n in range(2)]
    assert ids(find_sequences(frames, features=Given())["burst"]) == ([[0, 1]] if is_burst else [])


@pytest.mark.parametrize(
    ("bits", "cosine", "is_burst"),
    [(24, 0.0, True), (25, 0.0, False), (25, 0.61, True), (25, 0.59, False)],
)
def test_how_alike_the_frames_of_a_burst_are(bits: int, cosine: float, is_burst: bool) -> None:
    vectors = np.array([[1, 0], [cosine, np.sqrt(1 - cosine**2)]], np.float32)
    frames = [
        replace(_hashed(n, n * bits, at_s=n), vector=vector) for n, vector in enumerate(vectors)
    ]
    assert ids(find_sequences(frames, features=Given())["burst"]) == ([[0, 1]] if is_burst else [])


@pytest.mark.parametrize(("failed", "is_one"), [(7, True), (8, False)])
def test_a_burst_goes_on_after_seven_frames_that_failed(failed: int, is_one: bool) -> None:
    """Each of those has a fingerprint and features of its own."""
    axes = np.eye(failed + 1, dtype=np.float32)
    frames = [
        replace(frame(n + 1, at_s=n + 1, rgb=textured(96, 64, seed=50 + n)), vector=axes[n])
        for n in range(failed)
    ]
    ends = [replace(frame(n, at_s=n, rgb=VIEW), vector=axes[-1]) for n in (0, failed + 1)]
    found = find_sequences([ends[0], *frames, ends[1]], features=Given())["burst"]
    assert ids(found) == ([list(range(failed + 2))] if is_one else [])


@pytest.mark.parametrize(
    ("gap_s", "step_ev", "bits", "is_bracket"),
    [
        (4.0, 0.61, 24, True),
        (4.1, 0.61, 24, False),
        (4.0, 0.59, 24, False),
        (4.0, 0.61, 25, False),
        (0.0, 2.0, 0, True),
    ],
)
def test_bounds_of_a_bracket(gap_s: float, step_ev: float, bits: int, is_bracket: bool) -> None:
    frames = [
        _hashed(n, bits * (n % 2), at_s=n * gap_s, bias_ev=step_ev * (n + 1)) for n in range(3)
    ]
    found = find_sequences(frames, features=Given())["bracket"]
    assert ids(found) == ([[0, 1, 2]] if is_bracket else [])


def test_two_exposures_are_no_bracket() -> None:
    frames = [_hashed(n, 0, at_s=n, bias_ev=2.0 * n - 1) for n in range(2)]
    runs = find_sequences(frames, features=Given())
    assert runs["bracket"] == []
    assert ids(runs["burst"]) == [[0, 1]]


@pytest.mark.parametrize(
    ("gap_s", "step_ev", "count", "is_found"),
    [
        (15.0, 0.0, 3, True),
        (15.1, 0.0, 3, False),
        (3.0, 0.59, 3, True),
        (3.0, 0.61, 3, False),
        (3.0, 0.0, 2, False),
    ],
)
def test_bounds_of_a_panorama(gap_s: float, step_ev: float, count: int, is_found: bool) -> None:
    wide = landscape(3)
    frames = [
        frame(
            n,
            at_s=gap_s * n,
            rgb=wide[:, 40 * n : 40 * n + 90],
            bias_ev=1.0 + step_ev * (n % 2),
        )
        for n in range(count)
    ]
    found = find_sequences(frames, features=Given())["panorama"]
    assert ids(found) == ([list(range(count))] if is_found else [])


@pytest.mark.parametrize(
    ("axis", "sign", "pan"),
    [(1, 1, "right"), (1, -1, "left"), (0, 1, "down"), (0, -1, "up")],
)
@pytest.mark.parametrize(("shift", "is_pan"), [(8, False), (10, True), (35, True)])
def test_where_the_camera_turned(axis: int, sign: int, pan: str, shift: int, is_pan: bool) -> None:
    """Pictures of 48 x 48; turns by a fifth to three quarters of a side count."""
    whole = np.random.default_rng(4).uniform(0, 255, (96, 96)).astype(np.float32)
    first = whole[24:72, 24:72]
    second = np.roll(whole, -sign * shift, axis=axis)[24:72, 24:72]
    one, other = (ComparablePhoto(frame(0).photo, luma=luma) for luma in (first, second))
    assert pan_between(one, other) == (pan if is_pan else None)
