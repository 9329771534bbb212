"""What is chosen, and what is said about it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goodside.album.album_photo import AlbumPhoto
from goodside.album.catalog import FaceRecord, Group
from goodside.album.picks import PickCriteria, Ranking, compute_worth, word_reasons
from tests.album.picks.made import face, shot

_DAY_S = 86_400


@pytest.mark.parametrize(
    ("better", "worse", "reason"),
    [
        (shot(0, faces=(face(eyes=1.0),)), shot(1, faces=(face(eyes=0.0),)), "eyes open"),
        (
            shot(0, faces=(face(sharpness=0.8),)),
            shot(1, faces=(face(sharpness=0.3),)),
            "sharper than the others",
        ),
        (shot(0, faces=(face(yaw=5),)), shot(1, faces=(face(yaw=-50),)), "faces the camera"),
        (
            shot(0, facts={"sharpness": 0.7}),
            shot(1, facts={"sharpness": 0.2}),
            "sharper than the others",
        ),
        (shot(0), shot(1, facts={"clipped_bright": 0.4}), "better exposed"),
        (shot(0), shot(1, facts={"brightness": 0.05}), "better exposed"),
        (shot(0, 6.5), shot(1, 5.5), "score 6.5"),
        (shot(0, 5.0, flag="pick"), shot(1, 7.0), "your own pick"),
        (shot(0, 5.0, stars=5), shot(1, 6.0), "you gave it 5 stars"),
    ],
)
def test_the_better_of_two_is_chosen_and_why(
    better: AlbumPhoto, worse: AlbumPhoto, reason: str
) -> None:
    for shots in ([better, worse], [worse, better]):
        best = Ranking(shots).best_of(shots, kind="burst")
        assert best is not None
        assert best.shot is better
        assert reason in word_reasons(best.reasons)
        assert "the best of a burst of 2" in word_reasons(best.reasons)


@pytest.mark.parametrize(
    ("better", "reason"),
    [
        ({"sharpness": 0.5 + 0.16 / 1.5}, "sharper than the others"),
        ({"sharpness": 0.5 + 0.14 / 1.5}, None),
        ({"clipped_dark": 0.15 + 0.09 / 4}, "better exposed"),
        ({"clipped_dark": 0.15 + 0.11 / 4}, None),
    ],
)
def test_leads_from_their_bounds(better: dict[str, float], reason: str | None) -> None:
    """The others are clipped by 0.2 points where exposure is compared."""
    others = {} if "sharpness" in better else {"clipped_dark": 0.2}
    shots = [shot(0, 6.5, facts=better), shot(1, facts=others), shot(2, facts=others)]
    best = Ranking(shots).best_of(shots, kind="burst")
    assert best is not None
    assert best.shot is shots[0]
    words = word_reasons(best.reasons)
    assert words == ("the best of a burst of 3", *([reason] if reason else []), "score 6.5")


@pytest.mark.parametrize(
    ("chosen", "other", "trait"),
    [
        (face(eyes=1.0), face(eyes=1 - 0.21 / 1.2), "eyes open"),
        (face(eyes=1.0), face(eyes=1 - 0.19 / 1.2), None),
        (face(yaw=0.0), face(yaw=33.8), "faces the camera"),  # 0.101 points
        (face(yaw=0.0), face(yaw=33.4), None),  # 0.099 points
    ],
)
def test_leads_of_faces_from_their_bounds(
    chosen: FaceRecord, other: FaceRecord, trait: str | None
) -> None:
    shots = [shot(0, faces=(chosen,)), shot(1, faces=(other,))]
    best = Ranking(shots).best_of(shots, kind="burst")
    assert best is not None
    words = word_reasons(best.reasons)
    assert words == ("the best of a burst of 2", *([trait] if trait else []), "score 6.0")


def test_the_largest_lead_is_named_first() -> None:
    worse = face(eyes=0.0, yaw=35.0, sharpness=0.3)
    shots = [shot(0, faces=(face(sharpness=0.6),)), shot(1, faces=(worse,))]
    best = Ranking(shots).best_of(shots, kind="burst")
    assert best is not None
    assert word_reasons(best.reasons)[1:4] == (
        "eyes open",
        "sharper than the others",
        "faces the camera",
    )


@pytest.mark.parametrize(
    ("faces", "facts", "words"),
    [
        ((), {"sharpness": 0.71}, ("sharp",)),
        ((), {"sharpness": 0.69}, ()),
        ((face(),), {}, ("eyes open, facing the camera",)),
        ((face(eyes=None),), {}, ("facing the camera",)),
        ((face(eyes=1 - 0.21 / 1.2),), {}, ("facing the camera",)),
        ((face(eyes=1 - 0.19 / 1.2),), {}, ("eyes open, facing the camera",)),
        ((face(yaw=33.0),), {}, ("eyes open, facing the camera",)),  # 0.097 points
        ((face(yaw=34.0),), {}, ()),  # 0.103 points
    ],
)
def test_what_is_said_of_a_photograph_alone(
    faces: tuple[FaceRecord, ...], facts: dict[str, float], words: tuple[str, ...]
) -> None:
    (pick,) = Ranking([shot(0, faces=faces, facts=facts)]).best(PickCriteria())
    assert word_reasons(pick.reasons) == (*words, "score 6.0")


def test_there_is_always_a_reason() -> None:
    one = shot(0)
    unjudged = replace(one, photo=replace(one.photo, judged=None))
    (pick,) = Ranking([unjudged]).best(PickCriteria())
    assert word_reasons(pick.reasons) == ("nothing spoke against it",)


@pytest.mark.parametrize(("stars", "is_said"), [(3, False), (4, True)])
def test_stars_are_a_reason_from_four_on(stars: int, is_said: bool) -> None:
    (pick,) = Ranking([shot(0, stars=stars)]).best(PickCriteria())
    assert (f"you gave it {stars} stars" in word_reasons(pick.reasons)) == is_said


@pytest.mark.parametrize(("lead", "first"), [(0.59, 2), (0.61, 1)])
def test_the_same_look_costs_six_tenths(lead: float, first: int) -> None:
    """1.5 points a unit of cosine above 0.6: of two pictures that look the same, 0.6."""
    same, other = np.eye(2, dtype=np.float32)
    shots = [
        shot(0, 7.0, vector=same),
        shot(1, 6.0 + lead, vector=same),
        shot(2, 6.0, vector=other),
    ]
    picks = Ranking(shots).best(PickCriteria(n=2))
    assert [pick.shot.photo.id for pick in picks] == [0, first]


@pytest.mark.parametrize(("lead", "second"), [(0.79, 2), (0.81, 1)])
def test_the_same_scene_costs_eight_tenths(lead: float, second: int) -> None:
    scene = (Group("scene", (0, 1), id=1),)
    shots = [shot(0, 7.0, groups=scene), shot(1, 6.0 + lead, groups=scene), shot(2, 6.0)]
    picks = Ranking(shots).best(PickCriteria(n=2))
    assert [pick.shot.photo.id for pick in picks] == [0, second]


@pytest.mark.parametrize(("min_percentile", "count"), [(0.0, 1), (0.05, 0)])
def test_without_a_score_there_is_no_percentile(min_percentile: float, count: int) -> None:
    one = shot(0)
    unjudged = replace(one, photo=replace(one.photo, judged=None))
    assert len(Ranking([unjudged]).best(PickCriteria(min_percentile=min_percentile))) == count


def test_looks_below_a_cosine_of_six_tenths_cost_nothing() -> None:
    vectors = [np.array([1, 0]), np.array([0.6, 0.8]), np.array([0, -1])]
    shots = [
        shot(n, 7.0 - n / 100, vector=vector.astype(np.float32)) for n, vector in enumerate(vectors)
    ]
    picks = Ranking(shots).best(PickCriteria(n=2))
    assert [pick.shot.photo.id for pick in picks] == [0, 1]


def test_size_does_not_count() -> None:
    small = shot(0, 6.0)
    large = shot(1, 5.9)
    large = replace(
        large,
        photo=replace(large.photo, facts=replace(large.photo.facts, width=9600, height=6400)),
    )
    best = Ranking([large, small]).best_of([large, small], kind="burst")
    assert best is not None
    assert best.shot is small


def test_a_face_in_the_crowd_does_not_count() -> None:
    assert compute_worth(shot(0, faces=(face(eyes=0.0, side=20.0),))).eyes == 0


def test_eyes_of_a_side_face_do_not_count() -> None:
    assert compute_worth(shot(0, faces=(face(eyes=0.0, yaw=60.0),))).eyes == 0


def test_nothing_is_best_where_all_were_rejected() -> None:
    assert Ranking([shot(0, flag="reject")]).best_of([shot(0, flag="reject")], kind="burst") is None


def test_of_a_burst_only_the_best_is_picked() -> None:
    burst = (Group("burst", (0, 1, 2), id=1),)
    shots = [shot(n, score, groups=burst) for n, score in enumerate((5.0, 7.0, 6.9))]
    picks = Ranking([*shots, shot(3, 4.0)]).best(PickCriteria(n=9))
    assert [pick.shot.photo.id for pick in picks] == [1, 3]
    assert "the best of a burst of 3" in word_reasons(picks[0].reasons)


def test_your_own_pick_of_a_burst_goes_before_its_best() -> None:
    burst = (Group("burst", (0, 1), id=1),)
    shots = [shot(0, 7.0, groups=burst), shot(1, 5.0, groups=burst, flag="pick")]
    assert [pick.shot.photo.id for pick in Ranking(shots).best(PickCriteria())] == [1]


def test_what_is_kept_of_a_burst_goes_before_picks_and_all_of_it_is_picked() -> None:
    burst = (Group("burst", (0, 1, 2), id=1),)
    picked = replace(shot(0, 7.0, groups=burst), flag="pick")
    kept = [replace(shot(n, 5.0 - n / 10, groups=burst), kept=True) for n in (1, 2)]
    ranking = Ranking([picked, *kept])
    best = ranking.best_of([picked, *kept], kind="burst")
    assert best is not None
    assert best.shot.photo.id == 1
    assert "your choice of its group" in word_reasons(best.reasons)
    assert [pick.shot.photo.id for pick in ranking.best(PickCriteria())] == [0, 1, 2]
    rejected = [replace(one, flag="reject") for one in kept]
    fallen = Ranking([picked, *rejected]).best_of([picked, *rejected], kind="burst")
    assert fallen is not None
    assert fallen.shot is picked


def test_no_more_of_one_person_than_asked_for() -> None:
    shots = [
        replace(shot(n, 9.0 - n), people=frozenset(people))
        for n, people in enumerate([("Ann",), ("Ann", "Bo"), ("Bo",), (), ("Ann",)])
    ]
    picks = Ranking(shots).best(PickCriteria(per_person=1))
    assert [pick.shot.photo.id for pick in picks] == [0, 2, 3]


def test_a_rejected_best_lets_the_next_one_in() -> None:
    burst = (Group("burst", (0, 1), id=1),)
    shots = [shot(0, 9.0, groups=burst, flag="reject"), shot(1, 5.0, groups=burst)]
    assert [pick.shot.photo.id for pick in Ranking(shots).best(PickCriteria())] == [1]


@pytest.mark.parametrize("kind", ["bracket", "panorama"])
def test_a_bracket_and_a_panorama_stay_whole(kind: str) -> None:
    group = (Group(kind, (0, 1, 2), id=1),)
    shots = [shot(n, score, groups=group) for n, score in enumerate((5.0, 7.0, 6.9))]
    (pick,) = Ranking(shots).best(PickCriteria())
    assert pick.shot.photo.id == 1
    assert pick.kept_with == (0, 2)


def test_five_of_one_scene_make_way_for_another() -> None:
    scene = (Group("scene", (0, 1, 2), id=1),)
    shots = [shot(n, 7.0 - n / 10, groups=scene) for n in range(3)]
    picks = Ranking([*shots, shot(3, 6.4)]).best(PickCriteria(n=2))
    assert [pick.shot.photo.id for pick in picks] == [0, 3]


def test_each_pick_is_the_best_after_what_it_repeats() -> None:
    rng = np.random.default_rng(0)
    scores, scene_of = rng.normal(6, 0.8, 40), rng.integers(0, 6, 40)
    scenes = [
        Group("scene", tuple(map(int, np.flatnonzero(scene_of == n))), id=n + 1) for n in range(6)
    ]
    shots = [shot(n, float(score), groups=(scenes[scene_of[n]],)) for n, score in enumerate(scores)]
    picks = [pick.shot.photo.id for pick in Ranking(shots).best(PickCriteria(n=12))]
    for place, chosen in enumerate(picks):
        before = scene_of[picks[:place]]
        worth = scores - 0.8 * (before[:, None] == scene_of).sum(axis=0)
        worth[picks[:place]] = -np.inf
        assert chosen == worth.argmax()


def test_what_looks_like_a_pick_makes_way() -> None:
    one, other = np.eye(2, dtype=np.float32)
    shots = [shot(0, 7.0, vector=one), shot(1, 6.9, vector=one), shot(2, 6.5, vector=other)]
    picks = Ranking(shots).best(PickCriteria(n=2))
    assert [pick.shot.photo.id for pick in picks] == [0, 2]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (PickCriteria(n=2), [3, 2]),
        (PickCriteria(per_day=1), [3, 1]),
        (PickCriteria(people=frozenset({"Ann"})), [1, 0]),
        (PickCriteria(people=frozenset({"Ann", "Bo"})), [1]),
        (PickCriteria(tags=frozenset({"sea"})), [2]),
        (PickCriteria(min_percentile=60), [3, 2]),
    ],
)
def test_what_is_wanted(wanted: PickCriteria, expected: list[int]) -> None:
    shots = [
        shot(0, 4.0, people=frozenset({"Ann"})),
        shot(1, 5.0, people=frozenset({"Ann", "Bo"})),
        shot(2, 6.0, at_s=_DAY_S, tags=frozenset({"sea"}), percentile=70),
        shot(3, 7.0, at_s=_DAY_S, percentile=90),
    ]
    assert [pick.shot.photo.id for pick in Ranking(shots).best(wanted)] == expected


def test_photographs_without_a_day_are_not_counted_by_day() -> None:
    shots = [shot(n, 6.0, at_s=None) for n in range(3)]
    assert len(Ranking(shots).best(PickCriteria(per_day=1))) == 3


def test_what_was_cut_short_is_no_pick_unless_the_person_picked_it() -> None:
    cut = shot(1, 9.0, facts={"incomplete": True})
    whole = shot(2, 4.0, at_s=9000.0)
    assert [pick.shot for pick in Ranking([cut, whole]).best(PickCriteria())] == [whole]
    best = Ranking([cut, whole]).best_of([cut, whole], kind="burst")
    assert best is not None
    assert best.shot is whole
    assert Ranking([cut]).best_of([cut], kind="burst") is None
    wanted = replace(cut, flag="pick")
    assert [pick.shot for pick in Ranking([wanted, whole]).best(PickCriteria())] == [wanted, whole]


def test_what_is_no_photograph_is_no_pick_unless_the_person_picked_it() -> None:
    page = shot(1, 9.0, tags=frozenset({"not a photograph"}))
    photo = shot(2, 4.0, at_s=9000.0)
    assert [pick.shot for pick in Ranking([page, photo]).best(PickCriteria())] == [photo]
    best = Ranking([page, photo]).best_of([page, photo], kind="burst")
    assert best is not None
    assert best.shot is photo
    wanted = replace(page, flag="pick")
    assert [pick.shot for pick in Ranking([wanted, photo]).best(PickCriteria())] == [wanted, photo]
    cleared = replace(page, tags=frozenset())  # the person took the tag away
    assert [pick.shot for pick in Ranking([cleared, photo]).best(PickCriteria())] == [
        cleared,
        photo,
    ]


@pytest.mark.parametrize(("quality", "is_said"), [(None, True), (0.3, True), (0.2, False)])
def test_an_animals_face_does_not_face_the_camera(quality: float | None, is_said: bool) -> None:
    one = shot(0, faces=(replace(face(), quality=quality),))
    (pick,) = Ranking([one]).best(PickCriteria())
    assert ("eyes open, facing the camera" in word_reasons(pick.reasons)) == is_said
