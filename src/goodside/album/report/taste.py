"""What a report says of the person's own taste, as far as their decisions show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goodside.album.album_photo import AlbumPhoto
from goodside.album.own_taste import learn_own_taste, read_own_decisions, score_by_taste
from goodside.runtime import ModelCard

_MOST_NAMED, _FEWEST_TAGGED = 3, 5
_NOTABLE_POINTS = 0.1


@dataclass(frozen=True, slots=True)
class ReportTaste:
    """A taste learnt from the album's own decisions, or why there is none.

    Attributes:
        decisions: how many it was learnt from.
        shortage: what is missing; None: it was learnt.
        measure: `srcc` (rank correlation with stars) or `auc` (share of pairs of a pick and a
            reject in the right order).
        taste, general: how far the taste and the general score agree with decisions held out.
        is_certain: whether the difference is beyond chance (95 %).
        likes, likes_less: kinds of picture that it puts higher and lower than the general score,
            the most notable first.
    """

    decisions: int
    shortage: str | None = None
    measure: str = ""
    taste: float = 0.0
    general: float = 0.0
    is_certain: bool = False
    likes: tuple[str, ...] = ()
    likes_less: tuple[str, ...] = ()


def describe_taste(shots: Sequence[AlbumPhoto], *, card: ModelCard) -> ReportTaste | None:
    """Learn the taste that an album's decisions show; None where nothing was decided.

    Args:
        shots: of the album, in order of capture.
        card: of the weights in use.
    """
    decisions = read_own_decisions(shots, card=card)
    if not decisions.stars and not decisions.outdated:
        return None
    count = len(decisions.stars)
    if (shortage := decisions.shortage()) is not None:
        return ReportTaste(count, shortage)
    taste = learn_own_taste(decisions, card=card)
    agreement = taste.agreement
    likes, likes_less = _differences(score_by_taste(shots, taste, card=card))
    return ReportTaste(
        count,
        None,
        agreement.measure,
        agreement.taste,
        agreement.general,
        agreement.gain_interval[0] > 0,
        likes,
        likes_less,
    )


def _differences(shots: Sequence[AlbumPhoto]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tags that the taste puts higher, and lower, than the general score, against the album."""
    differences = [
        (shot, shot.taste - shot.photo.judged.aesthetic.score)
        for shot in shots
        if shot.taste is not None and shot.photo.judged is not None
    ]
    if not differences:
        return (), ()
    middle = float(np.mean([points for _, points in differences]))
    by_tag: dict[str, list[float]] = {}
    for shot, points in differences:
        for tag in shot.tags:
            by_tag.setdefault(tag, []).append(points - middle)
    means = sorted(
        (float(np.mean(points)), tag)
        for tag, points in by_tag.items()
        if _FEWEST_TAGGED <= len(points) < len(differences)
    )
    higher = [tag for mean, tag in reversed(means) if mean >= _NOTABLE_POINTS]
    lower = [tag for mean, tag in means if mean <= -_NOTABLE_POINTS]
    return tuple(higher[:_MOST_NAMED]), tuple(lower[:_MOST_NAMED])
