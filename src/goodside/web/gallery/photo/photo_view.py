"""What the page of one photograph shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from goodside.album.album_photo import AlbumPhoto
from goodside.album.browse import AlbumIndex, BrowseQuery, PersonSeen
from goodside.album.catalog import FaceRecord, PhotoFacts
from goodside.album.picks import find_faults, word_reasons
from goodside.album.report.bars import Bar, bars
from goodside.web.gallery.dates import day_text
from goodside.web.texts import gettext as _
from goodside.web.texts import translated
from goodside.web.url_query import query_string

_GROUP_SHOWN = 12
_SHORT_EXPOSURE_S = 0.3
_KINDS = ("burst", "near_duplicate", "bracket", "panorama", "scene")


@dataclass(frozen=True, slots=True)
class SeenFace:
    """A face and whose it is, if anybody's."""

    face: FaceRecord
    person: PersonSeen | None


@dataclass(frozen=True, slots=True)
class SeenGroup:
    """A group that the photograph is in, with the first of its photographs."""

    kind: str
    address: str
    count: int
    shots: tuple[AlbumPhoto, ...]


@dataclass(frozen=True, slots=True)
class SimilarPhoto:
    """What looks like it; `likeness` is a cosine."""

    shot: AlbumPhoto
    likeness: float


@dataclass(frozen=True, slots=True)
class PhotoView:
    """One photograph and what belongs to it.

    Attributes:
        shot: the photograph.
        bars: its expected verdicts.
        reasons: what speaks for or against it, in words.
        tags: each with the address of all photographs that carry it.
        faces: from the left.
        facts: name and value of what its metadata say.
        groups: those it is in, the closest first.
        original: what it is a copy or version of.
        versions: what was made from it.
        extent: width and height at which it is shown, px; the page reserves the place.
    """

    shot: AlbumPhoto
    bars: tuple[Bar, ...]
    reasons: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]
    faces: tuple[SeenFace, ...]
    facts: tuple[tuple[str, str], ...]
    groups: tuple[SeenGroup, ...]
    original: AlbumPhoto | None
    versions: tuple[AlbumPhoto, ...]
    extent: tuple[int, int]

    @property
    def path(self) -> Path:
        """Its first file."""
        return self.shot.photo.paths[0]


def view_photo(index: AlbumIndex, photo_id: int) -> PhotoView:
    """Gather what the page shows.

    Args:
        index: of the album.
        photo_id: row number.

    Raises:
        KeyError: it is not, or no longer, in the album.
    """
    shot = index.photo(photo_id)
    people = {one.key: one for one in index.people_in(shot)}
    relation = shot.relation
    return PhotoView(
        shot=shot,
        bars=() if shot.photo.judged is None else _bars(shot),
        reasons=tuple(
            map(translated, word_reasons(find_faults(index.ranking_of([shot]).worth(shot))))
        ),
        tags=tuple((tag, _carrying(tag)) for tag in sorted(shot.tags)),
        faces=tuple(
            SeenFace(face, None if face.person is None else people.get(face.person))
            for face in index.faces_in(photo_id)
        ),
        facts=tuple(_facts(shot.photo.facts)),
        groups=_groups(index, shot),
        original=None if relation is None else _found(index, relation.of_id),
        versions=tuple(index.made_from(photo_id)),
        extent=_extent(shot.photo.facts),
    )


def find_similar_photos(index: AlbumIndex, photo_id: int, n: int) -> tuple[SimilarPhoto, ...]:
    """What looks most like a photograph, the most alike first; a second or two in a large album.

    Args:
        index: of the album.
        photo_id: row number.
        n: at most.
    """
    likest = index.similar(photo_id, n)
    there = {one.photo.id: one for one in index.photos([other for other, _ in likest])}
    return tuple(SimilarPhoto(there[one], cosine) for one, cosine in likest if one in there)


def neighbours(index: AlbumIndex, photo_id: int) -> tuple[int | None, int | None]:
    """Row numbers of the photographs taken before and after one; None: it is the first, the last.

    Args:
        index: of the album.
        photo_id: row number.
    """
    ids = index.select(BrowseQuery(sort="taken", descending=False)).ids
    (places,) = np.nonzero(ids == photo_id)
    if not len(places):
        return None, None
    at = int(places[0])
    return (
        int(ids[at - 1]) if at else None,
        int(ids[at + 1]) if at + 1 < len(ids) else None,
    )


def _bars(shot: AlbumPhoto) -> tuple[Bar, ...]:
    assert shot.photo.judged is not None
    return tuple(bars(shot.photo.judged.aesthetic.distribution))


def _carrying(tag: str) -> str:
    return "/?" + query_string(BrowseQuery(tags=(tag,)))


def _found(index: AlbumIndex, photo_id: int) -> AlbumPhoto | None:
    found: Sequence[AlbumPhoto] = index.photos([photo_id])
    return found[0] if found else None


def _groups(index: AlbumIndex, shot: AlbumPhoto) -> tuple[SeenGroup, ...]:
    return tuple(
        SeenGroup(
            kind=group.kind,
            address=f"/groups/{group.kind}-{shot.photo.id}",
            count=len(group.photo_ids),
            shots=tuple(index.photos(group.photo_ids[:_GROUP_SHOWN])),
        )
        for group in sorted(shot.groups, key=lambda one: _KINDS.index(one.kind))
    )


def _extent(facts: PhotoFacts) -> tuple[int, int]:
    width, height = facts.width or 1500, facts.height or 1000
    scale = min(1.0, 2048 / max(width, height))
    return max(1, round(scale * width)), max(1, round(scale * height))


def _facts(facts: PhotoFacts) -> list[tuple[str, str]]:
    """Names and values in words, without what is not known."""
    found: list[tuple[str, str | None]] = [
        (_("Taken"), _taken(facts)),
        (_("Camera"), facts.camera),
        (_("Lens"), facts.lens),
        (_("Exposure"), _exposure(facts)),
        (_("Focal length"), None if facts.focal_mm is None else f"{facts.focal_mm:g} mm"),
        (_("Size"), _size(facts)),
        (_("Place"), _place(facts)),
        (_("Sharpness"), None if facts.sharpness is None else f"{facts.sharpness:.2f}"),
    ]
    return [(name, value) for name, value in found if value]


def _taken(facts: PhotoFacts) -> str | None:
    moment = facts.taken
    if moment is None:
        return None
    zone = f" {moment:%z}" if moment.tzinfo is not None else ""
    return f"{day_text(moment)}, {moment:%H:%M:%S}{zone}"


def _exposure(facts: PhotoFacts) -> str | None:
    parts = []
    if facts.exposure_s:
        short = facts.exposure_s < _SHORT_EXPOSURE_S
        parts.append(f"1/{round(1 / facts.exposure_s)} s" if short else f"{facts.exposure_s:g} s")
    if facts.f_number:
        parts.append(f"f/{facts.f_number:g}")
    if facts.iso:
        parts.append(f"ISO {facts.iso}")
    if facts.bias_ev:
        parts.append(f"{facts.bias_ev:+.1f} EV")
    return " · ".join(parts) or None


def _size(facts: PhotoFacts) -> str | None:
    if not facts.width or not facts.height:
        return None
    megapixels = facts.width * facts.height / 1e6
    return f"{facts.width} × {facts.height} ({megapixels:.1f} MP)"


def _place(facts: PhotoFacts) -> str | None:
    if facts.latitude_deg is None or facts.longitude_deg is None:
        return None
    north, east = facts.latitude_deg, facts.longitude_deg
    return (
        f"{abs(north):.4f}° {'N' if north >= 0 else 'S'}, "
        f"{abs(east):.4f}° {'E' if east >= 0 else 'W'}"
    )
