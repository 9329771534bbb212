"""What the photographs of an album are worth, asked of an index instead of all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from goodside.album.album_photo import AlbumPhoto
from goodside.album.picks import AlbumComparison, Pick, PickCriteria, Ranking, Worth, compute_worth


class AlbumRanking(Ranking):
    """A ranking that holds no photographs: it gives what a ranking of the whole album would.

    Args:
        pick: chooses the best of the album.
        comparison: what reasons compare with.
    """

    def __init__(
        self,
        pick: Callable[[PickCriteria], list[Pick]],
        *,
        comparison: Callable[[], AlbumComparison],
    ) -> None:
        super().__init__((), comparison=comparison)
        self._pick = pick

    def worth(self, shot: AlbumPhoto) -> Worth:
        """What a photograph is worth."""
        return compute_worth(shot)

    def best_of(self, shots: Sequence[AlbumPhoto], *, kind: str) -> Pick | None:
        """The best photograph of a group or series; see `Ranking.best_of`."""
        return Ranking(shots, comparison=self._compare).best_of(shots, kind=kind)

    def best(self, criteria: PickCriteria) -> list[Pick]:
        """The best photographs of the album; see `Ranking.best`."""
        return self._pick(criteria)
