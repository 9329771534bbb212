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
from goodside.images.metadata.facts import PhotoFacts as Metadata
from goodside.images.xmp.others import line_of
from goodside.images.xmp.record import Opinion
from goodside.images.xmp.regions import Region


def facts_of(told: Metadata) -> PhotoFacts:
    """How, when and where a photograph was taken; what is measured is left out."""
    taken = told.taken_at
    offset = None if taken is None else taken.utcoffset()
    return PhotoFacts(
        orientation=told.orientation,
        taken_at=None if taken is None else taken.replace(tzinfo=None),
        taken_offset_min=None if offset is None else round(offset.total_seconds() / 60),
        camera=_camera(told.make, told.model),
        lens=told.lens,
        exposure_s=told.exposure_s,
        f_number=told.f_number,
        iso=told.iso,
        bias_ev=told.exposure_bias_ev,
        focal_mm=told.focal_mm,
        latitude_deg=told.latitude,
        longitude_deg=told.longitude,
    )


def description_of(told: Metadata) -> Description:
    """What can be found: title, keywords, names, and what was left out.

    Sidecars that were left out are failures of their own, and not told again.
    """
    bad = {f"{Path(str(e.path)).name} is left out: {e.message}" for e in told.bad_sidecars}
    return Description(
        title=told.title,
        description=told.description,
        label=told.label,
        keywords=told.tags,
        people=told.people,
        notes=tuple(note for note in told.notes if note not in bad),
    )


def statement_of(told: Metadata, *, content: str = "") -> Statement:
    """What may become decisions: opinions, names of faces, decisions on record.

    Args:
        told: what was read.
        content: sha256 of the photograph.
    """
    opinion = Opinion.of(told.rating, told.flag)
    return Statement(
        stars=opinion.stars,
        flag=opinion.flag,
        replaced=told.replaced_rating,
        regions=_named(told.faces),
        decided=_recorded(told),
        content=content,
    )


def _recorded(told: Metadata) -> RecordedDecisions | None:
    decided, faces = told.decided, _named(told.confirmed)
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
