"""A head mesh that follows a flow, as made by a turn of the mesh itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goodside.rotation import HeadMesh, warp_to
from goodside.rotation.geometry.flow_turn import PlaceFlow, read_flow, turn_by_flow
from goodside.types import FloatArray, Pose
from tests.rotation.made import FRONTAL, made_head

CELLS = 32


def _centres() -> FloatArray:
    axis = (np.arange(CELLS, dtype=np.float32) + 0.5) / CELLS
    return np.stack(np.meshgrid(axis, axis), axis=-1)


def _flow_of(head: HeadMesh, pose: Pose) -> PlaceFlow:
    """The flow that a turn by the mesh has, all of it in the photograph."""
    plan = warp_to(head, pose, size_px=CELLS)
    shown = (plan.head & (plan.visible > 0.5)).astype(np.float32)
    way = plan.grid - _centres()
    return PlaceFlow(way, np.zeros_like(way), np.stack([shown, 0 * shown], axis=-1))


def _apart(head: HeadMesh, flow: PlaceFlow, pose: Pose) -> float:
    """How far the landmarks end up from where a pose has them, a mean in sides of the frame."""
    shown = turn_by_flow(head, flow).shown[: len(head.points), :2]
    return float(np.linalg.norm(shown - head.landmarks(pose), axis=1).mean())


@pytest.mark.parametrize(
    "pose", [Pose(30, 5, 0), Pose(-45, 0, 0), Pose(55, -8, 0), Pose(20, 0, 15)]
)
def test_the_head_turns_to_where_the_flow_says_without_being_told_the_pose(pose: Pose) -> None:
    head = made_head()
    flow = _flow_of(head, pose)
    still = np.linalg.norm(head.landmarks(pose) - head.landmarks(FRONTAL), axis=1).mean()
    assert _apart(head, flow, pose) < 0.15 * still


def test_from_a_turned_photograph_it_turns_home() -> None:
    head = made_head(Pose(-35, 0, 0))
    flow = _flow_of(head, FRONTAL)
    assert _apart(head, flow, FRONTAL) < 0.15 * _apart(head, flow, head.pose)


def test_a_flow_of_nothing_leaves_the_head_as_it_is() -> None:
    head = made_head(Pose(10, 0, 0))
    still, shown = np.zeros((4, CELLS, CELLS), np.float32), np.zeros((2, CELLS, CELLS), np.float32)
    shown[0] = 1
    assert _apart(head, read_flow(still, shown), head.pose) < 1e-3


def test_a_flow_that_shows_nothing_turns_nothing() -> None:
    head = made_head()
    flow = _flow_of(head, Pose(40, 0, 0))
    assert _apart(head, replace(flow, shown=np.zeros_like(flow.shown)), FRONTAL) < 1e-3


def test_the_mirrored_photograph_tells_the_places_as_well() -> None:
    """The canonical head is alike on both sides."""
    head, pose = made_head(), Pose(30, 0, 0)
    own, mirrored = _flow_of(head, pose), _mirrored(head, pose)
    assert _apart(head, mirrored, pose) < 2 * _apart(head, own, pose) + 0.005


def _mirrored(head: HeadMesh, pose: Pose) -> PlaceFlow:
    """The turn read from the mirrored photograph alone: of a symmetric head the same places."""
    own = _flow_of(head, pose)
    return PlaceFlow(own.mirrored, own.own, own.shown[..., ::-1].copy())


def test_a_flow_in_halves_of_the_side_is_read_in_sides() -> None:
    flow = np.arange(4, dtype=np.float32)[:, None, None] * np.ones((4, 2, 2), np.float32)
    shares = np.stack([np.full((2, 2), 0.75, np.float32), np.full((2, 2), 0.25, np.float32)])
    read = read_flow(flow, shares)
    np.testing.assert_array_equal(read.own[0, 0], (0, 0.5))
    np.testing.assert_array_equal(read.mirrored[1, 1], (1, 1.5))
    np.testing.assert_array_equal(read.shown[1, 0], (0.75, 0.25))
