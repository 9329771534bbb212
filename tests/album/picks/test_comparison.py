"""What a photograph shows more of than its album, its kind in it, or photographs in general."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from goodside.aesthetics.explanation.qualities import Quality
from goodside.album.album_photo import AlbumPhoto
from goodside.album.picks import (
    AlbumComparison,
    AlbumScore,
    Reason,
    Shows,
    StandsOut,
    compared_places,
    comparison,
)
from tests.album.picks.made import face, shot

_DULL: dict[str, Any] = {
    "brightness": 0.4,
    "contrast": 0.2,
    "clipped_dark": 0.0,
    "clipped_bright": 0.0,
    "colourfulness": 30.0,
    "warmth": 0.05,
    "warmth_spread": 0.1,
    "focus_share": 0.4,
    "subject_x": 0.5,
    "subject_y": 0.5,
    "subject_light": 0.0,
    "background_blur": 0.1,
    "symmetry": 0.0,
    "sharpness": 0.4,
}


def _shot(number: int, *, tags: tuple[str, ...] = (), **facts: Any) -> AlbumPhoto:
    return shot(number, facts=_DULL | facts, tags=frozenset(tags))


def _album(count: int, *, tags: tuple[str, ...] = (), start: int = 100) -> list[AlbumPhoto]:
    """Dull photographs, each a little more colourful than the one before."""
    return [_shot(start + n, tags=tags, colourfulness=30.0 + n / 10) for n in range(count)]


def _found(one: AlbumPhoto, others: list[AlbumPhoto]) -> list[Reason]:
    return [reason for _, reason in AlbumComparison([one, *others]).find(one)]


@pytest.mark.parametrize(
    ("facts", "quality"),
    [
        ({"colourfulness": 60.0}, Quality.COLOURFUL),
        ({"warmth": 0.3}, Quality.WARM_COLOURS),
        ({"warmth": -0.2}, Quality.COOL_COLOURS),
        ({"warmth_spread": 0.25}, Quality.WARM_AND_COOL),
        ({"contrast": 0.3}, Quality.CONTRAST),
        ({"brightness": 0.65}, Quality.BRIGHT),
        ({"focus_share": 0.7}, Quality.CLEAR_SUBJECT),
        ({"focus_share": 0.55, "background_blur": 0.6}, Quality.SOFT_BACKGROUND),
        ({"focus_share": 0.55, "subject_light": 0.3}, Quality.DARKER_BACKGROUND),
        ({"focus_share": 0.55, "subject_light": -0.3}, Quality.LIGHTER_BACKGROUND),
        ({"symmetry": 0.8}, Quality.SYMMETRICAL),
        ({"sharpness": 0.9}, Quality.SHARP),
    ],
)
def test_the_first_of_an_album(facts: dict[str, Any], quality: Quality) -> None:
    found = _found(_shot(1, **facts), _album(11))
    assert found == [StandsOut(quality, "album", None, 12, 1, 100.0)]


@pytest.mark.parametrize(
    "facts",
    [
        {"colourfulness": 49.0},  # first, and still not colourful
        {"warmth": 0.17},
        {"contrast": 0.3, "clipped_bright": 0.06},
        {"brightness": 0.65, "clipped_bright": 0.06},
        {"brightness": 0.85},
        {"warmth_spread": 0.19},
        {"focus_share": 0.56},
        {"focus_share": 0.44, "background_blur": 0.6},
        {"focus_share": 0.44, "subject_light": 0.3},
        {"symmetry": 0.59},
        {"sharpness": 0.59},
    ],
)
def test_the_first_of_a_dull_album_is_not_praised_for_it(facts: dict[str, Any]) -> None:
    assert _found(_shot(1, **facts), _album(11)) == []


def test_the_kind_counts_where_it_stands_out_more() -> None:
    portraits = _album(10, tags=("portrait",))
    colourful = [_shot(n, colourfulness=80.0 + n) for n in range(200, 215)]
    found = _found(_shot(1, tags=("portrait",), colourfulness=55.0), [*portraits, *colourful])
    assert found == [StandsOut(Quality.COLOURFUL, "kind", "portrait", 11, 1, 100.0)]


def test_something_else_is_no_kind() -> None:
    found = _found(_shot(1, tags=("something else",), warmth=0.3), _album(30, tags=("others",)))
    assert [reason.among for reason in found if isinstance(reason, StandsOut)] == ["album"]


def test_a_percentage_needs_twenty_photographs() -> None:
    better = _shot(2, colourfulness=90.0)
    one = _shot(1, colourfulness=70.0)
    few = _found(one, [better, *_album(17)])
    many = _found(one, [better, *_album(18)])
    usual: Any = pytest.approx(88.0, abs=0.3)
    share: Any = pytest.approx(94.7, abs=0.1)
    assert few == [StandsOut(Quality.COLOURFUL, "photographs", None, None, None, usual)]
    assert many == [StandsOut(Quality.COLOURFUL, "album", None, 20, 2, share)]


@pytest.mark.parametrize(("better", "is_said"), [(4, True), (5, False)])
def test_more_than_eighty_percent_are_needed(better: int, is_said: bool) -> None:
    others = [_shot(200 + n, colourfulness=90.0 + n) for n in range(better)]
    found = _found(_shot(1, colourfulness=70.0), [*others, *_album(24 - better)])
    assert bool(found) == is_said


def test_in_a_small_album_photographs_in_general_are_the_measure() -> None:
    (found,) = _found(_shot(1, warmth=0.35), _album(3))
    assert isinstance(found, StandsOut)
    assert (found.quality, found.among, found.count) == (Quality.WARM_COLOURS, "photographs", None)
    assert 95 <= found.percentile <= 99


def test_the_rarest_comes_first() -> None:
    rivals = [_shot(200 + n, colourfulness=90.0) for n in range(3)]
    found = _found(_shot(1, colourfulness=80.0, warmth=0.3), [*rivals, *_album(40)])
    assert [reason.quality for reason in found if isinstance(reason, StandsOut)] == [
        Quality.WARM_COLOURS,
        Quality.COLOURFUL,
    ]


@pytest.mark.parametrize(
    ("tags", "tilt_deg", "is_said"),
    [
        (("scene",), 0.5, True),
        (("night scene",), -0.5, True),
        (("beach",), 0.0, True),
        (("scene",), 1.0, False),
        (("scene",), None, False),
        (("portrait",), 0.0, False),
        ((), 0.0, False),
    ],
)
def test_a_level_line_is_a_horizon_in_a_view(
    tags: tuple[str, ...], tilt_deg: float | None, is_said: bool
) -> None:
    found = _found(_shot(1, tags=tags, horizon_tilt_deg=tilt_deg), _album(9))
    assert (Shows(Quality.LEVEL_HORIZON) in found) == is_said


@pytest.mark.parametrize(("subject_x", "is_said"), [(0.4, True), (0.9, False)])
def test_where_there_are_faces_the_subject_is_theirs(subject_x: float, is_said: bool) -> None:
    one = replace(_shot(1, focus_share=0.8, subject_x=subject_x), faces=(face(sharpness=0.2),))
    found = _found(one, _album(11))
    assert bool(found) == is_said


def test_sharp_faces_are_compared_with_faces() -> None:
    soft = (face(sharpness=0.3),)
    blurred = [replace(_shot(n, sharpness=0.9), faces=soft) for n in range(50, 58)]
    one = replace(_shot(1), faces=(face(sharpness=0.6), face(sharpness=0.55)))
    found = _found(one, [*blurred, *_album(20)])
    assert found == [StandsOut(Quality.SHARP_FACES, "album", None, 9, 1, 100.0)]


def _rated(number: int, light: float, score: float = 6.0) -> AlbumPhoto:
    one = _shot(number)
    judged = one.photo.judged
    assert judged is not None
    rated = replace(
        judged,
        attributes={"light": light, "content_preference": 9.9},
        aesthetic=replace(judged.aesthetic, score=score),
    )
    return replace(one, photo=replace(one.photo, judged=rated), tags=frozenset({"portrait"}))


def test_the_networks_attributes_are_compared_where_it_gives_them() -> None:
    others = [_rated(100 + n, 5 + n / 100) for n in range(40)]
    found = _found(_rated(1, 7.0), others)
    assert found == [StandsOut(Quality.LIGHT, "kind", "portrait", 41, 1, 100.0)]
    assert _found(_rated(1, 5.45), others) == []


def test_pages_are_not_among_the_compared() -> None:
    pages = [_shot(300 + n, tags=("not a photograph",), warmth=0.8) for n in range(20)]
    found = _found(_shot(1, warmth=0.3), [*pages, *_album(11)])
    assert found == [StandsOut(Quality.WARM_COLOURS, "album", None, 12, 1, 100.0)]


def test_scores_stand_beside_the_album_and_the_kind() -> None:
    others = [_rated(100 + n, 5.0, score=5 + n / 100) for n in range(20)]
    one = _rated(1, 5.0, score=5.155)
    everything = AlbumComparison([one, *others, *_album(9)])
    of_kind: Any = pytest.approx(80.0)
    of_all: Any = pytest.approx(55.2, abs=0.1)
    assert [reason for _, reason in everything.find_score(one)] == [
        AlbumScore("portrait", 21, 5, of_kind),
        AlbumScore(None, 30, 14, of_all),
    ]
    assert AlbumComparison([one]).find_score(one) == []


@pytest.mark.parametrize(
    ("count", "step"), [(0, 1), (1, 1), (10_000, 1), (10_001, 2), (20_000, 2), (20_001, 3)]
)
def test_some_stand_for_very_many(count: int, step: int) -> None:
    assert compared_places(count) == range(0, count, step)


def test_of_a_sample_none_is_said_to_be_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "_MOST_COMPARED", 25)
    one, *others = _shot(1, colourfulness=80.0), *_album(49)
    ((_, reason),) = AlbumComparison.of([one, *others]).find(one)
    assert reason == StandsOut(Quality.COLOURFUL, "album", None, 25, 2, 100.0)
    ((_, reason),) = AlbumComparison.of([one, *others[:24]]).find(one)
    assert reason == StandsOut(Quality.COLOURFUL, "album", None, 25, 1, 100.0)
