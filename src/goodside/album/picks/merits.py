"""Which of a photograph's reasons are said, so that a list of picks does not repeat itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from goodside.aesthetics.explanation.qualities import RATED, Quality
from goodside.album.picks.reasons import AlbumScore, HasTrait, Reason, Shows, StandsOut

_CHOSEN = 2
"""Reasons of those that can be left out that are said of one photograph at most."""
_MAX_SHARE = 4
"""A fourth of the picks at most have the same reason of those that can be left out."""
_FEW = 8
"""Picks up to which two may have the same."""
_SIDES = {
    Quality.COLOURFUL: "colour",
    Quality.WARM_COLOURS: "colour",
    Quality.COOL_COLOURS: "colour",
    Quality.WARM_AND_COOL: "colour",
    Quality.CLEAR_SUBJECT: "subject",
    Quality.SOFT_BACKGROUND: "subject",
    Quality.DARKER_BACKGROUND: "subject",
    Quality.LIGHTER_BACKGROUND: "subject",
    Quality.CONTRAST: "tones",
    Quality.BRIGHT: "tones",
    Quality.SYMMETRICAL: "lines",
    Quality.LEVEL_HORIZON: "lines",
    Quality.SHARP: "sharpness",
    Quality.SHARP_FACES: "sharpness",
    **dict.fromkeys(RATED, "rated"),
}


@dataclass(frozen=True, slots=True)
class Merits:
    """What speaks for a photograph.

    Attributes:
        first: reasons that are always said and stand before the others.
        choices: others with their weights, bits, the heaviest first; some of them are said.
        last: reasons that are always said and stand behind them.
        otherwise: said where nothing else is; with a weight as well.
    """

    first: tuple[Reason, ...] = ()
    choices: tuple[tuple[float, Reason], ...] = ()
    last: tuple[Reason, ...] = ()
    otherwise: tuple[tuple[float, Reason], ...] = ()


def choose_reasons(merits: Sequence[Merits]) -> list[tuple[Reason, ...]]:
    """The reasons of each of some photographs that are shown together.

    Photograph by photograph the heaviest of its choices are taken, of different sides of the
    picture (its colours, its subject, what the network rates), each the lighter the more often its
    like was taken before, until a fourth of the photographs have it. Where nothing at all is
    left to say, what stands `otherwise` is chosen among in the same way.

    Args:
        merits: of the photographs, in the order they are shown.

    Returns:
        At least one reason for each photograph that has any.
    """
    most = max(2, len(merits) // _MAX_SHARE) if len(merits) <= _FEW else len(merits) // _MAX_SHARE
    used: Counter[str] = Counter()
    found = []
    for one in merits:
        chosen = _taken(one.choices, used, most=most, count=_CHOSEN)
        if not chosen and not one.first:
            chosen = _taken(one.otherwise, used, most=most, count=1)
        found.append((*one.first, *chosen, *one.last))
    return found


def _taken(
    choices: Sequence[tuple[float, Reason]], used: Counter[str], *, most: int, count: int
) -> list[Reason]:
    """The heaviest, in the order of the choices; they are noted as used."""
    weights = {
        place: bits * (1 - used[_likeness(reason)] / most)
        for place, (bits, reason) in enumerate(choices)
        if used[_likeness(reason)] < most
    }
    taken: list[int] = []
    sides: set[str] = set()
    for place in sorted(weights, key=lambda place: -weights[place]):
        if len(taken) < count and (side := _side(choices[place][1])) not in sides:
            taken.append(place)
            sides.add(side)
    found = [choices[place][1] for place in sorted(taken)]
    used.update(map(_likeness, found))
    return found


def _side(reason: Reason) -> str:
    """The side of a picture that a reason names: two of the same side say little more than one."""
    if isinstance(reason, StandsOut | Shows):
        return _SIDES.get(reason.quality, reason.quality.value)
    return "face" if isinstance(reason, HasTrait) else type(reason).__name__


def _likeness(reason: Reason) -> str:
    """What reasons have in common that sound the same, whatever their figures."""
    match reason:
        case StandsOut() | Shows():
            return reason.quality.value
        case HasTrait():
            return reason.kind.value
        case AlbumScore():
            return f"score of {reason.label}"
        case _:
            return type(reason).__name__
