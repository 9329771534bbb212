"""A subject: the portrait cut out and taken apart, whatever the matte and the photograph's edge."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from goodside.face import FaceFinder, load_canonical
from goodside.rotation import HeadMesh, Rotator, Subject
from goodside.rotation.geometry.layers import MATTE_PX
from goodside.rotation.geometry.raster import sample
from goodside.rotation.portrait import cut_portrait
from goodside.rotation.subject import prepare_subject, segment_portrait
from goodside.types import Face, FloatArray, Pose, RgbImage
from tests.rotation.made import made_matte, made_portrait

PORTRAIT_PX = 256


class MadeMatting:
    """Finds the same person in every picture."""

    def __init__(self, matte: FloatArray) -> None:
        self._matte = matte

    def of(self, pictures: list[RgbImage]) -> FloatArray:
        return np.stack([self._matte for _ in pictures])


def _taken(head: HeadMesh, matte: FloatArray, **options: Any) -> tuple[HeadMesh, Any]:
    matting: Any = MadeMatting(matte)
    return segment_portrait(head, made_portrait(matte), matting=matting, **options)


def _prepared(rgb: RgbImage, face: Face, rotator: Rotator) -> Subject:
    return prepare_subject(
        rgb,
        face,
        matting=rotator.matting,
        embedding=np.ones(4, np.float32),
        portrait_px=PORTRAIT_PX,
        path="ann.jpg",
    )


def test_a_portrait_is_taken_apart_by_its_matte(head: HeadMesh) -> None:
    matte = made_matte(across=0.29)
    fitted, layers = _taken(head, matte)
    np.testing.assert_array_equal(layers.matte, matte)
    assert (layers.shown == 1).all()
    assert (fitted.reach < head.reach - 0.05).sum() > 12
    np.testing.assert_array_equal(fitted.points, head.points)


@pytest.mark.parametrize("missed", ["nobody", "the neighbour", "the body alone"])
def test_where_the_matte_misses_the_face_all_is_the_person(head: HeadMesh, missed: str) -> None:
    matte = np.zeros((MATTE_PX, MATTE_PX), np.float32)
    if missed == "the neighbour":
        matte[:, :60] = 1
    elif missed == "the body alone":
        matte[170:] = 1
    fitted, layers = _taken(head, matte)
    assert (layers.matte == 1).all()
    assert (layers.bare == 0).all()
    np.testing.assert_allclose(fitted.reach, head.reach, atol=0.04)


def test_what_a_matte_misses_of_the_face_is_the_person_and_no_more(head: HeadMesh) -> None:
    matte = made_matte()
    matte[:120] = 0  # the forehead, to the eyes
    _, layers = _taken(head, matte)
    oval = head.landmarks(head.pose)[load_canonical().regions["oval"]]
    inside = 0.85 * (oval - oval.mean(axis=0)) + oval.mean(axis=0)
    beside = 1.05 * (oval - oval.mean(axis=0)) + oval.mean(axis=0)
    cover = layers.matte[..., None]
    assert sample(cover, inside).min() == 1
    assert sample(cover, beside[beside[:, 1] < 110 / MATTE_PX]).max() == 0
    np.testing.assert_array_equal(layers.matte[120:], matte[120:])


def test_beyond_the_photograph_there_is_no_backdrop(head: HeadMesh) -> None:
    shown = np.ones((MATTE_PX, MATTE_PX), np.float32)
    shown[:, :20] = 0
    _, layers = _taken(head, made_matte(), shown=shown)
    np.testing.assert_array_equal(layers.shown, shown)
    assert (layers.bare[:, :20] == 0).all()
    assert (layers.bare[:12, 30:] == 1).all()


def test_a_prepared_subject_has_its_portrait_and_the_layers(
    photograph: RgbImage, face: Face, rotator: Rotator
) -> None:
    subject = _prepared(photograph, face, rotator)
    plain = cut_portrait(photograph, subject.head.frame, size_px=PORTRAIT_PX)
    np.testing.assert_array_equal(subject.portrait, plain)
    layers = subject.layers
    assert layers.person.shape == layers.backdrop.shape == plain.shape
    nose = (subject.head.landmarks(subject.head.pose)[1] * MATTE_PX).astype(int)
    assert layers.matte[nose[1], nose[0]] > 0.9
    assert layers.bare[:20, :20].min() > 0.9
    np.testing.assert_array_equal(layers.backdrop[4:16, 4:16], plain[4:16, 4:16])
    assert (subject.path, subject.face) == ("ann.jpg", face)


@pytest.mark.parametrize("edge", ["top", "left"])
def test_a_face_at_the_photographs_edge_is_shown_in_part(
    photograph: RgbImage, rotator: Rotator, edge: str
) -> None:
    cut = np.s_[60:] if edge == "top" else np.s_[:, 165:]
    rgb = np.ascontiguousarray(photograph[cut])
    subject = _prepared(rgb, FaceFinder().find(rgb)[0], rotator)
    shown = subject.layers.shown if edge == "top" else subject.layers.shown.T
    assert 0.5 < shown.mean() < 0.95
    assert (shown[:4] == 0).all()
    assert (shown[-80:, 60:-60] == 1).all()
    beyond = subject.layers.shown == 0
    assert (subject.layers.bare[beyond] == 0).all()


def test_the_picture_is_the_window_of_the_portrait(
    photograph: RgbImage, face: Face, rotator: Rotator
) -> None:
    subject = _prepared(photograph, face, rotator)
    framed = subject.framed([Pose(50, 0, 0)])
    assert framed.layers is subject.layers
    picture = framed.picture(size_px=64)
    assert picture.shape == (64, 64, 3)
    window = framed.window
    left, top, side = (
        round(share * PORTRAIT_PX) for share in (window.left, window.top, window.side)
    )
    whole = subject.portrait[top : top + side, left : left + side]
    np.testing.assert_allclose(picture.mean(axis=(0, 1)), whole.mean(axis=(0, 1)), atol=3)
