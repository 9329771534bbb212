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
        per_person: how many with the same person in them at most; None: any number.
        people: names, all of whom must be in the photograph.
        tags: all of which it must carry.
        min_percentile: 0-100, of the score among the model's reference photographs.
        among: row numbers of those that are wanted; None: all.
    """

    n: int = 20
    per_day: int | None = None
    per_person: int | None = None
    people: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    min_percentile: float = 0.0
    among: frozenset[int] | None = None

    def allows(self, shot: AlbumPhoto) -> bool:
        """Whether a photograph may be picked, whatever it is worth."""
        return is_eligible(shot) and self.matches(shot)

    def matches(self, shot: AlbumPhoto) -> bool:
        """Whether it shows what is wanted."""
        if self.among is not None and shot.photo.id not in self.among:
            return False
        if not (shot.shows(self.people) and all(map(shot.carries, self.tags))):
            return False
        return (shot.percentile or 0.0) >= self.min_percentile


def is_eligible(shot: AlbumPhoto) -> bool:
    """Whether it is a whole photograph and not rejected; the person's own picks always are."""
    if shot.flag == "pick":
        return True
    return shot.flag != "reject" and not shot.photo.facts.incomplete and shot.is_photograph
