"""What the album knows of its photographs, said in XMP sidecars, and theirs read back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from goodside.album.album_photo import AlbumPhoto
from goodside.album.catalog import Decision, Decisions, FaceRecord
from goodside.album.metadata.records import statement_of
from goodside.album.metadata.sidecar_import import DecidedBefore, Names, import_decisions
from goodside.errors import GoodsideError, UnreadableImage
from goodside.images.metadata.photo_metadata import read_metadata
from goodside.images.sidecars.names import SidecarStyle, find_sidecars
from goodside.images.sidecars.picasa import PICASA_NAMES
from goodside.images.sidecars.sidecar import Written, write_sidecar
from goodside.images.xmp.content import Scores, SidecarContent
from goodside.images.xmp.decision_record import Decided, Opinion
from goodside.images.xmp.regions import ImageFrame, Region

_STARS = (30.0, 60.0, 80.0, 95.0)


@dataclass(frozen=True, slots=True)
class SidecarOptions:
    """How sidecars are written.

    Attributes:
        style: `ext` (IMG_1.JPG.xmp), `adobe` (IMG_1.xmp) or `both`.
        folder: where they go; None: beside the photographs.
        root: the folder whose structure is repeated below `folder`.
        rate: give the photographs without a rating of the person's one by our score.
    """

    style: SidecarStyle = "ext"
    folder: Path | None = None
    root: Path | None = None
    rate: bool = False


def write_sidecars(
    shots: Sequence[AlbumPhoto], decisions: Decisions, saying: SidecarOptions
) -> Iterator[tuple[Path, tuple[Written, ...] | GoodsideError]]:
    """Write the sidecar of every file that holds a photograph.

    A rating is written where the person gave one or asks for ours, and never over one that is
    there; tags, named and unnamed faces, the time of capture with its offset, our scores, and a
    record of what the person decided always.

    Args:
        shots: photographs of an album.
        decisions: of the same catalog.
        saying: how.

    Yields:
        Each file with what became of its sidecars, or with the error that stopped it.
    """
    for shot in shots:
        for path in shot.photo.paths:
            try:
                yield path, _write(path, shot, decisions, saying)
            except GoodsideError as error:
                yield path, error


def read_back(
    shots: Sequence[AlbumPhoto],
    decisions: Decisions,
    *,
    folder: Path | None = None,
    root: Path | None = None,
    touched: DecidedBefore | None = None,
) -> Iterator[tuple[Path, tuple[Decision, ...] | GoodsideError]]:
    """What sidecars and files say, as decisions not yet taken.

    These are ratings, flags and face names that people gave in other programs, and decisions that
    goodside has on record about photographs of which the catalog has none. What the catalog knows
    already is left out. A face with a name is taken for the album's face that its region overlaps
    by half or more.

    Args:
        shots: photographs of an album.
        decisions: of the same catalog.
        folder, root: where the sidecars stand, as in `SidecarOptions`.
        touched: what the journal is about; by default what the decisions that stand are about.

    Yields:
        Each file that says something new, with the decisions that follow; each sidecar that is
        damaged, with the error.
    """
    names = Names(decisions.names)
    touched = touched or DecidedBefore.of_standing(decisions)
    for shot in shots:
        for path in shot.photo.paths:
            try:
                metadata = read_metadata(
                    path,
                    sidecars=_beside(path, folder=folder, root=root),
                    upright_size=_upright_size(shot),
                )
            except GoodsideError as error:
                yield path, error
                continue
            for bad in metadata.bad_sidecars:
                yield path, bad
            followed = import_decisions(
                statement_of(metadata, content=shot.photo.sha256),
                shot,
                decisions,
                before=None,
                touched=touched,
                names=names,
            )
            if followed.decisions:
                yield path, followed.decisions


def stars_for(percentile: float) -> int:
    """Our score as stars, 1-5: the best twentieth of photographs gets five, the next 15 % four."""
    return 1 + sum(percentile >= bound for bound in _STARS)


def _write(
    path: Path, shot: AlbumPhoto, decisions: Decisions, saying: SidecarOptions
) -> tuple[Written, ...]:
    if not path.is_file():
        raise UnreadableImage("no such file", path=path, remedy="scan again")
    frame = _frame(shot)
    content = SidecarContent(
        rating=_rating(shot, rate=saying.rate),
        tags=tuple(sorted(shot.tags)),
        faces=None if frame is None else _regions(shot, decisions),
        scores=_scores(shot),
        decided=_decided(shot, decisions),
        taken_at=shot.photo.facts.taken,
    )
    return write_sidecar(
        path, content, style=saying.style, folder=saying.folder, root=saying.root, frame=frame
    )


def _frame(shot: AlbumPhoto) -> ImageFrame | None:
    """The stored image's, as the scan found it, so that no photograph is opened for it."""
    facts = shot.photo.facts
    if not facts.width or not facts.height:
        return None
    return ImageFrame.of_upright(facts.width, facts.height, orientation=facts.orientation or 1)


def _rating(shot: AlbumPhoto, *, rate: bool) -> int | None:
    if shot.flag == "reject":
        return -1
    if shot.stars is not None:
        return shot.stars
    judged = shot.photo.judged if shot.is_photograph else None
    return stars_for(judged.aesthetic.percentile) if rate and judged is not None else None


def _decided(shot: AlbumPhoto, decisions: Decisions) -> Decided:
    """What goes on record, so that another catalog can take it."""
    sha256 = shot.photo.sha256
    return Decided(
        opinion=Opinion(decisions.stars.get(sha256), decisions.flags.get(sha256)),
        tags=tuple(sorted(decisions.tags.get(sha256, ()))),
        tags_removed=tuple(sorted(decisions.tags_off.get(sha256, ()))),
    )


def _regions(shot: AlbumPhoto, decisions: Decisions) -> tuple[Region, ...]:
    facts = shot.photo.facts
    width, height = facts.width or 1, facts.height or 1
    return tuple(
        Region.of_box(
            face.box,
            width=width,
            height=height,
            name=decisions.names.get(_confirmed(face, decisions) or _grouped(face, decisions)),
            person=_confirmed(face, decisions),
        )
        for face in shot.faces
    )


def _confirmed(face: FaceRecord, decisions: Decisions) -> str | None:
    """The key of the person that somebody confirmed a face to be."""
    person = decisions.faces.get(face.ref)
    return None if person is None else decisions.person(person)


def _grouped(face: FaceRecord, decisions: Decisions) -> str:
    """The key of the person whom the face was put together with."""
    return decisions.person(face.person or "")


def _scores(shot: AlbumPhoto) -> Scores | None:
    judged, facts = shot.photo.judged, shot.photo.facts
    if judged is None or not shot.is_photograph:
        return None
    figures = {
        "sharpness": facts.sharpness,
        "brightness": facts.brightness,
        "contrast": facts.contrast,
        "technical": judged.technical,
    }
    return Scores(
        score=judged.aesthetic.score,
        percentile=judged.aesthetic.percentile,
        model=judged.model,
        attributes=tuple((name, value) for name, value in figures.items() if value is not None),
    )


def _beside(path: Path, *, folder: Path | None, root: Path | None) -> tuple[Path, ...]:
    """A photograph's sidecars, and Picasa's file of its folder."""
    picasa = (path.with_name(name) for name in sorted(PICASA_NAMES))
    return (
        *find_sidecars(path, folder=folder, root=root),
        *(one for one in picasa if one.is_file()),
    )


def _upright_size(shot: AlbumPhoto) -> tuple[int, int] | None:
    width, height = shot.photo.facts.width, shot.photo.facts.height
    return (width, height) if width and height else None
