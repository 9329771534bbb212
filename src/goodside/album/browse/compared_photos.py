"""What the reasons of picks compare with, kept until photographs or tags change."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from goodside.album.album_photo import AlbumPhoto
from goodside.album.browse.state import AlbumState
from goodside.album.picks import AlbumComparison, compared_places


class ComparedPhotos:
    """Reads an album's photographs, or some thousands of very many, when it is first asked.

    Args:
        state: gives the present state of the album.
        read: reads photographs by row number.
    """

    def __init__(
        self, state: Callable[[], AlbumState], read: Callable[[Sequence[int]], list[AlbumPhoto]]
    ) -> None:
        self._state, self._read = state, read
        self._ids: NDArray[np.int64] | None = None
        self._decided: tuple[object, ...] = ()
        self._comparison = AlbumComparison(())

    def comparison(self) -> AlbumComparison:
        """The comparison with the album as it is."""
        state = self._state()
        ids, decisions = state.columns.photos.ids, state.decisions
        decided = (decisions.tags, decisions.tags_off, decisions.rejected_faces)
        if self._ids is not ids or self._decided != decided:
            places = compared_places(len(ids))
            shots = self._read([int(ids[place]) for place in places])
            self._comparison = AlbumComparison(shots, is_sample=len(places) < len(ids))
            self._ids, self._decided = ids, decided
        return self._comparison
