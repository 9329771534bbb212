"""What each part of a photograph's worth is, in points, at and around its bounds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from goodside.album.album_photo import AlbumPhoto
from goodside.album.catalog import FaceRecord
from goodside.album.picks import Worth, compute_worth
from tests.album.picks.made import face, shot


def _worth(*faces: FaceRecord, **facts: Any) -> Worth:
    return compute_worth(shot(0, 6.5, faces=faces, facts=facts))


def test_nothing_known_is_worth_its_score() -> None:
    assert _worth() == Worth(6.5, 0, 0, 0, 0, 0)
    assert Worth(6.5) == _worth()
    assert Worth(6.5).total == 6.5


def test_a_photograph_without_a_score_counts_as_middling() -> None:
    one = shot(0)
    unjudged = replace(one, photo=replace(one.photo, judged=None))
    assert compute_worth(unjudged).aesthetic == 5.0


def test_the_parts_are_added_up() -> None:
    assert Worth(6.0, 0.1, -0.2, -0.3, -0.4, 0.5).total == pytest.approx(5.7)
    assert Worth(6.0, 0.1, -0.2, -0.3, -0.4, 0.5, 0.6).total == pytest.approx(6.3)


@pytest.mark.parametrize(
    ("quality", "points"), [(1.0, -1.8), (5.5, 0.0), (6.5, 0.4), (10.0, 1.8), (None, 0.0)]
)
def test_technical_quality_counts_gently_and_only_where_it_was_measured(
    quality: float | None, points: float
) -> None:
    assert compute_worth(shot(0, technical=quality)).technical == pytest.approx(points)


@pytest.mark.parametrize(("sharpness", "points"), [(0.0, -0.75), (0.5, 0.0), (1.0, 0.75)])
def test_sharpness_is_of_the_faces_where_there_are_any(sharpness: float, points: float) -> None:
    assert _worth(sharpness=sharpness).sharpness == pytest.approx(points)
    own = _worth(face(sharpness=sharpness), sharpness=0.2)
    assert own.sharpness == pytest.approx(points)


def test_large_faces_count_more() -> None:
    """Sides of 200 and 100 pixels: four parts in five, and one."""
    faces = (face(sharpness=0.9, yaw=0), face(sharpness=0.4, yaw=60, side=100))
    worth = _worth(*faces)
    assert worth.sharpness == pytest.approx(1.5 * (0.8 * 0.9 + 0.2 * 0.4 - 0.5))
    assert worth.facing == pytest.approx(0.6 * (0.8 + 0.2 * 0.5 - 1))


@pytest.mark.parametrize(("side", "counts"), [(56.0, True), (55.0, False)])
def test_a_face_counts_from_one_part_in_200_of_the_picture(side: float, counts: bool) -> None:
    """Of 960 x 640 pixels that is 3072: a side of 55.4."""
    assert (_worth(face(eyes=0.0, side=side)).eyes < 0) == counts


def test_a_face_of_exactly_that_share_counts() -> None:
    one = shot(0, faces=(face(eyes=0.0, side=20.0),))
    facts = replace(one.photo.facts, width=400, height=200)
    assert compute_worth(replace(one, photo=replace(one.photo, facts=facts))).eyes == -1.2


@pytest.mark.parametrize(
    ("eyes", "points"), [((1.0, 1.0), 0.0), ((1.0, 0.0), -0.6), ((0.0, 0.0), -1.2)]
)
def test_eyes_are_the_mean_of_those_that_show(eyes: tuple[float, float], points: float) -> None:
    faces = (*(face(eyes=one) for one in eyes), face(eyes=None))
    assert _worth(*faces).eyes == pytest.approx(points)


@pytest.mark.parametrize(("yaw", "points"), [(40.0, -1.2), (-40.0, -1.2), (41.0, 0.0)])
def test_eyes_count_up_to_40_degrees_aside(yaw: float, points: float) -> None:
    assert _worth(face(eyes=0.0, yaw=yaw)).eyes == pytest.approx(points)


@pytest.mark.parametrize(("yaw", "points"), [(0, 0.0), (60, -0.3), (-60, -0.3), (90, -0.6)])
def test_facing_is_the_cosine_of_the_yaw(yaw: float, points: float) -> None:
    assert _worth(face(yaw=yaw)).facing == pytest.approx(points)


@pytest.mark.parametrize(
    ("facts", "points"),
    [
        ({"clipped_dark": 0.15, "clipped_bright": 0.05}, 0.0),
        ({"clipped_dark": 0.25}, -0.4),
        ({"clipped_bright": 0.15}, -0.4),
        ({"clipped_dark": 0.25, "clipped_bright": 0.15}, -0.8),
        ({"brightness": 0.15}, 0.0),
        ({"brightness": 0.8}, 0.0),
        ({"brightness": 0.05}, -0.6),
        ({"brightness": 0.9}, -0.6),
        ({"brightness": 0.05, "clipped_dark": 0.25}, -1.0),
        ({"clipped_bright": 1.0}, -2.0),
    ],
)
def test_exposure(facts: dict[str, float], points: float) -> None:
    assert _worth(**facts).exposure == pytest.approx(points)


@pytest.mark.parametrize(("stars", "points"), [(None, 0), (0, -3), (3, 0), (5, 2)])
def test_stars(stars: int | None, points: float) -> None:
    one: AlbumPhoto = replace(shot(0), stars=stars)
    assert compute_worth(one).stars == points
