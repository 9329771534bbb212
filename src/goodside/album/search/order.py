"""The order in which photographs are listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar, get_args

from goodside.album.album_photo import AlbumPhoto
from goodside.images.finding.find import natural_key

SortKey = Literal[
    "taken",
    "name",
    "score",
    "percentile",
    "technical",
    "likeness",
    "stars",
    "sharpness",
    "brightness",
    "faces",
]
SORT_KEYS: tuple[SortKey, ...] = get_args(SortKey)
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Order:
    """An order.

    Attributes:
        key: by what.
        descending: the highest, latest, or last in the alphabet first; by default (None) the
            order that is usual for the key: the earliest and the first name first, but the
            highest figure.
    """

    key: SortKey = "taken"
    descending: bool | None = None

    @property
    def is_descending(self) -> bool:
        return _WAYS[self.key].descending if self.descending is None else self.descending

    def __str__(self) -> str:
        """In words: `highest score first`."""
        way = _WAYS[self.key]
        return way.last_first if self.is_descending else way.first_first

    def arrange(
        self,
        items: Sequence[_Item],
        *,
        shot: Callable[[_Item], AlbumPhoto],
        likeness: Callable[[_Item], float | None],
    ) -> list[_Item]:
        """Items in this order; equal ones as they come, those without a value at the end.

        Args:
            items: photographs with something to each.
            shot: an item's photograph.
            likeness: an item's likeness to the picture that was asked for, or None.
        """
        read = _WAYS[self.key].read

        def value(item: _Item) -> Any:
            return likeness(item) if self.key == "likeness" else read(shot(item))

        known = [(found, item) for item in items if (found := value(item)) is not None]
        known.sort(key=lambda pair: pair[0], reverse=self.is_descending)
        return [item for _, item in known] + [item for item in items if value(item) is None]


@dataclass(frozen=True, slots=True)
class _Way:
    """How one key is read, and what its two orders are called."""

    first_first: str
    last_first: str
    read: Callable[[AlbumPhoto], Any]
    descending: bool = True


def _judged(name: str) -> Callable[[AlbumPhoto], Any]:
    def read(shot: AlbumPhoto) -> Any:
        judged = shot.photo.judged
        return None if judged is None else getattr(judged.aesthetic, name)

    return read


def _instant(shot: AlbumPhoto) -> datetime | None:
    """In UTC, as scenes compare it; by the camera's clock where the catalog has not said."""
    instant = shot.photo.instant or shot.photo.facts.taken_at
    return None if instant is None else instant.replace(tzinfo=None)


def _name(shot: AlbumPhoto) -> Any:
    path = shot.photo.paths[0]
    return natural_key(path.name), natural_key(str(path)), str(path)


_WAYS: Mapping[SortKey, _Way] = {
    "taken": _Way("earliest first", "latest first", _instant, descending=False),
    "name": _Way("file names from A to Z", "file names from Z to A", _name, descending=False),
    "score": _Way("lowest score first", "highest score first", _judged("score")),
    "percentile": _Way(
        "lowest percentile first", "highest percentile first", lambda shot: shot.percentile
    ),
    "technical": _Way(
        "lowest technical quality first",
        "highest technical quality first",
        lambda shot: shot.technical,
    ),
    "likeness": _Way("least similar first", "most similar first", lambda _: None),
    "stars": _Way("fewest stars first", "most stars first", lambda shot: shot.stars),
    "sharpness": _Way(
        "least sharp first", "sharpest first", lambda shot: shot.photo.facts.sharpness
    ),
    "brightness": _Way(
        "darkest first", "brightest first", lambda shot: shot.photo.facts.brightness
    ),
    "faces": _Way("fewest faces first", "most faces first", lambda shot: len(shot.faces)),
}
