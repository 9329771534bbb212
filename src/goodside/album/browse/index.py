"""The photographs of an album, ready to be browsed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from threading import RLock

import numpy as np

from goodside.album.album import Album
from goodside.album.album_photo import AlbumPhoto, read_album_photos
from goodside.album.browse.query import BrowseQuery
from goodside.album.browse.results import FacetCount, Facets, Selection
from goodside.album.catalog import (
    Entry,
    FaceRecord,
    Group,
    decisions,
    entries,
    list_faces,
    list_groups,
    read_face_vectors,
)
from goodside.album.catalog.journal import redoable, undoable
from goodside.album.people import Person, apply_decisions, list_people, update_people
from goodside.album.people.frontal_vectors import vectors_by_face
from goodside.album.people.selectors import sort_from_left
from goodside.album.picks import Pick, PickCriteria, Ranking
from goodside.album.results import AlbumGroup
from goodside.album.search.order import Order
from goodside.album.search.query import Query, find
from goodside.album.tag_names import read_vocabulary


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

    def people_in(self, shot: AlbumPhoto) -> list[Person]:
        """Who is in a photograph."""
        with self._lock:
            return [
                one
                for one in self._people
                if any(face.photo_id == shot.photo.id for face in one.faces)
                or (one.name is not None and shot.shows([one.name]))
            ]

    def person(self, key: str) -> Person | None:
        """Somebody, by key; whoever became part of another is the other."""
        with self._album.opened() as catalog:
            key = catalog.decisions().person(key)
        return next((one for one in self._people if one.key == key), None)

    def names(self) -> dict[str, str | None]:
        """Everybody's name by key."""
        return {one.key: one.name for one in self._people}

    def faces(self, ids: Iterable[int]) -> list[FaceRecord]:
        """Faces by row number, with decisions applied; those that are gone are left out."""
        with self._album.opened() as catalog, catalog.read() as session:
            found = {
                face.id: face for face in apply_decisions(list_faces(session), decisions(session))
            }
        return [found[one] for one in ids if one in found]

    def faces_in(self, photo_id: int) -> list[FaceRecord]:
        """The faces of a photograph, from the left, with decisions applied."""
        return self.faces([face.id for face in sort_from_left(self.photo(photo_id).faces)])

    def made_from(self, photo_id: int) -> list[AlbumPhoto]:
        """Copies and edited versions of a photograph."""
        return [
            shot
            for shot in self._shots.values()
            if shot.relation is not None and shot.relation.of_id == photo_id
        ]

    def similar(self, photo_id: int, n: int) -> list[tuple[int, float]]:
        """Row numbers and cosines of what looks most like a photograph."""
        own = self.photo(photo_id).vector
        if own is None:
            return []
        hits = find(list(self._shots.values()), Query(like=own.astype(np.float32), limit=n + 1))
        return [
            (hit.shot.photo.id, hit.likeness or 0.0)
            for hit in hits
            if hit.shot.photo.id != photo_id
        ][:n]

    def suggest_people(self, key: str, n: int) -> list[tuple[Person, float]]:
        """Who somebody might be, with the distance, the nearest first."""
        with self._album.opened() as catalog, catalog.read() as session:
            vectors = vectors_by_face(*read_face_vectors(session, "fused"))
        means = {}
        for one in self._people:
            theirs = [vectors[face.id] for face in one.faces if face.id in vectors]
            if theirs:
                total = np.sum(theirs, axis=0)
                means[one.key] = total / max(float(np.linalg.norm(total)), 1e-9)
        if key not in means:
            return []
        found = [
            (one, 1.0 - float(means[one.key] @ means[key]))
            for one in self._people
            if one.key != key and one.key in means
        ]
        return sorted(found, key=lambda pair: pair[1])[:n]

    def spelling(self, tag: str) -> str:
        """How the album spells a tag."""
        with self._album.opened() as catalog:
            return read_vocabulary(catalog).name(tag)

    def settle_people(self) -> None:
        """Group the faces anew, if it was decided whose they are."""
        with self._album.opened() as catalog:
            update_people(catalog)
        self.refresh()

    def invalidate(self) -> None:
        """Everything may have changed."""
        self.refresh()

    def stored_groups(self, kind: str | None = None) -> list[Group]:
        """Groups, or those of one kind."""
        with self._album.opened() as catalog, catalog.read() as session:
            return list_groups(session, kind=kind)

    def group_of(self, photo_id: int, kind: str) -> Group | None:
        """The group of a kind that a photograph is in."""
        shot = self._shots.get(photo_id)
        groups = () if shot is None else shot.groups
        return next((group for group in groups if group.kind == kind), None)

    def ranking_of(self, shots: Sequence[AlbumPhoto]) -> Ranking:
        """What photographs are worth, among themselves."""
        return Ranking(shots)

    def picks(self, criteria: PickCriteria, query: BrowseQuery) -> list[Pick]:
        """The best of what a query finds."""
        among = frozenset(self.select(query).ids.tolist())
        return self.pick_ranking().best(replace(criteria, among=among))

    def journal(self) -> list[Entry]:
        """All decisions, oldest first."""
        with self._album.opened() as catalog, catalog.read() as session:
            return entries(session)

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return undoable(self.journal())

    @property
    def can_redo(self) -> bool:
        """Whether something taken back may hold again."""
        return bool(redoable(self.journal()))

    def ids_of(self, contents: Iterable[str]) -> dict[str, int]:
        """Row numbers of the photographs that are there, by content."""
        wanted = set(contents)
        return {
            shot.photo.sha256: shot.photo.id
            for shot in self._shots.values()
            if shot.photo.sha256 in wanted
        }

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
