"""What a person browses for, as the query of an address and back."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar, cast, get_args
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlencode

from goodside.album.browse import BROWSE_SORTS, BrowseQuery, BrowseSort
from goodside.errors import OutOfRange

_FLAGS = ("pick", "reject", "none")
_ORDERS = {"asc": False, "desc": True}
_MAX_STARS, _LOW_SCORE, _HIGH_SCORE = 5, 1.0, 10.0
_PLAIN = "".join(map(chr, range(0x20, 0x7F))).replace("%", "")

Value = TypeVar("Value")


class Params(Protocol):
    """The parsed query of an address, such as Starlette's `QueryParams`."""

    def get(self, key: str, /) -> str | None:
        """The last value of a key."""

    def getlist(self, key: str, /) -> list[str]:
        """All values of a key."""


def parse_query(params: Params) -> BrowseQuery:
    """What an address asks for; keys that do not concern it are left alone, empty ones count as
    not said.

    Args:
        params: keys `q`, `tag` and `person` (both any number of times), `folder`, `since`, `until`,
            `camera`, `flag`, `stars`, `score`, `technical`, `sort`, `order` (`asc` or `desc`).

    Raises:
        OutOfRange: a value is none that its key takes.
    """
    flag = _one(params, "flag", lambda text: text if text in _FLAGS else None)
    sort = _one(params, "sort", lambda text: text if text in BROWSE_SORTS else None)
    return BrowseQuery(
        text=params.get("q") or None,
        tags=tuple(tag for tag in params.getlist("tag") if tag),
        people=tuple(key for key in params.getlist("person") if key),
        folder=_one(params, "folder", folder_of),
        since=_one(params, "since", date.fromisoformat),
        until=_one(params, "until", date.fromisoformat),
        camera=params.get("camera") or None,
        flag=flag,  # type: ignore[arg-type]
        min_stars=_one(params, "stars", _stars),
        min_score=_one(params, "score", _score),
        min_technical=_one(params, "technical", _score),
        sort=cast("BrowseSort", sort or get_args(BrowseSort)[0]),
        descending=_one(params, "order", _ORDERS.__getitem__),
    )


def query_string(query: BrowseQuery) -> str:
    """The query as an address says it, without `?`; empty for everything in the usual order."""
    said: list[tuple[str, str]] = [] if query.text is None else [("q", query.text)]
    said += [("tag", tag) for tag in query.tags]
    said += [("person", key) for key in query.people]
    if query.folder is not None:
        said.append(("folder", folder_text(query.folder)))
    if query.since is not None:
        said.append(("since", query.since.isoformat()))
    if query.until is not None:
        said.append(("until", query.until.isoformat()))
    if query.camera is not None:
        said.append(("camera", query.camera))
    if query.flag is not None:
        said.append(("flag", query.flag))
    if query.min_stars is not None:
        said.append(("stars", str(query.min_stars)))
    if query.min_score is not None:
        said.append(("score", f"{query.min_score:g}"))
    if query.min_technical is not None:
        said.append(("technical", f"{query.min_technical:g}"))
    if query.sort != get_args(BrowseSort)[0]:
        said.append(("sort", query.sort))
    if query.descending is not None:
        said.append(("order", "desc" if query.descending else "asc"))
    return urlencode(said)


def folder_text(folder: Path) -> str:
    """A folder as an address names it: bytes that are no UTF-8, and `%`, percent-encoded."""
    name = os.fsencode(folder)
    try:
        return name.decode("utf-8").replace("%", "%25")
    except UnicodeDecodeError:
        return quote_from_bytes(name, safe=_PLAIN)


def folder_of(text: str) -> Path:
    """The folder of `folder_text`."""
    return Path(os.fsdecode(unquote_to_bytes(text)))


def _one(params: Params, key: str, read: Callable[[str], Value | None]) -> Value | None:
    text = params.get(key)
    if not text:
        return None
    try:
        value = read(text)
    except (ValueError, KeyError):
        value = None
    if value is None:
        raise OutOfRange(f"{key}={text!r} is not understood", remedy=f"leave {key} out")
    return value


def _stars(text: str) -> int | None:
    stars = int(text)
    return stars if 0 <= stars <= _MAX_STARS else None


def _score(text: str) -> float | None:
    score = float(text)
    return score if _LOW_SCORE <= score <= _HIGH_SCORE else None
