"""Faces followed through the frames of a burst."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goodside.album.catalog import FaceRecord, FaceRef
from goodside.album.groups.face_tracks import track_faces
from goodside.types import Box, Pose

_A, _B = "a" * 12, "b" * 12


def _face(
    number: int, frame: int, *, x: int, size: int = 1000, who: str | None = None
) -> FaceRecord:
    """A square face `x` ten-thousandths from the left, in the middle of a frame."""
    box = (x, 4000, x + size, 4000 + size)
    return FaceRecord(
        id=number,
        photo_id=frame,
        ref=FaceRef(photo=f"{frame:064x}", box=box),
        box=Box(*(float(edge) for edge in box)),
        points=np.zeros((5, 2), np.float32),
        pose=Pose(0, 0, 0),
        score=0.9,
        mesh_score=0.9,
        sharpness=0.5,
        eyes_open=None,
        person=who,
        similarity=None,
        confirmed=False,
    )


def _ids(frames: list[list[FaceRecord]]) -> list[dict[int, int]]:
    return [
        {photo: face.id for photo, face in track.faces.items()} for track in track_faces(frames)
    ]


def test_faces_that_hardly_move_are_followed() -> None:
    frames = [
        [_face(1, 1, x=1000, size=1500), _face(2, 1, x=6000)],
        [_face(3, 2, x=6200), _face(4, 2, x=1200, size=1500)],
        [_face(5, 3, x=1300, size=1500), _face(6, 3, x=6500)],
    ]
    assert _ids(frames) == [{1: 1, 2: 4, 3: 5}, {1: 2, 2: 3, 3: 6}]


def test_a_known_person_is_followed_across_the_picture_and_past_others() -> None:
    frames = [
        [_face(1, 1, x=1000, who=_A), _face(2, 1, x=5000, who=_B)],
        [_face(3, 2, x=4800, who=_A), _face(4, 2, x=8500, who=_B)],
    ]
    assert sorted(map(str, _ids(frames))) == ["{1: 1, 2: 3}", "{1: 2, 2: 4}"]


def test_a_frame_without_the_face_is_left_out_and_the_track_goes_on() -> None:
    frames = [[_face(1, 1, x=1000)], [], [_face(2, 3, x=1100)]]
    assert _ids(frames) == [{1: 1, 3: 2}]


@pytest.mark.parametrize(
    ("x", "size"), [(4000, 1000), (1000, 2100)], ids=["too far", "too much larger"]
)
def test_faces_that_cannot_be_one_are_two_tracks(x: int, size: int) -> None:
    frames = [[_face(1, 1, x=1000)], [_face(2, 2, x=x, size=size)]]
    assert len(_ids(frames)) == 2


def test_two_faces_of_a_frame_are_never_one() -> None:
    frames = [[_face(1, 1, x=1000)], [_face(2, 2, x=1100), _face(3, 2, x=900)]]
    assert [len(track) for track in _ids(frames)] == [2, 1]


def test_the_most_prominent_face_comes_first() -> None:
    frames = [[_face(1, 1, x=1000, size=500), _face(2, 1, x=6000, size=2000)]]
    assert _ids(frames) == [{1: 2}, {1: 1}]


def test_a_track_is_whoever_most_of_its_faces_are() -> None:
    faces = [_face(n, n, x=1000, who=who) for n, who in ((1, _A), (2, None), (3, _B), (4, _B))]
    (track,) = track_faces([[face] for face in faces])
    assert track.person == _B
    (nobody,) = track_faces([[replace(faces[0], person=None)]])
    assert nobody.person is None
