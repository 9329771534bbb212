"""What a photograph's metadata say about how, when and where it was taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from PIL.ExifTags import Base

from goodside.errors import SidecarError
from goodside.images.embedded.exif import float_value, int_value, text_value
from goodside.images.embedded.header import Header, Tags, read_header
from goodside.images.metadata.capture_time import taken_at_of
from goodside.images.metadata.descriptions import gather_captions, gather_face_regions
from goodside.images.metadata.gps import altitude_of, position_of
from goodside.images.metadata.software import editing_program
from goodside.images.photo import Limits
from goodside.images.sidecars.accompanying import read_accompanying
from goodside.images.xmp.content import content_of, replaced_rating, without_our_time
from goodside.images.xmp.decision_record import Decided, read_decided
from goodside.images.xmp.names import AUX, EXIF, TIFF
from goodside.images.xmp.other_programs import Flag, read_flag
from goodside.images.xmp.regions import ImageFrame, Region
from goodside.images.xmp.tree import parse
from goodside.images.xmp.values import Properties, Value, first_text, number, properties

T = TypeVar("T")

_AUTO_BRACKET = 2  # of EXIF ExposureMode


@dataclass(frozen=True, slots=True)
class PhotoMetadata:
    """What is known about a photograph before it is decoded; None where nothing says it.

    Attributes:
        orientation: EXIF's, 1-8; 1 where nothing is said.
        frame: the stored image's size with the orientation; None for raw files.
        taken_at: when it was taken; with a time zone where one is given, else the camera's clock.
        taken_from: the property that says so, such as `exif:DateTimeOriginal`.
        make, model, lens: the camera's maker and name, the lens's name.
        exposure_s: exposure time in seconds.
        f_number: aperture, as in f/2.8.
        iso: sensitivity.
        exposure_bias_ev: exposure compensation in stops.
        bracketed: the camera says that it was bracketing exposures.
        focal_mm: focal length in millimetres, of the lens itself.
        latitude, longitude: degrees, north and east positive.
        altitude_m: metres above the sea.
        burst_id: what pictures of one burst have in common.
        sequence_number: place in a burst or bracket.
        rating: -1 (rejected), 0-5 stars, given by people or other programs.
        flag: `pick` or `reject`, likewise.
        replaced_rating: a rating that goodside wrote and somebody changed or took out since.
        label: colour label, in the words of the program that gave it.
        title, description: in people's words.
        tags: keywords of people and other programs; levels of a hierarchy are joined by `|`.
        people: said to be in the picture, without a place in it.
        faces: marked by people and other programs, on the upright picture.
        decided: what a person decided in goodside, on record in a sidecar of ours.
        confirmed: faces on record there as confirmed, with the person's key.
        turned_beside: the orientation stands in a sidecar only, and decoders do not see it.
        bad_sidecars: why sidecars were left out, each with its path.
        notes: what was damaged, or could not be placed, and was therefore left out.
        program: what changed the file after the camera; None where nothing says so.
    """

    orientation: int = 1
    frame: ImageFrame | None = None
    taken_at: datetime | None = None
    taken_from: str | None = None
    make: str | None = None
    model: str | None = None
    lens: str | None = None
    exposure_s: float | None = None
    f_number: float | None = None
    iso: int | None = None
    exposure_bias_ev: float | None = None
    bracketed: bool = False
    focal_mm: float | None = None
    latitude: float | None = None
    longitude: float | None = None
    altitude_m: float | None = None
    burst_id: str | None = None
    sequence_number: int | None = None
    rating: int | None = None
    flag: Flag | None = None
    replaced_rating: int | None = None
    label: str | None = None
    title: str | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    faces: tuple[Region, ...] = ()
    decided: Decided | None = None
    confirmed: tuple[Region, ...] = ()
    turned_beside: bool = False
    bad_sidecars: tuple[SidecarError, ...] = ()
    notes: tuple[str, ...] = ()
    program: str | None = None


def read_metadata(
    path: str | Path,
    *,
    sidecars: Sequence[str | Path] = (),
    limits: Limits | None = None,
    data: bytes | None = None,
    upright_size: tuple[int, int] | None = None,
) -> PhotoMetadata:
    """Read a photograph's metadata without decoding its pixels.

    Sidecars go before the file's own XMP and EXIF: they hold what people corrected. Camera,
    exposure and orientation are the file's own where it has them. Anything damaged counts as
    absent and is noted.

    Args:
        path: the photograph.
        sidecars: its XMP sidecars, the more telling first (see `find_sidecars`), and Picasa's file.
        limits: on bytes.
        data: the photograph's bytes, where they are read already.
        upright_size: width and height in pixels, where the file was decoded already; of raw files
            nothing else tells it.

    Raises:
        UnreadableImage: the file is missing, cannot be opened, or is empty.
        ImageTooLarge: past the limit on bytes.
    """
    header = read_header(path, limits=limits, data=data)
    beside = read_accompanying(Path(path).name, sidecars)
    header.notes += [f"{Path(str(e.path)).name} is left out: {e.message}" for e in beside.bad]
    inside = [] if header.xmp is None else list(_packet(header.xmp, header))
    spoken = [*beside.documents, *inside]
    orientation, turned_beside = _orientation(header, beside.documents)
    frame = _frame(header, orientation, upright_size)
    taken_at, taken_from = taken_at_of(
        header, beside=[without_our_time(found) for found in beside.documents], inside=inside
    )
    ratings = [content_of(found, others_only=True).rating for found in spoken] + [header.stars]
    said = gather_captions(spoken, header, beside.picasa)
    marks = gather_face_regions(spoken, frame, beside.picasa, is_raw=header.kind == "RAW")
    latitude, longitude = position_of(header.gps, spoken)
    return PhotoMetadata(
        orientation=orientation,
        frame=frame,
        taken_at=taken_at,
        taken_from=taken_from,
        make=text_value(header.main.get(Base.Make)) or first_text(spoken, (TIFF, "Make")),
        model=text_value(header.main.get(Base.Model)) or first_text(spoken, (TIFF, "Model")),
        lens=text_value(header.exif.get(Base.LensModel)) or first_text(spoken, (AUX, "Lens")),
        exposure_s=_measured(header.exif, Base.ExposureTime, spoken, "ExposureTime"),
        f_number=_measured(header.exif, Base.FNumber, spoken, "FNumber"),
        iso=_iso(header.exif, spoken),
        exposure_bias_ev=_measured(
            header.exif, Base.ExposureBiasValue, spoken, "ExposureBiasValue", positive=False
        ),
        bracketed=int_value(header.exif.get(Base.ExposureMode)) == _AUTO_BRACKET,
        focal_mm=_measured(header.exif, Base.FocalLength, spoken, "FocalLength"),
        latitude=latitude,
        longitude=longitude,
        altitude_m=altitude_of(header.gps, spoken),
        burst_id=_hint(spoken, "BurstID", "BurstUUID"),
        sequence_number=int_value(_hint(spoken, "SequenceNumber")),
        rating=next((rating for rating in ratings if rating is not None), None),
        flag=_first(map(read_flag, spoken)),
        replaced_rating=_first(map(replaced_rating, beside.documents)),
        label=said.label,
        title=said.title,
        description=said.description,
        tags=said.keywords,
        people=tuple(dict.fromkeys([*said.people, *marks.unplaced])),
        faces=marks.faces,
        decided=_first(map(read_decided, beside.documents)),
        confirmed=marks.confirmed,
        turned_beside=turned_beside,
        bad_sidecars=beside.bad,
        notes=(*header.notes, *marks.notes),
        program=editing_program(header, inside),
    )


def _packet(data: bytes, header: Header) -> Iterator[Properties]:
    try:
        yield properties(parse(data))
    except SidecarError as error:
        header.notes.append(f"the XMP packet is left out: {error.message}")


def _orientation(header: Header, beside: Sequence[Properties]) -> tuple[int, bool]:
    """EXIF's 1-8, and whether it stands in a sidecar only, where decoders do not see it.

    Programs that write `tiff:Orientation` mean the stored image, as EXIF does. The decoder of raw
    files turns them by what their maker wrote, so for them it tells how regions lie, no more.
    """
    said = int_value(header.main.get(Base.Orientation))
    turned_beside = False
    if said is None:
        said = int_value(first_text(beside, (TIFF, "Orientation")))
        turned_beside = said is not None and header.kind not in ("RAW", "HEIC")
    if said is None or not 1 <= said <= 8:
        return 1, False
    return said, turned_beside and said > 1


def _frame(
    header: Header, orientation: int, upright_size: tuple[int, int] | None
) -> ImageFrame | None:
    if header.kind == "RAW" and upright_size is not None:
        return ImageFrame.of_upright(*upright_size, orientation=orientation)
    if header.size is None:
        return None
    if header.kind == "HEIC":  # its decoder has turned it; EXIF tells how it was stored
        return ImageFrame.of_upright(*header.size, orientation=orientation)
    return ImageFrame(*header.size, orientation)


def _iso(exif: Tags, spoken: Sequence[Properties]) -> int | None:
    value = exif.get(Base.ISOSpeedRatings)
    first = value[0] if isinstance(value, tuple) and value else value
    said = int_value(first)
    if said is None or said >= 65535:  # more than the old field holds
        said = int_value(exif.get(Base.RecommendedExposureIndex)) or said
    said = said or int_value(first_text(spoken, (EXIF, "ISOSpeedRatings")))
    return said if said and said > 0 else None


def _measured(
    exif: Tags, tag: Base, spoken: Sequence[Properties], name: str, *, positive: bool = True
) -> float | None:
    values = [float_value(exif.get(tag)), *(number(found, (EXIF, name)) for found in spoken)]
    return next((v for v in values if v is not None and (v > 0 or not positive)), None)


def _first(found: Iterable[T | None]) -> T | None:
    return next((one for one in found if one is not None), None)


def _hint(spoken: Sequence[Properties], *names: str) -> str | None:
    """A property by its local name: makers put bursts into namespaces of their own."""
    found: list[Value] = [
        value for said in spoken for name, value in said.items() if name[1] in names
    ]
    return next((value for value in found if isinstance(value, str) and value), None)
