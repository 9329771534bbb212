"""The photographs of an album, ready to be browsed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from threading import RLock

import numpy as np

from goodside.album.album import Album
from goodside.album.album_photo import AlbumPhoto, read_album_photos
from goodside.album.browse.query import BrowseQuery
from goodside.album.browse.results import FacetCount, Facets, Selection
from goodside.album.people import Person, list_people
from goodside.album.picks import Ranking
from goodside.album.results import AlbumGroup
from goodside.album.search.order import Order
from goodside.album.search.query import Query, find


class AlbumIndex:
    """The photographs of an album; threads may share it.

    Args:
        album: whose catalog is read.
    """

    def __init__(self, album: Album) -> None:
        self._album = album
        self._lock = RLock()
        self._shots: dict[int, AlbumPhoto] = {}
        self._people: list[Person] = []
        self._version = 0
        self.refresh()

    @property
    def version(self) -> str:
        """Changes whenever anything that the index gives may have changed."""
        return str(self._version)

    def refresh(self) -> None:
        """Take in what was changed meanwhile, by whomever."""
        with self._lock, self._album.opened(create=True) as catalog:
            self._shots = {shot.photo.id: shot for shot in read_album_photos(catalog)}
            with catalog.read() as session:
                self._people = list_people(session)
            self._version += 1

    def select(self, query: BrowseQuery) -> Selection:
        """The photographs that fit."""
        shots = self._fitting(query)
        return Selection(
            np.array([shot.photo.id for shot in shots], dtype=np.int64),
            np.array([_ratio(shot) for shot in shots], dtype=np.float32),
            np.array([_day(shot) for shot in shots], dtype="datetime64[D]"),
        )

    def facets(self, query: BrowseQuery) -> Facets:
        """How many photographs each filter would leave."""
        shots = self._fitting(query)
        ids = {shot.photo.id for shot in shots}
        tags = Counter(tag for shot in shots for tag in shot.tags)
        cameras = Counter(shot.photo.facts.camera for shot in shots if shot.photo.facts.camera)
        folders = Counter(
            str(parent)
            for shot in shots
            for parent in {p for path in shot.photo.paths for p in path.parents}
        )
        days = Counter(_day(shot) for shot in shots if _day(shot))
        people = [
            FacetCount(one.key, one.label, len(ids & {face.photo_id for face in one.faces}))
            for one in self._people
        ]
        return Facets(
            tags=_counts(tags),
            people=[one for one in people if one.count],
            cameras=_counts(cameras),
            folders=sorted(_counts(folders), key=lambda one: one.value),
            days=sorted(_counts(days), key=lambda one: one.value),
            stars=[
                FacetCount(str(n), str(n), sum((shot.stars or 0) >= n for shot in shots))
                for n in range(1, 6)
            ],
            flags=[
                FacetCount(flag, flag, sum((shot.flag or "none") == flag for shot in shots))
                for flag in ("pick", "reject", "none")
            ],
            total=len(shots),
        )

    def photo(self, photo_id: int) -> AlbumPhoto:
        """One photograph.

        Raises:
            KeyError: it is not, or no longer, in the album.
        """
        return self._shots[photo_id]

    def photos(self, ids: Iterable[int]) -> list[AlbumPhoto]:
        """Photographs in the order of their row numbers; those that are gone are left out."""
        return [self._shots[one] for one in map(int, ids) if one in self._shots]

    def pick_ranking(self) -> Ranking:
        """What the photographs are worth."""
        return Ranking(list(self._shots.values()))

    def people(self) -> list[Person]:
        """Everybody: those with a name first, then by number of faces."""
        return list(self._people)

    def groups(self, kind: str | None = None) -> list[AlbumGroup]:
        """Groups, or those of one kind, with the best of each."""
        return self._album.groups(kind)

    def _fitting(self, query: BrowseQuery) -> list[AlbumPhoto]:
        with self._lock:
            shots = list(self._shots.values())
            theirs = [
                {face.photo_id for one in self._people if one.key == key for face in one.faces}
                for key in query.people
            ]
        wanted = Query(
            tags=frozenset(query.tags),
            min_score=query.min_score,
            since=query.since,
            until=query.until,
            camera=query.camera,
            text=query.text,
            order=Order(query.sort, query.descending),
        )
        found = [hit.shot for hit in find(shots, wanted)]
        return [
            shot
            for shot in found
            if all(shot.photo.id in photos for photos in theirs)
            and (query.flag is None or (shot.flag or "none") == query.flag)
            and (query.min_stars is None or (shot.stars or -1) >= query.min_stars)
            and (
                query.folder is None
                or any(path.is_relative_to(query.folder) for path in shot.photo.paths)
            )
        ]


def _ratio(shot: AlbumPhoto) -> float:
    facts = shot.photo.facts
    return facts.width / facts.height if facts.width and facts.height else 1.5


def _day(shot: AlbumPhoto) -> str | None:
    taken = shot.photo.facts.taken_at
    return None if taken is None else taken.date().isoformat()


def _counts(counted: Counter[str] | Counter[str | None]) -> list[FacetCount]:
    return [FacetCount(str(value), str(value), count) for value, count in counted.most_common()]
