"""The head's constants: what each does to a head, and that each says where it comes from."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, asdict, fields, replace

import numpy as np
import pytest

from goodside.face import five_points, load_canonical
from goodside.rotation.geometry.head import RINGS, SIDE_RINGS
from goodside.rotation.geometry.head_fit import mesh_from_landmarks, nose_setback_cm
from goodside.rotation.geometry.head_shape import HEAD, HeadShape
from goodside.rotation.geometry.texels import MOST_STRETCH
from goodside.rotation.geometry.warp import turn_to
from goodside.types import FloatArray, Pose
from tests.rotation.made import FRONTAL, made_head

FLATTENING = 1.22  # measured: so much flatter than true the landmark network draws faces
PX_PER_CM = 20.0
SPOKES = 36


def _flattened_landmarks() -> FloatArray:
    """(468, 3) pixels: the canonical face as the landmark network would draw it from the front."""
    landmarks = PX_PER_CM * load_canonical().vertices + (300, 280, 0)
    landmarks[:, 2] /= FLATTENING
    return landmarks.astype(np.float32)


def test_every_constant_says_where_it_comes_from() -> None:
    text = re.sub(r"\s+", " ", HeadShape.__doc__ or "").partition("Attributes: ")[2]
    names = [one.name for one in fields(HeadShape)]
    parts = re.split(rf"\b({'|'.join(names)}): ", text)[1:]
    origins = dict(zip(parts[::2], parts[1::2], strict=True))
    assert list(origins) == names
    for name, origin in origins.items():
        assert re.search(r"[Ss]earch|[Mm]easured|[Bb]y eye|[Ll]ikewise", origin), name


def test_the_shape_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        HEAD.pivot_cm = 7.0  # type: ignore[misc]


def test_a_flattened_face_gets_its_true_depth_back() -> None:
    """Off the nose, which is set back, the head is as deep as the face that was flattened."""
    head = mesh_from_landmarks(_flattened_landmarks(), FRONTAL)
    flat = nose_setback_cm() == 0
    got = head.points[flat, 2] * HEAD.frame_side_cm
    true = load_canonical().vertices[flat, 2]
    assert np.ptp(got) == pytest.approx(np.ptp(true), rel=0.02)
    slope = np.polyfit(true, got, 1)[0]
    assert slope == pytest.approx(1, abs=0.03)  # 0.82 if depth were left as flat as it came


def test_the_head_turns_about_an_axis_behind_the_eyes() -> None:
    head = made_head()
    eyes = five_points(head.points)[:2].mean(axis=0) * HEAD.frame_side_cm
    assert eyes[2] == pytest.approx(-7.6, abs=0.05)
    assert eyes[1] == pytest.approx(0, abs=0.05)


def test_the_frame_is_as_wide_as_it_says_and_lies_below_the_pivot() -> None:
    landmarks = _flattened_landmarks()
    head = mesh_from_landmarks(landmarks, FRONTAL)
    assert head.frame.side == pytest.approx(30 * PX_PER_CM, rel=1e-3)
    eyes = five_points(landmarks)[:2].mean(axis=0)
    assert head.frame.y - eyes[1] == pytest.approx(1.5 * PX_PER_CM, abs=0.5)


def test_hair_repeated_on_the_back_of_the_head_counts_as_stretched_by_seven_at_most() -> None:
    """Elsewhere a steep turn stretches places to more than that; a bare back would be, too."""
    bare, covered = (np.full(SPOKES, reach, np.float32) for reach in (1.2, 1.4))
    head = replace(made_head(), reach=bare, edge=bare + np.float32(0.03))
    back = slice(len(head.points) + SIDE_RINGS * SPOKES, len(head.points) + RINGS * SPOKES)
    stretch = turn_to(head, Pose(60, 0, 0)).own[:, 4]
    assert stretch[back].max() == 7
    assert 7 < stretch[: len(head.points)].max() <= MOST_STRETCH
    assert stretch[back].min() < 7
    plain = turn_to(replace(head, reach=covered, edge=covered), Pose(60, 0, 0)).own[:, 4]
    assert plain[back].max() <= 7


def test_a_stained_cheek_is_read_from_a_twentieth_further_inside_at_most() -> None:
    clean = replace(made_head(Pose(-20, 0, 0)), stained=np.zeros(468, np.float32))
    stained = replace(clean, stained=np.ones(468, np.float32))
    centre = clean.landmarks(clean.pose)[load_canonical().regions["oval"]].mean(axis=0)
    before, after = (turn_to(one, Pose(60, 0, 0)).own[:468, :2] for one in (clean, stained))
    inward = np.linalg.norm(before - after, axis=1) / np.linalg.norm(before - centre, axis=1)
    assert inward.max() == pytest.approx(0.05, abs=0.001)
    assert (inward > 0.01).mean() < 0.2  # the outer cheek that comes into view alone
    nearer = np.linalg.norm(after - centre, axis=1) - np.linalg.norm(before - centre, axis=1)
    assert nearer.max() < 1e-6


def test_the_numbers_are_those_that_the_shipped_weights_are_trained_with() -> None:
    """A change of any asks for new weights, and for new figures in their cards."""
    assert asdict(HEAD) == {
        "frame_side_cm": 30.0,
        "frame_drop_cm": 1.5,
        "pivot_cm": 7.6,
        "depth_scale": 1.22,
        "nose_across_cm": (-2.0, 2.0),
        "nose_down_cm": (-2.6, 1.6),
        "nose_root_cm": -5.6,
        "nose_setback": 0.33,
        "crown_depth_cm": 1.0,
        "side_depth_cm": 3.5,
        "neck_depth_cm": 0.0,
        "side_reach": 1.4,
        "chin_reach": 1.25,
        "crown_reach": 1.7,
        "smallest_reach": 1.03,
        "rim_inset": 0.02,
        "ear_end": 2 / 3,
        "ear_depth": 0.5,
        "nape_inset": 0.25,
        "ear_margin": 0.03,
        "ear_clearance": 0.1,
        "hair_reach": 1.35,
        "hair_ease": 0.05,
        "hair_search": 0.4,
        "back_hair": (0.85, 0.7, 0.55),
        "back_hair_stretch": 7.0,
        "backdrop_reach": 4.0,
        "backdrop_cm": 14.0,
        "cheek_inset": 0.05,
        "stain_levels": 20.0,
    }


def test_the_rim_lies_behind_the_pivot_at_crown_and_ears_and_on_the_shoulders_at_the_neck() -> None:
    """A rim all of one reach: deep at the sides, shallow at the crown, flat below the chin."""
    reach = np.full(SPOKES, 1.4, np.float32)
    vertices = replace(made_head(), reach=reach, edge=reach).posed(FRONTAL)
    rim = vertices[len(vertices) - 2 * SPOKES : len(vertices) - SPOKES, 2] * 30
    crown, chin = 0, SPOKES // 2
    assert rim[crown] == pytest.approx(1.0, abs=0.01)
    assert rim[chin] == pytest.approx(0.0, abs=0.01)
    assert rim.max() == pytest.approx(3.5, abs=0.1)
    assert int(rim.argmax()) in {8, 9, 10, 26, 27, 28}  # at the ears' height
    backdrop = vertices[-SPOKES:, 2] * 30
    np.testing.assert_allclose(backdrop, 14, rtol=1e-5)


def test_the_back_of_the_head_is_read_ever_nearer_to_the_hairs_root() -> None:
    """From the hair that goes on beyond the rim above, at .85, .7 and .55 of its way."""
    reach, hair = np.full(SPOKES, 1.2, np.float32), np.full(SPOKES, 0.2, np.float32)
    head = replace(made_head(), reach=reach, edge=reach, hair=hair)
    read = head.texture_coordinates(FRONTAL)[len(head.points) :].reshape(RINGS + 1, SPOKES, 3)
    own = head.posed(FRONTAL)[len(head.points) :].reshape(RINGS + 1, SPOKES, 3)
    ear = 7
    heights = read[SIDE_RINGS : SIDE_RINGS + 3, ear, 1]
    assert heights[0] < heights[1] < heights[2] < own[-2, 0, 1] + 0.2
    assert heights[2] - heights[1] == pytest.approx(heights[1] - heights[0], rel=1e-3)
    way = own[-1, :, 1] - own[-2, :, 1]
    assert (heights[2] - heights[0]) / (0.3 * 0.2) == pytest.approx(-way[:4].min(), rel=0.15)
