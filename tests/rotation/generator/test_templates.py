"""Angle templates: exact on the grid, linear between, refused outside, kept in a file."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodside.errors import OutOfRange, WeightsError
from goodside.face import five_points
from goodside.rotation import Templates, read_templates, write_templates
from goodside.types import Pose
from tests.rotation.made import made_head, made_templates

MADE = made_templates()


@pytest.mark.parametrize("index", range(len(MADE.yaw_deg)))
def test_a_grid_angle_gives_its_own_template(index: int) -> None:
    found = MADE.at(float(MADE.yaw_deg[index]))
    np.testing.assert_allclose(found.points, MADE.points[index], atol=1e-6)
    np.testing.assert_array_equal(found.image, MADE.images[index])
    assert found.image.dtype == np.uint8


@given(st.floats(-60, 60))
def test_between_two_angles_the_neighbours_mix_linearly(yaw_deg: float) -> None:
    found = MADE.at(yaw_deg)
    points = np.array(
        [
            [np.interp(yaw_deg, MADE.yaw_deg, MADE.points[:, n, k]) for k in range(2)]
            for n in range(5)
        ]
    )
    np.testing.assert_allclose(found.points, points, atol=1e-5)
    level = np.interp(yaw_deg, MADE.yaw_deg, MADE.images[:, 0, 0, 0])
    assert abs(float(found.image[0, 0, 0]) - level) <= 0.51


def test_the_targets_of_different_angles_differ_and_the_nose_follows_the_yaw() -> None:
    nose = [MADE.at(float(yaw)).points[2, 0] for yaw in range(-60, 61, 5)]
    assert (np.diff(nose) > 0.003).all()


@pytest.mark.parametrize("yaw_deg", [-40, 0, 40])
@pytest.mark.parametrize("pitch_deg", [-15, 15])
def test_a_pitch_that_was_seen_is_exact(yaw_deg: float, pitch_deg: float) -> None:
    index = list(MADE.pitch_yaw_deg).index(yaw_deg)
    expected = MADE.pitch_points[index, 1 if pitch_deg > 0 else 0]
    np.testing.assert_allclose(MADE.at(yaw_deg, pitch_deg=pitch_deg).points, expected, atol=1e-6)


@pytest.mark.parametrize("pitch_deg", [-20.0, -7.5, 3.0, 20.0])
def test_other_pitches_are_near_the_turned_head(pitch_deg: float) -> None:
    for yaw_deg in (-50.0, 10.0):
        expected = five_points(made_head().landmarks(Pose(yaw_deg, pitch_deg, 0)))
        found = MADE.at(yaw_deg, pitch_deg=pitch_deg).points
        assert np.abs(found - expected).max() < 0.02


@pytest.mark.parametrize("roll_deg", [90, -30])
def test_a_roll_turns_the_landmarks_as_it_turns_the_head(roll_deg: float) -> None:
    expected = five_points(made_head().landmarks(Pose(20, 0, roll_deg)))
    np.testing.assert_allclose(MADE.at(20, roll_deg=roll_deg).points, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("yaw_deg", "pitch_deg", "word"),
    [(60.5, 0, "yaw"), (-61, 0, "yaw"), (0, 31, "pitch"), (0, -31, "pitch"), (np.nan, 0, "yaw")],
)
def test_a_pose_outside_the_training_views_is_refused(
    yaw_deg: float, pitch_deg: float, word: str
) -> None:
    with pytest.raises(OutOfRange, match=word) as caught:
        MADE.at(yaw_deg, pitch_deg=pitch_deg)
    assert caught.value.remedy


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "templates.npz"
    write_templates(path, MADE)
    read = read_templates(path)
    for field in fields(Templates):
        np.testing.assert_array_equal(getattr(read, field.name), getattr(MADE, field.name))


@pytest.mark.parametrize("kind", ["missing", "empty", "text", "cut", "damaged", "other"])
def test_a_file_that_is_none_is_told_with_its_path(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "templates.npz"
    write_templates(path, MADE)
    whole = path.read_bytes()
    middle = whole.index(b"images.npy") + 200
    contents = {
        "empty": b"",
        "text": b"not templates",
        "cut": whole[: len(whole) // 2],
        "damaged": whole[:middle] + bytes(60) + whole[middle + 60 :],
    }
    if kind == "missing":
        path.unlink()
    elif kind == "other":
        np.savez(path, yaw_deg=MADE.yaw_deg)
    else:
        path.write_bytes(contents[kind])
    with pytest.raises(WeightsError) as caught:
        read_templates(path)
    assert caught.value.path == str(path)
    assert caught.value.remedy
