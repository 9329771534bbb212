"""The portrait frame: places as shares of a square in the photograph, and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodside.face import Crop
from goodside.rotation.geometry.frame import PIVOT, Window, to_shares, usable_window
from goodside.types import Pose
from tests.rotation.made import FRONTAL, made_head, made_landmarks

COORDINATE = st.floats(-400, 900, width=32)


@given(
    st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=6),
    st.tuples(COORDINATE, COORDINATE, st.floats(20, 900), st.floats(-180, 180)),
)
def test_to_the_frame_and_back(
    places: list[tuple[float, float]], square: tuple[float, float, float, float]
) -> None:
    frame = Crop(*square)
    points = np.array(places, np.float32)
    shares = to_shares(frame, points)
    assert shares.dtype == np.float32
    back = frame.to_picture(shares * 256 - np.float32(0.5), size_px=256)
    np.testing.assert_allclose(back, points, atol=0.05)


@pytest.mark.parametrize("angle_deg", [0, 30, -90])
def test_the_middle_of_the_frame_is_one_half(angle_deg: float) -> None:
    frame = Crop(120.0, 80.0, 50.0, angle_deg)
    shares = to_shares(frame, np.array([[120, 80]], np.float32))
    np.testing.assert_allclose(shares, [[0.5, 0.5]], atol=1e-6)


def test_the_upright_frames_corners() -> None:
    frame = Crop(100.0, 100.0, 40.0)
    corners = np.array([[80, 80], [120, 80], [80, 120], [120, 120]], np.float32)
    np.testing.assert_allclose(
        to_shares(frame, corners), [[0, 0], [1, 0], [0, 1], [1, 1]], atol=1e-6
    )


def test_a_depth_becomes_sides_of_the_frame() -> None:
    shares = to_shares(Crop(0.0, 0.0, 50.0, 70.0), np.array([[1, 2, 25]], np.float32))
    assert shares[0, 2] == 0.5


def test_the_points_given_are_left_as_they_are() -> None:
    points = np.array([[1, 2, 3]], np.float32)
    to_shares(Crop(10.0, 10.0, 50.0), points)
    assert points.tolist() == [[1, 2, 3]]


@pytest.mark.parametrize("pose", [FRONTAL, Pose(40, 0, 0), Pose(-30, 12, 35), Pose(0, -15, -90)])
def test_every_head_stands_upright_on_the_same_pivot(pose: Pose) -> None:
    head = made_head(pose)
    np.testing.assert_allclose(head.pivot, PIVOT, atol=1e-5)
    assert head.frame.angle_deg == pose.roll_deg
    assert head.frame.side == pytest.approx(30 * 20, rel=1e-3)  # 30 cm at 20 px a centimetre
    level = made_head(Pose(pose.yaw_deg, pose.pitch_deg, 0))
    np.testing.assert_allclose(
        to_shares(head.frame, made_landmarks(pose)),
        to_shares(level.frame, made_landmarks(Pose(pose.yaw_deg, pose.pitch_deg, 0))),
        atol=1e-3,
    )


SHARE = st.floats(0, 1)


@given(st.floats(0.3, 1), SHARE, SHARE, st.lists(st.tuples(SHARE, SHARE), min_size=1, max_size=5))
def test_a_window_holds_what_it_is_asked_to(
    side: float, across: float, down: float, places: list[tuple[float, float]]
) -> None:
    window = Window(across * (1 - side), down * (1 - side), side)
    points = np.array(places, np.float32)
    held = window.holding(points)
    inside = held.inside(points)
    assert inside.min() > -1e-5
    assert inside.max() < 1 + 1e-5
    assert held.side >= side
    assert min(held.left, held.top) >= 0
    assert max(held.left, held.top) + held.side <= 1 + 1e-9


def test_a_window_that_shows_a_place_with_room_stays() -> None:
    window = Window(0.2, 0.1, 0.7)
    assert window.holding(np.array([[0.5, 0.5], [0.3, 0.2]], np.float32)) == window


def test_a_window_moves_before_it_grows() -> None:
    held = Window(0.2, 0.2, 0.6).holding(np.array([[0.9, 0.5], [0.6, 0.5]], np.float32))
    assert held.side == 0.6
    assert held.left == pytest.approx(0.34, abs=1e-6)  # the margin is 0.04
    assert held.top == 0.2


def test_places_in_a_window_and_their_depth_are_shares_of_its_side() -> None:
    window = Window(0.2, 0.1, 0.5)
    places = np.array([[0.2, 0.1, 0.0], [0.7, 0.6, 0.25]], np.float32)
    shares = np.array([[0, 0, 0], [1, 1, 0.5]], np.float32)
    np.testing.assert_allclose(window.inside(places), shares, atol=1e-6)
    np.testing.assert_allclose(window.inside(places[:, :2]), shares[:, :2], atol=1e-6)
    assert window.box(200) == pytest.approx((40, 20, 140, 120))


@pytest.mark.parametrize(
    ("frame", "window"),
    [
        (Crop(200.0, 200.0, 300.0), Window(0, 0, 1)),  # all of it is in the photograph
        (Crop(104.5, 199.5, 300.0), Window(0.12, 0.06, 0.88)),  # 45 px beyond the left edge
        (Crop(199.5, 104.5, 300.0), Window(0.06, 0.12, 0.88)),  # beyond the upper edge
        (Crop(199.5, 294.5, 300.0), Window(0.06, 0.0, 0.88)),  # beyond the lower edge
        (Crop(199.5, 199.5, 1000.0), Window(0.19, 0.19, 0.62)),  # far beyond all edges
    ],
)
def test_a_window_shows_what_the_photograph_fills(frame: Crop, window: Window) -> None:
    """A photograph of 400 x 400 pixels; three hundredths of the frame may reach past it."""
    found = usable_window(frame, width=400, height=400)
    assert (found.left, found.top, found.side) == pytest.approx(
        (window.left, window.top, window.side), abs=0.002
    )
