"""Distances between two photographs: time, place, look, camera, size, exposure."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest

from goodside.album.groups import ComparablePhoto
from tests.album.groups.made import frame


def _with(**facts: Any) -> ComparablePhoto:
    one = frame(0)
    return replace(one, photo=replace(one.photo, facts=replace(one.photo.facts, **facts)))


@pytest.mark.parametrize(
    ("here", "there", "bits"), [(0, 0, 0), (0b1011, 0, 3), (2**64 - 1, 0, 64), (None, 0, 64)]
)
def test_fingerprints(here: int | None, there: int, bits: int) -> None:
    assert _with(phash=here).hamming_distance(_with(phash=there)) == bits
    assert _with(phash=there).hamming_distance(_with(phash=here)) == bits


def test_seconds_are_between_instants() -> None:
    noon = datetime(2026, 5, 4, 12, 0)
    later = _with(taken_at=noon)
    berlin = replace(
        later,
        photo=replace(later.photo, instant=noon.replace(tzinfo=timezone(timedelta(hours=2)))),
    )
    london = replace(
        later, photo=replace(later.photo, instant=datetime(2026, 5, 4, 10, 0, 30, tzinfo=UTC))
    )
    assert berlin.seconds_to(london) == 30
    assert london.seconds_to(berlin) == -30
    assert _with(taken_at=None).seconds_to(london) == math.inf
    assert london.seconds_to(_with(taken_at=None)) == math.inf


@pytest.mark.parametrize(
    ("here", "there", "metres"),
    [
        ((0.0, 0.0), (1.0, 0.0), 111_195),
        ((60.0, 10.0), (60.0, 11.0), 55_596),
        ((48.0, 11.0), (48.0, 11.0), 0),
        ((0.0, 0.0), (0.0, 180.0), 20_015_087),
        ((0.0, None), (1.0, 0.0), 0),
    ],
)
def test_metres_on_the_ground(
    here: tuple[float, float | None], there: tuple[float, float], metres: float
) -> None:
    a, b = (_with(latitude_deg=lat, longitude_deg=lon) for lat, lon in (here, there))
    assert a.metres_to(b) == pytest.approx(metres, rel=1e-3)
    assert b.metres_to(a) == pytest.approx(metres, rel=1e-3)


def test_similarity_is_a_cosine() -> None:
    one, other = (np.array(v, np.float32) for v in ([1, 0], [0.6, 0.8]))
    assert frame(0, vector=one).similarity(frame(1, vector=other)) == pytest.approx(0.6)
    assert frame(0).similarity(frame(1, vector=other)) == 0
    assert frame(0, vector=one).similarity(frame(1)) == 0


@pytest.mark.parametrize(
    ("here", "there", "same"),
    [("C1", "C1", True), ("C1", "C2", False), (None, "C2", True), ("C1", None, True)],
)
def test_an_unknown_camera_may_be_the_same(here: str | None, there: str | None, same: bool) -> None:
    assert _with(camera=here).same_camera(_with(camera=there)) == same


@pytest.mark.parametrize(
    ("size", "same"), [((960, 640), True), ((640, 960), True), ((960, 641), False)]
)
def test_size_upright_or_lying(size: tuple[int, int], same: bool) -> None:
    assert frame(0).same_size(_with(width=size[0], height=size[1])) == same


@pytest.mark.parametrize(
    ("facts", "exposure_ev"),
    [
        ({"bias_ev": -2.0, "exposure_s": 0.01, "f_number": 8.0, "iso": 100}, -2.0),
        ({"bias_ev": 0.0, "exposure_s": 0.04, "f_number": 2.0, "iso": 100}, 0.0),
        ({"exposure_s": 0.04, "f_number": 2.0, "iso": 400}, 2.0),
        ({"exposure_s": 0.04, "f_number": 4.0, "iso": 100}, -2.0),
        ({"exposure_s": 0.04, "f_number": 4.0}, None),
        ({"bias_ev": 0.0}, 0.0),
        ({}, None),
    ],
)
def test_exposure_in_stops(facts: dict[str, float], exposure_ev: float | None) -> None:
    found = _with(**facts).exposure_ev
    assert found == (None if exposure_ev is None else pytest.approx(exposure_ev))
