"""What the album knows of its photographs, said in XMP sidecars, and theirs read back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from goodside.album.catalog import (
    Decision,
    Decisions,
    FaceRef,
    NamePerson,
    Rate,
    clean_label,
    new_person_key,
)
from goodside.album.picks import Shot
from goodside.errors import GoodsideError, UnreadableImage
from goodside.images.metadata import read_facts
from goodside.images.sidecar import Written, write_sidecar
from goodside.images.sidecar_names import SidecarStyle, find_sidecars
from goodside.images.xmp.content import Scores, SidecarContent
from goodside.images.xmp.regions import Frame, Region

_STARS = (30.0, 60.0, 80.0, 95.0)
_SAME_FACE = 0.5


@dataclass(frozen=True, slots=True)
class Saying:
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
    shots: Sequence[Shot], decisions: Decisions, saying: Saying
) -> Iterator[tuple[Path, tuple[Written, ...] | GoodsideError]]:
    """Write the sidecar of every file that holds a photograph.

    A rating is written where the person gave one or asks for ours, and never over one that is
    there; tags, named and unnamed faces, and our scores always.

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
    shots: Sequence[Shot],
    decisions: Decisions,
    *,
    folder: Path | None = None,
    root: Path | None = None,
) -> Iterator[tuple[Path, tuple[Decision, ...] | GoodsideError]]:
    """Ratings and face names that people gave in other programs, as decisions not yet taken.

    What goodside wrote itself, and what the catalog knows already, is left out. A face with a name
    is taken for the album's face that its region overlaps by half or more.

    Args:
        shots: photographs of an album.
        decisions: of the same catalog.
        folder, root: where the sidecars stand, as in `Saying`.

    Yields:
        Each file that says something new, with the decisions that follow, or with an error.
    """
    keys = {name: key for key, name in decisions.names.items()}
    for shot in shots:
        for path in shot.photo.paths:
            try:
                told = tuple(_told(path, shot, decisions, keys, folder=folder, root=root))
            except GoodsideError as error:
                yield path, error
                continue
            if told:
                yield path, told


def stars_for(percentile: float) -> int:
    """Our score as stars, 1-5: the best twentieth of photographs gets five, the next 15 % four."""
    return 1 + sum(percentile >= bound for bound in _STARS)


def _write(path: Path, shot: Shot, decisions: Decisions, saying: Saying) -> tuple[Written, ...]:
    if not path.is_file():
        raise UnreadableImage("no such file", path=path, remedy="scan again")
    frame = _frame(shot)
    content = SidecarContent(
        rating=_rating(shot, rate=saying.rate),
        tags=tuple(sorted(shot.tags)),
        faces=None if frame is None else _regions(shot, decisions),
        scores=_scores(shot),
    )
    return write_sidecar(
        path, content, style=saying.style, folder=saying.folder, root=saying.root, frame=frame
    )


def _frame(shot: Shot) -> Frame | None:
    """The stored image's, as the scan found it, so that no photograph is opened for it."""
    facts = shot.photo.facts
    if not facts.width or not facts.height:
        return None
    return Frame.of_upright(facts.width, facts.height, orientation=facts.orientation or 1)


def _rating(shot: Shot, *, rate: bool) -> int | None:
    if shot.flag == "reject":
        return -1
    if shot.stars is not None:
        return shot.stars
    judged = shot.photo.judged
    return stars_for(judged.aesthetic.percentile) if rate and judged is not None else None


def _regions(shot: Shot, decisions: Decisions) -> tuple[Region, ...]:
    facts = shot.photo.facts
    width, height = facts.width or 1, facts.height or 1
    return tuple(
        Region.of_box(
            face.box,
            width=width,
            height=height,
            name=decisions.names.get(decisions.person(face.person or "")),
        )
        for face in shot.faces
    )


def _scores(shot: Shot) -> Scores | None:
    judged, facts = shot.photo.judged, shot.photo.facts
    if judged is None:
        return None
    figures = {
        "sharpness": facts.sharpness,
        "brightness": facts.brightness,
        "contrast": facts.contrast,
    }
    return Scores(
        score=judged.aesthetic.score,
        percentile=judged.aesthetic.percentile,
        model=judged.model,
        attributes=tuple((name, value) for name, value in figures.items() if value is not None),
    )


def _told(
    path: Path,
    shot: Shot,
    decisions: Decisions,
    keys: dict[str, str],
    *,
    folder: Path | None,
    root: Path | None,
) -> Iterator[Decision]:
    told = read_facts(path, sidecars=find_sidecars(path, folder=folder, root=root))
    if told.rating is not None and told.rating >= 0 and told.rating != shot.stars:
        yield Rate(photos=(shot.photo.sha256,), stars=told.rating)
    for region in told.faces:
        name = None if region.name is None else clean_label(region.name)
        ref = None if name is None else _overlapped(region, shot)
        if name is None or ref is None:
            continue
        key = keys.setdefault(name, new_person_key())
        if decisions.person(decisions.faces.get(ref, "")) != key:
            yield NamePerson(person=key, name=name, faces=(ref,))


def _overlapped(region: Region, shot: Shot) -> FaceRef | None:
    """The face that a region means, or None."""
    facts = shot.photo.facts
    if not shot.faces or not facts.width or not facts.height:
        return None
    boxes = [Region.of_box(face.box, width=facts.width, height=facts.height) for face in shot.faces]
    overlaps = [region.overlap(box) for box in boxes]
    best = max(range(len(boxes)), key=lambda index: overlaps[index])
    return shot.faces[best].ref if overlaps[best] >= _SAME_FACE else None
