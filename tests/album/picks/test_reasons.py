"""Reasons are data, and every one of them has words and a name that programs can rely on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import pytest

from goodside.aesthetics.explanation.qualities import Quality
from goodside.album.album_photo import AlbumPhoto
from goodside.album.catalog import Group
from goodside.album.picks import (
    MIXED,
    AlbumScore,
    BestOfGroup,
    HasTrait,
    HasVersion,
    ModelScore,
    OnlyOneOfGroup,
    OnlyTrait,
    OriginalOfCopies,
    PickCriteria,
    Ranking,
    RatedByOwner,
    Reason,
    Shows,
    StandsForGroup,
    StandsOut,
    TasteScore,
    Trait,
    VersionOf,
    find_faults,
    reason_as_json,
    word_reason,
    word_reasons,
)
from goodside.album.picks.series import Series, find_series
from goodside.album.picks.worth import Worth, compute_worth
from goodside.phrase import Phrase
from goodside.types import GROUP_KINDS
from tests.album.picks.made import face, shot

_CASES: list[tuple[Reason, str, dict[str, object]]] = [
    (RatedByOwner(5), "you gave it 5 stars", {"kind": "rated_by_owner", "stars": 5}),
    (
        BestOfGroup("burst", 3),
        "the best of a burst of 3",
        {"kind": "best_of_group", "group": "burst", "count": 3},
    ),
    (
        StandsForGroup("panorama", 4),
        "stands for a panorama of 4 frames, which stays whole",
        {"kind": "stands_for_group", "group": "panorama", "count": 4},
    ),
    (
        OriginalOfCopies(1, ("smaller",)),
        "the original of 1 copy (smaller)",
        {"kind": "original_of_copies", "count": 1, "changes": ("smaller",)},
    ),
    (
        OriginalOfCopies(3, ("smaller", "blurred")),
        "the original of 3 copies (smaller, blurred)",
        {"kind": "original_of_copies", "count": 3, "changes": ("smaller", "blurred")},
    ),
    (
        ModelScore(6.04321, 74.9),
        "score 6.0",
        {"kind": "model_score", "score": 6.043, "percentile": 74.9},
    ),
    (
        ModelScore(7.5, 75.0),
        "score 7.5, above 75 % of photographs",
        {"kind": "model_score", "score": 7.5, "percentile": 75.0},
    ),
    (
        ModelScore(9.0, 100.0),
        "score 9.0, above 99 % of photographs",
        {"kind": "model_score", "score": 9.0, "percentile": 100.0},
    ),
    (
        TasteScore(7.26),
        "7.3 by your taste",
        {"kind": "taste_score", "score": 7.26},
    ),
    (
        VersionOf("a.jpg", "crop"),
        "a version of a.jpg: crop",
        {"kind": "version_of", "original": "a.jpg", "change": "crop"},
    ),
    (
        VersionOf(None, "crop"),
        "a version of another photograph: crop",
        {"kind": "version_of", "original": None, "change": "crop"},
    ),
    (
        HasVersion("b.jpg", "colour"),
        "there is a version of it: b.jpg, colour",
        {"kind": "has_version", "version": "b.jpg", "change": "colour"},
    ),
    (HasTrait(Trait.EYES_OPEN), "eyes open", {"kind": "eyes_open"}),
    (
        StandsOut(Quality.COLOURFUL, "kind", "night scene", 12, 1, 100.0),
        "the most colourful of the album's 12 night scenes",
        {
            "kind": "stands_out",
            "quality": "colourful",
            "among": "kind",
            "label": "night scene",
            "count": 12,
            "rank": 1,
            "percentile": 100.0,
        },
    ),
    (
        StandsOut(Quality.LIGHT, "album", None, 200, 3, 98.9999),
        "better lit than 98 % of the album",
        {
            "kind": "stands_out",
            "quality": "light",
            "among": "album",
            "label": None,
            "count": 200,
            "rank": 3,
            "percentile": 99.0,
        },
    ),
    (
        StandsOut(Quality.WARM_COLOURS, "photographs", None, None, None, 100.0),
        "warmer colours than 99 % of photographs",
        {
            "kind": "stands_out",
            "quality": "warm_colours",
            "among": "photographs",
            "label": None,
            "count": None,
            "rank": None,
            "percentile": 100.0,
        },
    ),
    (
        Shows(Quality.LEVEL_HORIZON),
        "a level horizon",
        {"kind": "shows", "quality": "level_horizon"},
    ),
    (
        OnlyOneOfGroup(OnlyTrait.SHARP_EYES, 5),
        "the only sharp, open eyes of 5 frames",
        {"kind": "only_one_of_group", "trait": "sharp_eyes", "count": 5},
    ),
    (
        AlbumScore("portrait", 40, 1, 100.0),
        "the highest score of the album's 40 portraits",
        {
            "kind": "album_score",
            "label": "portrait",
            "count": 40,
            "rank": 1,
            "percentile": 100.0,
        },
    ),
    (
        AlbumScore(None, 40, 4, 92.3),
        "scored above 92 % of the album",
        {"kind": "album_score", "label": None, "count": 40, "rank": 4, "percentile": 92.3},
    ),
]


@pytest.mark.parametrize(("reason", "words", "record"), _CASES)
def test_words_and_record(reason: Reason, words: str, record: dict[str, object]) -> None:
    assert word_reason(reason) == words
    assert reason_as_json(reason) == record


def test_every_kind_of_reason_is_in_the_table() -> None:
    assert {type(reason) for reason, _, _ in _CASES} == set(get_args(Reason))


def test_every_trait_has_words_of_its_own_and_a_kind() -> None:
    traits = [HasTrait(trait) for trait in Trait]
    assert len(set(word_reasons(traits))) == len(traits)
    assert [reason_as_json(one)["kind"] for one in traits] == [str(trait) for trait in Trait]


def test_every_quality_and_trait_of_one_has_words_of_its_own() -> None:
    said: list[Reason] = [
        *(StandsOut(one, "album", None, 40, rank, 90.0) for one in Quality for rank in (1, 2)),
        *(Shows(one) for one in Quality),
        *(OnlyOneOfGroup(one, 3) for one in OnlyTrait),
    ]
    words = {word_reason(reason) for reason in said}
    assert len(words) == len(said) - 2  # a level horizon has no degrees
    assert all(isinstance(one, Phrase) for one in words)


def test_reasons_can_be_said_in_another_language() -> None:
    german = {
        "more colourful than {share} of {others}": "bunter als {share} von {others}",
        "the album's {count} {kinds}": "{count} {kinds} des Albums",
        "night scenes": "Nachtaufnahmen",
    }
    reason = StandsOut(Quality.COLOURFUL, "kind", "night scene", 40, 3, 95.5)
    words = word_reason(reason)
    assert isinstance(words, Phrase)
    said = words.translated_by(lambda text: german.get(text, text), lambda one, _, __: one)
    assert said == "bunter als 95 % von 40 Nachtaufnahmen des Albums"


_ALONE: list[tuple[dict[str, float], dict[str, float], str]] = [
    ({"eyes": 0.0, "sharpness": 0.8}, {}, "the only open eyes of 3 frames"),
    ({"sharpness": 0.1}, {}, "the only sharp one of 3 frames"),
    ({"eyes": 0.0, "sharpness": 0.1}, {}, "the only sharp, open eyes of 3 frames"),
    ({"yaw": 60.0}, {}, "the only one of 3 frames that faces the camera"),
    ({}, {"clipped_bright": 0.3}, "the only well exposed one of 3 frames"),
]


@pytest.mark.parametrize(("worse", "facts", "words"), _ALONE)
def test_what_one_frame_alone_has(
    worse: dict[str, float], facts: dict[str, float], words: str
) -> None:
    good = shot(0, 7.0, faces=(face(sharpness=0.8),))
    bad = [shot(n, faces=(face(**worse),), facts=facts) for n in (1, 2)]
    best = Ranking([good, *bad]).best_of([good, *bad], kind="burst")
    assert best is not None
    assert words in word_reasons(best.reasons)
    too = shot(3, 6.9, faces=(face(sharpness=0.8),))
    with_another = Ranking([good, *bad, too]).best_of([good, *bad, too], kind="burst")
    assert with_another is not None
    assert words.replace("3", "4") not in word_reasons(with_another.reasons)


@pytest.mark.parametrize("kind", [*GROUP_KINDS, MIXED])
def test_every_kind_of_group_has_words(kind: str) -> None:
    best = Ranking([shot(0), shot(1)]).best_of([shot(0), shot(1)], kind=kind)
    assert best is not None
    assert kind.split("_", maxsplit=1)[0] in word_reasons(best.reasons)[0]
    assert "of 2" in word_reasons(best.reasons)[0]


@pytest.mark.parametrize(
    ("worth", "faults"),
    [
        (Worth(5.0), []),
        (Worth(5.0, sharpness=-0.34, eyes=-0.49, exposure=-0.29), []),
        (Worth(5.0, sharpness=-0.35), [Trait.NOT_SHARP]),
        (Worth(5.0, eyes=-0.5), [Trait.EYES_SHUT]),
        (Worth(5.0, exposure=-0.3), [Trait.BADLY_EXPOSED]),
        (
            Worth(5.0, sharpness=-0.7, eyes=-1.2, exposure=-2.0),
            [Trait.NOT_SHARP, Trait.EYES_SHUT, Trait.BADLY_EXPOSED],
        ),
    ],
)
def test_faults(worth: Worth, faults: list[Trait]) -> None:
    assert find_faults(worth) == tuple(map(HasTrait, faults))


def test_worth_and_series_are_computed_once_an_album(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = {"worth": 0, "series": 0}

    def counted_worth(one: AlbumPhoto) -> Worth:
        calls["worth"] += 1
        return compute_worth(one)

    def counted_series(shots: Sequence[AlbumPhoto]) -> list[Series]:
        calls["series"] += 1
        return find_series(shots)

    monkeypatch.setattr("goodside.album.picks.ranking.compute_worth", counted_worth)
    monkeypatch.setattr("goodside.album.picks.ranking.find_series", counted_series)
    burst = (Group("burst", (0, 1, 2), id=1),)
    shots = [shot(n, 5 + n / 10, groups=burst if n < 3 else ()) for n in range(12)]
    ranking = Ranking(shots)
    for n in (3, 12):
        ranking.best(PickCriteria(n=n))
    for series in ranking.series:
        ranking.best_of(series.shots, kind=series.kind)
    assert min(shots, key=lambda one: ranking.worth(one).total) is shots[0]
    assert calls == {"worth": len(shots), "series": 1}
