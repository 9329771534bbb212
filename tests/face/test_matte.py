"""The person is told from what is behind, whatever the picture's size and the batch's."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from goodside.face import PersonMatte
from goodside.types import Face, FloatArray, RgbImage
from tests.face.conftest import load


@pytest.fixture(scope="module")
def matte() -> PersonMatte:
    return PersonMatte()


@pytest.fixture(scope="module")
def photographer() -> RgbImage:
    return load("photos/photographer.jpg")


def scaled(rgb: RgbImage, *, size_px: int) -> RgbImage:
    image = Image.fromarray(rgb)
    return np.asarray(image.resize((size_px, size_px), Image.Resampling.BICUBIC))


def at_landmarks(found: FloatArray, face: Face, picture: RgbImage) -> FloatArray:
    """The matte at the face's landmarks, drawn in by a tenth: the outline's own are half of it."""
    height, width = picture.shape[:2]
    points = face.landmarks[:, :2]
    inner = points + 0.1 * (points.mean(axis=0) - points)
    columns, rows = (inner * [256 / width, 256 / height]).astype(int).T
    values: FloatArray = found[rows, columns]
    return values


def test_the_face_belongs_to_the_person_and_the_backdrop_does_not(
    matte: PersonMatte, astronaut: RgbImage, face: Face
) -> None:
    (found,) = matte.of([astronaut])
    assert found.shape == (256, 256)
    assert found.dtype == np.float32
    assert 0 <= found.min() < found.max() <= 1
    assert at_landmarks(found, face, astronaut).min() > 0.9
    assert found[:16, :16].max() < 0.1
    assert found[:16, -16:].max() < 0.1


def test_a_person_before_a_plain_sky(matte: PersonMatte, photographer: RgbImage) -> None:
    (found,) = matte.of([photographer])
    assert found[:60, 160:].max() < 0.05
    assert found[150:190, 20:60].min() > 0.9


@pytest.mark.parametrize("tone", [40, 128, 230])
def test_nobody_before_a_plain_backdrop(matte: PersonMatte, tone: int) -> None:
    assert matte.of([np.full((300, 300, 3), tone, dtype=np.uint8)]).max() < 0.1


@pytest.mark.parametrize("size_px", [128, 256, 400, 1024])
def test_the_picture_s_size_does_not_matter(
    matte: PersonMatte, astronaut: RgbImage, size_px: int
) -> None:
    first, second = matte.of([astronaut, scaled(astronaut, size_px=size_px)]) > 0.5
    assert (first & second).sum() / (first | second).sum() > 0.93


def test_a_batch_gives_the_same_as_one_by_one(
    matte: PersonMatte, astronaut: RgbImage, photographer: RgbImage
) -> None:
    pictures = [astronaut, photographer, scaled(astronaut, size_px=300)] * 3
    together = matte.of(pictures)
    assert together.shape == (9, 256, 256)
    singles = np.concatenate([matte.of([rgb]) for rgb in pictures])
    np.testing.assert_allclose(together, singles, atol=1e-3)


def test_the_mirror_image_has_the_mirrored_matte(matte: PersonMatte, astronaut: RgbImage) -> None:
    first, second = matte.of([astronaut, astronaut[:, ::-1]]) > 0.5
    second = second[:, ::-1]
    assert (first & second).sum() / (first | second).sum() > 0.93


def test_no_picture_no_matte(matte: PersonMatte) -> None:
    assert matte.of([]).shape == (0, 256, 256)
