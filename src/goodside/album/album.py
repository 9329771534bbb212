"""An album: what `goodside album` does, as calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Self

from goodside.aesthetics import Taste
from goodside.aesthetics.network import check_opinion
from goodside.album.album_photo import AlbumPhoto, read_album_photos
from goodside.album.catalog import (
    Catalog,
    CatalogLocation,
    DamagedRow,
    default_catalog_path,
    file_of,
    list_groups,
    remove_folder,
)
from goodside.album.grouping import group_again, group_people, scan_and_group
from goodside.album.own_taste import learn_own_taste, read_own_decisions, score_by_taste
from goodside.album.people import (
    Evidence,
    Person,
    Turner,
    gather_evidence,
    list_people,
    select_names,
)
from goodside.album.picks import PickCriteria, Ranking
from goodside.album.progress import StageProgress
from goodside.album.report import (
    SWEEP_DEG,
    Credit,
    Report,
    TurnedFace,
    check_target,
    gather_terms,
    make_report,
    models_shown,
    read_credits,
    turn_face,
    write_report,
)
from goodside.album.results import (
    AlbumGroup,
    PeopleUpdate,
    PickedPhoto,
    Review,
)
from goodside.album.scan import ScanSummary, Setup
from goodside.album.search.known_values import check_tags
from goodside.database_url import parse_location
from goodside.engines import Engines
from goodside.errors import OutOfRange
from goodside.runtime import ModelCard


def _ignore(_: object) -> None:
    pass


class Album:
    """Photographs in folders, and a catalog of what is known and decided about them.

    Originals are only read. Every call opens the catalog and closes it again; inside `with album:`
    it stays open between calls. An album must not cross a fork.

    Args:
        catalog: the database file, or a database on a server as
            `postgresql+psycopg://HOST/DATABASE`; by default the settings', else a file in the
            person's data folder.
        engines: networks and limits on photographs; by default as the environment's settings say.

    Attributes:
        damaged: rows of the catalog that calls so far had to go on without.
    """

    def __init__(
        self, catalog: str | CatalogLocation | None = None, *, engines: Engines | None = None
    ) -> None:
        self.engines = Engines() if engines is None else engines
        self.damaged: dict[tuple[str, str], DamagedRow] = {}
        self._place = None if catalog is None else parse_location(catalog)
        self._stays_open = False
        self._catalog: Catalog | None = None

    @property
    def location(self) -> CatalogLocation:
        """Where the catalog is, or will be; `str` of it shows no password.

        Raises:
            SettingsError: an environment variable of goodside's is wrong.
        """
        place = self._place or self.engines.settings.catalog or default_catalog_path()
        return place.absolute() if isinstance(place, Path) else place

    @property
    def path(self) -> Path:
        """The catalog's file, which need not be there yet.

        Raises:
            CatalogError: the catalog is kept by a server.
            SettingsError: an environment variable of goodside's is wrong.
        """
        return file_of(self.location, to="name it")

    @property
    def own_folder(self) -> Path:
        """Where a person's own files about the album lie: beside a file, else in the data folder.

        Raises:
            SettingsError: an environment variable of goodside's is wrong.
        """
        place = self.location
        return place.parent if isinstance(place, Path) else default_catalog_path().parent

    def is_there(self) -> bool:
        """Whether the catalog is there; of one on a server only a look inside tells.

        Raises:
            SettingsError: an environment variable of goodside's is wrong.
        """
        place = self.location
        return not isinstance(place, Path) or place.is_file()

    def open_catalog(self, *, create: bool = False, patience_s: float | None = None) -> Catalog:
        """The catalog, opened once more; whoever calls this closes it.

        Args:
            create: make it if it is missing.
            patience_s: how long to wait for another process that writes; by default 30 s.

        Raises:
            CatalogError: there is none, or it cannot be used.
            OutputError: it cannot be made.
            SettingsError: an environment variable of goodside's is wrong.
        """
        waits = {} if patience_s is None else {"patience_s": patience_s}
        return Catalog(self.location, create=create, by=self.engines.settings.user, **waits)

    def __enter__(self) -> Self:
        self._stays_open = True
        return self

    def __exit__(self, *exception: object) -> None:
        self._stays_open = False
        if self._catalog is not None:
            self._catalog.close()
            self._catalog = None

    @contextmanager
    def opened(self, *, create: bool = False) -> Iterator[Catalog]:
        """The catalog, for functions of `goodside.album` that take one.

        Args:
            create: make it if it is missing.

        Raises:
            CatalogError: there is none, or it cannot be used.
            OutputError: it cannot be made.
            SettingsError: an environment variable of goodside's is wrong.
        """
        catalog = self._catalog or self.open_catalog(create=create)
        if self._stays_open:
            self._catalog = catalog
        try:
            yield catalog
        finally:
            self.damaged |= catalog.damaged
            if catalog is not self._catalog:
                catalog.close()

    def review(
        self,
        folders: Sequence[str | Path] = (),
        *,
        out: str | Path | None = None,
        title: str = "Album",
        n: int | None = None,
        credits_table: str | Path | None = None,
        portrait: str | Path | None = None,
        made: date | None = None,
        overwrite: bool = False,
        exclude: Sequence[str] = (),
        faces: bool = True,
        retry: bool = False,
        workers: int | None = None,
        on_progress: Callable[[StageProgress], None] = _ignore,
        on_scanned: Callable[[ScanSummary], None] = _ignore,
        stop: Callable[[], bool] = lambda: False,
    ) -> Review:
        """Scan folders and report on them, as `goodside album DIR…` does.

        Args:
            folders: with everything in them; by default all that are known.
            out: where to write the report as HTML, if anywhere; see `write_report`.
            title, n, credits_table, portrait, made: as for `report`.
            overwrite: replace any file at `out`, but an original.
            exclude, faces, retry, workers, on_progress, stop: as for `scan`.
            on_scanned: called with what the scan did, before the report is made.

        Raises:
            OutputError: a file that goodside did not make stands at `out`; nothing was done.
            CatalogError, UnreadableImage, WeightsError, SettingsError: as for `scan` and `report`.
        """
        if out is not None:
            check_target(Path(out), overwrite=overwrite)
        scanned = self.scan(
            folders,
            exclude=exclude,
            faces=faces,
            retry=retry,
            workers=workers,
            on_progress=on_progress,
            stop=stop,
        )
        on_scanned(scanned)
        if scanned.stopped:
            return Review(scanned, None)
        report = self.report(
            folders, title=title, n=n, credits_table=credits_table, portrait=portrait, made=made
        )
        if out is not None:
            write_report(Path(out), report, overwrite=overwrite)
        return Review(scanned, report)

    def scan(
        self,
        folders: Sequence[str | Path] = (),
        *,
        exclude: Sequence[str] = (),
        faces: bool = True,
        retry: bool = False,
        workers: int | None = None,
        on_progress: Callable[[StageProgress], None] = _ignore,
        stop: Callable[[], bool] = lambda: False,
    ) -> ScanSummary:
        """Scan; then, if something changed, group photographs and faces anew.

        Only what changed is read. Side faces are turned before they are grouped where the rotation
        weights' card says that it helps.

        Args:
            folders: with everything in them; by default all that are known.
            exclude: patterns as in .gitignore of what is left out of `folders` from now on.
            faces: look for faces, where no decision turned them off for a folder.
            retry: try files again that failed before and did not change.
            workers: processes; by default as many as cores and memory allow; 0: none but this one.
            on_progress: called at the start of each stage and as it goes on.
            stop: asked often while files are read; after it says yes, what is begun is finished
                and kept, and nothing is grouped.

        Raises:
            CatalogError: there is no catalog and no folder, or it cannot be used.
            OutOfRange: patterns without folders; or one is empty or too long.
            UnreadableImage: one of `folders` does not exist and was never scanned.
            WeightsError: a network is missing or corrupt.
            SettingsError: an environment variable of goodside's is wrong.
        """
        if exclude and not folders:
            raise OutOfRange("patterns to leave out hold for folders", remedy="name the folders")
        engines = self.engines
        setup = Setup(
            engines.settings.weights_dir,
            engines.limits,
            engines.aesthetics_model,
            models=engines.models_folder,
        )
        roots = [Path(folder).absolute() for folder in folders]
        with self.opened(create=bool(roots)) as catalog:
            return scan_and_group(
                catalog,
                roots,
                setup=setup,
                open_turner=self._turner,
                exclude=exclude,
                faces=faces,
                retry=retry,
                workers=workers,
                on_progress=on_progress,
                stop=stop,
            )

    def regroup(self) -> None:
        """Group photographs and faces anew from what the catalog knows; reads no photograph.

        Raises: CatalogError, as for `people`.
        """
        with self.opened() as catalog:
            group_again(catalog)

    def remove_folders(self, folders: Sequence[str | Path]) -> dict[Path, int]:
        """Scan folders no more.

        Returns:
            By absolute folder, how many photographs left the album with it.

        Raises:
            CatalogError: a folder was never scanned, or the catalog cannot be used.
        """
        removed = {}
        with self.opened() as catalog:
            for folder in (Path(one).absolute() for one in folders):
                with catalog.write() as session:
                    removed[folder] = remove_folder(session, folder)
            group_again(catalog)
        return removed

    def people(self) -> list[Person]:
        """Everybody in the album: those with a name first, then by number of faces.

        Raises:
            CatalogError: there is no catalog, or it cannot be used.
        """
        with self.opened() as catalog, catalog.read() as session:
            return list_people(session)

    def update_people(
        self, *, on_progress: Callable[[StageProgress], None] = _ignore
    ) -> PeopleUpdate:
        """Group the faces anew, with side faces turned first where that helps.

        Raises:
            CatalogError: there is no catalog, or it cannot be used.
            WeightsError: a network is missing or corrupt.
            SettingsError: an environment variable of goodside's is wrong.
        """
        with self.opened() as catalog:
            return group_people(catalog, self._turner(), on_progress=on_progress)

    def evidence(self) -> Evidence:
        """Whether turning side faces helps to know the people who are confirmed here.

        Raises: as for `update_people`.
        """
        with self.opened() as catalog:
            return gather_evidence(catalog, self._turner())

    def picks(
        self,
        n: int = 20,
        *,
        per_day: int | None = None,
        people: Sequence[str] = (),
        tags: Sequence[str] = (),
        min_percentile: float = 0.0,
        taste: bool = False,
    ) -> list[PickedPhoto]:
        """The best photographs, the best first; of a series only the best frame.

        Args:
            n: at most.
            per_day: of one day at most; by default any number.
            people: names, keys or `PHOTO#N` of those who must be in it.
            tags: that it must carry, however they are spelt.
            min_percentile: 0-100, of the score among the model's reference photographs.
            taste: choose by the person's own taste, learnt from the album's decisions.

        Raises:
            CatalogError: there is no catalog, or it cannot be used.
            OutOfRange: nobody is called so; no photograph carries a tag.
            SettingsError: a taste is asked for, and there are too few decisions.
        """
        with self.opened() as catalog:
            with catalog.read() as session:
                names = select_names(session, people)
            shots = read_album_photos(catalog)
        check_tags(shots, tags)
        if taste:
            shots = score_by_taste(shots, self._learn_taste(shots), card=self._card)
        criteria = PickCriteria(
            n=n,
            per_day=per_day,
            people=names,
            tags=frozenset(tags),
            min_percentile=min_percentile,
        )
        files = {shot.photo.id: shot.photo.paths[0] for shot in shots}
        return [
            PickedPhoto(pick, tuple(files[each] for each in pick.kept_with if each in files))
            for pick in Ranking(shots).best(criteria)
        ]

    def learn_taste(self) -> Taste:
        """The person's own taste, from the album's stars, picks and rejects.

        Raises:
            CatalogError: there is no catalog, or it cannot be used.
            SettingsError: there are too few decisions; it says how many more are needed.
        """
        with self.opened() as catalog:
            return self._learn_taste(read_album_photos(catalog))

    def _learn_taste(self, shots: Sequence[AlbumPhoto]) -> Taste:
        return learn_own_taste(read_own_decisions(shots, card=self._card), card=self._card)

    def groups(self, kind: str | None = None) -> list[AlbumGroup]:
        """Bursts, near-duplicates, brackets, panoramas and scenes.

        Args:
            kind: only these.

        Raises:
            CatalogError: there is no catalog, or it cannot be used.
        """
        with self.opened() as catalog:
            photos = read_album_photos(catalog)
            with catalog.read() as session:
                found = list_groups(session, kind=kind)
        ranking, by_id = Ranking(photos), {shot.photo.id: shot for shot in photos}
        made = []
        for group in found:
            shots = [by_id[photo_id] for photo_id in group.photo_ids if photo_id in by_id]
            best = ranking.best_of(shots, kind=group.kind)
            made.append(AlbumGroup(group.kind, tuple(shots), best, group.relations))
        return made

    def report(
        self,
        folders: Sequence[str | Path] = (),
        *,
        title: str = "Album",
        n: int | None = None,
        credits_table: str | Path | None = None,
        portrait: str | Path | None = None,
        made: date | None = None,
    ) -> Report:
        """What a report shows: picks with their reasons, people, series, the weakest, failures.

        Args:
            folders: only photographs below these; by default all.
            title: the heading.
            n: picks at most; by default a quarter of the photographs, from 6 to 24.
            credits_table: a Markdown table of who made the photographs; see `read_credits`.
            portrait: a photograph whose face is turned, at the end.
            made: the day that stands on it, if any.

        Raises:
            CatalogError: there is no catalog, or it cannot be used.
            ImageError: the credits or the portrait cannot be read.
            NoFace: there is none in the portrait.
            OutOfRange: the file of credits holds no table.
            WeightsError: a network or card is missing or corrupt.
            SettingsError: an environment variable of goodside's is wrong.
        """
        with self.opened() as catalog:
            limits = self.engines.limits
            credit_of = {} if credits_table is None else read_credits(Path(credits_table))
            turned = None if portrait is None else self._turn(Path(portrait), credit_of)
            models = models_shown(
                faces=True, turning=turned is not None, judge=self.engines.aesthetics_model
            )
            return make_report(
                catalog,
                title=title,
                folders=[Path(folder) for folder in folders],
                n=n,
                credit_of=credit_of,
                limits=limits,
                turned=turned,
                terms=gather_terms(map(self.engines.store.card, models)),
                made=made,
                card=self._card,
            )

    @property
    def _card(self) -> ModelCard:
        """Of the weights that judge the album.

        Raises:
            WeightsError: there is none, or it is an encoder without heads.
        """
        card = self.engines.store.card(self.engines.aesthetics_model)
        check_opinion(card)
        return card

    def _turn(self, portrait: Path, credit_of: Mapping[str, Credit]) -> TurnedFace:
        return turn_face(
            portrait,
            rotator=self.engines.rotator(),
            finder=self.engines.face_finder(),
            yaws_deg=SWEEP_DEG,
            credit=credit_of.get(portrait.name),
            limits=self.engines.limits,
        )

    def _turner(self) -> Turner:
        return Turner(self.engines.rotator(), limits=self.engines.limits)
