"""The rotator with a stand-in generator: what it gives, what it refuses, what it feeds."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from goodside.errors import (
    AmbiguousFace,
    NoFace,
    OutOfRange,
    UnfitFace,
    UnreadableImage,
    WeightsError,
)
from goodside.face import FaceFinder
from goodside.rotation import Rotator, Subject, TurnSeries
from goodside.rotation.generator.templates import FILENAME
from goodside.rotation.geometry.frame import Window
from goodside.rotation.request import asked_pose, settled_pose
from goodside.runtime import WeightsStore
from goodside.types import Pose, RgbImage, Turned
from tests.images.made import textured
from tests.rotation.made import NETWORK_PX, PORTRAIT, write_store


@pytest.fixture(scope="module")
def subject(rotator: Rotator) -> Subject:
    return rotator.prepare(PORTRAIT, size_px=64)


@pytest.fixture(scope="module")
def couple(photograph: RgbImage) -> RgbImage:
    """Two faces: the portrait beside a smaller copy of itself."""
    small = np.asarray(Image.fromarray(photograph).resize((300, 300)))
    picture = np.full((512, 830, 3), 128, np.uint8)
    picture[:, :512] = photograph
    picture[100:400, 520:820] = small
    return picture


def test_a_result_says_what_was_asked_and_what_came_out(
    rotator: Rotator, photograph: RgbImage
) -> None:
    turned = rotator.rotate(photograph, 20, pitch_deg=5, size_px=192)
    assert turned.image.shape == (192, 192, 3)
    assert turned.image.dtype == np.uint8
    assert turned.requested == Pose(20, 5, 0)
    assert abs(turned.source.yaw_deg) < 8
    assert turned.model == "rotation-mesh 0.0.1"
    assert turned.path is None
    assert turned.measured is not None
    assert abs(turned.measured.yaw_deg - 20) < 8
    assert turned.identity is not None
    assert 0.4 < turned.identity <= 1


@pytest.mark.parametrize("yaw_deg", [-30, 30])
def test_the_face_looks_to_the_side_that_was_asked_for(
    rotator: Rotator, photograph: RgbImage, yaw_deg: float
) -> None:
    measured = rotator.rotate(photograph, yaw_deg).measured
    assert measured is not None
    assert measured.yaw_deg * yaw_deg > 0
    assert abs(measured.yaw_deg) > 15  # degrees: a radian taken for one would be nearly nothing


def test_the_own_pose_gives_the_photograph_back(rotator: Rotator, photograph: RgbImage) -> None:
    subject = rotator.prepare(photograph, size_px=128)
    own = subject.head.pose
    picture = rotator.paint(subject, [Pose(own.yaw_deg, own.pitch_deg, 0)], size_px=128)[0]
    plain = subject.head.frame.cut(photograph, size_px=128)
    assert np.abs(picture.astype(int) - plain).mean() < 4


@pytest.mark.parametrize("kind", ["text", "bytes", "array"])
def test_a_path_bytes_and_an_array_give_the_same(
    rotator: Rotator, subject: Subject, photograph: RgbImage, kind: str
) -> None:
    sources = {"text": str(PORTRAIT), "bytes": PORTRAIT.read_bytes(), "array": photograph}
    read = rotator.prepare(sources[kind], size_px=64)  # type: ignore[arg-type]
    np.testing.assert_allclose(read.embedding, subject.embedding, atol=1e-4)
    assert read.path == (str(PORTRAIT) if kind == "text" else None)
    assert subject.path == str(PORTRAIT)


def test_a_sweep_is_the_same_as_single_turns(rotator: Rotator, photograph: RgbImage) -> None:
    yaws = [-25.0, 40.0]
    swept = rotator.sweep(photograph, yaws, size_px=64)
    assert [one.requested.yaw_deg for one in swept] == yaws
    alone = rotator.rotate(photograph, 40, size_px=64)
    np.testing.assert_array_equal(swept[1].image, alone.image)
    assert swept[1].identity == pytest.approx(alone.identity, abs=1e-5)


def test_many_poses_go_through_in_batches(rotator: Rotator, subject: Subject) -> None:
    poses = [Pose(yaw, 0, 0) for yaw in np.linspace(-60, 60, 19)]
    pictures = rotator.paint(subject, poses, size_px=32)
    assert len(pictures) == 19
    np.testing.assert_array_equal(pictures[17], rotator.paint(subject, [poses[17]], size_px=32)[0])


def test_results_are_frozen(rotator: Rotator, photograph: RgbImage) -> None:
    turned = rotator.rotate(photograph, 5, size_px=32)
    with pytest.raises(dataclasses.FrozenInstanceError):
        turned.identity = 1.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("source_deg", "asked_deg", "expected_deg"),
    [(4.0, None, 4.0), (-30.0, None, -15.0), (30.0, None, 15.0), (4.0, -10.0, -10.0), (9, 0, 0)],
)
def test_without_a_pitch_the_photographs_own_is_kept_within_limits(
    source_deg: float, asked_deg: float | None, expected_deg: float
) -> None:
    pose = asked_pose(10, pitch_deg=asked_deg, source=Pose(0, source_deg, 7))
    assert pose == Pose(10, expected_deg, 0)


def test_a_picture_without_a_face_is_refused(rotator: Rotator) -> None:
    with pytest.raises(NoFace) as caught:
        rotator.rotate(textured(200, 200), 10)
    assert caught.value.remedy


def test_of_two_faces_one_must_be_chosen(rotator: Rotator, couple: RgbImage) -> None:
    with pytest.raises(AmbiguousFace, match="2 faces") as caught:
        rotator.rotate(couple, 10)
    assert caught.value.remedy is not None
    assert "--face" in caught.value.remedy
    large, small = (rotator.prepare(couple, face=index) for index in (0, 1))
    assert large.face.box.left < 512 < small.face.box.left


@pytest.mark.parametrize("face", [2, -1])
def test_a_face_that_is_not_there_is_refused(rotator: Rotator, couple: RgbImage, face: int) -> None:
    with pytest.raises(OutOfRange, match=f"face {face} of 2"):
        rotator.rotate(couple, 10, face=face)


@pytest.mark.parametrize("size_px", [0, 31, 2049])
def test_a_size_out_of_range_is_refused(
    rotator: Rotator, photograph: RgbImage, size_px: int
) -> None:
    with pytest.raises(OutOfRange, match="size"):
        rotator.rotate(photograph, 10, size_px=size_px)


@pytest.mark.parametrize(
    ("pose", "word"),
    [
        (Pose(60.5, 0, 0), "yaw"),
        (Pose(-75, 0, 0), "yaw"),
        (Pose(float("nan"), 0, 0), "yaw"),
        (Pose(0, 21, 0), "pitch"),
        (Pose(0, float("nan"), 0), "pitch"),
        (Pose(0, 0, -46), "roll"),
    ],
)
def test_an_angle_beyond_the_weights_is_refused(
    rotator: Rotator, subject: Subject, pose: Pose, word: str
) -> None:
    with pytest.raises(OutOfRange, match=word) as caught:
        rotator.turn(subject, [Pose(0, 0, 0), pose])
    assert caught.value.path == str(PORTRAIT)
    assert caught.value.remedy is not None
    assert "degrees" in caught.value.remedy


def test_a_file_that_is_no_picture_is_refused(rotator: Rotator, tmp_path: Path) -> None:
    path = tmp_path / "note.jpg"
    path.write_text("no picture", encoding="utf-8")
    with pytest.raises(UnreadableImage, match=r"note\.jpg"):
        rotator.rotate(path, 10)


def test_missing_weights_name_the_card(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"rotation-mesh\.json"):
        Rotator(store=WeightsStore(tmp_path))


@pytest.mark.parametrize("lost", [FILENAME, "rotation-mesh.onnx"])
def test_a_missing_file_beside_the_card_is_told(tmp_path: Path, lost: str) -> None:
    folder = write_store(tmp_path / "store")
    (folder / lost).unlink()
    with pytest.raises(WeightsError, match=lost):
        Rotator(store=WeightsStore(folder)).rotate(PORTRAIT, 10, size_px=32)


def test_the_patents_recipe_runs_without_a_warp(tmp_path: Path, photograph: RgbImage) -> None:
    store = WeightsStore(write_store(tmp_path / "store", recipe="capg"))
    rotator = Rotator(store=store, model="rotation-capg")
    subject = rotator.prepare(photograph, size_px=NETWORK_PX)
    picture = rotator.paint(subject, [Pose(30, 0, 0)], size_px=NETWORK_PX)[0]
    plain = subject.head.frame.cut(photograph, size_px=NETWORK_PX)
    assert np.abs(picture.astype(int) - plain).mean() < 5  # the stand-in paints its input


def test_turning_to_another_size_than_prepared_for_works(
    rotator: Rotator, subject: Subject
) -> None:
    assert rotator.paint(subject, [Pose(10, 0, 0)], size_px=48)[0].shape == (48, 48, 3)
    assert rotator.warp(subject, Pose(10, 0, 0), size_px=40).shape == (40, 40, 3)


def test_many_photographs_go_through_in_order_and_one_bad_one_stops_nothing(
    rotator: Rotator, photograph: RgbImage, couple: RgbImage, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    sources: list[Path | RgbImage] = [photograph, broken, PORTRAIT, couple, photograph[:, ::-1]]
    results = list(rotator.rotate_each(sources, 15, size_px=64, batch=2))
    assert [type(r).__name__ for r in results] == [
        *("Turned", "UnreadableImage", "Turned", "AmbiguousFace", "Turned")
    ]
    alone = rotator.rotate(PORTRAIT, 15, size_px=64)
    together = results[2]
    assert isinstance(together, Turned)
    assert together.path == str(PORTRAIT)
    difference = together.image.astype(int) - alone.image.astype(int)
    assert np.abs(difference).max() <= 1


def test_sweeps_of_many_photographs_come_one_by_one(
    rotator: Rotator, photograph: RgbImage, couple: RgbImage
) -> None:
    """The batch ends amid a photograph's angles; each gets its own all the same."""
    sources = [photograph, couple, photograph[:, ::-1].copy()]
    yaws = [-20.0, 0.0, 20.0]
    found = list(rotator.sweep_each(sources, yaws, size_px=64, batch=2))
    assert [type(one).__name__ for one in found] == ["TurnSeries", "AmbiguousFace", "TurnSeries"]
    for source, one in ((sources[0], found[0]), (sources[2], found[2])):
        assert isinstance(one, TurnSeries)
        assert [turned.requested.yaw_deg for turned in one.turned] == yaws
        alone = rotator.sweep(source, yaws, size_px=64)
        for together, single in zip(one.turned, alone, strict=True):
            assert np.abs(together.image.astype(int) - single.image).max() <= 1


def test_a_chosen_face_counts_for_every_photograph(
    rotator: Rotator, photograph: RgbImage, couple: RgbImage
) -> None:
    found = list(rotator.sweep_each([couple, photograph], [5.0], face=1, size_px=64))
    assert [type(one).__name__ for one in found] == ["TurnSeries", "OutOfRange"]


def test_an_unfit_face_is_measured_only_where_it_is_asked_for(
    rotator: Rotator, photograph: RgbImage
) -> None:
    small = np.asarray(Image.fromarray(photograph).resize((150, 150)))
    with pytest.raises(UnfitFace, match="too small: 3"):
        rotator.prepare(small)
    assert rotator.prepare(small, strict=False).face.box.height < 40


def test_an_angle_beyond_the_weights_stops_the_whole_batch(
    rotator: Rotator, photograph: RgbImage
) -> None:
    with pytest.raises(OutOfRange):
        list(rotator.rotate_each([photograph], 89, size_px=64))


@pytest.mark.parametrize("yaw", [-60, 60])
def test_a_close_crop_shows_the_whole_turned_face(subject: Subject, yaw: float) -> None:
    close = dataclasses.replace(subject, window=Window(0.25, 0.2, 0.5))
    pose = Pose(yaw, 0, 0)
    for framed in (close.framed([pose]), close.framed([Pose(0, 0, 0), pose])):
        places = framed.window.inside(framed.head.landmarks(pose))
        assert places.min() > 0
        assert places.max() < 1
    outside = close.window.inside(close.head.landmarks(pose))
    assert outside.min() < 0 or outside.max() > 1
    assert close.framed([]) is close


@pytest.mark.parametrize(
    ("asked", "made"), [(0, 2.0), (4.9, 2.0), (7, 2 + 5 * 0.4), (10, 10), (-1, 2.0), (-6, -6)]
)
def test_a_turn_smaller_than_the_measure_of_the_pose_is_none(asked: float, made: float) -> None:
    source = Pose(2.0, -4.0, 0.0)
    settled = settled_pose(Pose(asked, -4.0, 0.0), source=source)
    assert settled.yaw_deg == pytest.approx(made)
    assert (settled.pitch_deg, settled.roll_deg) == (-4.0, 0.0)


def test_near_its_own_pose_the_result_is_the_photograph(rotator: Rotator, subject: Subject) -> None:
    own = subject.face.pose
    pose = Pose(own.yaw_deg + 2.5, own.pitch_deg, 0)
    made = rotator.paint(subject, [pose, Pose(own.yaw_deg + 9, own.pitch_deg, 0)], size_px=64)
    assert np.array_equal(made[0], subject.picture(size_px=64))
    assert not np.array_equal(made[1], made[0])


def test_pasted_turns_are_whole_photographs_and_errors_stop_nothing(
    rotator: Rotator, photograph: RgbImage
) -> None:
    sources: list[Path | RgbImage] = [photograph, textured(200, 200), PORTRAIT]
    found = list(rotator.paste_each(sources, [-20.0, 20.0]))
    assert [type(one).__name__ for one in found] == ["TurnSeries", "NoFace", "TurnSeries"]
    first, last = found[0], found[2]
    assert isinstance(first, TurnSeries)
    assert isinstance(last, TurnSeries)
    assert last.subject.path == str(PORTRAIT)
    assert [one.requested.yaw_deg for one in first.turned] == [-20, 20]
    frame = first.subject.head.frame
    height, width = photograph.shape[:2]
    rows, columns = np.mgrid[:height, :width]
    reach = frame.side / np.sqrt(2)
    far = np.hypot(columns - frame.x, rows - frame.y) > reach
    assert far.mean() > 0.3
    for one in first.turned:
        assert one.image.shape == photograph.shape
        np.testing.assert_array_equal(one.image[far], photograph[far])
        measured = FaceFinder().find(one.image)[0].pose
        assert measured.yaw_deg == pytest.approx(one.requested.yaw_deg, abs=8)


def test_a_pasted_turn_of_nothing_is_the_photograph(rotator: Rotator, photograph: RgbImage) -> None:
    subject = rotator.prepare(photograph)
    own = subject.face.pose
    (series,) = rotator.paste_each([photograph], [own.yaw_deg], pitch_deg=own.pitch_deg)
    assert isinstance(series, TurnSeries)
    off = np.abs(series.turned[0].image.astype(int) - photograph)
    assert off.mean() < 1
    assert np.percentile(off, 99) < 30
