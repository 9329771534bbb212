"""Which reasons are said of photographs that are shown together."""

from __future__ import annotations

from collections import Counter

from goodside.aesthetics.explanation.qualities import Quality
from goodside.album.picks import AlbumScore, HasTrait, ModelScore, RatedByOwner, StandsOut, Trait
from goodside.album.picks.merits import Merits, choose_reasons


def _out(quality: Quality) -> StandsOut:
    return StandsOut(quality, "album", None, 100, 2, 99.0)


_WARM, _VIVID = _out(Quality.WARM_COLOURS), _out(Quality.COLOURFUL)
_CLEAR, _LIT, _BRIGHT = _out(Quality.CLEAR_SUBJECT), _out(Quality.LIGHT), _out(Quality.BRIGHT)
_SCORE = ModelScore(6.0, 50.0)


def test_the_two_heaviest_are_said_between_what_is_always_said() -> None:
    merits = Merits((RatedByOwner(5),), ((6.0, _WARM), (5.0, _CLEAR), (4.0, _BRIGHT)), (_SCORE,))
    assert choose_reasons([merits]) == [(RatedByOwner(5), _WARM, _CLEAR, _SCORE)]


def test_two_of_the_same_side_are_not_said_together() -> None:
    merits = Merits(choices=((6.0, _WARM), (5.0, _VIVID), (4.0, _BRIGHT)))
    assert choose_reasons([merits]) == [(_WARM, _BRIGHT)]


def test_of_many_a_fourth_have_the_same_reason_at_most() -> None:
    choices = ((6.0, _WARM), (3.0, _CLEAR), (2.0, _LIT), (1.0, _BRIGHT))
    found = choose_reasons([Merits(choices=choices) for _ in range(40)])
    said = Counter(reason for reasons in found for reason in reasons)
    assert max(said.values()) == 10
    assert set(said) == {_WARM, _CLEAR, _LIT, _BRIGHT}


def test_what_was_said_often_makes_way_for_what_was_not() -> None:
    choices = ((6.0, _WARM), (5.5, _CLEAR), (5.0, _LIT))
    found = choose_reasons([Merits(choices=choices) for _ in range(12)])
    assert found[0] == (_WARM, _CLEAR)
    assert _LIT in found[1]


def test_what_is_said_otherwise_stands_in_for_nothing() -> None:
    otherwise = ((3.0, AlbumScore(None, 40, 5, 90.0)),)
    with_choice = Merits((), ((1.0, _WARM),), (_SCORE,), otherwise)
    without = Merits((), (), (_SCORE,), otherwise)
    in_a_group = Merits((HasTrait(Trait.SHARPER),), (), (_SCORE,), otherwise)
    assert choose_reasons([with_choice, without, in_a_group]) == [
        (_WARM, _SCORE),
        (otherwise[0][1], _SCORE),
        (HasTrait(Trait.SHARPER), _SCORE),
    ]


def test_no_photographs_have_no_reasons() -> None:
    assert choose_reasons([]) == []
