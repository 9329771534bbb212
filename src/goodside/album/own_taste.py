"""A person's taste, learnt from what they decided in an album: stars, picks and rejects.

Only decisions count: a photograph that nobody rated, picked or rejected may not have been looked
at. What the network saw stands in the catalog, so that no photograph is opened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from goodside.aesthetics.learn import fit_taste
from goodside.aesthetics.ratings import Ratings
from goodside.aesthetics.taste import Taste, Traits
from goodside.album.album_photo import AlbumPhoto
from goodside.errors import SettingsError
from goodside.runtime import ModelCard

FEWEST_DECISIONS = 10
FEWEST_DIFFERENT = 3
"""Decisions that must differ from the commonest one: picks alone say nothing."""
MOST_DECISIONS = 600
"""More are thinned out evenly over the time of capture: learning takes the cube of their number."""

_PICKED, _REJECTED = 4.0, 1.0  # stars that a pick or reject stands for beside rated photographs


@dataclass(frozen=True, slots=True)
class OwnDecisions:
    """What a person decided about photographs of an album that a taste can be learnt from.

    Attributes:
        shots: those decided about, in order of capture.
        stars: as many; 1-5, or 1 and 0 for picks and rejects where there are no stars at all.
        are_picks: whether there are picks and rejects only.
        outdated: how many more there are that other weights judged.
    """

    shots: tuple[AlbumPhoto, ...]
    stars: tuple[float, ...]
    are_picks: bool
    outdated: int = 0

    @property
    def needed(self) -> int:
        """How many more decisions a taste needs at least."""
        return max(0, FEWEST_DECISIONS - len(self.stars))

    @property
    def needed_different(self) -> int:
        """How many of them must differ from the commonest one."""
        commonest = max(Counter(self.stars).values(), default=0)
        return max(0, FEWEST_DIFFERENT - (len(self.stars) - commonest))

    def shortage(self) -> str | None:
        """What is missing, in words; None: there is enough to learn from."""
        count, outdated = len(self.stars), ""
        if self.outdated:
            outdated = f"; {self.outdated} more are of photographs that other weights judged"
        if not self.needed and not self.needed_different:
            return None
        if self.needed_different > self.needed:
            differ = "differs" if self.needed_different == 1 else "differ"
            what = "rejects or picks" if self.are_picks else "photographs with other stars"
            return (
                f"{count} decisions, nearly all alike, are too little to learn a taste from: "
                f"{_needed(self.needed_different)} that {differ}, {what}{outdated}"
            )
        decisions = "1 decision is" if count == 1 else f"{count} decisions are"
        return f"{decisions} too few to learn a taste from: {_needed(self.needed)}{outdated}"


def read_own_decisions(shots: Sequence[AlbumPhoto], *, card: ModelCard) -> OwnDecisions:
    """What was decided about photographs that the weights in use judged.

    A pick without stars counts as four stars, a reject without stars as one, zero stars as no
    rating. Pictures that are not photographs are left out.

    Args:
        shots: of an album, in order of capture.
        card: of the weights.
    """
    decided = [shot for shot in shots if _is_decided(shot) and shot.is_photograph]
    seen = [shot for shot in decided if _is_seen(shot, card)]
    step = max(1.0, len(seen) / MOST_DECISIONS)
    kept = tuple(seen[int(at * step)] for at in range(round(len(seen) / step)))
    are_picks = not any(shot.stars for shot in kept)
    stars = tuple(_stars(shot, are_picks=are_picks) for shot in kept)
    return OwnDecisions(kept, stars, are_picks, len(decided) - len(seen))


def learn_own_taste(decisions: OwnDecisions, *, card: ModelCard, seed: int = 0) -> Taste:
    """Learn a taste from decisions; see `goodside.aesthetics.learn`.

    Args:
        decisions: of an album.
        card: of the weights that judged it.
        seed: of the folds and the bootstrap.

    Raises:
        SettingsError: there are too few, or nearly all are alike; it says how many more are needed.
    """
    if (lacking := decisions.shortage()) is not None:
        raise SettingsError(
            lacking,
            remedy="give stars, pick and reject in the gallery, or with goodside album rate, pick "
            "and reject; goodside album scan judges anew what earlier weights judged"
            if decisions.outdated
            else "give stars, pick and reject in the gallery, or with goodside album rate, pick "
            "and reject",
        )
    ratings = Ratings(
        "picks" if decisions.are_picks else "scores",
        tuple(shot.photo.paths[0] for shot in decisions.shots),
        np.array(decisions.stars),
        np.zeros((0, 2), np.int64),
    )
    traits = _traits(decisions.shots, card)
    return fit_taste(ratings, traits, model=card.identifier, sha256=card.fingerprint, seed=seed)


def score_by_taste(
    shots: Sequence[AlbumPhoto], taste: Taste, *, card: ModelCard
) -> list[AlbumPhoto]:
    """The photographs with a score by a taste beside the general one, in their order.

    Those that other weights judged, and what is not a photograph, stay as they are.

    Args:
        shots: of an album.
        taste: learnt on the weights.
        card: of the weights.

    Raises:
        WeightsError: the taste was learnt on other weights.
    """
    taste.check(card)
    seen = [at for at, shot in enumerate(shots) if _is_seen(shot, card)]
    scored = list(shots)
    if seen:
        liked = taste.scores(_traits([shots[at] for at in seen], card))
        for at, score in zip(seen, liked.tolist(), strict=True):
            scored[at] = replace(shots[at], taste=score)
    return scored


def _needed(count: int) -> str:
    return f"{count} more {'is' if count == 1 else 'are'} needed"


def _is_decided(shot: AlbumPhoto) -> bool:
    return bool(shot.stars) or shot.flag is not None


def _is_seen(shot: AlbumPhoto, card: ModelCard) -> bool:
    judged = shot.photo.judged
    is_current = judged is not None and judged.model == card.identifier
    return is_current and shot.vector is not None and shot.is_photograph


def _stars(shot: AlbumPhoto, *, are_picks: bool) -> float:
    if shot.stars:
        return float(shot.stars)
    if are_picks:
        return float(shot.flag == "pick")
    return _PICKED if shot.flag == "pick" else _REJECTED


def _traits(shots: Sequence[AlbumPhoto], card: ModelCard) -> Traits:
    """What the network saw in photographs that it judged, from the catalog."""
    labels = [str(label) for label in card.facts["semantic_labels"]]
    judged = [shot.photo.judged for shot in shots]
    return Traits(
        score=np.array([0.0 if one is None else one.aesthetic.score for one in judged]),
        embedding=np.array([shot.vector for shot in shots], dtype=np.float32),
        tags=np.array(
            [
                [0.0 if one is None else one.tags.get(label, 0.0) for label in labels]
                for one in judged
            ],
            dtype=np.float32,
        ),
    )
