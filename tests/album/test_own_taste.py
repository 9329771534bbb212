"""A taste from an album's own decisions: what counts, when there is too little, what it chooses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from goodside.aesthetics import Taste
from goodside.aesthetics.evaluation import metrics
from goodside.album.album_photo import AlbumPhoto
from goodside.album.catalog import Rate, SetFlag, StoredAssessment, list_photos, open_catalog
from goodside.album.own_taste import (
    FEWEST_DECISIONS,
    MOST_DECISIONS,
    learn_own_taste,
    read_own_decisions,
    score_by_taste,
)
from goodside.album.picks import PickCriteria, Ranking, TasteScore
from goodside.album.report import Report, Summary, render_report
from goodside.album.report.taste import ReportTaste, describe_taste
from goodside.cli import cli
from goodside.errors import SettingsError, WeightsError
from goodside.runtime import WeightsStore
from goodside.types import Aesthetic
from tests.album.catalog.made import aesthetic as made_aesthetic
from tests.album.picks.made import shot
from tests.album.scan.made import EXAMPLES, quick_scan

CARD = WeightsStore().card("aesthetics-free")
LIKING = np.random.default_rng(5).normal(size=24)
PHOTOS = sorted((EXAMPLES / "photos").glob("*.jpg"))


def _album(count: int, *, seed: int = 0) -> list[AlbumPhoto]:
    """Photographs of random features, scored at random."""
    rng = np.random.default_rng(seed)
    shots = []
    for number in range(count):
        vector = rng.normal(size=24)
        aesthetic = Aesthetic(float(rng.normal(6, 0.7)), 1.0, (0.1,) * 10, 0.5, 50.0)
        tags = {"plant" if vector @ LIKING > 0 else "building": 0.9}
        one = shot(number + 1, at_s=float(9000 * number), tags=frozenset(tags))
        shots.append(
            replace(
                one,
                photo=replace(one.photo, judged=StoredAssessment(CARD.identifier, aesthetic, tags)),
                vector=(vector / np.linalg.norm(vector)).astype(np.float16),
            )
        )
    return shots


def _liking(shots: Sequence[AlbumPhoto]) -> list[float]:
    return [float(one.vector @ LIKING) for one in shots if one.vector is not None]


def _agreement(scored: Sequence[AlbumPhoto]) -> float:
    """Rank correlation of the scores by taste with the liking."""
    tastes = np.array([one.taste for one in scored], dtype=np.float64)
    return metrics.srcc(tastes, np.array(_liking(scored)))


def _rated(shots: Sequence[AlbumPhoto]) -> list[AlbumPhoto]:
    """Stars by the liking alone, whatever the score says."""
    bounds = np.quantile(_liking(shots), (0.1, 0.35, 0.65, 0.9))
    stars = 1 + np.searchsorted(bounds, _liking(shots))
    return [replace(one, stars=int(given)) for one, given in zip(shots, stars, strict=True)]


def test_stars_teach_what_the_general_score_does_not_know() -> None:
    taste = learn_own_taste(read_own_decisions(_rated(_album(100)), card=CARD), card=CARD)
    strangers = _album(200, seed=1)
    scored = score_by_taste(strangers, taste, card=CARD)
    found = _agreement(scored)
    assert found > 0.6
    assert (taste.kind, taste.ratings, taste.sha256) == ("scores", 100, CARD.sha256)
    assert taste.agreement.gain_interval[0] > 0


def test_picks_and_rejects_teach_too() -> None:
    shots = _album(120)
    middle = float(np.median(_liking(shots)))
    decided = [
        replace(one, flag="pick" if liking > middle else "reject")
        for one, liking in zip(shots, _liking(shots), strict=True)
    ]
    decisions = read_own_decisions(decided, card=CARD)
    assert decisions.are_picks
    taste = learn_own_taste(decisions, card=CARD)
    assert (taste.kind, taste.agreement.measure) == ("picks", "auc")
    strangers = _album(200, seed=1)
    scored = score_by_taste(strangers, taste, card=CARD)
    assert _agreement(scored) > 0.5


def test_what_counts_as_a_decision_and_as_how_many_stars() -> None:
    first, second, third, fourth, page, old, nobody = _album(7)
    judged = StoredAssessment("aesthetics-lite0 1.0.0", made_aesthetic(6.0), {})
    shots = [
        replace(first, stars=2),
        replace(second, stars=2, flag="pick"),
        replace(third, flag="pick"),
        replace(fourth, stars=0, flag="reject"),
        replace(page, stars=5, tags=frozenset({"not a photograph"})),
        replace(
            old,
            stars=5,
            photo=replace(old.photo, judged=judged),
        ),
        replace(nobody, stars=0),
    ]
    decisions = read_own_decisions(shots, card=CARD)
    assert list(decisions.stars) == [2, 2, 4, 1]
    assert [one.photo.id for one in decisions.shots] == [1, 2, 3, 4]
    assert decisions.outdated == 1


@pytest.mark.parametrize(
    ("stars", "said"),
    [
        ((), f"0 decisions are too few to learn a taste from: {FEWEST_DECISIONS} more are needed"),
        ((5,), "1 decision is too few to learn a taste from: 9 more are needed"),
        ((5, 1) * 4 + (3,), "9 decisions are too few to learn a taste from: 1 more is needed"),
        ((5, 1, 4), "3 decisions are too few to learn a taste from: 7 more are needed"),
        ((5,) * 12, "12 decisions, nearly all alike, .*: 3 more are needed that differ"),
        ((5,) * 12 + (1, 2), "14 decisions, nearly all alike, .*: 1 more is needed that differs"),
    ],
)
def test_too_little_says_how_many_more_are_needed(stars: tuple[int, ...], said: str) -> None:
    shots = [replace(one, stars=n) for one, n in zip(_album(len(stars)), stars, strict=True)]
    decisions = read_own_decisions(shots, card=CARD)
    with pytest.raises(SettingsError, match=said):
        learn_own_taste(decisions, card=CARD)
    told = describe_taste(shots, card=CARD)
    assert (told is None) == (not stars)
    if told is not None:
        assert told.shortage == decisions.shortage()


def test_picks_alone_are_not_enough_and_photographs_of_old_weights_are_told() -> None:
    shots = [replace(one, flag="pick") for one in _album(12)]
    shortage = read_own_decisions(shots, card=CARD).shortage()
    assert shortage is not None
    assert "rejects" in shortage
    newer = CARD.model_copy(update={"version": "99.0.0"})
    shortage = read_own_decisions(shots, card=newer).shortage()
    assert shortage is not None
    assert "12 more are of photographs that other weights judged" in shortage


def test_enough_is_exactly_enough() -> None:
    stars = (5,) * (FEWEST_DECISIONS - 3) + (1, 2, 3)
    shots = [replace(one, stars=n) for one, n in zip(_album(len(stars)), stars, strict=True)]
    assert read_own_decisions(shots, card=CARD).shortage() is None
    assert learn_own_taste(read_own_decisions(shots, card=CARD), card=CARD).ratings == len(stars)


def test_very_many_decisions_are_thinned_out_over_the_whole_album() -> None:
    shots = [replace(one, stars=1 + one.photo.id % 5) for one in _album(MOST_DECISIONS + 101)]
    decisions = read_own_decisions(shots, card=CARD)
    assert len(decisions.stars) == MOST_DECISIONS
    assert decisions.shots[0] is shots[0]
    assert decisions.shots[-1].photo.id >= len(shots) - 2


def test_picks_go_by_the_taste_and_say_so() -> None:
    rated = _rated(_album(100))
    taste = learn_own_taste(read_own_decisions(rated, card=CARD), card=CARD)
    strangers = _album(100, seed=1)
    plain = Ranking(strangers).best(PickCriteria(n=10))
    liked = Ranking(score_by_taste(strangers, taste, card=CARD)).best(PickCriteria(n=10))
    mean = [np.mean(_liking([pick.shot for pick in picks])) for picks in (plain, liked)]
    assert mean[1] > mean[0] + 1
    assert not any(isinstance(reason, TasteScore) for pick in plain for reason in pick.reasons)
    for pick in liked:
        (said,) = (reason for reason in pick.reasons if isinstance(reason, TasteScore))
        assert said.score == pick.shot.taste == pick.worth.aesthetic


def test_a_taste_of_other_weights_scores_nothing() -> None:
    taste = learn_own_taste(read_own_decisions(_rated(_album(50)), card=CARD), card=CARD)
    other = CARD.model_copy(update={"sha256": "0" * 64})
    with pytest.raises(WeightsError, match="the taste was learnt on"):
        score_by_taste(_album(3), taste, card=other)


def test_the_report_says_what_the_taste_likes_and_how_sure_it_is() -> None:
    told = describe_taste(_rated(_album(100)), card=CARD)
    assert told is not None
    assert (told.decisions, told.measure, told.is_certain) == (100, "srcc", True)
    assert told.likes == ("plant",)
    assert told.likes_less == ("building",)
    html = render_report(Report("Album", Summary(100), taste=told))
    assert "Learnt from 100 decisions of yours" in html
    assert "You like more than most people: plant" in html
    assert "not certain yet" not in html
    few = ReportTaste(3, "3 decisions are too few to learn a taste from: 7 more are needed")
    assert "7 more are needed." in render_report(Report("Album", Summary(9), taste=few))
    assert "Your taste" not in render_report(Report("Album", Summary(9)))


@pytest.fixture
def scanned(tmp_path: Path) -> Path:
    path = tmp_path / "album.db"
    with open_catalog(path) as catalog:
        quick_scan(catalog, EXAMPLES / "photos")
    return path


def _run(path: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, [*words, "--catalog", str(path)])


def test_the_commands_learn_from_the_album_and_choose_by_it(scanned: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.json"
    early = _run(scanned, "taste", "learn", "-o", str(out))
    assert isinstance(early.exception, SettingsError)
    assert "0 decisions are too few" in str(early.exception)
    assert not out.exists()
    with open_catalog(scanned) as catalog:
        with catalog.read() as session:
            contents = {one.paths[0].stem: one.sha256 for one in list_photos(session)}
        animals = ("raccoon", "cat", "two-dogs", "nuthatch", "dragonfly")
        others = ("coffee", "sunset", "pagoda", "fig", "mountain-path")
        catalog.decide(Rate(photos=tuple(contents[name] for name in animals), stars=5))
        catalog.decide(SetFlag(photos=tuple(contents[name] for name in others), flag="reject"))
    learnt = _run(scanned, "taste", "learn", "-o", str(out), "--json")
    assert learnt.exit_code == 0, learnt.exception
    told = json.loads(learnt.stdout)
    assert (told["kind"], told["ratings"]) == ("scores", 10)
    assert Taste.read(out).model == CARD.identifier
    shown = _run(scanned, "taste", "learn", "-o", str(out), "--overwrite").stdout
    assert "learnt from 10 decisions in the album" in shown
    picked = _run(scanned, "album", "picks", "--taste", "--json", "-n", "3")
    lines = [json.loads(line) for line in picked.stdout.splitlines()]
    assert all(1 <= line["taste"] <= 10 for line in lines)
    assert all("taste_score" in {one["kind"] for one in line["reason_details"]} for line in lines)
    plain = json.loads(_run(scanned, "album", "picks", "--json", "-n", "1").stdout)
    assert plain["taste"] is None
    refused = _run(scanned, "taste", "learn", "--model", "aesthetics-lite0", "-o", str(out))
    assert refused.exit_code == 2
