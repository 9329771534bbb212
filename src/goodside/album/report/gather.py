"""From a catalog to what a report shows of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from goodside.album.album_photo import AlbumPhoto, read_album_photos
from goodside.album.catalog import (
    Catalog,
    FailureRecord,
    PhotoRecord,
    list_failures,
    list_folders,
    read_crops,
    read_thumbnails,
)
from goodside.album.people import Person, group_by_person
from goodside.album.picks import (
    BestOfGroup,
    HasTrait,
    ModelScore,
    Pick,
    PickCriteria,
    Ranking,
    Reason,
    Trait,
    find_faults,
    word_reasons,
)
from goodside.album.report.credits import Credit
from goodside.album.report.names import short_names
from goodside.album.report.report import (
    Report,
    ReportFailure,
    ReportPerson,
    ReportSeries,
    Summary,
    Tile,
)
from goodside.album.report.taste import describe_taste
from goodside.album.report.terms import Terms
from goodside.album.report.turned_face import TurnedFace
from goodside.album.thumbnail import LARGE_PX, Picture, shrink, shrink_file
from goodside.errors import ImageError
from goodside.images import Limits
from goodside.images.guard import memory_guard
from goodside.images.orientation import read_photo_as
from goodside.runtime import ModelCard
from goodside.tags import display_name

_SHARE, _FEWEST, _MOST = 4, 6, 24
_REREAD, _PICK_PX = 24, 800
_SERIES, _OTHERS, _OTHER_PX = 40, 7, 240
_PEOPLE, _FACES, _FACE_PX = 24, 8, 160
_WEAKEST, _WEAKEST_PX = 8, 320
_FAILURES = 100
_TAGS = 4


def make_report(
    catalog: Catalog,
    *,
    title: str,
    folders: Sequence[Path] = (),
    photo_ids: Collection[int] | None = None,
    n: int | None = None,
    credit_of: Mapping[str, Credit] | None = None,
    limits: Limits | None = None,
    turned: TurnedFace | None = None,
    terms: tuple[Terms, ...] = (),
    made: date | None = None,
    card: ModelCard | None = None,
) -> Report:
    """Gather what a report shows of an album.

    Pictures come from the catalog's thumbnails; the first 24 picks are read again from their
    files, larger, where these can be read.

    Args:
        catalog: open.
        title: the heading.
        folders: only photographs below these; by default all.
        photo_ids: only photographs of these row numbers, and no failures; by default all.
        n: picks at most; by default a quarter of the photographs, from 6 to 24.
        credit_of: who made a photograph, by the name of its file.
        limits: on the bytes and pixels of a photograph.
        turned: a face turned, to be shown at the end.
        terms: of the weights.
        made: today.
        card: of the weights in use, to show the person's own taste; by default it is not shown.

    Raises:
        CatalogError: the catalog is damaged or cannot be read.
    """
    roots = [folder.absolute() for folder in folders]
    shots = _below(read_album_photos(catalog), roots)
    if photo_ids is not None:
        shots = [shot for shot in shots if shot.photo.id in photo_ids]
    ranking = Ranking(shots)
    album = _Shown(catalog, shots, ranking, credit_of=credit_of or {}, limits=limits)
    chosen = ranking.best(PickCriteria(n=n or _few(len(shots))))
    people, more_people = album.people()
    series, more_series = album.series()
    with catalog.read() as session:
        failures = [
            failure
            for failure in list_failures(session)
            if photo_ids is None and _is_below(failure.path, roots)
        ]
        known = list_folders(session)
    return Report(
        title=title,
        summary=_summary(shots, roots or known),
        picks=album.picks(chosen),
        people=people,
        series=series,
        weakest=album.weakest({pick.shot.photo.id for pick in chosen}),
        failures=_failure_rows(failures[:_FAILURES]),
        more_people=more_people,
        more_series=more_series,
        more_failures=max(0, len(failures) - _FAILURES),
        turned=turned,
        terms=terms,
        made=made,
        taste=None if card is None else describe_taste(shots, card=card),
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """The shots with what all parts of a report need of them."""

    catalog: Catalog
    shots: Sequence[AlbumPhoto]
    ranking: Ranking
    credit_of: Mapping[str, Credit]
    limits: Limits | None
    names: Mapping[Path, str] = field(init=False)

    def __post_init__(self) -> None:
        names = short_names([shot.photo.paths[0] for shot in self.shots])
        object.__setattr__(self, "names", names)

    def picks(self, chosen: Sequence[Pick]) -> tuple[Tile, ...]:
        tiles = []
        for index, pick in enumerate(chosen):
            side_px = LARGE_PX if index == 0 else _PICK_PX
            picture = self._reread(pick.shot, side_px) if index < _REREAD else None
            tiles.append(self._tile(pick.shot, side_px, _reasons(pick), picture=picture))
        return _there(tiles)

    def series(self) -> tuple[tuple[ReportSeries, ...], int]:
        """The largest series in order of capture, and how many more there are."""
        every = self.ranking.series
        largest = sorted(range(len(every)), key=lambda place: -len(every[place].shots))[:_SERIES]
        found = []
        for series in (every[place] for place in sorted(largest)):
            best = self.ranking.best_of(series.shots, kind=series.kind)
            others = [shot for shot in series.shots if best is None or shot is not best.shot]
            found.append(
                ReportSeries(
                    kind=series.kind,
                    count=len(series.shots),
                    chosen=None if best is None else self._tile(best.shot, _PICK_PX, _merits(best)),
                    others=_there(self._tile(one, _OTHER_PX) for one in others[:_OTHERS]),
                )
            )
        return tuple(found), len(every) - len(found)

    def people(self) -> tuple[tuple[ReportPerson, ...], int]:
        """Who is in the album, and how many more people there are."""
        faces = [face for shot in self.shots for face in shot.faces]
        known = [
            person
            for person in group_by_person(faces, self.catalog.decisions())
            if not person.hidden
            and (len(person.faces) > 1 or (person.name is not None and person.faces))
        ]
        return tuple(self._person(one) for one in known[:_PEOPLE]), len(known[_PEOPLE:])

    def weakest(self, picked: set[int]) -> tuple[Tile, ...]:
        """Those that are worth least; few of a small album."""
        judged = [
            shot
            for shot in self.shots
            if shot.photo.judged and shot.is_photograph and shot.photo.id not in picked
        ]
        judged.sort(key=lambda shot: self.ranking.worth(shot).total)
        worst = judged[: min(_WEAKEST, len(self.shots) // _SHARE)]
        return _there(
            self._tile(shot, _WEAKEST_PX, find_faults(self.ranking.worth(shot))) for shot in worst
        )

    def _person(self, one: Person) -> ReportPerson:
        wanted = [face.id for face in one.faces[:_FACES]]
        with self.catalog.read() as session:
            crops = read_crops(session, wanted)
        faces = tuple(shrink_file(crops[id_], side_px=_FACE_PX) for id_ in wanted if id_ in crops)
        return ReportPerson(one.name, len({face.photo_id for face in one.faces}), faces, one.key)

    def _tile(
        self,
        shot: AlbumPhoto,
        side_px: int,
        reasons: Iterable[Reason] = (),
        *,
        picture: Picture | None = None,
    ) -> Tile | None:
        """A shot as it is shown; None where the catalog holds no picture of it."""
        photo = shot.photo
        picture = picture or self._stored(photo.id, side_px)
        if picture is None:
            return None
        incomplete = (HasTrait(Trait.INCOMPLETE),) if photo.facts.incomplete else ()
        likely = _likely(photo)
        return Tile(
            name=self.names[photo.paths[0]],
            picture=picture,
            judged=photo.judged,
            tags=tuple(sorted(shot.tags, key=lambda tag: (-likely.get(tag, 1.0), tag))[:_TAGS]),
            people=tuple(sorted(shot.people)),
            taken=photo.facts.taken_at and photo.facts.taken_at.date(),
            reasons=word_reasons((*reasons, *incomplete)),
            credit=self.credit_of.get(photo.paths[0].name),
            is_photograph=shot.is_photograph,
        )

    def _stored(self, photo_id: int, side_px: int) -> Picture | None:
        with self.catalog.read() as session:
            data = read_thumbnails(session, [photo_id]).get(photo_id)
        return None if data is None else shrink_file(data, side_px=side_px)

    def _reread(self, shot: AlbumPhoto, side_px: int) -> Picture | None:
        """A larger picture from the file; None where it cannot be read any more."""
        try:
            path = shot.photo.paths[0]
            orientation = shot.photo.facts.orientation or 1
            with memory_guard(path):
                photo = read_photo_as(
                    path, orientation=orientation, fit_px=side_px, limits=self.limits
                )
                return shrink(photo.rgb, side_px=side_px)
        except ImageError:
            return None


def _likely(photo: PhotoRecord) -> dict[str, float]:
    """By name, how probable each kind and word of the network is."""
    judged = photo.judged
    if judged is None:
        return {}
    found: dict[str, float] = {}
    for label, probability in (*judged.tags.items(), *judged.words.items()):
        name = display_name(label)
        found[name] = max(probability, found.get(name, 0.0))
    return found


def _few(count: int) -> int:
    return max(_FEWEST, min(_MOST, count // _SHARE))


def _below(shots: Sequence[AlbumPhoto], roots: Sequence[Path]) -> list[AlbumPhoto]:
    return [shot for shot in shots if any(_is_below(path, roots) for path in shot.photo.paths)]


def _is_below(path: Path, roots: Sequence[Path]) -> bool:
    return not roots or any(path.is_relative_to(root) for root in roots)


def _there(tiles: Iterable[Tile | None]) -> tuple[Tile, ...]:
    return tuple(tile for tile in tiles if tile is not None)


def _summary(shots: Sequence[AlbumPhoto], folders: Sequence[Path]) -> Summary:
    facts = [shot.photo.facts for shot in shots]
    days = [fact.taken_at.date() for fact in facts if fact.taken_at is not None]
    cameras = Counter(fact.camera for fact in facts if fact.camera is not None)
    groups = {group.id: group.kind for shot in shots for group in shot.groups}
    return Summary(
        photos=len(shots),
        first=min(days, default=None),
        last=max(days, default=None),
        cameras=tuple(camera for camera, _ in cameras.most_common()),
        folders=tuple(folder.name or str(folder) for folder in folders),
        groups=dict(Counter(groups.values())),
        faces=sum(len(shot.faces) for shot in shots),
        scores=tuple(
            shot.photo.judged.aesthetic.score
            for shot in shots
            if shot.photo.judged is not None and shot.is_photograph
        ),
        not_photographs=sum(not shot.is_photograph for shot in shots),
    )


def _failure_rows(failures: Sequence[FailureRecord]) -> tuple[ReportFailure, ...]:
    names = short_names([failure.path for failure in failures])
    return tuple(ReportFailure(names[one.path], one.message) for one in failures)


def _reasons(pick: Pick) -> tuple[Reason, ...]:
    """Without the score, which stands beside them as a figure."""
    return tuple(one for one in pick.reasons if not isinstance(one, ModelScore))


def _merits(best: Pick) -> tuple[Reason, ...]:
    """Without the group, which stands above the photograph."""
    return tuple(one for one in _reasons(best) if not isinstance(one, BestOfGroup))
