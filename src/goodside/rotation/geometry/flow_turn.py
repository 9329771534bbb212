"""A turn that follows a flow: the head mesh goes where a network puts the face's landmarks.

The mesh is told no angle. Its pose is fitted to the landmarks' new places, and what these differ
from it by moves its vertices; it then says what hides what, and at which detail the photograph
shows it, as in any other turn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from goodside.face import rotation_matrix
from goodside.rotation.geometry.head import HeadMesh
from goodside.rotation.geometry.raster import sample
from goodside.rotation.geometry.topology import head_topology
from goodside.rotation.geometry.warp import Turn, turn_to
from goodside.types import FloatArray, Pose

_EVERY = 3  # of the 468 landmarks so many are enough
_STEPS, _LONGEST = 5, 0.04  # Newton's steps from the nearest cell, and how long each may be
_DAMPED = 0.02  # pulls a step toward none where the flow folds
_NEAR = 0.01  # sides; a landmark that the flow leaves so far from its place was not found
_SHOWN = 0.2  # share from which a cell may show a landmark
_FITS, _STILL_DEG, _FARTHEST_DEG = 8, 0.1, 25.0
_HARDLY = 1e-7  # pull toward the photograph's pose where the flow says nothing
_REACH = 0.08  # sides around a landmark that move along with it; measured
_HELD = 2 / 3  # landmarks' worth of staying where the fitted pose has a vertex

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PlaceFlow:
    """Where a photograph, and its mirror image, show the places of a turned portrait.

    Attributes:
        own: (F, F, 2) float32, how far off in the photograph to look, (x, y) in sides of the frame.
        mirrored: (F, F, 2) float32, the same in the mirrored photograph.
        shown: (F, F, 2) float32, 0-1, the shares of both in the result.
    """

    own: FloatArray
    mirrored: FloatArray
    shown: FloatArray


def read_flow(flow: FloatArray, shares: FloatArray) -> PlaceFlow:
    """A network's flow in the frame's own units.

    Args:
        flow: (4, F, F) own (x, y) and mirrored (x, y), in halves of the frame's side.
        shares: (2, F, F).
    """
    across = np.ascontiguousarray(flow.transpose(1, 2, 0), np.float32) * np.float32(0.5)
    shown = np.ascontiguousarray(shares.transpose(1, 2, 0), np.float32)
    return PlaceFlow(
        np.ascontiguousarray(across[..., :2]), np.ascontiguousarray(across[..., 2:]), shown
    )


def turn_by_flow(head: HeadMesh, flow: PlaceFlow) -> Turn:
    """Turn a head to where a flow puts its landmarks.

    Args:
        head: as the photograph shows it.
        flow: of the whole portrait frame. One that is zero everywhere leaves the head as it is.
    """
    picked = np.arange(0, len(head.points), _EVERY)
    places, weight = _landmarks(head, flow, picked=picked)
    pose = _fitted_pose(head, places, weight=weight, picked=picked)
    turn = turn_to(head, pose)
    apart = (places - turn.shown[picked, :2]).astype(np.float32)
    squared = np.square(turn.shown[:, None] - turn.shown[None, picked]).sum(axis=-1)
    pull = np.exp(-squared / np.float32(2 * _REACH**2)) * weight.astype(np.float32)
    shown = turn.shown.copy()
    shown[:, :2] += pull @ apart / (pull.sum(axis=1, keepdims=True) + np.float32(_HELD))
    return replace(turn, shown=shown)


def _landmarks(
    head: HeadMesh, flow: PlaceFlow, *, picked: NDArray[np.int64]
) -> tuple[Matrix, Matrix]:
    """(K, 2) places of landmarks in the turned portrait, and (K,) how well they are known."""
    seen = head.posed(head.pose)[:, :2]
    opposite = seen[head_topology()[1]][picked] * (-1, 1) + (1, 0)
    places, weight = np.zeros((len(picked), 2)), np.full(len(picked), 1e-9)
    for way, share, sources in (
        (flow.own, flow.shown[..., :1], seen[picked]),
        (flow.mirrored, flow.shown[..., 1:], opposite),
    ):
        found, left = _inverted(way, share, sources.astype(np.float64))
        known = sample(share, found.astype(np.float32))[:, 0] * (left < _NEAR)
        places += known[:, None] * found
        weight += known
    return places / weight[:, None], weight


def _inverted(way: FloatArray, share: FloatArray, sources: Matrix) -> tuple[Matrix, Matrix]:
    """Where a flow shows places of the photograph.

    Args:
        way: (F, F, 2) how far off the photograph shows each place.
        share: (F, F, 1) how far it shows it.
        sources: (K, 2) places of the photograph.

    Returns:
        (K, 2) places of the result, and (K,) how far from the sources the flow leads from there.
    """
    cells = len(way)
    axis = (np.arange(cells) + 0.5) / cells
    centres = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    leads = centres + way.reshape(-1, 2)
    hidden = (share.ravel() < _SHOWN).astype(np.float64)
    near = np.square(leads).sum(axis=1) + hidden - 2 * sources @ leads.T
    places = centres[near.argmin(axis=1)]

    def led(at: Matrix) -> Matrix:
        return at + sample(way, at.astype(np.float32))

    step = 0.5 / cells
    for _ in range(_STEPS):
        slope = np.stack(
            [(led(places + side) - led(places - side)) / (2 * step) for side in step * np.eye(2)],
            axis=-1,
        )
        across = slope.transpose(0, 2, 1)
        missing = across @ (sources - led(places))[..., None]
        move = np.linalg.solve(across @ slope + _DAMPED * np.eye(2), missing)[..., 0]
        length = np.linalg.norm(move, axis=1, keepdims=True)
        places = places + move * np.minimum(1, _LONGEST / np.maximum(length, 1e-9))
    left: Matrix = np.linalg.norm(sources - led(places), axis=1)
    return places, left


def _fitted_pose(
    head: HeadMesh, places: Matrix, *, weight: Matrix, picked: NDArray[np.int64]
) -> Pose:
    """The pose in which the mesh's landmarks come nearest to places: Gauss and Newton's steps."""
    points, share = head.points[picked].astype(np.float64), np.sqrt(weight)[:, None]

    def shown(angles: Matrix) -> Matrix:
        turned: Matrix = (points @ rotation_matrix(*angles).T)[:, :2] + head.pivot
        return turned

    angles = np.array([head.pose.yaw_deg, head.pose.pitch_deg, head.pose.roll_deg])
    for _ in range(_FITS):
        here = shown(angles)
        slope = np.stack([shown(angles + degree) - here for degree in np.eye(3)], axis=-1)
        slope = (slope * share[..., None]).reshape(-1, 3)
        missing = ((places - here) * share).ravel()
        square = slope.T @ slope + _HARDLY * len(points) * np.eye(3)
        change = np.linalg.solve(square, slope.T @ missing).clip(-_FARTHEST_DEG, _FARTHEST_DEG)
        angles = (angles + change).clip(-90, 90)
        if np.abs(change).max() < _STILL_DEG:
            break
    yaw, pitch, roll = (float(angle) for angle in angles)
    return Pose(yaw, pitch, roll)
