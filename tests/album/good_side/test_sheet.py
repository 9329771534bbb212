"""The sheet and the sentences of the good side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goodside.album import GoodSide
from goodside.album.good_side.good_side import Angle, Side
from goodside.album.good_side.sheet import explain, good_side_sheet, headline
from goodside.types import Pose, Turned

CELL = 120


def _angle(yaw_deg: float, *, identity: float | None = 0.8, refused: str | None = None) -> Angle:
    pose = Pose(yaw_deg, 0, 0)
    level = 100 + round(yaw_deg)
    picture = np.full((CELL, CELL, 3), level, np.uint8)
    turned = Turned(picture, pose, pose if identity else None, identity, pose, "made 0")
    return Angle(turned, (4.9, 5.1), 5.25, refused)


def _answer(side: Side | None, yaw_deg: float | None = None) -> GoodSide:
    return GoodSide(
        portrait=np.full((CELL, CELL, 3), 240, np.uint8),
        angles=(_angle(-20), _angle(0), _angle(20), _angle(30, identity=None, refused="no face")),
        side=side,
        difference=-0.31 if side == "left" else 0.31,
        error=0.1,
        percentile=84.2,
        recommended_yaw_deg=yaw_deg,
    )


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (_answer("right", 20), ("sitter's own right", "left of the picture", "picture's right;")),
        (_answer("right", 20), ("best at yaw +20°", "0.31", "0.20", "84 of 100")),
        (_answer("left", -20), ("sitter's own left", "right of the picture", "picture's left;")),
        (_answer("left"), ("sitter's own left", "no view of it is good enough")),
        (_answer(None), ("No clear difference", "too little")),
    ],
)
def test_left_and_right_are_said_from_both_views(answer: GoodSide, told: tuple[str, ...]) -> None:
    text = f"{headline(answer)} {explain(answer)}"
    for words in told:
        assert words in text


def test_the_sheet_shows_every_view_and_frames_the_recommended_one() -> None:
    plain, framed = (good_side_sheet(_answer("right", yaw)) for yaw in (None, 20))
    for level in (240, 80, 100, 120, 130):
        shown = (plain == level).all(axis=-1)
        assert shown.sum() >= CELL * CELL
    orange = (framed == (176, 64, 16)).all(axis=-1)
    assert orange.sum() > 4 * 4 * CELL * 0.9
    assert not (plain == (176, 64, 16)).all(axis=-1).any()
    rows, columns = np.nonzero((framed == 120).all(axis=-1))
    assert orange[rows.min() - 2, columns.min() : columns.max()].all()


def test_a_note_lengthens_the_sheet() -> None:
    answer = _answer(None)
    noted = replace(answer, notes=("1 of 3 pairs of angles do not count",))
    assert good_side_sheet(noted).shape[0] > good_side_sheet(answer).shape[0]
