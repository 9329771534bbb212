"""The small picture of a face shows the photograph, and nothing that is not there."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.album.scan.analyzer import face_square
from goodside.types import Box


def test_in_the_middle_the_face_is_in_the_middle() -> None:
    square = face_square(Box(200, 180, 300, 280), width_px=640, height_px=480)
    assert (square.x, square.y) == (250, 230)
    assert square.side > 100


@pytest.mark.parametrize(
    "box",
    [Box(0, 0, 90, 100), Box(560, 400, 639, 479), Box(300, 2, 400, 110), Box(-12, 200, 80, 300)],
)
def test_at_the_edge_nothing_but_the_picture_is_seen(box: Box) -> None:
    rgb = np.random.default_rng(0).integers(1, 256, (480, 640, 3), np.uint8)
    square = face_square(box, width_px=640, height_px=480)
    corners = square.to_picture(np.array([[0, 0], [63, 63]]), size_px=64)
    assert corners.min() >= -0.5
    assert (corners.max(axis=0) <= (639.5, 479.5)).all()
    cut = square.cut(rgb, size_px=64)
    assert not (cut[0] == cut[1]).all()  # rows repeat where an edge is smeared
    assert not (cut[-1] == cut[-2]).all()


def test_a_face_as_large_as_the_picture() -> None:
    square = face_square(Box(0, 0, 100, 140), width_px=100, height_px=140)
    assert square.side == 140
    assert [square.x, square.y] == pytest.approx([50, 69.5], abs=0.5)
