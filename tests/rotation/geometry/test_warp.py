"""Plans of turns: where pixels come from, what is hidden, and turns that undo each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from goodside.face import five_points, load_canonical
from goodside.rotation import HeadMesh, head_mesh, warp_to
from goodside.rotation.geometry.frame import Window
from goodside.rotation.geometry.head_fit import mesh_from_landmarks
from goodside.rotation.geometry.raster import sample
from goodside.rotation.geometry.warp import soften_tears, turn_to
from goodside.types import Face, FloatArray, Pose, RgbImage
from tests.rotation.made import FRONTAL, made_head, made_landmarks

SIZE_PX = 96


def _identity(size_px: int = SIZE_PX) -> FloatArray:
    axis = (np.arange(size_px, dtype=np.float32) + 0.5) / size_px
    return np.stack(np.meshgrid(axis, axis), axis=-1)


def _on_face(head: HeadMesh, pose: Pose, *, margin: float = 0.0) -> NDArray[np.bool_]:
    """(S, S) mask of a box around the inner face in a pose."""
    points = five_points(head.landmarks(pose))
    low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
    places = _identity()
    inside: NDArray[np.bool_] = ((places >= low) & (places <= high)).all(axis=-1)
    return inside


@pytest.mark.parametrize("pose", [FRONTAL, Pose(30, 10, 0), Pose(-50, -10, 25), Pose(60, 0, -40)])
def test_turning_to_the_own_pose_changes_nothing(pose: Pose) -> None:
    head = made_head(pose)
    warp = warp_to(head, head.pose, size_px=SIZE_PX)
    assert np.abs(warp.grid - _identity()).max() < 0.1 / SIZE_PX
    assert warp.confidence.mean() > 0.97
    assert warp.confidence[_on_face(head, head.pose)].min() > 0.85


@pytest.mark.parametrize(("yaw_deg", "hidden"), [(45, "right"), (-45, "left")])
def test_what_the_photograph_hides_is_not_trusted_but_its_mirror_is(
    yaw_deg: float, hidden: str
) -> None:
    head = made_head(Pose(yaw_deg, 0, 0))
    warp = warp_to(head, FRONTAL, size_px=SIZE_PX)
    cheeks = head.landmarks(FRONTAL)[[205, 425]]  # left and right as one sees the picture
    own, mirror = (
        sample(trust[..., None], cheeks)[:, 0]
        for trust in (warp.confidence, warp.mirrored_confidence)
    )
    dark, bright = (1, 0) if hidden == "right" else (0, 1)
    assert own[dark] < 0.5
    assert own[bright] > 0.9
    assert mirror[dark] > 0.9
    assert mirror[bright] < 0.5
    assert (warp.mirrored_confidence[:3] == 0).all()  # there is no head at the top


@pytest.mark.parametrize("yaw_deg", [-50, 50])
def test_beside_the_face_the_mirror_image_stands_in_for_what_is_hidden_alone(
    yaw_deg: float,
) -> None:
    warp = warp_to(made_head(Pose(yaw_deg, 0, 0)), FRONTAL, size_px=SIZE_PX)
    beside = ~warp.face & (warp.mirrored_confidence > 0.5)
    assert beside.sum() > 0.005 * beside.size
    assert np.median(warp.confidence[beside]) < 0.1
    middle = SIZE_PX // 2
    hidden_half = np.s_[:, middle:] if yaw_deg > 0 else np.s_[:, :middle]
    assert beside[hidden_half].sum() > 0.9 * beside.sum()
    hidden = np.argwhere(warp.confidence < 0.1)
    known = np.argwhere(~warp.face & (warp.confidence >= 0.1))
    apart = np.abs(known[:, None] - hidden[None]).max(axis=2).min(axis=1)
    far = tuple(known[apart > 0.04 * SIZE_PX].T)
    assert len(far[0]) > 0.3 * warp.face.size
    assert (warp.mirrored_confidence[far] == 0).all()
    np.testing.assert_array_equal(warp.mirrored[far], warp.grid[far])


@pytest.mark.parametrize("yaw_deg", [-50, 50])
def test_what_the_nose_hides_is_not_trusted_although_it_faces_the_camera(yaw_deg: float) -> None:
    head, source = made_head(), Pose(yaw_deg, 0, 0)
    seen = head.posed(source)[: len(head.points)].astype(np.float64)
    corners = seen[load_canonical().triangles[:, ::-1]]  # the mesh's winding, seen from the front
    sides = corners[:, 1:, :2] - corners[:, :1, :2]
    turned_to_us = np.linalg.det(sides) > 1e-5
    corners, sides = corners[turned_to_us], sides[turned_to_us]
    shares = np.linalg.solve(
        sides.transpose(0, 2, 1)[None], (seen[:, None, :2] - corners[:, 0, :2])[..., None]
    )[..., 0]
    weights = np.concatenate([1 - shares.sum(axis=2, keepdims=True), shares], axis=2)
    depth = (weights * corners[:, :, 2]).sum(axis=2)
    covered = ((weights > 0) & (depth < seen[:, 2:] - 0.03)[..., None]).all(axis=2).any(axis=1)
    facing = np.isin(np.arange(len(seen)), load_canonical().triangles[turned_to_us])
    hidden = np.flatnonzero(covered & facing)
    assert len(hidden) > 3
    warp = warp_to(head, FRONTAL, size_px=SIZE_PX, source=source)
    trust = sample(warp.confidence[..., None], head.landmarks(FRONTAL)[hidden])
    assert np.median(trust) < 0.05
    assert np.percentile(trust, 80) < 0.35


@pytest.mark.parametrize("yaw_deg", [-40, -15, 20, 45])
def test_there_and_back_returns_every_visible_place(yaw_deg: float) -> None:
    head, away = made_head(), Pose(yaw_deg, 5, 0)
    there = warp_to(head, away, size_px=256)
    back = warp_to(head, FRONTAL, size_px=SIZE_PX, source=away)
    returned = sample(there.grid, back.grid)
    off = np.linalg.norm(returned - _identity(), axis=-1) * SIZE_PX
    seen = (back.confidence > 0.95) & _on_face(head, FRONTAL, margin=0.05)
    assert seen.sum() > 200
    assert np.percentile(off[seen], 95) < 0.6


def test_the_mirror_image_of_a_turn_is_the_turn_of_the_mirror_image() -> None:
    rng = np.random.default_rng(4)
    model = load_canonical()
    lopsided = made_landmarks() + rng.normal(0, 2, (1, 3)) * np.sin(made_landmarks() / 40)
    reflected = lopsided[model.mirror] * (-1, 1, 1) + (700, 0, 0)
    plain = mesh_from_landmarks(lopsided.astype(np.float32), FRONTAL)
    mirror = mesh_from_landmarks(reflected.astype(np.float32), FRONTAL)
    one = warp_to(plain, Pose(35, 8, 0), size_px=SIZE_PX)
    two = warp_to(mirror, Pose(-35, 8, 0), size_px=SIZE_PX)
    for first, second in ((one.grid, two.grid), (one.mirrored, two.mirrored)):
        flipped = second[:, ::-1] * np.array((-1, 1)) + (1, 0)
        assert np.abs(first - flipped).max() < 0.01 / SIZE_PX
    for trust, other in (
        (one.confidence, two.confidence),
        (one.mirrored_confidence, two.mirrored_confidence),
    ):
        assert np.abs(trust - other[:, ::-1]).max() < 0.001


def test_the_mirrored_places_are_those_of_the_face_in_a_mirror() -> None:
    head = made_head()
    warp = warp_to(head, FRONTAL, size_px=SIZE_PX)
    face = _on_face(head, FRONTAL)
    straight = _identity()[face]
    np.testing.assert_allclose(warp.mirrored[face][:, 0], 1 - straight[:, 0], atol=0.01)
    np.testing.assert_allclose(warp.mirrored[face][:, 1], straight[:, 1], atol=0.01)


def test_the_backdrop_stays_where_it_is() -> None:
    warp = warp_to(made_head(), Pose(50, 0, 0), size_px=SIZE_PX)
    edge = np.zeros((SIZE_PX, SIZE_PX), bool)
    edge[[0, -1]] = edge[:, [0, -1]] = True
    assert np.abs(warp.grid - _identity())[edge].max() < 0.2
    assert np.isfinite(warp.grid).all()
    assert (warp.grid[edge] != 0).any(axis=-1).all()  # every pixel of the frame is covered


@pytest.mark.parametrize("size_px", [16, 64, 100])
def test_a_warps_arrays_have_the_asked_size(size_px: int) -> None:
    warp = warp_to(made_head(), Pose(20, 5, 10), size_px=size_px)
    assert warp.grid.shape == warp.mirrored.shape == (size_px, size_px, 2)
    for trust in (warp.confidence, warp.mirrored_confidence):
        assert trust.shape == (size_px, size_px)
        assert trust.dtype == np.float32
        assert trust.min() >= 0
        assert trust.max() <= 1


def test_at_its_own_pose_a_real_face_is_the_photograph(photograph: RgbImage, face: Face) -> None:
    head = head_mesh(face)
    portrait = head.frame.cut(photograph, size_px=2 * SIZE_PX)
    plan = warp_to(head, head.pose, size_px=SIZE_PX)
    warped, mirrored = sample(portrait, plan.grid), sample(portrait, plan.mirrored)
    assert warped.shape == mirrored.shape == (SIZE_PX, SIZE_PX, 3)
    plain = head.frame.cut(photograph, size_px=SIZE_PX)
    assert np.abs(warped - plain).mean() < 4


@pytest.mark.parametrize("pose", [FRONTAL, Pose(-40, 10, 0), Pose(60, 0, 20)])
def test_at_its_own_pose_nothing_is_stretched_or_hidden(pose: Pose) -> None:
    head = made_head(pose)
    warp = warp_to(head, head.pose, size_px=SIZE_PX)
    assert warp.stretch.min() >= 1
    assert np.percentile(warp.stretch, 99.5) < 1.01
    assert warp.visible.mean() > 0.99


@pytest.mark.parametrize("yaw_deg", [-45, 45])
def test_the_side_that_turns_into_view_is_stretched_and_yet_visible(yaw_deg: float) -> None:
    warp = warp_to(made_head(), Pose(yaw_deg, 0, 0), size_px=SIZE_PX)
    columns = np.broadcast_to(np.arange(SIZE_PX), warp.head.shape)
    first, last = columns[warp.head].min(), columns[warp.head].max()
    coming = columns - first if yaw_deg > 0 else last - columns  # from the outline that came
    across = coming / (last - first)
    row = warp.head & (np.abs(np.arange(SIZE_PX) / SIZE_PX - 0.5) < 0.15)[:, None]
    assert np.median(warp.stretch[row & (across < 0.15)]) > 6
    assert np.median(warp.stretch[row & (across > 0.5)]) < 2
    assert (warp.stretch[~warp.head] == 1).all()
    assert warp.visible[row].mean() > 0.99
    assert warp.confidence[row & (across < 0.15)].max() < 0.5


@pytest.mark.parametrize("yaw_deg", [-60, 60])
def test_a_cheek_that_turns_into_view_is_read_clear_of_the_faces_edge(yaw_deg: float) -> None:
    head, pose = made_head(), Pose(yaw_deg, 0, 0)
    plan = warp_to(head, pose, size_px=SIZE_PX)
    columns = np.broadcast_to(np.arange(SIZE_PX), plan.face.shape)
    middle = columns[plan.face].mean()
    near = columns < middle if yaw_deg > 0 else columns > middle
    cheek = plan.face & near & (plan.stretch > 3)
    assert cheek.sum() > 200
    assert _share_of_edge(head, plan.grid)[cheek].max() < 0.985  # at rest 0.996
    assert plan.visible[cheek].mean() > 0.98


def test_what_a_turn_does_not_stretch_is_read_where_it_lies() -> None:
    head = made_head()
    landmarks = head.landmarks(head.pose)
    inner = _share_of_edge(head, landmarks) < 0.45
    read = turn_to(head, Pose(60, 0, 0)).own[: len(inner), :2]
    np.testing.assert_array_equal(read[inner], landmarks[inner])
    read = turn_to(head, Pose(5, 0, 0)).own[: len(inner), :2]
    np.testing.assert_allclose(read, landmarks, atol=1e-4)
    clean = replace(head, stained=np.zeros_like(head.stained))
    read = turn_to(clean, Pose(60, 0, 0)).own[: len(inner), :2]
    np.testing.assert_array_equal(read, landmarks)


def _share_of_edge(head: HeadMesh, places: FloatArray) -> NDArray[np.float64]:
    """(...) how far (..., 2) places of the portrait lie from the face's middle, 1 at its edge."""
    oval = head.landmarks(head.pose)[load_canonical().regions["oval"]].astype(np.float64)
    middle = oval.mean(axis=0)
    reach, angle = np.hypot(*(oval - middle).T), np.arctan2(*(oval - middle).T)
    x, y = np.moveaxis(places - middle, -1, 0)
    edge = np.interp(np.arctan2(x, y), angle, reach, period=2 * np.pi)
    share: NDArray[np.float64] = np.hypot(x, y) / edge
    return share


@pytest.mark.parametrize("yaw_deg", [-50, 50])
def test_what_the_head_itself_hides_is_not_visible(yaw_deg: float) -> None:
    head = made_head(Pose(yaw_deg, 0, 0))
    warp = warp_to(head, FRONTAL, size_px=SIZE_PX)
    assert (warp.confidence <= warp.visible + 1e-6).all()
    assert (warp.visible[:, [0, -1]] == 1).all()
    hidden = warp.head & (warp.visible < 0.05)
    left, right = (half.sum() for half in np.split(hidden, 2, axis=1))
    near, far = (left, right) if yaw_deg > 0 else (right, left)
    assert far > 0.2 * warp.head.sum()
    assert near < 0.01 * warp.head.sum()


def test_plans_of_any_size_and_window_come_from_one_turn() -> None:
    turn = turn_to(made_head(), Pose(35, 5, 0))
    large, small = turn.plan(size_px=192), turn.plan(size_px=SIZE_PX)
    window = turn.plan(size_px=SIZE_PX, window=Window(0.25, 0.25, 0.5))
    alone = warp_to(made_head(), Pose(35, 5, 0), size_px=SIZE_PX)
    for name in ("grid", "confidence", "mirrored", "stretch", "visible", "head"):
        np.testing.assert_array_equal(getattr(small, name), getattr(alone, name))
    for name in ("grid", "confidence", "visible"):
        cut = getattr(large, name)[48:144, 48:144]
        np.testing.assert_allclose(getattr(window, name), cut, atol=1e-5)


@pytest.mark.parametrize("pose", [FRONTAL, Pose(40, -10, 15)])
def test_the_face_lies_within_the_head_and_the_head_within_its_outline(pose: Pose) -> None:
    head = made_head()
    warp = warp_to(head, pose, size_px=SIZE_PX)
    assert (warp.head | ~warp.face).all()
    assert 1.3 * warp.face.sum() < warp.head.sum() < 0.7 * warp.head.size
    assert warp.face[_on_face(head, pose)].mean() > 0.98
    outline = head.posed(pose)[: -len(load_canonical().regions["oval"]), :2]
    rows, columns = np.nonzero(warp.head)
    seen = (np.stack([columns, rows], axis=1) + 0.5) / SIZE_PX
    np.testing.assert_allclose(seen.min(axis=0), outline.min(axis=0), atol=1 / SIZE_PX)
    np.testing.assert_allclose(seen.max(axis=0), outline.max(axis=0), atol=1.5 / SIZE_PX)


def test_outlines_are_softened_and_nothing_else() -> None:
    rows, columns = np.mgrid[0:32, 0:32].astype(np.float32) / 32
    grid = np.stack([columns, rows], axis=-1)
    stairs = rows + columns > 1
    grid[stairs] += 0.5  # another surface beyond the diagonal
    picture = np.where(stairs[..., None], 200, 100).astype(np.float32).repeat(3, axis=2)
    soft = soften_tears(picture, grid=grid)
    changed = (soft != picture).any(axis=-1)
    apart = np.abs(rows + columns - 1) * 32
    assert apart[changed].max() <= 2
    assert changed.sum() > 32
    assert soft.min() == 100
    assert soft.max() == 200
    assert np.abs(np.diff(soft, axis=1)).max() < 60  # it was one stair of 100
    assert np.array_equal(soften_tears(picture, grid=np.stack([columns, rows], -1)), picture)
