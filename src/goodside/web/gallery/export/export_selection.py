"""Which photographs somebody wants to take out of the album."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from goodside.album.album_photo import AlbumPhoto
from goodside.album.browse import AlbumIndex, BrowseQuery
from goodside.album.picks import PickCriteria
from goodside.errors import OutOfRange
from goodside.web.url_query import parse_query, query_string

_MOST_PICKS = 10_000
_PICKS = ("picks", "per_day", "per_person", "percentile", "who", "what")


@dataclass(frozen=True, slots=True)
class ExportSelection:
    """Photographs to be exported.

    Attributes:
        shots: in the order that they were shown in.
        along: files that belong to a pick: the other photographs of its bracket or panorama.
        kind: `photos`: chosen one by one; `picks`; `search`: all that fits a query, or everything.
        address: the query of an address that means the same, without `?`.
    """

    shots: tuple[AlbumPhoto, ...]
    along: tuple[Path, ...]
    kind: str
    address: str

    @property
    def files(self) -> list[Path]:
        """The files that are meant: of equal ones only the first."""
        return [*(shot.photo.paths[0] for shot in self.shots), *self.along]


def read_selection(params: QueryParams, index: AlbumIndex) -> ExportSelection:
    """What an address means.

    Args:
        params: `ids` or `photos`: row numbers with commas between them; or `picks`: how many, with
            `per_day`, `per_person`, `percentile` and any number of `who` (names) and `what` (tags);
            or the keys of the gallery's addresses.
        index: of the album.

    Raises:
        OutOfRange: a value is none that its key takes.
    """
    listed = params.get("ids") or params.get("photos")
    if listed:
        ids = [_number(text, "ids") for text in listed.split(",") if text]
        shots = index.photos(dict.fromkeys(ids))
        return ExportSelection(
            tuple(shots), (), "photos", "ids=" + ",".join(str(one.photo.id) for one in shots)
        )
    if params.get("picks"):
        return _picks(params, index)
    query: BrowseQuery = parse_query(params)
    shots = index.photos(index.select(query).ids)
    return ExportSelection(tuple(shots), (), "search", query_string(query))


def _picks(params: QueryParams, index: AlbumIndex) -> ExportSelection:
    per_day, per_person = params.get("per_day"), params.get("per_person")
    percentile = params.get("percentile")
    criteria = PickCriteria(
        n=min(_number(params["picks"], "picks"), _MOST_PICKS),
        per_day=_number(per_day, "per_day") if per_day else None,
        per_person=_number(per_person, "per_person") if per_person else None,
        people=frozenset(params.getlist("who")),
        tags=frozenset(params.getlist("what")),
        min_percentile=float(_number(percentile, "percentile")) if percentile else 0.0,
    )
    chosen = index.picks(criteria, BrowseQuery())
    beside = index.photos(one for pick in chosen for one in pick.kept_with)
    said = [(key, value) for key, value in params.multi_items() if key in _PICKS and value]
    return ExportSelection(
        tuple(pick.shot for pick in chosen),
        tuple(shot.photo.paths[0] for shot in beside),
        "picks",
        urlencode(said),
    )


def _number(text: str, key: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise OutOfRange(f"{key}={text!r} is no number", remedy=f"leave {key} out")
    return int(text)
