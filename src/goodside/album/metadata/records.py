"""What a photograph's metadata say, in the catalog's words."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from goodside.album.catalog import (
    Description,
    NamedRegion,
    PhotoFacts,
    RecordedDecisions,
    Statement,
)
from goodside.images.metadata.photo_metadata import PhotoMetadata
from goodside.images.xmp.decision_record import Opinion
from goodside.images.xmp.other_programs import line_of
from goodside.images.xmp.regions import Region


def facts_of(metadata: PhotoMetadata) -> PhotoFacts:
    """How, when and where a photograph was taken; what is measured is left out."""
    taken = metadata.taken_at
    offset = None if taken is None else taken.utcoffset()
    return PhotoFacts(
        orientation=metadata.orientation,
        taken_at=None if taken is None else taken.replace(tzinfo=None),
        taken_offset_min=None if offset is None else round(offset.total_seconds() / 60),
        camera=_camera(metadata.make, metadata.model),
        lens=metadata.lens,
        exposure_s=metadata.exposure_s,
        f_number=metadata.f_number,
        iso=metadata.iso,
        bias_ev=metadata.exposure_bias_ev,
        focal_mm=metadata.focal_mm,
        latitude_deg=metadata.latitude,
        longitude_deg=metadata.longitude,
    )


def description_of(metadata: PhotoMetadata) -> Description:
    """What can be found: title, keywords, names, and what was left out.

    Sidecars that were left out are failures of their own, and not repeated here.
    """
    bad = {f"{Path(str(e.path)).name} is left out: {e.message}" for e in metadata.bad_sidecars}
    return Description(
        title=metadata.title,
        description=metadata.description,
        label=metadata.label,
        keywords=metadata.tags,
        people=metadata.people,
        notes=tuple(note for note in metadata.notes if note not in bad),
    )


def statement_of(metadata: PhotoMetadata, *, content: str = "") -> Statement:
    """What may become decisions: opinions, names of faces, decisions on record.

    Args:
        metadata: what was read.
        content: sha256 of the photograph.
    """
    opinion = Opinion.of(metadata.rating, metadata.flag)
    return Statement(
        stars=opinion.stars,
        flag=opinion.flag,
        replaced=metadata.replaced_rating,
        regions=_named(metadata.faces),
        decided=_recorded(metadata),
        content=content,
    )


def _recorded(metadata: PhotoMetadata) -> RecordedDecisions | None:
    decided, faces = metadata.decided, _named(metadata.confirmed)
    if decided is None:
        return RecordedDecisions(faces=faces) if faces else None
    return RecordedDecisions(
        stars=decided.opinion.stars,
        flag=decided.opinion.flag,
        tags=decided.tags,
        tags_removed=decided.tags_removed,
        faces=faces,
        over_stars=decided.over.stars,
        over_flag=decided.over.flag,
    )


def _named(regions: Iterable[Region]) -> tuple[NamedRegion, ...]:
    named = ((region, line_of(region.name)) for region in regions)
    return tuple(
        NamedRegion(
            round(region.left, 6),
            round(region.top, 6),
            round(region.right, 6),
            round(region.bottom, 6),
            name,
            region.person,
        )
        for region, name in named
        if name is not None
    )


def _camera(make: str | None, model: str | None) -> str | None:
    """Maker and model, the maker once."""
    if make and model and not model.lower().startswith(make.split()[0].lower()):
        return f"{make} {model}"
    return model or make
