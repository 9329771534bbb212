"""Why a photograph was chosen, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from statistics import median

from goodside.album.picks.series import MIXED, WHOLE
from goodside.album.picks.shot import Shot
from goodside.album.picks.worth import Worth, weigh

_GROUPS = {
    "burst": "the best of a burst of {n}",
    "near_duplicate": "the best of {n} near-duplicates",
    MIXED: "the best of a series of {n}",
    "scene": "the best of a scene of {n}",
    "bracket": "stands for a bracket of {n}, which stays whole",
    "panorama": "stands for a panorama of {n} frames, which stays whole",
}
_BETTER = {
    "sharpness": (0.15, "sharper than the others"),
    "eyes": (0.2, "eyes open"),
    "facing": (0.1, "faces the camera"),
    "exposure": (0.1, "better exposed"),
}
_CRISP = 0.3
_RARE = 75.0


def reasons(shot: Shot, *, others: Sequence[Shot], kind: str | None) -> tuple[str, ...]:
    """Name what told most.

    Args:
        shot: the chosen one.
        others: of its group or series, without it.
        kind: of the group or series; None where it stands alone.

    Returns:
        At least one reason, the most telling first.
    """
    told = ["your own pick"] if shot.flag == "pick" else []
    if shot.stars is not None and shot.stars > 3:
        told.append(f"you gave it {shot.stars} stars")
    worth = weigh(shot)
    if kind is not None and others:
        told.append(_GROUPS[kind].format(n=len(others) + 1))
        told += _copies(shot, others)
        if kind not in WHOLE:
            told += _against(worth, [weigh(other) for other in others])
    else:
        told += _alone(shot, worth)
    judged = shot.photo.judged
    if judged is not None:
        aesthetic = judged.aesthetic
        rank = f", above {min(aesthetic.percentile, 99):.0f} % of photographs"
        told.append(
            f"score {aesthetic.score:.1f}" + (rank if aesthetic.percentile >= _RARE else "")
        )
    return tuple(told) or ("nothing spoke against it",)


def edited_reasons(
    shot: Shot, versions: Sequence[Shot], *, names: Mapping[int, str]
) -> tuple[str, ...]:
    """Say that a photograph is an edited version, and which ones there are of it.

    Args:
        shot: the chosen one.
        versions: made from it.
        names: of photographs, by row number.
    """
    told = []
    if shot.relation is not None and shot.relation.kind == "version":
        original = names.get(shot.relation.of_id, "another photograph")
        told.append(f"a version of {original}: {shot.relation.why}")
    told += [
        f"there is a version of it: {one.name}, {one.relation.why}"
        for one in versions
        if one.relation is not None
    ]
    return tuple(told)


def _copies(shot: Shot, others: Sequence[Shot]) -> list[str]:
    """How many of the others are copies of it, and how they were made."""
    made = [
        other.relation.why
        for other in others
        if other.relation is not None
        and (other.relation.kind, other.relation.of_id) == ("copy", shot.photo.id)
    ]
    if not made:
        return []
    how = ", ".join(dict.fromkeys(made))
    return [f"the original of {len(made)} {'copy' if len(made) == 1 else 'copies'} ({how})"]


def _against(worth: Worth, others: Sequence[Worth]) -> list[str]:
    """What it has over the usual one of the others, the largest lead first."""
    leads = []
    for field in fields(worth):
        lead = getattr(worth, field.name) - median(getattr(w, field.name) for w in others)
        if field.name in _BETTER and lead >= _BETTER[field.name][0]:
            leads.append((lead, _BETTER[field.name][1]))
    return [words for _, words in sorted(leads, reverse=True)]


def _alone(shot: Shot, worth: Worth) -> list[str]:
    told = ["sharp"] if worth.sharpness >= _CRISP else []
    if shot.faces and worth.facing > -0.1:
        seen = [face.eyes_open for face in shot.faces if face.eyes_open is not None]
        eyes_open = bool(seen) and worth.eyes > -0.2
        told.append("eyes open, facing the camera" if eyes_open else "facing the camera")
    return told
