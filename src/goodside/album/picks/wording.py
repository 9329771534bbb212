"""Reasons in words: for the terminal, the report and JSON alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from goodside.album.picks.reasons import (
    BestOfGroup,
    HasTrait,
    HasVersion,
    ModelScore,
    OriginalOfCopies,
    RatedByOwner,
    Reason,
    StandsForGroup,
    TasteScore,
    Trait,
    VersionOf,
)
from goodside.album.picks.series import MIXED

_TRAITS = {
    Trait.OWN_PICK: "your own pick",
    Trait.OWN_CHOICE: "your choice of its group",
    Trait.SHARPER: "sharper than the others",
    Trait.BETTER_EXPOSED: "better exposed",
    Trait.FACES_CAMERA: "faces the camera",
    Trait.EYES_OPEN: "eyes open",
    Trait.SHARP: "sharp",
    Trait.FACING_CAMERA: "facing the camera",
    Trait.EYES_OPEN_FACING_CAMERA: "eyes open, facing the camera",
    Trait.NOTHING_AGAINST: "nothing spoke against it",
    Trait.NOT_SHARP: "not sharp",
    Trait.EYES_SHUT: "eyes shut",
    Trait.BADLY_EXPOSED: "badly exposed",
    Trait.INCOMPLETE: "cut short",
}
_BEST = {
    "burst": "the best of a burst of {}",
    "near_duplicate": "the best of {} near-duplicates",
    MIXED: "the best of a series of {}",
    "scene": "the best of a scene of {}",
}
_WHOLE = {
    "bracket": "stands for a bracket of {}, which stays whole",
    "panorama": "stands for a panorama of {} frames, which stays whole",
}
_MIN_WORDED_PERCENTILE = 75.0
_MAX_WORDED_PERCENTILE = 99
"""No photograph is above all others."""


def word_reasons(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """Each reason as a phrase, in their order."""
    return tuple(map(word_reason, reasons))


def word_reason(reason: Reason) -> str:
    """A reason as a phrase, without a full stop."""
    match reason:
        case HasTrait(kind):
            words = _TRAITS[kind]
        case RatedByOwner(stars):
            words = f"you gave it {stars} stars"
        case BestOfGroup(group, count):
            words = _BEST[group].format(count)
        case StandsForGroup(group, count):
            words = _WHOLE[group].format(count)
        case OriginalOfCopies(count, changes):
            copies = "copy" if count == 1 else "copies"
            words = f"the original of {count} {copies} ({', '.join(changes)})"
        case ModelScore():
            words = _word_score(reason)
        case TasteScore(score):
            words = f"{score:.1f} by your taste"
        case VersionOf(original, change):
            words = f"a version of {original or 'another photograph'}: {change}"
        case HasVersion(version, change):
            words = f"there is a version of it: {version}, {change}"
        case _:
            assert_never(reason)
    return words


def _word_score(reason: ModelScore) -> str:
    words = f"score {reason.score:.1f}"
    if reason.percentile < _MIN_WORDED_PERCENTILE:
        return words
    return f"{words}, above {min(reason.percentile, _MAX_WORDED_PERCENTILE):.0f} % of photographs"
