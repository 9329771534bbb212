"""The head's own geometry: signs, units, poses, and a rim that fits the person."""

from __future__ import annotations

from dataclasses import replace

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
from goodside.rotation import HeadMesh, head_mesh
from goodside.rotation.geometry.frame import to_shares
from goodside.rotation.geometry.head import RINGS, SIDE_RINGS
from goodside.rotation.geometry.head_fit import (
    find_stains,
    fit_rim,
    mesh_from_landmarks,
    nose_setback_cm,
)
from goodside.rotation.geometry.raster import sample
from goodside.rotation.geometry.warp import warp_to
from goodside.types import Face, FloatArray, Pose
from tests.rotation.made import FRONTAL, made_head, made_landmarks, made_matte

NOSE, CROWN, CHIN = canonical.NOSE_TIP, 10, 152
AROUND = 36  # points of the oval and of every ring
EARS = [7, 8, 9, 10, 26, 27, 28, 29]  # those at the height of the ears
NAPE = [11, 25]
LEAST = 1.03  # reach of the narrowest rim
POSES = st.builds(Pose, st.floats(-60, 60), st.floats(-20, 20), st.floats(-45, 45))


def _rings(head: HeadMesh, pose: Pose) -> FloatArray:
    """(10, 36, 3) the face's oval, the rings, the last but one of them the rim, the backdrop."""
    vertices = head.posed(pose)
    oval = vertices[load_canonical().regions["oval"]]
    rings: FloatArray = np.concatenate([oval, vertices[len(head.points) :]])
    return rings.reshape(RINGS + 2, AROUND, 3)


def _rim(head: HeadMesh, pose: Pose) -> FloatArray:
    """(36, 2) the outline of the head, shares of the frame."""
    return _rings(head, pose)[RINGS, :, :2]


def _reaching(reach: float) -> HeadMesh:
    """The canonical head with the same outline all around."""
    rim = np.full(AROUND, reach, np.float32)
    return replace(made_head(), reach=rim, edge=rim + np.float32(0.03))


def _read_from(head: HeadMesh) -> FloatArray:
    return head.texture_coordinates(FRONTAL)


def _share_at(matte: FloatArray, places: FloatArray) -> NDArray[np.floating]:
    return sample(matte[..., None], places)[..., 0]


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


def test_vertices_that_lie_on_the_backdrop_are_stained_and_those_on_the_face_are_not() -> None:
    head = made_head()
    middle = head.landmarks(head.pose)[load_canonical().regions["oval"]].mean(axis=0)
    portrait = np.full((256, 256, 3), 180, np.uint8)
    assert (find_stains(head, portrait).stained == 0).all()
    apart = np.abs((np.arange(256) + 0.5) / 256 - middle[0])
    edge = np.abs(head.landmarks(head.pose)[[234, 454], 0] - middle[0]).max()  # ear to ear
    portrait[:, apart > 0.97 * edge] = (20, 90, 30)
    stained = find_stains(head, portrait).stained
    assert stained[[234, 454]].min() == 1
    assert stained[[1, 13, 152, 10]].max() == 0  # nose, lip, chin, crown


def test_a_stain_in_one_colour_alone_is_a_stain() -> None:
    head = made_head()
    middle = head.landmarks(head.pose)[load_canonical().regions["oval"]].mean(axis=0)
    apart = np.abs((np.arange(256) + 0.5) / 256 - middle[0])
    edge = np.abs(head.landmarks(head.pose)[[234, 454], 0] - middle[0]).max()
    for levels, stain in ((30, 0.5), (60, 1.0), (15, 0.0)):
        portrait = np.full((256, 256, 3), 180, np.uint8)
        portrait[:, apart > 0.97 * edge, 2] -= levels
        stained = find_stains(head, portrait).stained
        np.testing.assert_allclose(stained[[234, 454]], stain, atol=0.01)


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


@pytest.mark.parametrize("roll_deg", [-45, 30])
def test_a_lean_moves_the_whole_head_as_one(roll_deg: float) -> None:
    head = made_head()
    turn = rotation_matrix(0, 0, roll_deg)[:2, :2]
    level, leaning = head.posed(FRONTAL)[:-36], head.posed(Pose(0, 0, roll_deg))[:-36]
    expected = (level[:, :2] - head.pivot) @ turn.T + head.pivot
    np.testing.assert_allclose(leaning[:, :2], expected, atol=1e-5)
    np.testing.assert_allclose(leaning[:, 2], level[:, 2], atol=1e-6)


def test_a_real_face_keeps_its_landmarks(face: Face) -> None:
    head = head_mesh(face)
    shown = head.landmarks(head.pose)
    np.testing.assert_allclose(shown, to_shares(head.frame, face.landmarks[:, :2]), atol=1e-3)


def test_rings_lead_from_the_oval_outward_and_back() -> None:
    head = made_head()
    rings = _rings(head, FRONTAL)
    assert len(head.posed(FRONTAL)) == 468 + (RINGS + 1) * AROUND
    centre = rings[0, :, :2].mean(axis=0)
    away = np.linalg.norm(rings[..., :2] - centre, axis=2)
    assert (np.diff(away, axis=0) > -1e-6).all()
    np.testing.assert_allclose(away[RINGS] / away[0], head.reach, atol=0.02)
    assert (np.diff(rings[..., 2], axis=0) > -1e-6).all()


@settings(max_examples=25, deadline=None)
@given(POSES)
def test_a_turn_moves_the_rim_but_hardly_narrows_it_and_leaves_the_backdrop(pose: Pose) -> None:
    head = made_head()
    before, after = (_rings(head, one) for one in (FRONTAL, Pose(pose.yaw_deg, 0, 0)))
    np.testing.assert_array_equal(before[-1], after[-1])
    assert np.ptp(after[RINGS, :, 0]) == pytest.approx(np.ptp(before[RINGS, :, 0]), rel=0.02)
    aside = (after - before)[RINGS, :, 0] * -np.sign(pose.yaw_deg)
    assert (aside >= -1e-6).all()  # it lies behind the pivot, and so it moves the other way
    np.testing.assert_array_equal(_rings(head, pose)[-1], before[-1])


@pytest.mark.parametrize(("across", "down"), [(0.33, 0.42), (0.28, 0.37), (0.31, 0.45)])
def test_the_rim_ends_just_within_the_person_s_outline(across: float, down: float) -> None:
    head, matte = made_head(), made_matte(across=across, down=down)
    fitted = fit_rim(head, matte)
    free = (fitted.reach > LEAST) & (fitted.reach < head.reach - 0.05)
    assert free.sum() > 12
    rim = _rim(fitted, FRONTAL)[free]
    assert (_share_at(matte, rim) > 0.5).all()
    outward = fitted.pivot + 1.12 * (rim - fitted.pivot)
    assert (_share_at(matte, outward) < 0.5).mean() > 0.8


@pytest.mark.parametrize(
    "pose", [Pose(20, 0, 0), Pose(35, 0, 0), Pose(-50, 0, 0), Pose(0, 15, 0), Pose(0, -15, 0)]
)
def test_the_rim_of_a_head_that_looks_aside_stays_within_its_outline(pose: Pose) -> None:
    head = made_head(pose)
    reach = np.full(AROUND, 1.2, np.float32)
    true = replace(head, reach=reach, edge=reach)
    matte = warp_to(true, head.pose, size_px=256).head.astype(np.float32)
    rim = _rim(fit_rim(head, matte), head.pose)
    assert (_share_at(matte, rim[:, :2]) > 0.5).all()


def test_where_all_is_the_person_the_rim_reaches_as_far_as_heads_do() -> None:
    head = made_head()
    narrow = fit_rim(head, np.zeros((64, 64), np.float32))
    np.testing.assert_array_equal(narrow.reach, np.float32(LEAST))
    wide = fit_rim(narrow, np.ones((64, 64), np.float32))
    np.testing.assert_allclose(wide.reach, head.widest().reach, atol=0.04)
    np.testing.assert_allclose(narrow.widest().reach, head.reach, atol=1e-6)
    np.testing.assert_array_equal(wide.points, head.points)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 9999), st.sampled_from([2, 5, 16, 64]), POSES)
def test_whatever_the_matte_the_rim_stays_between_its_bounds(
    seed: int, side: int, pose: Pose
) -> None:
    matte = np.random.default_rng(seed).uniform(0, 1, (side, side)).astype(np.float32)
    head = made_head(pose)
    fitted = fit_rim(head, matte)
    assert fitted.reach.shape == (AROUND,)
    assert fitted.reach.dtype == np.float32
    assert (fitted.reach >= np.float32(LEAST)).all()
    assert (fitted.reach <= head.widest().reach).all()


def test_the_rim_does_not_leap_to_a_second_person() -> None:
    head, alone = made_head(), made_matte(across=0.29)
    neighbour = alone.copy()
    neighbour[:, 210:] = 1  # beyond a gap, but within the reach of heads
    neighbour[:, 205:210] = 0
    assert (
        _share_at(neighbour, _rim(head, FRONTAL)) != _share_at(alone, _rim(head, FRONTAL))
    ).any()
    np.testing.assert_array_equal(fit_rim(head, neighbour).reach, fit_rim(head, alone).reach)


def test_the_rim_of_the_mirror_image_is_the_mirrored_rim() -> None:
    matte = made_matte()
    matte[:, 200:] = 0
    rims = [_rim(fit_rim(made_head(), one), FRONTAL) for one in (matte, matte[:, ::-1])]
    twin = (1, 0) + rims[1] * (-1, 1)
    apart = np.linalg.norm(rims[0][:, None] - twin[None], axis=2)
    assert apart.min(axis=1).max() < 0.005
    assert np.abs(rims[0].max(axis=0) - rims[1].max(axis=0))[0] > 0.03  # it was lopsided


@pytest.mark.parametrize("reach", [1.1, 1.25])
def test_bare_ears_stand_before_the_back_of_the_head_and_hide_it(reach: float) -> None:
    head = _reaching(reach)
    rings = _rings(head, FRONTAL)[:, EARS]
    ear, back = rings[SIDE_RINGS], rings[SIDE_RINGS + 2 : RINGS + 1]
    assert (back[..., 2] > ear[:, 2] + 0.04).all()  # by more than a centimetre of thirty
    centre = _rings(head, FRONTAL)[0, :, :2].mean(axis=0)
    far = [np.linalg.norm(part[..., :2] - centre, axis=-1) for part in (ear, back)]
    assert (far[1] < far[0]).all()


def test_ears_turn_as_a_solid_while_the_outline_keeps_its_width() -> None:
    head, pose = _reaching(1.2), Pose(60, 0, 0)
    before, after = (np.ptp(_rings(head, one)[:, EARS, 0], axis=1) for one in (FRONTAL, pose))
    assert after[SIDE_RINGS] < 0.6 * before[SIDE_RINGS]
    assert after[RINGS] == pytest.approx(before[RINGS], rel=0.02)


def test_hair_over_the_ears_stays_the_side_of_the_head() -> None:
    head = _reaching(1.4)
    assert (head.bare_ears == 0).all()
    for pose in (FRONTAL, Pose(30, 0, 0)):
        np.testing.assert_array_equal(head.texture_coordinates(pose), head.posed(pose))
    depth = _rings(head, FRONTAL)[: RINGS + 1, :, 2]
    assert (np.diff(depth, axis=0) > -1e-6).all()


def test_the_back_of_the_head_is_read_from_the_hair_above_it_and_the_nape_is_not_seen() -> None:
    head = replace(_reaching(1.2), hair=np.full(AROUND, 0.05, np.float32))
    lent = head.texture_coordinates(FRONTAL)[len(head.points) :].reshape(RINGS + 1, AROUND, 3)
    own = _rings(head, FRONTAL)[1:]
    forehead = head.landmarks(FRONTAL)[CROWN, 1]
    back = lent[SIDE_RINGS : RINGS - 1]
    assert (back[:, EARS, 1] < own[SIDE_RINGS - 1, EARS, 1].min()).all()
    assert back[:, EARS, 1].min() < forehead + 0.02
    assert (back[:, EARS, 2] < own[..., 2].min()).all()  # nothing hides them
    assert (back[:, NAPE, 2] > own[..., 2].max()).all()
    np.testing.assert_array_equal(lent[:SIDE_RINGS], own[:SIDE_RINGS])
    np.testing.assert_array_equal(lent[:, :4], own[:, :4])


def test_a_crop_without_the_crown_lends_the_temples_hair() -> None:
    head, matte = made_head(), made_matte()
    shown = np.ones_like(matte)
    crown = head.landmarks(FRONTAL)[CROWN, 1]
    shown[: round(float(crown) * len(matte))] = 0
    whole, close = (fit_rim(head, matte, shown=one) for one in (None, shown))
    assert (whole.shows_crown, close.shows_crown) == (True, False)
    high, low = (
        one.texture_coordinates(FRONTAL)[len(head.points) :].reshape(RINGS + 1, AROUND, 3)[
            SIDE_RINGS, EARS, 1
        ]
        for one in (whole, close)
    )
    assert (low > high).all()
    assert (low > crown).all()


def test_hair_is_looked_for_beyond_the_rim() -> None:
    matte = made_matte(across=0.3, down=0.49)
    hair = fit_rim(made_head(), matte).hair
    assert hair[0] > 0.05  # tall hair over the crown
    assert (hair[EARS] < 0.03).all()


def test_the_nose_is_set_back_and_the_rest_is_not() -> None:
    set_back = nose_setback_cm()
    vertices = load_canonical().vertices
    assert 0.5 < set_back[NOSE] < 0.8
    away = np.linalg.norm(vertices[:, :2] - vertices[NOSE, :2], axis=1) > 4.5
    assert (set_back[away] == 0).all()
    assert set_back[CHIN] == set_back[CROWN] == 0
