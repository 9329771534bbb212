"""Pose-encoded images: one Gaussian spot in an image of its own for every landmark (claim 2)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from goodside.rotation import encode_pose
from goodside.rotation.generator.pose_images import SIGMA_SHARE
from goodside.types import FloatArray

SPOTS = np.array([[3, 4], [20, 9], [11, 30]], np.float32)


@pytest.mark.parametrize("count", [2, 5, 9, 468])
def test_n_landmarks_make_n_images_of_the_face_images_size(count: int) -> None:
    points = np.random.default_rng(count).uniform(0, 31, (count, 2)).astype(np.float32)
    images = encode_pose(points, size_px=32)
    assert images.shape == (count, 32, 32)
    assert images.dtype == np.float32


def test_image_n_belongs_to_landmark_n_alone() -> None:
    images = encode_pose(SPOTS, size_px=32)
    for image, (x, y) in zip(images, SPOTS.astype(int), strict=True):
        assert np.unravel_index(image.argmax(), image.shape) == (y, x)
        assert image[y, x] == 1
    moved = SPOTS.copy()
    moved[1] += (2, -3)
    changed = (encode_pose(moved, size_px=32) != images).any(axis=(1, 2))
    assert changed.tolist() == [False, True, False]


@pytest.mark.parametrize("size_px", [32, 128, 256])
def test_the_spot_grows_with_the_size(size_px: int) -> None:
    points = np.full((2, 2), size_px // 2, np.float32)
    image = encode_pose(points, size_px=size_px)[0]
    off = np.arange(size_px) - size_px // 2
    variance = (image * off**2).sum() / image.sum()
    assert np.sqrt(variance) == pytest.approx(2.5 * size_px / 128, rel=0.01)
    assert SIGMA_SHARE * 128 == 2.5


def test_a_spot_is_a_gaussian_worked_by_hand() -> None:
    image = encode_pose(np.array([[4, 4], [0, 0]], np.float32), size_px=8, sigma_share=2 / 8)[0]
    assert image[4, 6] == pytest.approx(np.exp(-(2**2) / (2 * 2**2)))
    assert image[7, 4] == pytest.approx(np.exp(-(3**2) / (2 * 2**2)))
    assert image[6, 6] == pytest.approx(image[4, 6] ** 2)


@given(
    hnp.arrays(
        np.float32, st.tuples(st.integers(2, 6), st.just(2)), elements=st.floats(-60, 90, width=32)
    )
)
def test_values_stay_between_0_and_1_wherever_the_landmark_lies(points: FloatArray) -> None:
    images = encode_pose(points, size_px=32)
    assert np.isfinite(images).all()
    assert images.min() >= 0
    assert images.max() <= 1
    inside = ((points >= 0) & (points <= 31)).all(axis=1)
    assert (images.max(axis=(1, 2))[inside] > 0.4).all()  # at worst half a pixel off both ways


def test_a_landmark_far_outside_leaves_its_image_dark() -> None:
    images = encode_pose(np.array([[-500, 10], [10, 10]], np.float32), size_px=32)
    assert images[0].max() < 1e-6
    assert images[1].max() == 1


@pytest.mark.parametrize("shape", [(1, 2), (0, 2), (5, 3), (5,), (2, 5, 2)])
def test_one_landmark_or_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="expected"):
        encode_pose(np.zeros(shape, np.float32), size_px=32)
