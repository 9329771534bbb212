"""Finding faces: many in one picture, small, turned, none."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter

from goodside.errors import WeightsError
from goodside.face import FaceFinder
from goodside.runtime import WeightsStore
from goodside.types import Face, RgbImage
from tests.face.conftest import load

HEAD = (108, 10, 328, 230)
"""The head in the astronaut's picture."""


def tones(height: int, width: int) -> RgbImage:
    rows, columns = np.mgrid[0:height, 0:width]
    tone = 120 + 50 * np.sin(columns / 300) + 30 * np.cos(rows / 200)
    return np.stack([tone, tone / 2 + 60, 220 - tone / 2], axis=-1).astype(np.uint8)


def montage(
    astronaut: RgbImage, *, low_px: int, high_px: int, turn_deg: float
) -> tuple[RgbImage, list[tuple[float, float, int]]]:
    """Twenty heads of other sizes, turns, sides and light in one 4000 x 3000 picture."""
    rng = np.random.default_rng(low_px)
    canvas = Image.fromarray(tones(3000, 4000))
    head, places = Image.fromarray(astronaut).crop(HEAD), []
    for at in range(20):
        side = int(rng.uniform(low_px, high_px))
        one = head.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if at % 2 else head
        one = ImageEnhance.Brightness(one).enhance(rng.uniform(0.6, 1.3))
        one = ImageEnhance.Color(one).enhance(rng.uniform(0, 1.3))
        one = one.resize((side, side), Image.Resampling.LANCZOS)
        turn = rng.uniform(-turn_deg, turn_deg)
        mask = Image.new("L", one.size, 255).rotate(turn)
        x, y = (at % 5 + 0.5) * 800, (at // 5 + 0.5) * 750
        one = one.rotate(turn, Image.Resampling.BICUBIC)
        canvas.paste(one, (int(x - side / 2), int(y - side / 2)), mask)
        places.append((x, y, side))
    return np.asarray(canvas), places


def lies_at(face: Face, place: tuple[float, float, int]) -> bool:
    x, y, side = place
    across = abs((face.box.left + face.box.right) / 2 - x)
    down = abs((face.box.top + face.box.bottom) / 2 - y)
    return across < 0.25 * side and down < 0.25 * side


@pytest.mark.parametrize(
    ("low_px", "high_px", "turn_deg"), [(300, 640, 0), (150, 500, 45), (90, 180, 15)]
)
def test_a_group_in_a_large_picture(
    finder: FaceFinder, astronaut: RgbImage, low_px: int, high_px: int, turn_deg: float
) -> None:
    picture, places = montage(astronaut, low_px=low_px, high_px=high_px, turn_deg=turn_deg)
    found = finder.find(picture)
    assert sum(any(lies_at(face, place) for face in found) for place in places) >= 19
    assert all(any(lies_at(face, place) for place in places) for face in found)
    areas = [face.box.width * face.box.height for face in found]
    assert areas == sorted(areas, reverse=True)


@pytest.mark.parametrize("longest_px", [96, 200, 512, 1500])
def test_one_face_at_every_size_of_the_picture(
    finder: FaceFinder, astronaut: RgbImage, face: Face, longest_px: int
) -> None:
    scale = longest_px / 512
    small = Image.fromarray(astronaut).resize((longest_px, longest_px), Image.Resampling.LANCZOS)
    (found,) = finder.find(np.asarray(small))
    wanted = (face.points + 0.5) * scale - 0.5
    assert np.abs(found.points - wanted).max() < 0.05 * face.box.height * scale
    np.testing.assert_allclose(
        found.box.as_list(),
        np.array(face.box.as_list()) * scale,
        atol=0.08 * face.box.height * scale,
    )


def test_what_a_face_says(face: Face, astronaut: RgbImage) -> None:
    assert 0.5 <= face.score <= 1
    assert face.mesh_score > 0.95
    assert face.landmarks.shape == (468, 3)
    assert face.landmarks.dtype == np.float32
    assert face.points.shape == (5, 2)
    left, right, nose, mouth_left, mouth_right = face.points
    assert left[0] < nose[0] < right[0]
    assert left[1] < nose[1] < mouth_left[1]
    assert mouth_left[0] < mouth_right[0]
    eye = astronaut[int(left[1]) - 2 : int(left[1]) + 3, int(left[0]) - 2 : int(left[0]) + 3]
    cheek_row = int((left[1] + mouth_left[1]) / 2) + 5
    cheek = astronaut[cheek_row - 2 : cheek_row + 3, int(left[0]) - 2 : int(left[0]) + 3]
    assert eye.mean() < cheek.mean() - 20  # the pupil is darker than the cheek below
    assert abs(face.pose.yaw_deg) < 8
    assert abs(face.pose.roll_deg) < 8
    assert face.pose.error < 0.1


@pytest.mark.parametrize("angle_deg", range(-45, 46, 15))
def test_faces_that_lean(
    finder: FaceFinder, astronaut: RgbImage, face: Face, angle_deg: int
) -> None:
    picture = Image.fromarray(astronaut).rotate(angle_deg, Image.Resampling.BICUBIC)
    (found,) = finder.find(np.asarray(picture))
    angle = np.radians(-angle_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    wanted = (face.points - 255.5) @ turn.T + 255.5
    assert np.abs(found.points - wanted).max() < 0.05 * face.box.height


def test_two_sizes_side_by_side(finder: FaceFinder, astronaut: RgbImage) -> None:
    picture = Image.fromarray(tones(1024, 1536))
    picture.paste(Image.fromarray(astronaut).resize((1024, 1024)), (0, 0))
    picture.paste(Image.fromarray(astronaut).crop(HEAD).resize((180, 180)), (1200, 400))
    large, small = finder.find(np.asarray(picture))
    assert large.box.right < 1024
    assert small.box.left > 1200


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((600, 800, 3), dtype=np.uint8),
        np.full((600, 800, 3), 255, dtype=np.uint8),
        np.random.default_rng(0).integers(0, 256, (600, 800, 3), dtype=np.uint8),
        tones(1200, 1600),
        np.full((1, 1, 3), 128, dtype=np.uint8),
        np.full((3000, 4, 3), 128, dtype=np.uint8),
    ],
    ids=["black", "white", "noise", "gradient", "one pixel", "a thin strip"],
)
def test_nothing_where_nothing_is(finder: FaceFinder, picture: RgbImage) -> None:
    assert finder.find(picture) == ()


@pytest.mark.parametrize("seed", range(4))
def test_textures_hold_no_faces(finder: FaceFinder, seed: int) -> None:
    rng = np.random.default_rng(seed)
    layers = [
        np.asarray(
            Image.fromarray(rng.integers(0, 256, (size, size, 3), dtype=np.uint8)).resize(
                (768, 768), Image.Resampling.BICUBIC
            ),
            dtype=float,
        )
        for size in (6, 24, 96)
    ]
    assert finder.find(np.mean(layers, axis=0).astype(np.uint8)) == ()


@pytest.mark.parametrize(
    "name", ["coffee", "dahlia", "fig", "mountain-path", "pagoda", "sunset", "paint-brushes"]
)
def test_photographs_without_people(finder: FaceFinder, name: str) -> None:
    assert finder.find(load(f"photos/{name}.jpg")) == ()


def test_a_profile_is_found(finder: FaceFinder) -> None:
    (found,) = finder.find(load("photos/photographer.jpg"))
    assert 45 < found.pose.yaw_deg <= 90


def test_where_nothing_is_found_the_mirror_image_is_looked_at(
    face: Face, astronaut: RgbImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    finder = FaceFinder()
    find = finder.find
    monkeypatch.setattr(
        FaceFinder, "find", lambda _, rgb: () if np.array_equal(rgb, astronaut) else find(rgb)
    )
    (found,) = finder.find_steep(astronaut)
    assert np.abs(found.landmarks - face.landmarks)[:, :2].mean() < 0.02 * face.box.width
    assert np.abs(found.points - face.points).max() < 0.05 * face.box.width
    assert found.box.left == pytest.approx(face.box.left, abs=0.03 * face.box.width)
    assert found.box.right == pytest.approx(face.box.right, abs=0.03 * face.box.width)
    assert found.pose.yaw_deg == pytest.approx(face.pose.yaw_deg, abs=3)
    assert found.pose.roll_deg == pytest.approx(face.pose.roll_deg, abs=2)


def test_a_batch_is_the_pictures_one_by_one(
    finder: FaceFinder, astronaut: RgbImage, face: Face
) -> None:
    blank = np.zeros((64, 64, 3), dtype=np.uint8)
    none, one = finder.find_batch([blank, astronaut])
    assert none == ()
    np.testing.assert_array_equal(one[0].landmarks, face.landmarks)


def test_thresholds_are_kept(astronaut: RgbImage) -> None:
    assert FaceFinder(min_score=0.999).find(astronaut) == ()
    assert FaceFinder(min_mesh_score=1.1).find(astronaut) == ()


def test_the_smallest_face_looked_for(finder: FaceFinder, astronaut: RgbImage) -> None:
    picture = Image.fromarray(tones(1500, 2000))
    picture.paste(Image.fromarray(astronaut).crop(HEAD).resize((110, 110)), (900, 700))
    assert len(finder.find(np.asarray(picture))) == 1
    assert FaceFinder(min_face=0.1).find(np.asarray(picture)) == ()


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((8, 8), dtype=np.uint8),
        np.zeros((8, 8, 4), dtype=np.uint8),
        np.zeros((8, 8, 3), dtype=np.float32),
        np.zeros((0, 8, 3), dtype=np.uint8),
    ],
    ids=["gray", "alpha", "float", "empty"],
)
def test_other_arrays_are_refused(finder: FaceFinder, array: RgbImage) -> None:
    with pytest.raises(ValueError, match=r"expected \(H, W, 3\) uint8"):
        finder.find(array)


def test_corrupt_weights_are_named(tmp_path: Path, astronaut: RgbImage) -> None:
    folder = shutil.copytree(WeightsStore().folder, tmp_path / "weights")
    (folder / "face-blazeface.onnx").write_bytes(b"nothing")
    with pytest.raises(WeightsError, match=r"face-blazeface\.onnx.*corrupt"):
        FaceFinder(store=WeightsStore(folder)).find(astronaut)


def test_sharpness_falls_with_blur(finder: FaceFinder, astronaut: RgbImage) -> None:
    picture = Image.fromarray(astronaut)
    values = []
    for radius in (0, 1, 2, 4):
        blurred = picture.filter(ImageFilter.GaussianBlur(radius))
        (found,) = finder.find(np.asarray(blurred))
        values.append(found.sharpness)
    assert values == sorted(values, reverse=True)
    assert values[0] > 0.8
    assert values[-1] < 0.2
