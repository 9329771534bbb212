"""What people and other programs say of a photograph, gathered from all places that say it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from goodside.images.embedded.header import Header
from goodside.images.sidecars.picasa import PicasaEntry
from goodside.images.xmp.content import content_of
from goodside.images.xmp.microsoft import misplaced_microsoft, read_microsoft_faces
from goodside.images.xmp.other_programs import (
    line_of,
    merge_keywords,
    read_description,
    read_label,
    read_people,
    read_title,
    text_of,
)
from goodside.images.xmp.regions import (
    ImageFrame,
    Region,
    misplaced,
    read_confirmed,
    read_faces,
)
from goodside.images.xmp.values import Properties

_SAME_FACE = 0.5


@dataclass(frozen=True, slots=True)
class Captions:
    """Title, description, colour label, keywords and names; None and empty where nothing is said.

    Attributes:
        title, description, label: of the first place that says one.
        keywords, people: of all places.
    """

    title: str | None
    description: str | None
    label: str | None
    keywords: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FaceRegions:
    """Face regions.

    Attributes:
        faces: of other programs, on the upright picture.
        confirmed: of ours, with the person's key.
        unplaced: names in regions that have no place on the picture.
        notes: why these have none.
    """

    faces: tuple[Region, ...]
    confirmed: tuple[Region, ...]
    unplaced: tuple[str, ...]
    notes: tuple[str, ...]


def gather_captions(
    spoken: Sequence[Properties], header: Header, picasa: PicasaEntry | None
) -> Captions:
    """What is said in words.

    Args:
        spoken: XMP of sidecars and file, the more telling first; what goodside wrote is left out.
        header: the file's own blocks.
        picasa: what Picasa says.
    """
    tags = [tag for found in spoken for tag in content_of(found, others_only=True).tags or ()]
    more = [*header.keywords, *(picasa.keywords if picasa else ())]
    paths, alone = [tag for tag in tags if "|" in tag], [tag for tag in tags if "|" not in tag]
    return Captions(
        title=_first(read_title, spoken) or line_of(header.title),
        description=_first(read_description, spoken)
        or text_of(header.description)
        or (picasa.description if picasa else None),
        label=_first(read_label, spoken),
        keywords=merge_keywords(paths, [*alone, *more]),
        people=tuple(dict.fromkeys(name for found in spoken for name in read_people(found))),
    )


def gather_face_regions(
    spoken: Sequence[Properties],
    frame: ImageFrame | None,
    picasa: PicasaEntry | None,
    *,
    is_raw: bool,
) -> FaceRegions:
    """What is marked in the picture.

    Regions of the first document that has some count, the Metadata Working Group's before
    Microsoft's; faces that only another place marks come along.

    Args:
        spoken: XMP of sidecars and file, the more telling first.
        frame: the stored image's; None: nothing can be placed.
        picasa: what Picasa says.
        is_raw: the photograph is a camera raw file.
    """
    lost = [misplaced(found, frame=frame) for found in spoken]
    lost += [misplaced_microsoft(found, frame=frame) for found in spoken]
    unplaced_regions = [one for one in lost if one is not None]
    unplaced = dict.fromkeys(name for one in unplaced_regions for name in one.names)
    notes = dict.fromkeys(one.reason for one in unplaced_regions if one.reason)
    faces: tuple[Region, ...] = ()
    confirmed: tuple[Region, ...] = ()
    if frame is not None:
        sources = [
            next(filter(None, (_others(found, frame) for found in spoken)), ()),
            next(filter(None, (read_microsoft_faces(found, frame=frame) for found in spoken)), ()),
            () if picasa is None else picasa.place(frame, is_raw=is_raw),
        ]
        faces = _once(region for source in sources for region in source)
        confirmed = next(filter(None, (read_confirmed(found, frame=frame) for found in spoken)), ())
    placed = {region.name for region in faces}
    names = tuple(name for name in map(line_of, unplaced) if name and name not in placed)
    return FaceRegions(faces, confirmed, names, tuple(notes))


def _others(found: Properties, frame: ImageFrame) -> tuple[Region, ...]:
    return read_faces(found, frame=frame, others_only=True)


def _once(regions: Iterable[Region]) -> tuple[Region, ...]:
    """Each face once; of two marks of one face the first that has a name."""
    kept: list[Region] = []
    for region in regions:
        same = next((at for at, one in enumerate(kept) if one.overlap(region) > _SAME_FACE), None)
        if same is None:
            kept.append(region)
        elif kept[same].name is None and region.name is not None:
            kept[same] = region
    return tuple(kept)


def _first(read: Callable[[Properties], str | None], spoken: Sequence[Properties]) -> str | None:
    return next(filter(None, map(read, spoken)), None)
