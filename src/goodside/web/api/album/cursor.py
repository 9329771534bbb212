"""A place in a list that stays where it is while others are added or change."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from goodside.album.browse import AlbumIndex, BrowseQuery, Selection
from goodside.errors import OutOfRange

_FORM = re.compile(rb"(\d{1,18})\.(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of photographs ended.

    Attributes:
        photo_id: of its last photograph.
        offset: how many came before its end.
    """

    photo_id: int
    offset: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Of what `write` made.

        Raises:
            OutOfRange: it is something else.
        """
        try:
            found = _FORM.fullmatch(urlsafe_b64decode(text.encode("ascii")))
        except ValueError:
            found = None
        if found is None:
            raise OutOfRange("this is no cursor", remedy="take `next` of the page before")
        return cls(int(found[1]), int(found[2]))

    def write(self) -> str:
        """As text for an address."""
        return urlsafe_b64encode(b"%d.%d" % (self.photo_id, self.offset)).decode("ascii")

    def start(self, selection: Selection, query: BrowseQuery, index: AlbumIndex) -> int:
        """Where the page that follows begins.

        Behind the last photograph, wherever it is now. If it does not fit the query any more, where
        it would stand; if it has left the album, after as many as before.
        """
        here = np.flatnonzero(selection.ids == self.photo_id)
        if len(here):
            return int(here[0]) + 1
        every = index.select(
            replace(BrowseQuery(), sort=query.sort, descending=query.descending)
        ).ids
        place = np.flatnonzero(every == self.photo_id)
        if not len(place):
            return min(self.offset, len(selection))
        before = np.isin(selection.ids, every[: int(place[0])])
        return int(np.count_nonzero(before))
