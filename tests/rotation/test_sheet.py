"""The contact sheet as a picture: every tile in its place, and something written below."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.rotation import contact_sheet
from goodside.types import Pose, RgbImage, Turned

CELL = 96
GAP = 12


def _flat(level: int, side: int = CELL) -> RgbImage:
    return np.full((side, side, 3), level, np.uint8)


def _turned(level: int, *, found: bool = True, pose: Pose | None = None) -> Turned:
    asked = pose or Pose(float(level), 0, 0)
    return Turned(
        image=_flat(level),
        requested=asked,
        measured=asked if found else None,
        identity=0.5 if found else None,
        source=Pose(0, 0, 0),
        model="made 0",
    )


@pytest.mark.parametrize(("count", "columns", "rows", "across"), [(3, 6, 1, 4), (9, 5, 2, 5)])
def test_the_photograph_comes_first_and_then_the_turns_in_order(
    count: int, columns: int, rows: int, across: int
) -> None:
    levels = [10 + 20 * index for index in range(count)]
    sheet = contact_sheet(_flat(250), [_turned(v) for v in levels], columns=columns)
    assert sheet.shape[1] == across * (CELL + GAP) + GAP
    step = (sheet.shape[0] - GAP) // rows
    assert step > CELL + GAP
    for index, level in enumerate([250, *levels]):
        x, y = GAP + index % across * (CELL + GAP), GAP + index // across * step
        assert (sheet[y : y + CELL, x : x + CELL] == level).all()
        below = sheet[y + CELL + 2 : y + step - GAP, x : x + CELL]
        assert below.min() < 150  # something is written there


def test_a_large_photograph_is_brought_to_the_turns_size() -> None:
    sheet = contact_sheet(_flat(90, 4 * CELL), [_turned(200)])
    assert (sheet[GAP : GAP + CELL, GAP : GAP + CELL] == 90).all()
    assert sheet.shape[1] == 2 * (CELL + GAP) + GAP


def test_no_turn_makes_a_sheet_of_the_photograph_alone() -> None:
    assert contact_sheet(_flat(90), []).shape[1] == CELL + 2 * GAP


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_turned(30), _turned(30, found=False)),
        (_turned(30, pose=Pose(30, 0, 0)), _turned(30, pose=Pose(-30, 0, 0))),
        (_turned(30, pose=Pose(30, 0, 0)), _turned(30, pose=Pose(30, 0, 20))),
    ],
)
def test_what_was_asked_and_found_is_written(one: Turned, other: Turned) -> None:
    sheets = [contact_sheet(_flat(90), [turned]) for turned in (one, other)]
    assert (sheets[0] != sheets[1]).any()
