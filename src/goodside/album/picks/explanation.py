"""Which reasons speak for a photograph that was chosen, and which against one that was not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from statistics import median

from goodside.album.album_photo import AlbumPhoto
from goodside.album.picks.leads import MIN_LEADS
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

_SHARP, _FACING, _EYES_OPEN = 0.3, -0.1, -0.2
"""Points from which a photograph that stands alone is called so."""


def find_merits(
    shot: AlbumPhoto,
    *,
    others: Sequence[AlbumPhoto],
    kind: str | None,
    worths: Mapping[int, Worth],
) -> tuple[Reason, ...]:
    """What speaks most for a photograph.

    Args:
        shot: the chosen one.
        others: of its group or series, without it.
        kind: of the group or series; None where it stands alone.
        worths: of all of them, by the photo's row number.

    Returns:
        At least one reason, the strongest first.
    """
    found: list[Reason] = []
    if shot.flag == "pick":
        found.append(HasTrait(Trait.OWN_PICK))
    if shot.kept and others:
        found.append(HasTrait(Trait.OWN_CHOICE))
    if shot.stars is not None and shot.stars > 3:
        found.append(RatedByOwner(shot.stars))
    worth = worths[shot.photo.id]
    if kind is None or not others:
        found += _alone(shot, worth)
    elif kind in KEPT_WHOLE:
        found += [StandsForGroup(kind, len(others) + 1), *_copies(shot, others)]
    else:
        found += [BestOfGroup(kind, len(others) + 1), *_copies(shot, others)]
        found += _leads(worth, [worths[other.photo.id] for other in others])
    judged = shot.photo.judged
    if shot.taste is not None:
        found.append(TasteScore(shot.taste))
    if judged is not None and shot.is_photograph:
        found.append(ModelScore(judged.aesthetic.score, judged.aesthetic.percentile))
    return tuple(found) or (HasTrait(Trait.NOTHING_AGAINST),)


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


def _leads(worth: Worth, others: Sequence[Worth]) -> list[Reason]:
    """Where it exceeds the median of the others, the largest lead first."""
    leads = []
    for field in fields(worth):
        lead = getattr(worth, field.name) - median(getattr(w, field.name) for w in others)
        if field.name in _MIN_LEADS and lead >= _MIN_LEADS[field.name][0]:
            leads.append((lead, _MIN_LEADS[field.name][1]))
    return [HasTrait(trait) for _, trait in sorted(leads, reverse=True)]


def _alone(shot: AlbumPhoto, worth: Worth) -> list[Reason]:
    found: list[Reason] = [HasTrait(Trait.SHARP)] if worth.sharpness >= _SHARP else []
    if shot.faces and worth.facing > _FACING:
        seen = [face.eyes_open for face in shot.faces if face.eyes_open is not None]
        eyes_open = bool(seen) and worth.eyes > _EYES_OPEN
        found.append(HasTrait(Trait.EYES_OPEN_FACING_CAMERA if eyes_open else Trait.FACING_CAMERA))
    return found
