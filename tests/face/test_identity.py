"""Alignment and embedding: the same person stays the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from goodside.face import TEMPLATE, Embedder, FaceFinder, align, alignment_matrix, draw_faces
from goodside.types import Face, RgbImage
from tests.face.conftest import load


@given(
    scale=st.floats(0.2, 20), angle=st.floats(-3, 3), x=st.floats(-500, 500), y=st.floats(-500, 500)
)
def test_points_that_fit_the_template_land_on_it(
    scale: float, angle: float, x: float, y: float
) -> None:
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = TEMPLATE @ turn.T + [x, y]
    matrix = alignment_matrix(points)
    np.testing.assert_allclose(TEMPLATE @ matrix[:, :2].T + matrix[:, 2], points, atol=1e-3 * scale)


def test_an_aligned_face_has_its_points_on_the_template(
    finder: FaceFinder, astronaut: RgbImage, face: Face
) -> None:
    crop = align(astronaut, face.points)
    assert crop.shape == (112, 112, 3)
    wide = np.pad(crop, ((56, 56), (56, 56), (0, 0)), mode="edge")
    (found,) = finder.find(wide)
    assert np.abs(found.points - 56 - TEMPLATE).max() < 8  # she smiles broadly


def test_another_template_and_size(astronaut: RgbImage, face: Face) -> None:
    crop = align(astronaut, face.points, template=TEMPLATE * 2 + 0.5, size_px=224)
    small = np.asarray(Image.fromarray(crop).reduce(2)).astype(int)
    assert np.abs(small - align(astronaut, face.points)).mean() < 4


def variants(picture: Image.Image) -> dict[str, Image.Image]:
    return {
        "mirrored": picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        "leaning": picture.rotate(30, Image.Resampling.BICUBIC),
        "small": picture.resize((256, 256), Image.Resampling.LANCZOS),
        "dark": ImageEnhance.Brightness(picture).enhance(0.5),
        "gray": picture.convert("L").convert("RGB"),
    }


@pytest.mark.parametrize("name", ["mirrored", "leaning", "small", "dark", "gray"])
def test_one_person_in_other_pictures(
    finder: FaceFinder, embedder: Embedder, astronaut: RgbImage, face: Face, name: str
) -> None:
    other = np.asarray(variants(Image.fromarray(astronaut))[name])
    first = embedder.embed(astronaut, [face])[0]
    second = embedder.embed(other, finder.find(other))[0]
    assert first @ second > 0.75


def test_another_person(
    finder: FaceFinder, embedder: Embedder, astronaut: RgbImage, face: Face
) -> None:
    other = load("photos/photographer.jpg")
    first = embedder.embed(astronaut, [face])[0]
    second = embedder.embed(other, finder.find(other))[0]
    assert first @ second < 0.4


def test_vectors_have_length_one(embedder: Embedder, astronaut: RgbImage, face: Face) -> None:
    vectors = embedder.embed(astronaut, [face] * 3)
    assert vectors.shape == (3, 192)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(vectors[0], vectors[2], atol=1e-5)


def test_no_face_no_vector(embedder: Embedder, astronaut: RgbImage) -> None:
    assert embedder.embed(astronaut, []).shape == (0, 192)


def test_batches_of_any_size_agree(embedder: Embedder, astronaut: RgbImage, face: Face) -> None:
    crop = align(astronaut, face.points)
    rng = np.random.default_rng(0)
    crops = np.clip(crop + rng.normal(0, 20, (35, 112, 112, 3)), 0, 255).astype(np.uint8)
    together = embedder.embed_aligned(crops)
    np.testing.assert_allclose(together[34:], embedder.embed_aligned(crops[34:]), atol=1e-4)
    assert (together @ together.T).min() < 0.999


def test_drawing_marks_the_face_and_spares_the_picture(astronaut: RgbImage, face: Face) -> None:
    before = astronaut.copy()
    drawn = draw_faces(astronaut, [face])
    np.testing.assert_array_equal(astronaut, before)
    changed = (drawn != astronaut).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert columns.min() >= face.box.left - 30
    assert columns.max() <= face.box.right + 30
    assert rows.min() >= face.box.top - 5
    nose_column, nose_row = face.points[2].astype(int)
    assert changed[nose_row, nose_column]
    without = draw_faces(astronaut, [face], mesh=False)
    assert (without != astronaut).any(axis=2).sum() < changed.sum()
    np.testing.assert_array_equal(draw_faces(astronaut, []), astronaut)
