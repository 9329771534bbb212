"""A face that was found already is turned without being looked for again; sizes agree."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import goodside
from goodside.aesthetics import Assessor
from goodside.album import find_good_side
from goodside.album.report import turn_face
from goodside.cli.rotate.command import rotate as rotate_command
from goodside.errors import UnfitFace
from goodside.face import FaceFinder
from goodside.rotation import Rotator
from goodside.rotation.evaluation.likeness import LikenessReader
from goodside.rotation.rotate import DEFAULT_SIZE_PX
from goodside.types import Face, Pose, RgbImage
from tests.rotation.made import PORTRAIT

SOURCES = Path(goodside.__file__).parents[1]
YAW_DEG = 20.0


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[RgbImage]:
    """Every picture in which any face finder looks for faces, in order."""
    pictures: list[RgbImage] = []
    find = FaceFinder.find

    def counted(self: FaceFinder, rgb: RgbImage) -> tuple[Face, ...]:
        pictures.append(rgb)
        return find(self, rgb)

    monkeypatch.setattr(FaceFinder, "find", counted)
    return pictures


def _times(pictures: list[RgbImage], wanted: RgbImage) -> int:
    return sum(np.array_equal(picture, wanted) for picture in pictures)


def test_a_given_face_is_turned_as_if_it_had_been_found(
    rotator: Rotator, photograph: RgbImage, face: Face, looked_at: list[RgbImage]
) -> None:
    given = rotator.rotate(photograph, YAW_DEG, face=face, size_px=64)
    assert _times(looked_at, photograph) == 0
    found = rotator.rotate(photograph, YAW_DEG, size_px=64)
    assert _times(looked_at, photograph) == 1
    np.testing.assert_array_equal(given.image, found.image)
    assert (given.identity, given.source) == (found.identity, found.source)


def test_a_given_face_is_the_one_that_is_turned(rotator: Rotator, photograph: RgbImage) -> None:
    """Of two faces, the one that is given needs no number."""
    small = np.asarray(Image.fromarray(photograph).resize((300, 300)))
    couple = np.full((512, 830, 3), 128, np.uint8)
    couple[:, :512], couple[100:400, 520:820] = photograph, small
    second = FaceFinder().find(couple)[1]
    assert rotator.prepare(couple, face=second).face is second
    with pytest.raises(UnfitFace, match="looks too far aside"):
        rotator.prepare(couple, face=replace(second, pose=Pose(80, 0, 0)))


@pytest.mark.parametrize(
    "case",
    [
        (lambda rotator, photo, face: rotator.sweep(photo, [-20, 20], size_px=64), 1),
        (lambda rotator, photo, face: rotator.sweep(photo, [-20, 20], face=face, size_px=64), 0),
        (lambda rotator, photo, face: list(rotator.sweep_each([photo], [-20, 20], size_px=64)), 1),
        (lambda rotator, photo, face: list(rotator.paste_each([photo], [-20, 20])), 1),
        (lambda rotator, photo, face: rotator.prepare(photo, face=face, size_px=64), 0),
        (lambda rotator, photo, face: LikenessReader(rotator).read(photo), 1),
        (
            lambda rotator, photo, face: find_good_side(
                photo, rotator=rotator, assessor=Assessor(), yaws_deg=[-10, 10], face=face
            ),
            0,
        ),
        (
            lambda rotator, photo, face: turn_face(
                PORTRAIT, rotator=rotator, finder=FaceFinder(), yaws_deg=[0.0]
            ),
            1,
        ),
    ],
    ids=[
        "sweep",
        "sweep, given",
        "sweep_each",
        "paste_each",
        "prepare",
        "likeness",
        "side",
        "page",
    ],
)
def test_no_photograph_is_looked_at_twice(
    rotator: Rotator,
    photograph: RgbImage,
    face: Face,
    looked_at: list[RgbImage],
    case: tuple[Callable[[Rotator, RgbImage, Face], object], int],
) -> None:
    turn, times = case
    turn(rotator, photograph, face)
    assert _times(looked_at, photograph) == times


def test_every_way_to_turn_a_face_has_the_same_size_by_default() -> None:
    calls: list[Callable[..., object]] = [
        goodside.rotate,
        Rotator.rotate,
        Rotator.sweep,
        Rotator.rotate_each,
    ]
    calls += [Rotator.sweep_each, Rotator.prepare, Rotator.turn, Rotator.paint, Rotator.warp]
    sizes = {call.__name__: inspect.signature(call).parameters["size_px"].default for call in calls}
    sizes["command"] = next(p.default for p in rotate_command.params if p.name == "size_px")
    assert set(sizes.values()) == {DEFAULT_SIZE_PX}, sizes


def test_a_subject_is_put_together_in_one_place() -> None:
    made = [
        f"{path.relative_to(SOURCES).as_posix()}: {where.name}"
        for path in [*SOURCES.glob("goodside/**/*.py"), *SOURCES.glob("goodside_train/**/*.py")]
        for where in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(where, ast.FunctionDef)
        for call in ast.walk(where)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "Subject"
    ]
    assert made == ["goodside/rotation/subject.py: subject_from_portrait"]
