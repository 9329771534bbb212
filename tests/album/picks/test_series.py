"""Groups that share photographs are one series, and one pick."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodside.album.album_photo import AlbumPhoto
from goodside.album.catalog import Group
from goodside.album.picks import MIXED, PickCriteria, Ranking, find_series, word_reasons
from tests.album.picks.made import shot


def _shots(groups: list[tuple[str, tuple[int, ...]]], scores: list[float]) -> list[AlbumPhoto]:
    """One shot a score, in the groups that name its place."""
    stored = [Group(kind, ids, id=at) for at, (kind, ids) in enumerate(groups, start=1)]
    return [
        shot(n, score, groups=tuple(group for group in stored if n in group.photo_ids))
        for n, score in enumerate(scores)
    ]


@pytest.mark.parametrize(
    ("groups", "series"),
    [
        pytest.param(
            [("burst", (0, 1, 2)), ("near_duplicate", (2, 4))],
            [(MIXED, [0, 1, 2, 4])],
            id="a burst, and a copy of one of its frames",
        ),
        pytest.param(
            [("burst", (0, 1, 2)), ("near_duplicate", (0, 2))],
            [("burst", [0, 1, 2])],
            id="near-duplicates within a burst",
        ),
        pytest.param(
            [("burst", (0, 1)), ("near_duplicate", (0, 1, 4))],
            [("near_duplicate", [0, 1, 4])],
            id="a burst within near-duplicates",
        ),
        pytest.param(
            [("near_duplicate", (0, 1, 2)), ("bracket", (0, 1, 2))],
            [("bracket", [0, 1, 2])],
            id="a bracket whose frames are near-duplicates",
        ),
        pytest.param(
            [("burst", (0, 1)), ("burst", (3, 4)), ("near_duplicate", (1, 3))],
            [(MIXED, [0, 1, 3, 4])],
            id="two bursts of one view",
        ),
        pytest.param(
            [("burst", (0, 4)), ("panorama", (1, 2, 3)), ("scene", (0, 1, 2, 3, 4))],
            [("burst", [0, 4]), ("panorama", [1, 2, 3])],
            id="a scene holds nothing together",
        ),
    ],
)
def test_series(
    groups: list[tuple[str, tuple[int, ...]]], series: list[tuple[str, list[int]]]
) -> None:
    found = find_series(_shots(groups, [5.0] * 5))
    assert [(one.kind, [each.photo.id for each in one.shots]) for one in found] == series


def test_what_is_not_looked_at_is_in_no_series() -> None:
    shots = _shots([("burst", (0, 1)), ("near_duplicate", (1, 2))], [5.0] * 3)
    assert find_series(shots[:1]) == []
    (series,) = find_series(shots[1:])
    assert series.kind == "near_duplicate"


def test_a_burst_and_a_copy_make_one_pick() -> None:
    """The best of the burst and the best of the copies would otherwise both be taken."""
    groups = [("burst", (0, 1, 2)), ("near_duplicate", (2, 3))]
    (pick,) = Ranking(_shots(groups, [7.0, 5.0, 6.0, 6.5])).best(PickCriteria())
    assert pick.shot.photo.id == 0
    assert "the best of a series of 4" in word_reasons(pick.reasons)


def test_a_bracket_with_a_copy_is_picked_whole() -> None:
    groups = [("bracket", (0, 1, 2)), ("near_duplicate", (1, 3))]
    (pick,) = Ranking(_shots(groups, [7.0, 5.0, 6.0, 6.5])).best(PickCriteria())
    assert (pick.shot.photo.id, pick.kept_with) == (0, (1, 2))
    assert "stands for a bracket of 3, which stays whole" in word_reasons(pick.reasons)


def test_of_a_burst_the_best_that_shows_who_is_wanted() -> None:
    shots = _shots([("burst", (0, 1, 2))], [7.0, 5.0, 6.0])
    shots[1:] = [replace(each, people=frozenset({"Ann"})) for each in shots[1:]]
    (pick,) = Ranking(shots).best(PickCriteria(people=frozenset({"Ann"})))
    assert pick.shot.photo.id == 2
    assert "the best of a burst of 2" in word_reasons(pick.reasons)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["burst", "near_duplicate", "bracket", "panorama"]),
            st.sets(st.integers(0, 11), min_size=2, max_size=4).map(lambda ids: tuple(sorted(ids))),
        ),
        max_size=6,
    ),
    st.lists(st.integers(10, 90).map(lambda tenths: tenths / 10), min_size=12, max_size=12),
)
def test_no_series_is_picked_twice(
    groups: list[tuple[str, tuple[int, ...]]], scores: list[float]
) -> None:
    shots = _shots(groups, scores)
    series_of = {
        each.photo.id: place
        for place, series in enumerate(find_series(shots))
        for each in series.shots
    }
    taken = [pick.shot.photo.id for pick in Ranking(shots).best(PickCriteria(n=12))]
    assert len({series_of.get(one, 100 + one) for one in taken}) == len(taken)
    assert {series_of.get(n, 100 + n) for n in range(12)} == {
        series_of.get(one, 100 + one) for one in taken
    }
