"""Poses: conventions, exact recovery, calibration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodside.face import (
    Calibration,
    FaceFinder,
    angles,
    fit_similarity,
    load_canonical,
    measure_pose,
    read_calibration,
    rotation_matrix,
)
from goodside.runtime import WeightsStore
from goodside.types import Face, RgbImage

turns = st.floats(-89, 89)
LOOK = np.array([0.0, 0, -1])
"""The way an unturned face looks: at the camera."""


@given(yaw=st.floats(-179, 179), pitch=turns, roll=st.floats(-179, 179))
def test_angles_undo_the_matrix(yaw: float, pitch: float, roll: float) -> None:
    matrix = rotation_matrix(yaw, pitch, roll)
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(matrix) == pytest.approx(1)
    np.testing.assert_allclose(angles(matrix), (yaw, pitch, roll), atol=1e-6)


def test_positive_angles_look_right_down_and_lean_clockwise() -> None:
    assert (rotation_matrix(30) @ LOOK)[0] == pytest.approx(0.5)
    assert (rotation_matrix(0, 30) @ LOOK)[1] == pytest.approx(0.5)
    top = rotation_matrix(0, 0, 30) @ np.array([0, -1.0, 0])
    np.testing.assert_allclose(top[:2], [0.5, -math.cos(math.radians(30))], atol=1e-12)


def test_degrees_are_not_radians() -> None:
    assert (rotation_matrix(90) @ LOOK)[0] == pytest.approx(1)


@given(seed=st.integers(0, 99), yaw=turns, scale=st.floats(0.1, 100))
def test_fit_similarity_recovers_a_similarity(seed: int, yaw: float, scale: float) -> None:
    rng = np.random.default_rng(seed)
    source, offset = rng.normal(size=(12, 3)), rng.normal(size=3)
    rotation = rotation_matrix(yaw, 20, -40)
    target = scale * source @ rotation.T + offset
    fit = fit_similarity(source, target, weights=rng.uniform(0.1, 1, 12))
    np.testing.assert_allclose(fit.rotation, rotation, atol=1e-6)
    assert fit.scale == pytest.approx(scale)
    assert fit.rms < 1e-6 * scale
    np.testing.assert_allclose(fit.apply(source), target, atol=1e-6 * max(scale, 1))


def test_fit_similarity_never_mirrors() -> None:
    source = np.random.default_rng(0).normal(size=(12, 3))
    fit = fit_similarity(source, source * [-1, 1, 1])
    assert np.linalg.det(fit.rotation) == pytest.approx(1)
    assert fit.rms > 0.1


def test_fit_similarity_follows_the_weights() -> None:
    source = np.array([[0.0, 0], [1, 0], [0, 1], [5, 5]])
    target = source + np.array([[2.0, 3]])
    target[3] += 50
    fit = fit_similarity(source, target, weights=np.array([1, 1, 1, 0.0]))
    np.testing.assert_allclose(fit.offset, [2, 3], atol=1e-9)


@pytest.mark.parametrize("pose", [(0, 0, 0), (30, 0, 0), (-45, 15, 20), (80, -10, -30)])
def test_the_canonical_mesh_turned_reads_its_own_angles(pose: tuple[int, int, int]) -> None:
    canonical = load_canonical()
    landmarks = (20 * canonical.vertices @ rotation_matrix(*pose).T + [300, 200, 0]).astype(
        np.float32
    )
    read = measure_pose(landmarks, canonical)
    np.testing.assert_allclose((read.yaw_deg, read.pitch_deg, read.roll_deg), pose, atol=0.01)
    assert read.error < 1e-4


def test_the_error_is_a_share_of_the_eyes_distance() -> None:
    canonical = load_canonical()
    rng = np.random.default_rng(0)
    eyes = np.linalg.norm(canonical.vertices[33] - canonical.vertices[263])
    shaken = canonical.vertices + rng.normal(size=(468, 3)) * 0.1 * eyes / math.sqrt(3)
    small = measure_pose(shaken.astype(np.float32), canonical).error
    large = measure_pose((50 * shaken).astype(np.float32), canonical).error
    assert small == pytest.approx(0.1, rel=0.15)
    assert large == pytest.approx(small, rel=1e-3)


def test_calibration_interpolates_mirrors_and_extends() -> None:
    calibration = Calibration((0, 10, 20), (0, 10, 30), pitch_scale=2, pitch_zero_deg=5)
    assert calibration.correct(15, 5, 7) == pytest.approx((20, 10 * (1 - math.cos(0.349066)), 7))
    assert calibration.correct(-15, 0, 0)[0] == pytest.approx(-20)
    assert calibration.correct(25, 0, 0)[0] == pytest.approx(40)
    assert calibration.correct(80, 0, 0)[0] == 90
    assert calibration.correct(0, 5, 0)[1] == pytest.approx(0)


def test_the_shipped_calibration_rises_and_hardly_moves_small_angles() -> None:
    calibration = read_calibration(WeightsStore().card("face-mesh").facts)
    assert calibration is not None
    assert np.all(np.diff(calibration.yaw_read_deg) > 0)
    assert np.all(np.diff(calibration.yaw_true_deg) > 0)
    assert calibration.correct(10, 0, 0)[0] == pytest.approx(10, abs=2)
    assert calibration.correct(60, 0, 0)[0] > 62


def test_a_card_without_calibration_leaves_the_reading() -> None:
    assert read_calibration({}) is None


@pytest.mark.parametrize("angle", [-45, -20, 20, 45])
def test_a_turned_photograph_reads_as_roll(
    finder: FaceFinder, astronaut: RgbImage, face: Face, angle: int
) -> None:
    from PIL import Image

    picture = Image.fromarray(astronaut).rotate(-angle, Image.Resampling.BICUBIC)
    (found,) = finder.find(np.asarray(picture))
    assert found.pose.roll_deg - face.pose.roll_deg == pytest.approx(angle, abs=3)
    assert found.pose.yaw_deg == pytest.approx(face.pose.yaw_deg, abs=6)


def test_a_mirrored_photograph_reads_as_mirrored(
    finder: FaceFinder, astronaut: RgbImage, face: Face
) -> None:
    (found,) = finder.find(np.ascontiguousarray(astronaut[:, ::-1]))
    assert found.pose.yaw_deg == pytest.approx(-face.pose.yaw_deg, abs=3)
    assert found.pose.roll_deg == pytest.approx(-face.pose.roll_deg, abs=2)
    assert found.pose.pitch_deg == pytest.approx(face.pose.pitch_deg, abs=4)
