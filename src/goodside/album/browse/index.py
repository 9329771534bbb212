"""The photographs of an album, ready to be browsed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import uuid4

from goodside.album.album import Album
from goodside.album.album_photo import AlbumPhoto
from goodside.album.browse.album_ranking import AlbumRanking
from goodside.album.browse.columns import AlbumColumns
from goodside.album.browse.compared_photos import ComparedPhotos
from goodside.album.browse.likeness import find_similar
from goodside.album.browse.matching import Matching
from goodside.album.browse.people_index import PeopleIndex
from goodside.album.browse.picking import find_picks
from goodside.album.browse.query import BrowseQuery
from goodside.album.browse.reading import read_decided_faces, read_photos_of
from goodside.album.browse.results import Facets, PersonSeen, Selection
from goodside.album.browse.state import (
    AlbumState,
    changed_tables,
    is_recomputed,
    keep_versions,
    make_state,
    read_columns,
)
from goodside.album.catalog import (
    Entry,
    FaceRecord,
    Group,
    RunningJournal,
    list_groups,
)
from goodside.album.catalog.journal import redoable, undoable
from goodside.album.people import LikelyMatch, Person, sort_from_left, update_people
from goodside.album.picks import Pick, PickCriteria, Ranking
from goodside.album.results import AlbumGroup
from goodside.errors import CatalogError
from goodside.text import folded

_AT_ONCE_S = 0.3
"""How long reading all columns may take to be waited for; else it happens in the background."""
_REST = 4
"""How much longer the rest between two such readings is than the reading."""
_FEW_FACES = 2000
"""So many faces are grouped anew at once; more of them in the background."""
_SETTLE_AFTER_S = 2.0


class AlbumIndex:
    """The photographs of an album in columns, kept up to date; threads may share it.

    Decisions count as soon as they are in the journal, whoever took them. What a scan computes is
    taken in at once in a small album, and in the background in one that takes long to read.

    Args:
        album: whose catalog is read; it is made if it is missing.

    Raises:
        CatalogError: the catalog cannot be used.
    """

    def __init__(self, album: Album) -> None:
        self._album = album
        self._series = uuid4().hex[:8]
        self._refreshing = threading.RLock()
        self._journal = RunningJournal()
        self._people = PeopleIndex()
        self._compare = ComparedPhotos(lambda: self._state, self._read).comparison
        self._groups: tuple[tuple[object, ...], list[Group]] | None = None
        self._reload: threading.Thread | None = None
        self._reloaded_at = 0.0
        self._closing = threading.Event()
        self._settling: threading.Timer | None = None
        self._settled: tuple[object, ...] = ()
        with album.opened(create=True) as catalog:
            self._watch = catalog.watch_changes()
            self._by = catalog.by
            versions = self._watch.look()
            began = time.monotonic()
            columns = read_columns(catalog)
            self._load_s = time.monotonic() - began
            with catalog.read() as session:
                self._journal.update(session)
            self._state = make_state(
                catalog,
                None,
                versions=versions,
                decisions=self._journal.decisions,
                entries=self._journal.entries,
                columns=columns,
            )
        self._settled = _about_faces(self._state)
        if self._load_s > _AT_ONCE_S:
            threading.Thread(target=self._prepare, daemon=True).start()

    def close(self) -> None:
        """Finish or cancel what goes on in the background, and close its connection."""
        self._closing.set()
        with self._refreshing:
            settling = self._settling
        if settling is not None:
            settling.cancel()
            settling.join()
        if self._reload is not None:
            self._reload.join()
        self._watch.close()

    @property
    def version(self) -> str:
        """Changes whenever anything that the index gives may have changed."""
        return f"{self._series}-{self._state.number}"

    def refresh(self) -> None:
        """Take in what was changed meanwhile, by whomever; microseconds where nothing was.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        if self._watch.look() == self._state.versions:
            return
        with self._refreshing:
            versions = self._watch.look()
            changed = changed_tables(self._state.versions, versions)
            if is_recomputed(changed):
                if self._load_s <= _AT_ONCE_S:
                    self._read_anew()
                    return
                self._read_in_background()
                versions = keep_versions(self._state.versions, versions)
            if changed_tables(self._state.versions, versions):
                self._advance(versions)

    def invalidate(self) -> None:
        """Read all of it anew, as after a scan; pages show what was known until it is read."""
        self._read_anew()

    def select(self, query: BrowseQuery) -> Selection:
        """The photographs that fit, in order."""
        return self._matching(query).select()

    def facets(self, query: BrowseQuery) -> Facets:
        """How many photographs each filter would leave."""
        return self._matching(query).facets()

    def photo(self, photo_id: int) -> AlbumPhoto:
        """One photograph, without its features.

        Raises:
            KeyError: it is not, or no longer, in the album.
        """
        found = self.photos([photo_id])
        if not found:
            raise KeyError(photo_id)
        return found[0]

    def photos(self, ids: Iterable[int]) -> list[AlbumPhoto]:
        """Photographs in the order of their row numbers, each once, without their features.

        Those that are gone are left out.
        """
        return self._read(list(map(int, ids)))

    def ids_of(self, contents: Iterable[str]) -> dict[str, int]:
        """Row numbers of the photographs that are there, by content."""
        columns = self._state.columns
        row_of, ids = columns.row_of_content, columns.photos.ids
        return {one: int(ids[row_of[one]]) for one in contents if one in row_of}

    def file_names(self, contents: Iterable[str]) -> dict[str, str]:
        """The name of the first file of each photograph that is there, by content."""
        columns = self._state.columns
        row_of, paths = columns.row_of_content, columns.photos.paths
        return {one: Path(paths[row_of[one]][0]).name for one in contents if one in row_of}

    def made_from(self, photo_id: int) -> list[AlbumPhoto]:
        """Copies and edited versions of a photograph."""
        group = self.group_of(photo_id, "near_duplicate")
        relations = () if group is None else group.relations
        return self.photos([one.photo_id for one in relations if one.of_id == photo_id])

    def similar(self, photo_id: int, n: int) -> list[tuple[int, float]]:
        """Row numbers and cosines of what looks most like a photograph."""
        with self._album.opened() as catalog, catalog.read() as session:
            return find_similar(session, photo_id, n, there=self._state.columns.row_of.keys())

    def people(self) -> list[Person]:
        """Everybody: those with a name first, then by number of faces."""
        with self._album.opened() as catalog:
            return self._people.people(catalog, self._state)

    def person(self, key: str) -> Person | None:
        """Somebody, by key; whoever became part of another is the other."""
        key = self._state.decisions.person(key)
        return next((one for one in self.people() if one.key == key), None)

    def people_in(self, shot: AlbumPhoto) -> list[PersonSeen]:
        """Who is in a photograph, those with a name first."""
        state = self._state
        row = state.columns.row_of.get(shot.photo.id)
        keys = () if row is None else state.decided.people.of_row(row)
        names = state.decisions.names
        found = [PersonSeen(key, names.get(key)) for key in keys]
        return sorted(found, key=lambda one: (one.name is None, folded(one.name or ""), one.key))

    def names(self) -> dict[str, str]:
        """The names of those who have one, by key."""
        return dict(self._state.decisions.names)

    def nearest_people(self, key: str, n: int) -> list[tuple[Person, float]]:
        """Who somebody might be, with the distance (0-2), the nearest first."""
        with self._album.opened() as catalog:
            return self._people.nearest(catalog, self._state, key, n)

    def likely_matches(self) -> Mapping[str, tuple[LikelyMatch, ...]]:
        """Whom each person without a name may be, by key; the surest questions first."""
        with self._album.opened() as catalog:
            return self._people.likely_matches(catalog, self._state)

    def faces(self, ids: Iterable[int]) -> list[FaceRecord]:
        """Faces by row number, with decisions applied; those that are gone are left out."""
        wanted = list(dict.fromkeys(ids))
        with self._album.opened() as catalog, catalog.read() as session:
            found = read_decided_faces(session, self._state.faces, face_ids=wanted)
        known = {face.id: face for face in found}
        return [known[one] for one in wanted if one in known]

    def faces_in(self, photo_id: int) -> list[FaceRecord]:
        """The faces of a photograph, from the left, with decisions applied."""
        with self._album.opened() as catalog, catalog.read() as session:
            found = read_decided_faces(session, self._state.faces, photo_ids=[photo_id])
        return sort_from_left(found)

    def spelling(self, tag: str) -> str:
        """How the album spells a tag; as it is given where there is none like it."""
        return self._state.decided.vocabulary.name(tag)

    def stored_groups(self, kind: str | None = None) -> list[Group]:
        """Groups as the catalog has them, or those of one kind."""
        state = self._state
        tables = tuple(state.versions.get(one) for one in ("photo_group", "group_member"))
        known = (*tables, state.decisions.separated)
        cached = self._groups
        if cached is None or cached[0] != known:
            with self._album.opened() as catalog, catalog.read() as session:
                cached = self._groups = (known, list_groups(session))
        return [group for group in cached[1] if kind is None or group.kind == kind]

    def group_of(self, photo_id: int, kind: str) -> Group | None:
        """The group of a kind that a photograph is in."""
        with self._album.opened() as catalog, catalog.read() as session:
            found = list_groups(session, kind=kind, photo_ids=[photo_id])
        return next((one for one in found if photo_id in one.photo_ids), None)

    def groups(self, kind: str | None = None) -> list[AlbumGroup]:
        """Groups, or those of one kind, with all their photographs and the best of each."""
        found = self.stored_groups(kind)
        shots = self.photos(one for group in found for one in group.photo_ids)
        by_id = {shot.photo.id: shot for shot in shots}
        made = []
        for group in found:
            there = [by_id[one] for one in group.photo_ids if one in by_id]
            best = self.ranking_of(there).best_of(there, kind=group.kind)
            made.append(AlbumGroup(group.kind, tuple(there), best, group.relations))
        return made

    def ranking_of(self, shots: Sequence[AlbumPhoto]) -> Ranking:
        """What photographs are worth, among themselves."""
        return Ranking(shots, comparison=self._compare)

    def pick_ranking(self) -> Ranking:
        """What the photographs of the album are worth."""
        return AlbumRanking(partial(self.picks, query=BrowseQuery()), comparison=self._compare)

    def picks(self, criteria: PickCriteria, query: BrowseQuery) -> list[Pick]:
        """The best of what a query finds; see `Ranking.best`."""
        state = self._state
        among = self._matching(replace(query, sort="taken")).select().ids
        if criteria.among is not None:
            among = among[[one in criteria.among for one in among.tolist()]]
        return find_picks(
            state.columns,
            state.decided,
            criteria,
            among=among,
            groups=self.stored_groups(),
            read=lambda ids: self._read(ids, vectors=True),
            comparison=self._compare,
        )

    def journal(self) -> Sequence[Entry]:
        """All decisions, oldest first."""
        return self._state.entries

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return undoable(self._state.entries, by=self._by)

    @property
    def can_redo(self) -> bool:
        """Whether something that was taken back may hold again."""
        return bool(redoable(self._state.entries, by=self._by))

    def settle_people(self) -> None:
        """Group the faces anew if it was decided whose they are.

        At once where there are few, else some seconds after the last decision, in the background:
        what was decided itself counts at once in any case.
        """
        if _about_faces(self._state) == self._settled:
            return
        if len(self._state.columns.faces.ids) <= _FEW_FACES:
            self._settle()
            return
        with self._refreshing:
            if self._settling is not None:
                self._settling.cancel()
            self._settling = threading.Timer(_SETTLE_AFTER_S, self._settle)
            self._settling.daemon = True
            self._settling.start()

    def _prepare(self) -> None:
        """Compute what the first pages of a large album would wait for."""
        with suppress(CatalogError):  # whoever asks for a page is told
            self.people()
            self._state.columns.warm()
            self.stored_groups()

    def _settle(self) -> None:
        self._settled = _about_faces(self._state)
        with self._album.opened() as catalog:
            update_people(catalog)
        self.refresh()

    def _matching(self, query: BrowseQuery) -> Matching:
        state = self._state
        return Matching(state.columns, state.decided, query)

    def _read(self, ids: Sequence[int], *, vectors: bool = False) -> list[AlbumPhoto]:
        state = self._state
        with self._album.opened() as catalog, catalog.read() as session:
            return read_photos_of(
                session,
                ids,
                columns=state.columns,
                decided=state.decided,
                faces=state.faces,
                vectors=vectors,
            )

    def _read_in_background(self) -> None:
        if self._reload is None or not self._reload.is_alive():
            self._reload = threading.Thread(target=self._read_later, daemon=True)
            self._reload.start()

    def _read_later(self) -> None:
        rest_s = _REST * self._load_s - (time.monotonic() - self._reloaded_at)
        if not self._closing.wait(max(0.0, rest_s)):
            self._read_anew()

    def _read_anew(self) -> None:
        versions = self._watch.look()
        began = time.monotonic()
        with self._album.opened() as catalog:
            columns = read_columns(catalog)
        self._reloaded_at = time.monotonic()
        self._load_s = self._reloaded_at - began
        columns.warm()
        with self._refreshing:
            self._advance(versions, columns)

    def _advance(self, versions: Mapping[str, int], columns: AlbumColumns | None = None) -> None:
        """Take what was decided, and what was computed of faces, into the next state."""
        with self._album.opened() as catalog:
            with catalog.read() as session:
                self._journal.update(session)
            self._state = make_state(
                catalog,
                self._state,
                versions=versions,
                decisions=self._journal.decisions,
                entries=self._journal.entries,
                columns=self._state.columns if columns is None else columns,
            )


def _about_faces(state: AlbumState) -> tuple[object, ...]:
    decided = state.decisions
    return (
        decided.faces, decided.not_person, decided.merged, decided.rejected_faces,
        decided.names.keys(),
    )  # fmt: skip
