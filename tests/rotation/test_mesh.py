"""The head's own geometry: signs, units, what is hidden, and turns that undo each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from goodside.face import (
    angles,
    canonical,
    fit_similarity,
    five_points,
    load_canonical,
    rotation_matrix,
)
from goodside.rotation import HeadMesh, head_mesh, warp_to
from goodside.rotation.frame import to_shares
from goodside.rotation.mesh import mesh_from_landmarks
from goodside.rotation.raster import sample
from goodside.types import Face, FloatArray, Pose, RgbImage
from tests.rotation.made import FRONTAL, made_head, made_landmarks

SIZE_PX = 96
NOSE, CROWN, CHIN = canonical.NOSE_TIP, 10, 152
POSES = st.builds(Pose, st.floats(-60, 60), st.floats(-20, 20), st.floats(-45, 45))


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
    assert np.abs(warp.where - _identity()).max() < 0.1 / SIZE_PX
    assert warp.confidence.mean() > 0.97
    assert warp.confidence[_on_face(head, head.pose)].min() > 0.85


@settings(max_examples=25, deadline=None)
@given(POSES)
def test_the_head_is_the_same_from_wherever_it_was_seen(pose: Pose) -> None:
    np.testing.assert_allclose(made_head(pose).points, made_head(FRONTAL).points, atol=1e-4)


@settings(max_examples=25, deadline=None)
@given(pose=POSES, lean=st.floats(-0.3, 0.3))
def test_depth_that_leans_is_put_upright(pose: Pose, lean: float) -> None:
    landmarks = made_landmarks(pose)
    x, y = (landmarks - landmarks.mean(axis=0)).T[:2]
    landmarks[:, 2] += lean * y - lean / 2 * x
    assert np.abs(mesh_from_landmarks(landmarks, pose).points - made_head(pose).points).max() < 1e-3


@settings(max_examples=25, deadline=None)
@given(POSES)
def test_the_posed_face_has_the_pose_that_was_asked_for_in_degrees(pose: Pose) -> None:
    head = made_head()
    shown = head.posed(pose)[: len(head.points)]
    fit = fit_similarity(head.points, shown)
    asked = (pose.yaw_deg, pose.pitch_deg, pose.roll_deg)
    np.testing.assert_allclose(angles(fit.rotation), asked, atol=0.05)
    assert fit.rms < 1e-5


@pytest.mark.parametrize(
    ("pose", "axis", "sign"),
    [
        (Pose(1, 0, 0), 0, 1),
        (Pose(-1, 0, 0), 0, -1),
        (Pose(0, 1, 0), 1, 1),
        (Pose(0, -1, 0), 1, -1),
    ],
)
def test_a_degree_moves_the_nose_a_little_and_to_its_side(pose: Pose, axis: int, sign: int) -> None:
    head = made_head()
    step = (head.landmarks(pose) - head.landmarks(FRONTAL))[NOSE, axis] * sign
    assert 0.001 < step < 0.02  # a radian would be sixty times as much


def test_a_positive_roll_leans_the_head_clockwise() -> None:
    head = made_head()
    faces = [head.landmarks(Pose(0, 0, roll_deg)) for roll_deg in (0, 90)]
    down = [points[CHIN] - points[CROWN] for points in faces]
    np.testing.assert_allclose(down[1], (-down[0][1], down[0][0]), atol=1e-4)
    assert down[1][0] < 0  # the chin has gone to the left, the crown to the right


@pytest.mark.parametrize("yaw_deg", [25, 45, 60])
def test_a_positive_yaw_shows_the_left_cheek_and_hides_the_right_one(yaw_deg: float) -> None:
    head = made_head()
    turned = head.landmarks(Pose(yaw_deg, 0, 0))
    eyes = five_points(turned)[:2, 0]
    oval = turned[load_canonical().regions["oval"]][:, 0]
    assert turned[NOSE, 0] > head.landmarks(FRONTAL)[NOSE, 0]
    assert oval.max() - eyes[1] < eyes[0] - oval.min()


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
    assert (warp.mirrored_confidence[:10] == 0).all()  # there is no face at the top


@pytest.mark.parametrize("yaw_deg", [-50, 50])
def test_beside_the_face_the_mirror_image_stands_in_for_what_is_hidden_alone(
    yaw_deg: float,
) -> None:
    warp = warp_to(made_head(Pose(yaw_deg, 0, 0)), FRONTAL, size_px=SIZE_PX)
    beside = ~warp.face & (warp.mirrored_confidence > 0.5)
    assert beside.sum() > 0.005 * beside.size
    assert (warp.confidence[beside] < 0.1).all()
    middle = SIZE_PX // 2
    hidden_half = np.s_[:, middle:] if yaw_deg > 0 else np.s_[:, :middle]
    assert beside[hidden_half].sum() > 0.9 * beside.sum()
    seen = ~warp.face & (warp.mirrored_confidence == 0)
    np.testing.assert_array_equal(warp.mirrored[seen], warp.where[seen])
    assert (warp.mirrored_confidence[[0, 0, -1, -1], [0, -1, 0, -1]] == 0).all()


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
    returned = sample(there.where, back.where)
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
    for first, second in ((one.where, two.where), (one.mirrored, two.mirrored)):
        flipped = second[:, ::-1] * np.array((-1, 1)) + (1, 0)
        assert np.percentile(np.abs(first - flipped), 98) < 0.6 / SIZE_PX
    for trust, other in (
        (one.confidence, two.confidence),
        (one.mirrored_confidence, two.mirrored_confidence),
    ):
        assert np.abs(trust - other[:, ::-1]).mean() < 0.01


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
    assert np.abs(warp.where - _identity())[edge].max() < 0.2
    assert np.isfinite(warp.where).all()
    assert (warp.where[edge] != 0).any(axis=-1).all()  # every pixel of the frame is covered


@pytest.mark.parametrize("roll_deg", [-45, 30])
def test_a_lean_moves_the_whole_head_as_one(roll_deg: float) -> None:
    head = made_head()
    turn = rotation_matrix(0, 0, roll_deg)[:2, :2]
    level, leaning = head.posed(FRONTAL)[:-36], head.posed(Pose(0, 0, roll_deg))[:-36]
    expected = (level[:, :2] - head.pivot) @ turn.T + head.pivot
    np.testing.assert_allclose(leaning[:, :2], expected, atol=1e-5)
    np.testing.assert_allclose(leaning[:, 2], level[:, 2], atol=1e-6)


@pytest.mark.parametrize("size_px", [16, 64, 100])
def test_a_warps_arrays_have_the_asked_size(size_px: int) -> None:
    warp = warp_to(made_head(), Pose(20, 5, 10), size_px=size_px)
    assert warp.where.shape == warp.mirrored.shape == (size_px, size_px, 2)
    for trust in (warp.confidence, warp.mirrored_confidence):
        assert trust.shape == (size_px, size_px)
        assert trust.dtype == np.float32
        assert trust.min() >= 0
        assert trust.max() <= 1


def test_a_real_face_keeps_its_landmarks(photograph: RgbImage, face: Face) -> None:
    head = head_mesh(face)
    shown = head.posed(head.pose)[: len(head.points), :2]
    np.testing.assert_allclose(shown, to_shares(head.frame, face.landmarks[:, :2]), atol=1e-3)
    portrait = head.frame.cut(photograph, size_px=2 * SIZE_PX)
    warped, mirrored = warp_to(head, head.pose, size_px=SIZE_PX).apply(portrait)
    assert warped.shape == mirrored.shape == (SIZE_PX, SIZE_PX, 3)
    plain = head.frame.cut(photograph, size_px=SIZE_PX)
    assert np.abs(warped - plain).mean() < 4
