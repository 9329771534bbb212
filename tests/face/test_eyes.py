from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from goodside.face import FaceFinder
from goodside.face.canonical import EYE_LEFT, EYE_RIGHT
from goodside.face.eyes import judge_eyes, measure_eyes
from goodside.types import Face, FloatArray, Pose, RgbImage
from tools.shut_eyes import shut_eyes

LIDS = ((33, 160, 158, 133, 153, 144), (263, 387, 385, 362, 380, 373))


def _opened(face: Face, *heights: float, yaw_deg: float = 0.0) -> Face:
    """The face with its eyes (left and right in the picture) drawn: 10 wide and so high."""
    landmarks = np.zeros_like(face.landmarks)
    for height, (outer, up_1, up_2, inner, down_2, down_1) in zip(heights, LIDS, strict=True):
        landmarks[[outer, inner], 0] = 0, 10
        landmarks[[up_1, up_2], 1], landmarks[[down_1, down_2], 1] = -height / 2, height / 2
    return replace(face, landmarks=landmarks, pose=Pose(yaw_deg, 0, 0))


@pytest.mark.parametrize(
    ("heights", "yaw_deg", "expected"),
    [
        ((1.8, 1.8), 0, 0.0),
        ((1.0, 1.0), 0, 0.0),
        ((2.8, 2.8), 0, 1.0),
        ((4.0, 4.0), 0, 1.0),
        ((2.3, 2.3), 0, 0.5),
        ((1.8, 2.8), 0, 0.5),
        ((1.8, 2.8), 30, 0.0),
        ((1.8, 2.8), -60, 1.0),
    ],
)
def test_by_hand(face: Face, heights: tuple[float, float], yaw_deg: float, expected: float) -> None:
    assert measure_eyes(_opened(face, *heights, yaw_deg=yaw_deg)) == pytest.approx(expected)


def test_a_turn_does_not_narrow_them(face: Face) -> None:
    drawn = _opened(face, 2.3, 2.3)
    angle = np.radians(40)
    turned: FloatArray = drawn.landmarks.copy()
    turned[:, 0], turned[:, 2] = turned[:, 0] * np.cos(angle), turned[:, 0] * np.sin(angle)
    assert measure_eyes(replace(drawn, landmarks=turned)) == pytest.approx(0.5)


def test_eyes_painted_shut_read_lower(finder: FaceFinder, astronaut: RgbImage, face: Face) -> None:
    image = Image.fromarray(astronaut)
    draw = ImageDraw.Draw(image)
    for eye in (EYE_LEFT, EYE_RIGHT):
        lids = face.landmarks[list(eye)][:, :2]
        middle = lids.mean(axis=0)
        x, y = (int(value) for value in middle - (0, 1.6 * np.ptp(lids[:, 1])))
        skin = astronaut[y - 1 : y + 2, x - 3 : x + 4].reshape(-1, 3).mean(axis=0)
        outline = middle + (lids - middle) * (1.12, 1.5)
        draw.polygon([tuple(point) for point in outline], fill=tuple(int(v) for v in skin))
    (shut,) = finder.find(np.asarray(image))
    assert measure_eyes(shut) < measure_eyes(face) - 0.1


def test_open_eyes_are_told_open(astronaut: RgbImage, face: Face) -> None:
    assert judge_eyes(astronaut, face) == 1


def test_shut_eyes_are_told_shut(finder: FaceFinder, astronaut: RgbImage, face: Face) -> None:
    picture = shut_eyes(astronaut, face)
    (found,) = finder.find(picture)
    assert judge_eyes(picture, found) == 0


def test_a_frown_narrows_the_lids_and_is_not_shut(astronaut: RgbImage, face: Face) -> None:
    narrow = np.array(face.landmarks, dtype=np.float32)
    for _, up_1, up_2, _, down_2, down_1 in LIDS:
        for up, down in ((up_1, down_1), (up_2, down_2)):
            narrow[[up, down]] = narrow[[up, down]].mean(axis=0)
    frowning = replace(face, landmarks=narrow)
    assert measure_eyes(frowning) == 0
    assert judge_eyes(astronaut, frowning) == 1


@pytest.mark.parametrize("change", [{"pose": Pose(40, 0, 0)}, {"pose": Pose(-31, 0, 0)}])
def test_nothing_is_told_of_a_face_turned_aside(
    astronaut: RgbImage, face: Face, change: dict[str, Pose]
) -> None:
    assert judge_eyes(astronaut, replace(face, pose=change["pose"])) is None


def test_nothing_is_told_of_small_eyes(astronaut: RgbImage, face: Face) -> None:
    small = np.asarray(Image.fromarray(astronaut).resize((128, 128)))
    assert judge_eyes(small, replace(face, landmarks=np.float32(0.25) * face.landmarks)) is None
