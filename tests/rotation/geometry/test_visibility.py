"""What the camera sees, by a map of depths."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.rotation.geometry.visibility import depth_map, surface_depth, visibility

SLACK = 0.012  # of the frame's side
TRIANGLES = np.array([[0, 1, 2], [2, 1, 3]], np.int32)
CORNERS = np.array([[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]], np.float32)


def test_the_map_holds_the_depth_of_the_surface_and_nothing_beside_it() -> None:
    slope = np.column_stack([CORNERS, CORNERS[:, 0]]).astype(np.float32)
    depth = depth_map(slope, TRIANGLES)
    assert depth.shape == (128, 128)
    centres = (np.arange(128) + 0.5) / 128
    inside = (centres > 0.25) & (centres < 0.75)
    np.testing.assert_allclose(depth[64, inside], centres[inside], atol=1e-5)
    assert np.isinf(depth[64, ~inside]).all()
    assert np.isinf(depth[:30]).all()


def test_the_nearer_of_two_surfaces_is_seen() -> None:
    near, far = (np.column_stack([CORNERS, np.full(4, z)]).astype(np.float32) for z in (0.1, 0.3))
    both = np.concatenate([far, near])
    depth = depth_map(both, np.concatenate([TRIANGLES, TRIANGLES + 4]).astype(np.int32))
    assert depth[64, 64] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("behind", "visible"),
    [(-1.0, 1), (0.0, 1), (SLACK, 1), (1.5 * SLACK, 0.5), (2 * SLACK, 0), (0.5, 0)],
)
def test_a_place_behind_the_surface_fades_out(behind: float, visible: float) -> None:
    depth = np.full((16, 16), 0.2, np.float32)
    places = np.array([[0.5, 0.5, 0.2 + behind]], np.float32)
    assert visibility(places, depth)[0] == pytest.approx(visible, abs=1e-4)


@pytest.mark.parametrize("place", [(-0.01, 0.5), (1.01, 0.5), (0.5, -0.01), (0.5, 1.01)])
def test_what_lies_beyond_the_frame_counts_as_seen(place: tuple[float, float]) -> None:
    depth = np.full((16, 16), 0.2, np.float32)
    assert visibility(np.array([[*place, 5]], np.float32), depth)[0] == 1


def test_a_place_is_compared_with_the_farthest_depth_around_it() -> None:
    depth = np.zeros((4, 4), np.float32)
    depth[1, 2] = 0.5
    centre = (np.array([[2, 1], [3, 1], [1, 0], [3, 2], [0, 3]]) + 0.5) / 4  # column, row
    around = surface_depth(np.column_stack([centre, np.zeros(5)]).astype(np.float32), depth)
    np.testing.assert_allclose(around, [0.5, 0.5, 0.5, 0, 0])
