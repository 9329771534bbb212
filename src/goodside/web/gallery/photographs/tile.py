"""What the grid and the viewer show of a photograph, beside its picture."""

from __future__ import annotations

from collections.abc import Sequence

from goodside.album.album_photo import AlbumPhoto
from goodside.album.report.bars import bars
from goodside.text import isolated, visible
from goodside.types import Json

_COMPARABLE = ("burst", "near_duplicate", "bracket", "panorama", "scene")
"""Kinds of groups, those first whose photographs are most alike."""


def describe_tiles(shots: Sequence[AlbumPhoto]) -> list[Json]:
    """A record a photograph.

    `id`, `name`, `width` and `height` (pixels, or null), `taken` (as the camera's clock said),
    `score`, `std`, `technical` (null: not measured), `percentile` (null: not a photograph),
    `bars` (the distribution's ten heights, 0-32), `mean` (which of them is nearest the mean),
    `stars`, `flag`, `tags`, `people`, `faces` (left, top, right, bottom as shares of the picture),
    `group` (how addresses call the closest group it is in).
    """
    return [_tile(shot) for shot in shots]


def shown_name(text: str) -> str:
    """A name from a stranger, for a script to show: nothing unseen, its direction kept inside."""
    return isolated(visible(text))


def closest_group(shot: AlbumPhoto) -> str | None:
    """How addresses call the group of a photograph whose members are most alike."""
    kinds = {group.kind for group in shot.groups}
    kind = next((kind for kind in _COMPARABLE if kind in kinds), None)
    return None if kind is None else f"{kind}-{shot.photo.id}"


def _tile(shot: AlbumPhoto) -> Json:
    photo, facts = shot.photo, shot.photo.facts
    tile: Json = {
        "id": photo.id,
        "name": shown_name(shot.name),
        "width": facts.width,
        "height": facts.height,
        "taken": None if facts.taken_at is None else facts.taken_at.isoformat(timespec="seconds"),
        "stars": shot.stars,
        "flag": shot.flag,
        "tags": sorted(map(shown_name, shot.tags)),
        "people": sorted(map(shown_name, shot.people)),
        "faces": _faces(shot),
        "group": closest_group(shot),
        "score": None,
    }
    if photo.judged is not None:
        aesthetic = photo.judged.aesthetic
        drawn = bars(aesthetic.distribution)
        tile |= {
            "score": round(aesthetic.score, 2),
            "std": round(aesthetic.std, 2),
            "technical": None if shot.technical is None else round(shot.technical, 2),
            "percentile": None if shot.percentile is None else round(shot.percentile, 1),
            "bars": [bar.height for bar in drawn],
            "mean": next((place for place, bar in enumerate(drawn) if bar.mean), 0),
        }
    return tile


def _faces(shot: AlbumPhoto) -> list[list[float]]:
    width, height = shot.photo.facts.width, shot.photo.facts.height
    if not width or not height:
        return []
    boxes = (face.box for face in shot.faces)
    ordered = sorted(boxes, key=lambda box: -box.width * box.height)
    return [
        [
            round(max(0.0, box.left / width), 4),
            round(max(0.0, box.top / height), 4),
            round(min(1.0, box.right / width), 4),
            round(min(1.0, box.bottom / height), 4),
        ]
        for box in ordered
    ]
