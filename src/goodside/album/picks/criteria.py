"""What may be picked."""

from __future__ import annotations

from dataclasses import dataclass

from goodside.album.album_photo import AlbumPhoto


@dataclass(frozen=True, slots=True)
class PickCriteria:
    """What may be picked.

    Attributes:
        n: how many at most.
        per_day: how many of one day at most; None: any number.
        people: names, all of whom must be in the photograph.
        tags: all of which it must carry.
        min_percentile: 0-100, of the score among the model's reference photographs.
    """

    n: int = 20
    per_day: int | None = None
    people: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    min_percentile: float = 0.0

    def allows(self, shot: AlbumPhoto) -> bool:
        """Whether a photograph may be picked, whatever it is worth."""
        return is_eligible(shot) and self.matches(shot)

    def matches(self, shot: AlbumPhoto) -> bool:
        """Whether it shows what is wanted."""
        if not (shot.shows(self.people) and all(map(shot.carries, self.tags))):
            return False
        judged = shot.photo.judged
        percentile = 0.0 if judged is None else judged.aesthetic.percentile
        return percentile >= self.min_percentile


def is_eligible(shot: AlbumPhoto) -> bool:
    """Whether it is a whole photograph and not rejected; the person's own picks always are."""
    if shot.flag == "pick":
        return True
    return shot.flag != "reject" and not shot.photo.facts.incomplete and shot.is_photograph
