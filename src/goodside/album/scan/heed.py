"""What other programs say in sidecars that are new or changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from goodside.album.catalog import Catalog, PhotoFacts, append, put_told
from goodside.album.picks import Shot, read_shots
from goodside.album.sidecars import read_back
from goodside.errors import ImageError
from goodside.images import Limits
from goodside.images.metadata import PhotoFacts as Metadata
from goodside.images.metadata import read_facts


def heed_sidecars(
    catalog: Catalog, sidecars: Mapping[Path, Sequence[Path]], *, limits: Limits | None = None
) -> int:
    """Take what the sidecars of photographs say: ratings, names of faces, time and place.

    Ratings and names become decisions, as with `read_back`; nothing is decoded.

    Args:
        catalog: open; the photographs are in it.
        sidecars: of the photographs of which one is new or changed, the more telling first.
        limits: on the bytes of a photograph.

    Returns:
        How many decisions were noted.
    """
    shots = [
        shot for shot in read_shots(catalog) if not sidecars.keys().isdisjoint(shot.photo.paths)
    ]
    decisions = [
        decision
        for _, told in read_back(shots, catalog.decisions())
        if isinstance(told, tuple)
        for decision in told
    ]
    corrected = _corrected(shots, sidecars, limits=limits)
    with catalog.write() as session:
        at = datetime.now(UTC)
        for decision in decisions:
            append(session, decision, at=at)
        for photo_id, facts in corrected.items():
            put_told(session, photo_id, facts)
    return len(decisions)


def told_facts(told: Metadata) -> PhotoFacts:
    """What a photograph's metadata say, in the catalog's words; what is measured is left out."""
    return PhotoFacts(
        orientation=told.orientation,
        taken_at=None if told.taken_at is None else told.taken_at.replace(tzinfo=None),
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


def _corrected(
    shots: Sequence[Shot], sidecars: Mapping[Path, Sequence[Path]], *, limits: Limits | None
) -> dict[int, PhotoFacts]:
    """By photo, what its metadata say now."""
    found = {}
    for shot in shots:
        for path in shot.photo.paths:
            if path in sidecars:
                try:
                    told = read_facts(path, sidecars=sidecars[path], limits=limits)
                except ImageError:  # the file went away since
                    continue
                found[shot.photo.id] = told_facts(told)
    return found


def _camera(make: str | None, model: str | None) -> str | None:
    """Maker and model, the maker once."""
    if make and model and not model.lower().startswith(make.split()[0].lower()):
        return f"{make} {model}"
    return model or make
