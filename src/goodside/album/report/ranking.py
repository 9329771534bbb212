"""Photographs ranked by score, without a catalog: from files to a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from goodside.album.catalog import StoredAssessment
from goodside.album.progress import Stage, StageProgress
from goodside.album.report.credits import Credit
from goodside.album.report.names import short_names
from goodside.album.report.report import Report, ReportFailure, Summary, Tile
from goodside.album.report.terms import gather_terms, models_shown
from goodside.album.report.turned_face import SWEEP_DEG, TurnedFace, find_subject, turn_face
from goodside.album.thumbnail import LARGE_PX, Picture, shrink, thumbnail_px
from goodside.engines import Engines
from goodside.errors import FaceError, GoodsideError, ImageError
from goodside.images import Limits, read_photo_guarded
from goodside.images.guard import memory_guard
from goodside.tags import display_name
from goodside.types import Assessment

_TAGS_SHOWN, _LEAST_TAG = 3, 0.25

Item = TypeVar("Item")


def rank_photos(
    photos: Sequence[Path],
    *,
    engines: Engines,
    title: str = "Photographs, ranked",
    portrait: Path | None = None,
    turning: bool = True,
    yaws_deg: Sequence[float] = SWEEP_DEG,
    credit_of: Mapping[str, Credit] | None = None,
    made: date | None = None,
    on_progress: Callable[[StageProgress], None] = lambda _: None,
    on_error: Callable[[Path, GoodsideError], None] = lambda _path, _error: None,
) -> Report:
    """Judge photographs and show all of them, the best first, and one face turned.

    Pictures that are not photographs come last, without a percentile.

    Nothing is kept and nothing left out: neither copies nor all but the best of a series.

    Args:
        photos: their files; equal scores keep this order.
        engines: judge and turn.
        title: the heading.
        portrait: whose face is turned; by default that of `find_subject`.
        turning: turn a face at all.
        yaws_deg: the angles at which it is shown.
        credit_of: who made a photograph, by the name of its file.
        made: the day that stands on it, if any.
        on_progress: called before each photograph and at the end of a stage.
        on_error: called with a photograph that cannot be judged or turned, and why.

    Raises:
        OutOfRange: an angle is beyond what the weights were trained on.
        WeightsError: a network is missing or corrupt.
        SettingsError: an environment variable of goodside's is wrong.
    """
    known, names = credit_of or {}, short_names(photos)
    failures: list[ReportFailure] = []

    def fail(photo: Path, error: GoodsideError, *, name: str) -> None:
        on_error(photo, error)
        failures.append(ReportFailure.of(name, error))

    turned: TurnedFace | None = None
    if turning and portrait is None:
        looked = _counted(photos, "looking for a face", on_progress, total=len(photos))
        portrait = find_subject(looked, finder=engines.face_finder(), limits=engines.limits)
    if turning and portrait is not None:
        try:
            turned = turn_face(
                portrait,
                rotator=engines.rotator(),
                finder=engines.face_finder(),
                yaws_deg=yaws_deg,
                credit=known.get(portrait.name),
                limits=engines.limits,
            )
        except (ImageError, FaceError) as error:
            fail(portrait, error, name=portrait.name)
    tiles: list[tuple[Path, Tile]] = []
    judged = _judge(photos, names, engines=engines)
    for photo, tile in _counted(judged, "judging photographs", on_progress, total=len(photos)):
        if isinstance(tile, ImageError):
            fail(photo, tile, name=names[photo])
        else:
            tiles.append((photo, replace(tile, credit=known.get(photo.name))))
    tiles.sort(key=lambda pair: (not pair[1].is_photograph, -_score(pair[1])))
    has_face = turned is not None
    models = models_shown(faces=has_face, turning=has_face, judge=engines.aesthetics_model)
    return Report(
        title=title,
        summary=Summary(len(tiles), scores=tuple(_score(tile) for _, tile in tiles)),
        ranked=True,
        picks=_first_large(tiles, limits=engines.limits),
        failures=tuple(failures),
        turned=turned,
        terms=gather_terms(map(engines.store.card, models)),
        made=made,
    )


def _judge(
    photos: Sequence[Path], names: Mapping[Path, str], *, engines: Engines
) -> Iterator[tuple[Path, Tile | ImageError]]:
    """Each file with its tile, or with the error that explains why there is none."""
    side_px = thumbnail_px(len(photos))
    for photo, judged in zip(photos, engines.assessor().assess_each(photos), strict=True):
        if isinstance(judged, ImageError):
            yield photo, judged
            continue
        try:
            picture = _picture(photo, side_px=side_px, limits=engines.limits)
        except ImageError as error:  # the file changed since it was judged
            yield photo, error
            continue
        yield photo, _tile(names[photo], picture, judged)


def _tile(name: str, picture: Picture, judged: Assessment) -> Tile:
    tags = {tag.label: tag.probability for tag in judged.semantics}
    likely = sorted(tags, key=lambda label: -tags[label])[:_TAGS_SHOWN]
    shown = [one for index, one in enumerate(likely) if index == 0 or tags[one] >= _LEAST_TAG]
    return Tile(
        name=name,
        picture=picture,
        judged=StoredAssessment(judged.model, judged.aesthetic, tags),
        tags=tuple(map(display_name, shown)),
        size_px=(judged.width, judged.height),
        is_photograph=judged.is_photo,
    )


def _first_large(tiles: Sequence[tuple[Path, Tile]], *, limits: Limits) -> tuple[Tile, ...]:
    """The tiles, the first with a picture that fills the top of a page."""
    if not tiles:
        return ()
    photo, first = tiles[0]
    large = _picture(photo, side_px=LARGE_PX, limits=limits)
    return (replace(first, picture=large), *(tile for _, tile in tiles[1:]))


def _score(tile: Tile) -> float:
    return 0.0 if tile.judged is None else tile.judged.aesthetic.score


def _counted(
    items: Iterable[Item],
    stage: Stage,
    on_progress: Callable[[StageProgress], None],
    *,
    total: int,
) -> Iterator[Item]:
    """The items as they come; says before each how many came already, and all at the end."""
    for done, item in enumerate(items):
        on_progress(StageProgress(stage, done, total))
        yield item
    on_progress(StageProgress(stage, total, total))


def _picture(photo: Path, *, side_px: int, limits: Limits | None) -> Picture:
    rgb = read_photo_guarded(photo, fit_px=side_px, limits=limits).rgb
    with memory_guard(photo):
        return shrink(rgb, side_px=side_px)
