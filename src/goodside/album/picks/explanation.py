"""Which reasons speak for a photograph that was chosen, and which against one that was not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from statistics import median

from goodside.album.album_photo import AlbumPhoto
from goodside.album.picks.comparison import AlbumComparison, is_of_a_person
from goodside.album.picks.leads import MIN_LEADS
from goodside.album.picks.merits import Merits
from goodside.album.picks.reasons import (
    BestOfGroup,
    HasTrait,
    HasVersion,
    ModelScore,
    OnlyOneOfGroup,
    OnlyTrait,
    OriginalOfCopies,
    RatedByOwner,
    Reason,
    StandsForGroup,
    TasteScore,
    Trait,
    VersionOf,
)
from goodside.album.picks.series import KEPT_WHOLE
from goodside.album.picks.worth import Worth

_MIN_LEADS = {
    "sharpness": (MIN_LEADS["sharpness"], Trait.SHARPER),
    "eyes": (MIN_LEADS["eyes"], Trait.EYES_OPEN),
    "facing": (MIN_LEADS["facing"], Trait.FACES_CAMERA),
    "exposure": (MIN_LEADS["exposure"], Trait.BETTER_EXPOSED),
}
"""Points by which a part of the worth must exceed the others' median to be a reason."""

_MAX_FAULTS = {
    "sharpness": (-0.35, Trait.NOT_SHARP),
    "eyes": (-0.5, Trait.EYES_SHUT),
    "exposure": (-0.3, Trait.BADLY_EXPOSED),
}
"""Points down to which a part of the worth speaks against a photograph."""

_ALONE = {
    "sharpness": OnlyTrait.SHARP,
    "eyes": OnlyTrait.OPEN_EYES,
    "facing": OnlyTrait.FACES_CAMERA,
    "exposure": OnlyTrait.WELL_EXPOSED,
}
_ALONE_BOUNDS = {
    "sharpness": (-0.35, -0.15),
    "eyes": (-0.5, -0.2),
    "facing": (-0.2, -0.1),
    "exposure": (-0.3, -0.1),
}
"""Points up to which all others, and from which the one, for it to be the only one."""

_ALONE_BITS = 1.0
"""What is said without a comparison stands behind what is rare in the album."""

_SHARP, _FACING, _EYES_OPEN = 0.3, -0.1, -0.2
"""Points from which a photograph that stands alone is called so."""


def find_merits(
    shot: AlbumPhoto,
    *,
    others: Sequence[AlbumPhoto],
    kind: str | None,
    worths: Mapping[int, Worth],
    comparison: AlbumComparison,
) -> Merits:
    """What speaks most for a photograph.

    Args:
        shot: the chosen one.
        others: of its group or series, without it.
        kind: of the group or series; None where it stands alone.
        worths: of all of them, by the photo's row number.
        comparison: with the album.

    Returns:
        At least one reason among them.
    """
    first: list[Reason] = []
    if shot.flag == "pick":
        first.append(HasTrait(Trait.OWN_PICK))
    if shot.kept and others:
        first.append(HasTrait(Trait.OWN_CHOICE))
    if shot.stars is not None and shot.stars > 3:
        first.append(RatedByOwner(shot.stars))
    worth = worths[shot.photo.id]
    choices = comparison.find(shot)
    if kind is None or not others:
        choices += _alone(shot, worth, is_compared=comparison.is_large)
    elif kind in KEPT_WHOLE:
        first += [StandsForGroup(kind, len(others) + 1), *_copies(shot, others)]
    else:
        beside = [worths[other.photo.id] for other in others]
        first += [BestOfGroup(kind, len(others) + 1), *_copies(shot, others)]
        first += _leads(shot, worth, beside)
    last: list[Reason] = []
    judged = shot.photo.judged
    if shot.taste is not None:
        last.append(TasteScore(shot.taste))
    if judged is not None and shot.is_photograph:
        last.append(ModelScore(judged.aesthetic.score, judged.aesthetic.percentile))
    if not (first or choices or last):
        last.append(HasTrait(Trait.NOTHING_AGAINST))
    choices.sort(key=lambda rated: -rated[0])
    return Merits(tuple(first), tuple(choices), tuple(last), tuple(comparison.find_score(shot)))


def find_versions(
    shot: AlbumPhoto, versions: Sequence[AlbumPhoto], *, names: Mapping[int, str]
) -> tuple[Reason, ...]:
    """That a photograph is an edited version, and which ones there are of it.

    Args:
        shot: the chosen one.
        versions: made from it.
        names: of photographs, by row number.
    """
    found: list[Reason] = []
    if shot.relation is not None and shot.relation.kind == "version":
        found.append(VersionOf(names.get(shot.relation.of_id), shot.relation.why))
    found += [
        HasVersion(one.name, one.relation.why) for one in versions if one.relation is not None
    ]
    return tuple(found)


def find_faults(worth: Worth) -> tuple[Reason, ...]:
    """What speaks against a photograph besides its score; nothing, for most."""
    return tuple(
        HasTrait(trait)
        for part, (bound, trait) in _MAX_FAULTS.items()
        if getattr(worth, part) <= bound
    )


def _copies(shot: AlbumPhoto, others: Sequence[AlbumPhoto]) -> list[Reason]:
    """How many of the others are copies of it, and how they were made."""
    changes = [
        other.relation.why
        for other in others
        if other.relation is not None
        and (other.relation.kind, other.relation.of_id) == ("copy", shot.photo.id)
    ]
    if not changes:
        return []
    return [OriginalOfCopies(len(changes), tuple(dict.fromkeys(changes)))]


def _leads(shot: AlbumPhoto, worth: Worth, others: Sequence[Worth]) -> list[Reason]:
    """Where it exceeds the median of the others, the largest lead first; or has what none has."""
    leads = []
    for field in fields(worth):
        lead = getattr(worth, field.name) - median(getattr(w, field.name) for w in others)
        if field.name in _MIN_LEADS and lead >= _MIN_LEADS[field.name][0]:
            leads.append((lead, field.name))
    parts = [part for _, part in sorted(leads, reverse=True)]
    alone = {part for part in parts if _is_alone(part, worth, others)}
    if {"eyes", "sharpness"} <= alone and shot.faces:
        parts.remove("sharpness")
    found: list[Reason] = []
    for part in parts:
        if part not in alone:
            found.append(HasTrait(_MIN_LEADS[part][1]))
        elif part == "eyes" and "sharpness" in alone:
            found.append(OnlyOneOfGroup(OnlyTrait.SHARP_EYES, len(others) + 1))
        else:
            found.append(OnlyOneOfGroup(_ALONE[part], len(others) + 1))
    return found


def _is_alone(part: str, worth: Worth, others: Sequence[Worth]) -> bool:
    """Whether a part is good in this one and bad in all others, two at least."""
    bad, good = _ALONE_BOUNDS[part]
    return (
        len(others) > 1
        and getattr(worth, part) >= good
        and all(getattr(other, part) <= bad for other in others)
    )


def _alone(shot: AlbumPhoto, worth: Worth, *, is_compared: bool) -> list[tuple[float, Reason]]:
    """What can be said of a photograph without others beside it.

    Args:
        shot: the photograph.
        worth: of it.
        is_compared: its sharpness stands beside that of an album.
    """
    found: list[tuple[float, Reason]] = []
    if worth.sharpness >= _SHARP and not is_compared:
        found.append((_ALONE_BITS, HasTrait(Trait.SHARP)))
    faces = [face for face in shot.faces if is_of_a_person(face)]
    if faces and worth.facing > _FACING:
        seen = [face.eyes_open for face in faces if face.eyes_open is not None]
        eyes_open = bool(seen) and worth.eyes > _EYES_OPEN
        trait = Trait.EYES_OPEN_FACING_CAMERA if eyes_open else Trait.FACING_CAMERA
        found.append((_ALONE_BITS, HasTrait(trait)))
    return found
