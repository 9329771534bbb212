"""Copies stand back behind their original; edited versions are pictures of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from goodside.album.album_photo import AlbumPhoto
from goodside.album.catalog import Group, Relation
from goodside.album.picks import PickCriteria, Ranking, find_series, word_reasons
from tests.album.picks.made import shot


def _shots(
    kind: Literal["copy", "version"], why: str, *, scores: tuple[float, float]
) -> list[AlbumPhoto]:
    """Photo 0 and what was made from it."""
    relation = Relation(1, kind, 0, why)
    groups = (Group("near_duplicate", (0, 1), id=1, relations=(relation,)),)
    first, second = (shot(n, score, groups=groups) for n, score in enumerate(scores))
    return [first, replace(second, relation=relation)]


@pytest.mark.parametrize("why", ["smaller", "sharpened", "recompressed", "enlarged"])
def test_a_copy_never_beats_its_original(why: str) -> None:
    shots = _shots("copy", why, scores=(5.0, 8.0))
    best = Ranking(shots).best_of(shots, kind="near_duplicate")
    assert best is not None
    assert best.shot is shots[0]
    assert f"the original of 1 copy ({why})" in word_reasons(best.reasons)
    assert [pick.shot for pick in Ranking(shots).best(PickCriteria())] == [shots[0]]


@pytest.mark.parametrize("said", [{"flag": "pick"}, {"stars": 5}])
def test_a_copy_that_the_person_likes_better_is_picked(said: dict[str, object]) -> None:
    original, copy = _shots("copy", "smaller", scores=(6.0, 5.5))
    copy = replace(copy, **said)  # type: ignore[arg-type]
    assert [pick.shot for pick in Ranking([original, copy]).best(PickCriteria())] == [copy]


@pytest.mark.parametrize(
    ("original_stars", "copy_stars", "best"),
    [(None, 3, 0), (None, 4, 1), (2, None, 1), (3, None, 0), (4, 4, 0)],
)
def test_who_is_not_rated_has_three_stars(
    original_stars: int | None, copy_stars: int | None, best: int
) -> None:
    original, copy = _shots("copy", "smaller", scores=(6.0, 6.0))
    shots = [replace(original, stars=original_stars), replace(copy, stars=copy_stars)]
    assert [pick.shot.photo.id for pick in Ranking(shots).best(PickCriteria())] == [best]


def test_a_copy_stands_in_for_a_rejected_original() -> None:
    original, copy = _shots("copy", "smaller", scores=(6.0, 5.5))
    original = replace(original, flag="reject")
    assert [pick.shot for pick in Ranking([original, copy]).best(PickCriteria())] == [copy]


@pytest.mark.parametrize("scores", [(6.0, 6.5), (6.5, 6.0)])
def test_a_version_is_picked_beside_its_original(scores: tuple[float, float]) -> None:
    shots = _shots("version", "black and white", scores=scores)
    assert find_series(shots) == []
    picks = {pick.shot.photo.id: pick for pick in Ranking(shots).best(PickCriteria())}
    assert set(picks) == {0, 1}
    assert "a version of IMG_0000.JPG: black and white" in word_reasons(picks[1].reasons)
    assert "there is a version of it: IMG_0001.JPG, black and white" in word_reasons(
        picks[0].reasons
    )


def test_a_version_makes_way_for_other_pictures() -> None:
    shots = [*_shots("version", "crop", scores=(7.0, 6.9)), shot(2, 6.5)]
    assert [pick.shot.photo.id for pick in Ranking(shots).best(PickCriteria(n=2))] == [0, 2]


def test_copies_go_with_the_version_that_they_are_of() -> None:
    relations = (
        Relation(1, "copy", 0, "smaller"),
        Relation(2, "version", 0, "colour"),
        Relation(3, "copy", 2, "recompressed"),
    )
    groups = (Group("near_duplicate", (0, 1, 2, 3), id=1, relations=relations),)
    told = {relation.photo_id: relation for relation in relations}
    shots = [shot(n, 6.0, groups=groups, relation=told.get(n)) for n in range(4)]
    found = [[one.photo.id for one in series.shots] for series in find_series(shots)]
    assert found == [[0, 1], [2, 3]]
    assert {pick.shot.photo.id for pick in Ranking(shots).best(PickCriteria())} == {0, 2}
