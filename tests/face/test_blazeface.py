"""Anchors and merging: many findings of one face become one."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.face.blazeface import Candidates, anchor_centres, joined, no_candidates
from goodside.face.merge import merge


def candidates(*rows: tuple[float, float, float, float, float]) -> Candidates:
    """From (score, left, top, right, bottom)."""
    data = np.array(rows, dtype=np.float32)
    points = np.repeat(data[:, None, 1:3], 6, axis=1)
    return Candidates(data[:, 0], data[:, 1:], points)


@pytest.mark.parametrize(
    ("size_px", "strides", "per_cell", "count"),
    [(128, [8, 16], [2, 6], 896), (192, [4], [1], 2304)],
)
def test_one_anchor_for_each_output(
    size_px: int, strides: list[int], per_cell: list[int], count: int
) -> None:
    centres = anchor_centres(size_px, strides=strides, per_cell=per_cell)
    assert centres.shape == (count, 2)
    np.testing.assert_allclose(centres.mean(axis=0), size_px / 2)
    assert centres.min() == strides[0] / 2


def test_anchors_run_along_rows_first() -> None:
    centres = anchor_centres(16, strides=[8], per_cell=[2])
    corners = [[4, 4], [12, 4], [4, 12], [12, 12]]
    assert centres.tolist() == [corner for corner in corners for _ in range(2)]


def test_findings_that_agree_are_averaged_by_score() -> None:
    (one,) = merge(candidates((0.5, 0, 0, 10, 10), (1.0, 3, 0, 13, 10)))
    assert one.scores[0] == 1.0
    np.testing.assert_allclose(one.boxes[0], [2, 0, 12, 10], atol=1e-6)
    np.testing.assert_allclose(one.points[0], [[2, 0]] * 6, atol=1e-6)


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        ((0.9, 20.0, 0.0, 30.0, 10.0), 2),  # beside it
        ((0.9, 0.0, 5.0, 10.0, 15.0), 1),  # a third of the union
        ((0.9, 0.0, 7.0, 10.0, 17.0), 2),  # a sixth
        ((0.9, 2.0, 2.0, 8.0, 8.0), 1),  # inside, about as large
        ((0.9, 2.0, 2.0, 5.0, 5.0), 2),  # inside, much smaller: a face before a false finding
    ],
)
def test_which_findings_are_one_face(
    other: tuple[float, float, float, float, float], kept: int
) -> None:
    assert len(merge(candidates((1.0, 0, 0, 10, 10), other))) == kept


def test_a_poor_neighbour_does_not_move_the_box() -> None:
    (one,) = merge(candidates((1.0, 0, 0, 10, 10), (0.9, 0, 5, 10, 15)))
    np.testing.assert_array_equal(one.boxes[0], [0, 0, 10, 10])


def test_nothing_merges_to_nothing() -> None:
    assert merge(no_candidates()) == []
    assert len(joined([])) == 0


def test_moved_scales_after_the_shift() -> None:
    moved = candidates((1.0, 1, 2, 3, 4)).moved(scale=10, left=5, top=1)
    assert moved.boxes[0].tolist() == [60, 30, 80, 50]
    assert moved.points[0, 0].tolist() == [60, 30]
