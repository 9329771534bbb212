"""Reasons in words: for the terminal, the report, JSON and, translated, the gallery."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from goodside.aesthetics.explanation.kinds import plural
from goodside.aesthetics.explanation.quality_words import word_more, word_most, word_quality
from goodside.album.picks.reasons import (
    AlbumScore,
    BestOfGroup,
    HasTrait,
    HasVersion,
    ModelScore,
    OnlyOneOfGroup,
    OnlyTrait,
    OriginalOfCopies,
    RatedByOwner,
    Reason,
    Shows,
    StandsForGroup,
    StandsOut,
    TasteScore,
    Trait,
    VersionOf,
)
from goodside.album.picks.series import MIXED
from goodside.phrase import Phrase, count_phrase, listed, phrase

_TRAITS = {
    Trait.OWN_PICK: phrase("your own pick"),
    Trait.OWN_CHOICE: phrase("your choice of its group"),
    Trait.SHARPER: phrase("sharper than the others"),
    Trait.BETTER_EXPOSED: phrase("better exposed"),
    Trait.FACES_CAMERA: phrase("faces the camera"),
    Trait.EYES_OPEN: phrase("eyes open"),
    Trait.SHARP: phrase("sharp"),
    Trait.FACING_CAMERA: phrase("facing the camera"),
    Trait.EYES_OPEN_FACING_CAMERA: phrase("eyes open, facing the camera"),
    Trait.NOTHING_AGAINST: phrase("nothing spoke against it"),
    Trait.NOT_SHARP: phrase("not sharp"),
    Trait.EYES_SHUT: phrase("eyes shut"),
    Trait.BADLY_EXPOSED: phrase("badly exposed"),
    Trait.INCOMPLETE: phrase("cut short"),
}
_CHANGES = {
    "smaller": phrase("smaller"),
    "recompressed": phrase("recompressed"),
    "blurred": phrase("blurred"),
    "sharpened": phrase("sharpened"),
    "crop": phrase("crop"),
    "black and white": phrase("black and white"),
    "colour": phrase("colour"),
    "brightness": phrase("brightness"),
}
"""How copies and versions differ, by the word in the catalog."""
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
        case StandsOut() | Shows() | AlbumScore():
            words = _word_beside_album(reason)
        case OnlyOneOfGroup(trait, count):
            words = _word_only_one(trait, count)
        case RatedByOwner(stars):
            words = count_phrase("you gave it {count} star", "you gave it {count} stars", stars)
        case BestOfGroup(group, count) | StandsForGroup(group, count):
            words = _word_group(group, count)
        case OriginalOfCopies(count, changes):
            words = count_phrase(
                "the original of {count} copy ({changes})",
                "the original of {count} copies ({changes})",
                count,
                changes=listed(map(word_change, changes)),
            )
        case ModelScore():
            words = _word_score(reason)
        case TasteScore(score):
            words = phrase("{score} by your taste", score=f"{score:.1f}")
        case VersionOf(original, change):
            words = phrase(
                "a version of {original}: {change}",
                original=original or phrase("another photograph"),
                change=word_change(change),
            )
        case HasVersion(version, change):
            words = phrase(
                "there is a version of it: {version}, {change}",
                version=version,
                change=word_change(change),
            )
        case _:
            assert_never(reason)
    return words


def word_change(change: str) -> str:
    """How a copy or version differs, from the word in the catalog: `crop`, `black and white`."""
    return _CHANGES.get(change, change)


def _word_group(group: str, count: int) -> Phrase:
    """What a photograph is in its group; the messages stand out in full for `make texts`."""
    words = {
        "burst": count_phrase(
            "the best of a burst of {count}", "the best of a burst of {count}", count
        ),
        "near_duplicate": count_phrase(
            "the best of {count} near-duplicates", "the best of {count} near-duplicates", count
        ),
        MIXED: count_phrase(
            "the best of a series of {count}", "the best of a series of {count}", count
        ),
        "scene": count_phrase(
            "the best of a scene of {count}", "the best of a scene of {count}", count
        ),
        "bracket": count_phrase(
            "stands for a bracket of {count}, which stays whole",
            "stands for a bracket of {count}, which stays whole",
            count,
        ),
        "panorama": count_phrase(
            "stands for a panorama of {count} frame, which stays whole",
            "stands for a panorama of {count} frames, which stays whole",
            count,
        ),
    }
    return words[group]


def _word_beside_album(reason: StandsOut | Shows | AlbumScore) -> Phrase:
    """What it shows, beside the album, its kind in it or photographs in general."""
    if isinstance(reason, Shows):
        return word_quality(reason.quality)
    others = _word_compared(reason.label, reason.count)
    share = f"{min(int(reason.percentile), _MAX_WORDED_PERCENTILE)} %"  # above no more than it is
    match reason:
        case StandsOut(rank=1):
            return word_most(reason.quality, others)
        case StandsOut():
            return word_more(reason.quality, share=share, others=others)
        case AlbumScore(rank=1):
            return phrase("the highest score of {others}", others=others)
        case AlbumScore():
            return phrase("scored above {share} of {others}", share=share, others=others)


def _word_compared(label: str | None, count: int | None) -> Phrase:
    """What it is compared with: `the album's 40 portraits`."""
    if count is None:
        return phrase("photographs")
    if label is None:
        return phrase("the album")
    return phrase("the album's {count} {kinds}", count=count, kinds=plural(label))


def _word_only_one(trait: OnlyTrait, count: int) -> Phrase:
    return {
        OnlyTrait.OPEN_EYES: phrase("the only open eyes of {count} frames", count=count),
        OnlyTrait.SHARP_EYES: phrase("the only sharp, open eyes of {count} frames", count=count),
        OnlyTrait.SHARP: phrase("the only sharp one of {count} frames", count=count),
        OnlyTrait.FACES_CAMERA: phrase(
            "the only one of {count} frames that faces the camera", count=count
        ),
        OnlyTrait.WELL_EXPOSED: phrase("the only well exposed one of {count} frames", count=count),
    }[trait]


def _word_score(reason: ModelScore) -> Phrase:
    score = f"{reason.score:.1f}"
    if reason.percentile < _MIN_WORDED_PERCENTILE:
        return phrase("score {score}", score=score)
    share = f"{min(reason.percentile, _MAX_WORDED_PERCENTILE):.0f} %"
    return phrase("score {score}, above {share} of photographs", score=score, share=share)
