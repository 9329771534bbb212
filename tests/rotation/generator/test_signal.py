"""The to-be-input signal: face image, pose images of both sides, one size, joined by channel."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from goodside.images import resize
from goodside.rotation import Draft, build_signal, encode_pose, signal_channels
from goodside.rotation.generator.signal import Recipe
from goodside.types import FloatArray, RgbImage
from tests.images.made import textured

SIZE_PX = 32


def _points(count: int, seed: int = 0) -> FloatArray:
    return np.random.default_rng(seed).uniform(0.2, 0.8, (count, 2)).astype(np.float32)


def _draft(size_px: int = SIZE_PX) -> Draft:
    shares = np.random.default_rng(2).uniform(0, 1, (2, size_px, size_px)).astype(np.float32)
    warped, mirrored = (textured(size_px, size_px, seed=s).astype(np.float32) for s in (3, 4))
    return Draft(warped, shares[0], mirrored, shares[1], person=shares[0])


@pytest.fixture(scope="module")
def portrait() -> RgbImage:
    return textured(2 * SIZE_PX, 2 * SIZE_PX)


@pytest.mark.parametrize(
    ("recipe", "landmarks", "channels"),
    [("capg", 5, 13), ("mesh", 5, 21), ("capg", 2, 7), ("capg", 9, 21), ("mesh", 68, 147)],
)
def test_channels_are_3_and_n_and_n(recipe: Recipe, landmarks: int, channels: int) -> None:
    assert signal_channels(recipe, landmarks=landmarks) == channels


@pytest.mark.parametrize("landmarks", [2, 5, 9])
@pytest.mark.parametrize("recipe", ["capg", "mesh"])
def test_the_signal_has_its_channels_at_one_size(
    portrait: RgbImage, landmarks: int, recipe: Recipe
) -> None:
    signal = build_signal(
        portrait,
        size_px=SIZE_PX,
        source_points=_points(landmarks),
        target_points=_points(landmarks, 1),
        draft=_draft() if recipe == "mesh" else None,
    )
    assert signal.shape == (signal_channels(recipe, landmarks=landmarks), SIZE_PX, SIZE_PX)
    assert signal.dtype == np.float32


def test_every_part_stands_in_its_place_and_range(portrait: RgbImage) -> None:
    source, target, drafted = _points(5), _points(5, 1), _draft()
    signal = build_signal(
        portrait, size_px=SIZE_PX, source_points=source, target_points=target, draft=drafted
    )
    small = resize(portrait, width_px=SIZE_PX, height_px=SIZE_PX, kernel="box")
    expected: list[NDArray[np.floating]] = [
        small.transpose(2, 0, 1) / 127.5 - 1,
        encode_pose(source * SIZE_PX - np.float32(0.5), size_px=SIZE_PX),
        encode_pose(target * SIZE_PX - np.float32(0.5), size_px=SIZE_PX),
        drafted.warped.transpose(2, 0, 1) / 127.5 - 1,
        drafted.confidence[None],
        drafted.mirrored.transpose(2, 0, 1) / 127.5 - 1,
        drafted.mirrored_confidence[None],
    ]
    np.testing.assert_allclose(signal, np.concatenate(expected), atol=1e-5)
    for colour in (signal[:3], signal[13:16], signal[17:20]):
        assert -1 <= colour.min() < -0.2 < 0.2 < colour.max() <= 1
    for share in (signal[3:13], signal[16:17], signal[20:]):
        assert share.min() >= 0
        assert share.max() <= 1


def test_black_is_minus_one_and_white_is_one() -> None:
    picture = np.zeros((SIZE_PX, SIZE_PX, 3), np.uint8)
    picture[:, SIZE_PX // 2 :] = 255
    signal = build_signal(
        picture, size_px=SIZE_PX, source_points=_points(2), target_points=_points(2)
    )
    assert (signal[:3, :, : SIZE_PX // 2] == -1).all()
    assert (signal[:3, :, SIZE_PX // 2 :] == 1).all()


def test_a_landmark_in_the_middle_of_the_frame_peaks_in_the_middle_of_its_image() -> None:
    points = np.array([[0.5, 0.5], [(3 + 0.5) / SIZE_PX, (7 + 0.5) / SIZE_PX]], np.float32)
    picture = np.zeros((SIZE_PX, SIZE_PX, 3), np.uint8)
    signal = build_signal(picture, size_px=SIZE_PX, source_points=points, target_points=points)
    middle = signal[3, SIZE_PX // 2 - 1 : SIZE_PX // 2 + 1, SIZE_PX // 2 - 1 : SIZE_PX // 2 + 1]
    assert np.ptp(middle) < 1e-6  # half way between four pixels
    assert signal[4, 7, 3] == pytest.approx(1, abs=1e-5)


def test_source_and_target_with_different_landmarks_are_refused(portrait: RgbImage) -> None:
    with pytest.raises(ValueError, match="as many landmarks"):
        build_signal(portrait, size_px=SIZE_PX, source_points=_points(5), target_points=_points(4))


def test_a_draft_of_another_size_is_refused(portrait: RgbImage) -> None:
    with pytest.raises(ValueError, match="draft of 32 px"):
        build_signal(
            portrait,
            size_px=SIZE_PX,
            source_points=_points(5),
            target_points=_points(5),
            draft=_draft(2 * SIZE_PX),
        )
